"""Signing in and out by plain forms, the one-time links, and the way over an identity provider."""

from __future__ import annotations

import hmac
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.requests import cookie_parser

from tools.accounts import links, oidc, passwords, signin
from tools.accounts.attempts import LockedOut
from tools.errors import Busy, ToolError
from web.accounts import Accounts, cookie_name, give_cookie, same_site_path
from web.errors import STATUS, SignInNeeded, later
from web.language import _
from web.pages import page
from web.person import signed_in

router = APIRouter(include_in_schema=False)

Typed = Annotated[str, Form(max_length=1000)]


@router.get("/sign-in")
def form(
    request: Request,
    back_to: Annotated[str, Query(alias="next", max_length=2000)] = "/",
    bye: bool = False,
    idle: bool = False,
) -> Response:
    """The form, or straight on for whoever is signed in."""
    if signed_in():
        return RedirectResponse(same_site_path(back_to), 303)
    left = _(
        "You were signed out, since nothing was done here. The request that you typed is kept in this tab."
    )
    return _form(request, back_to, said=left if idle else _("You are signed out.") if bye else "")


@router.post("/sign-in")
def enter(
    request: Request,
    name: Typed = "",
    password: Typed = "",
    back_to: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Sign in and go where one wanted to; a fault shows the form again, without the password."""
    accounts = _accounts(request)
    try:
        token = signin.sign_in(
            accounts.store, name, password, accounts.now(), accounts.policy, old=_cookie(request)
        )
    except LockedOut as fault:
        return _form(request, back_to, name, fault.message, 429)
    except Busy as fault:
        return later(_form(request, back_to, name, fault.message, 503))
    except ToolError as fault:
        return _form(request, back_to, name, fault.message, 401)
    return _signed_in(request, token, back_to)


@router.post("/sign-out")
def leave(request: Request) -> Response:
    """End this sign-in at once."""
    accounts, person = _accounts(request), signed_in()
    if person and person.token:
        signin.sign_out(accounts.store, person.token, person.principal, accounts.now())
    response = RedirectResponse("/sign-in?bye=true", 303)
    response.headers["clear-site-data"] = '"storage"'
    give_cookie(response, request.app.settings, cookie_name(request.app.settings), "", gone=True)
    return response


@router.get("/welcome")
def welcome(request: Request, token: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The form behind a one-time link; looking at it doesn't use it up."""
    accounts = _accounts(request)
    return _welcome(token, links.link(accounts.store, token, accounts.now()))


@router.post("/welcome")
def settle(
    request: Request, token: Typed = "", user: Typed = "", name: Typed = "", password: Typed = ""
) -> Response:
    """Make the first admin, or set the password, and sign in."""
    accounts = _accounts(request)
    store, now = accounts.store, accounts.now()
    known = links.link(store, token, now)
    try:
        if known.purpose == links.FIRST:
            who = links.make_first_admin(store, token, user, name, password, now)
        else:
            who = links.set_password(store, token, password, now)
    except ToolError as fault:
        return _welcome(token, known, user, name, fault)
    return _signed_in(request, signin.sign_in(store, who.id, password, now, accounts.policy), "/")


@router.get("/sign-in/provider")
def go(request: Request, back_to: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
    """Off to the identity provider, with a state that only this browser knows."""
    accounts = _accounts(request)
    if accounts.provider is None:
        raise ToolError("not-found", "There is no identity provider here. Maybe sign in with a password.")
    url, state = oidc.go(
        accounts.store, accounts.provider, _callback(request), same_site_path(back_to), accounts.now()
    )
    response = RedirectResponse(url, 303)
    give_cookie(response, request.app.settings, _flow_cookie(request), state)
    return response


@router.get("/sign-in/callback")
def come_back(
    request: Request,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Back from the identity provider: only the browser that left may come back, and once."""
    accounts = _accounts(request)
    mine = _cookie(request, _flow_cookie(request)) or ""
    if accounts.provider is None or not code or not hmac.compare_digest(mine.encode(), state.encode()):
        raise ToolError(
            "forbidden", "This sign-in wasn't begun in this browser. Maybe start again at /sign-in"
        )
    token, back_to = oidc.come_back(
        accounts.store, accounts.provider, _callback(request), state, code, accounts.now(), accounts.policy
    )
    response = _signed_in(request, token, back_to)
    give_cookie(response, request.app.settings, _flow_cookie(request), "", gone=True)
    return response


def _form(
    request: Request, next_: str, name: str = "", problem: str = "", status: int = 200, said: str = ""
) -> Response:
    context = {
        "title": _("Sign in"),
        "next": same_site_path(next_),
        "name": name,
        "problem": problem,
        "said": said,
        "provider": f"/sign-in/provider?next={quote(same_site_path(next_))}"
        if _accounts(request).provider
        else "",
        "clinic": "",
    }
    return page("signin.html", context, status)


def _welcome(
    token: str, known: links.Link, user: str = "", name: str = "", fault: ToolError | None = None
) -> Response:
    context: dict[str, Any] = {
        "title": _("The first admin") if known.purpose == links.FIRST else _("Choose a password"),
        "first": known.purpose == links.FIRST,
        "who": known.principal or "",
        "token": token,
        "user": user,
        "name": name,
        "shortest": passwords.SHORTEST,
        "problem": fault.message if fault else "",
        "clinic": "",
    }
    return page("signin_welcome.html", context, STATUS.get(fault.code, 422) if fault else 200)


def _signed_in(request: Request, token: str, back_to: str) -> Response:
    response = RedirectResponse(same_site_path(back_to), 303)
    give_cookie(response, request.app.settings, cookie_name(request.app.settings), token)
    return response


def _accounts(request: Request) -> Accounts:
    accounts: Accounts | None = request.app.state.accounts
    if accounts is None:
        raise SignInNeeded
    return accounts


def _cookie(request: Request, name: str | None = None) -> str | None:
    return cookie_parser(request.headers.get("cookie", "")).get(name or cookie_name(request.app.settings))


def _flow_cookie(request: Request) -> str:
    return f"{cookie_name(request.app.settings)}-away"


def _callback(request: Request) -> str:
    origin = request.app.settings.public_origin or str(request.base_url).rstrip("/")
    return f"{origin}/sign-in/callback"
