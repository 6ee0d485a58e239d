"""One's own page: who one is here, and another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from tools.accounts import passwords, signin
from tools.accounts.users import user
from tools.errors import ToolError
from web.accounts import Accounts
from web.errors import STATUS
from web.language import _
from web.pages import page
from web.person import Person, signed_in

router = APIRouter(prefix="/account", include_in_schema=False)

Typed = Annotated[str, Form(max_length=1000)]


@router.get("")
def account(request: Request) -> Response:
    """Name, role and the form for another password."""
    return _page(request)


@router.post("/password")
def password(request: Request, old: Typed = "", new: Typed = "") -> Response:
    """Set another password; other browsers are signed out."""
    accounts, person = _accounts(request), _person()
    try:
        signin.change_password(
            accounts.store, person.principal, old, new, accounts.now(), accounts.policy, person.token or ""
        )
    except ToolError as fault:
        return _page(request, fault)
    return _page(request, done=True)


def _page(request: Request, fault: ToolError | None = None, done: bool = False) -> Response:
    accounts, person = _accounts(request), _person()
    context = {
        "title": _("Your account"),
        "person": person,
        "local": user(accounts.store, person.id).has_password,
        "shortest": passwords.SHORTEST,
        "problem": fault.message if fault else "",
        "done": done,
        "clinic": "",
    }
    return page("signin_account.html", context, STATUS.get(fault.code, 422) if fault else 200)


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.accounts
    return accounts


def _person() -> Person:
    person = signed_in()
    if person is None or person.token is None:
        raise ToolError("forbidden", "A key has no account of its own. Maybe sign in as a person.")
    return person
