"""The admin's page of people and keys: who has access, as what, and since when not any more."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tools.accounts import machines, people
from tools.accounts.users import HUMAN
from tools.context import Context, Permission
from tools.errors import ToolError
from web.accounts import Accounts
from web.errors import STATUS
from web.format import Formats
from web.language import _
from web.pages import page
from web.person import needs, signed_in
from web.reading import on_clock

router = APIRouter(prefix="/people", include_in_schema=False, dependencies=[needs(Permission.PEOPLE)])

Typed = Annotated[str, Form(max_length=200)]
Version = Annotated[int | None, Form()]


@router.get("")
def listed(request: Request) -> Response:
    """Everyone with access, and every key."""
    return _page(request)


@router.post("")
def add(request: Request, user: Typed = "", name: Typed = "", role: Typed = "") -> Response:
    """A new person, and the link by which they choose a password."""
    try:
        token = people.added(_ctx(request), user, name, role, _accounts(request).policy)
    except ToolError as fault:
        return _page(request, fault)
    return _page(request, secret=_link(request, token), said=_("%s was added.") % name)


@router.post("/keys")
def add_key(
    request: Request,
    name: Typed = "",
    days: Annotated[int, Form()] = 90,
    scopes: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """A new API key, shown this once."""
    try:
        key = machines.key_added(_ctx(request), name, scopes, days)
    except ToolError as fault:
        return _page(request, fault)
    return _page(request, secret=key, said=_("The key %s was made. It is shown this once.") % name)


@router.post("/keys/{key}/revoke")
def revoke(request: Request, key: str) -> Response:
    """End a key at once."""
    machines.key_revoked(_ctx(request), key)
    return RedirectResponse("/people", 303)


@router.post("/{user}/role")
def role(request: Request, user: str, role: Typed = "", version: Version = None) -> Response:
    """Another role, from that person's next request on."""
    return _done(request, lambda: people.role_set(_ctx(request), user, role, version))


@router.post("/{user}/deactivate")
def deactivate(request: Request, user: str, version: Version = None) -> Response:
    """Take access away at once."""
    return _done(request, lambda: people.deactivated(_ctx(request), user, version))


@router.post("/{user}/reactivate")
def reactivate(request: Request, user: str, version: Version = None) -> Response:
    """Give access back."""
    return _done(request, lambda: people.reactivated(_ctx(request), user, version))


@router.post("/{user}/reset")
def reset(request: Request, user: str) -> Response:
    """End a password and its sign-ins; a link for another one."""
    try:
        token = people.reset(_ctx(request), user, _accounts(request).policy)
    except ToolError as fault:
        return _page(request, fault)
    return _page(request, secret=_link(request, token), said=_("%s has no password now.") % user)


def _done(request: Request, change: Any) -> Response:
    try:
        change()
    except ToolError as fault:
        return _page(request, fault)
    return RedirectResponse("/people", 303)


def _page(request: Request, fault: ToolError | None = None, secret: str = "", said: str = "") -> Response:
    ctx = _ctx(request)
    clinic = ctx.store.clinic()
    formats = Formats(clinic.timezone, on_clock(clinic.settings.clock))
    now = ctx.now()
    context = {
        "title": _("People and keys"),
        "clinic": clinic.name,
        "zone": formats.zone_line(now),
        "users": people.listed(ctx),
        "keys": [
            {"key": each, "good": each.good(now), "until": formats.local(each.expires_at).date().isoformat()}
            for each in machines.keys(ctx)
        ],
        "roles": [(str(each), _(str(each).replace("-", " "))) for each in HUMAN],
        "scopes": [(name, _(str(permission))) for name, permission in machines.SCOPES.items()],
        "problem": fault.message if fault else "",
        "secret": secret,
        "said": said,
    }
    return page("people.html", context, STATUS.get(fault.code, 422) if fault else 200)


def _ctx(request: Request) -> Context:
    accounts, person = _accounts(request), signed_in()
    if person is None:
        raise ToolError("forbidden", "Nobody is signed in. Maybe sign in first.")
    return Context(accounts.store, person.principal, accounts.now)


def _accounts(request: Request) -> Accounts:
    accounts: Accounts | None = request.app.state.accounts
    if accounts is None:
        raise ToolError("not-found", "There are no accounts here. Maybe serve a database: --db URL")
    return accounts


def _link(request: Request, token: str) -> str:
    origin = request.app.settings.public_origin or str(request.base_url).rstrip("/")
    return f"{origin}/welcome?token={token}"
