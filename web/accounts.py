"""How a request shows whose it is: a sign-in's cookie or an API key; and the gate that lets nobody else in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tools.accounts import machines, signin
from tools.accounts.oidc import Provider
from tools.accounts.policy import DEFAULT, Policy
from tools.context import Principal
from tools.records.store import Store
from web.desk import Desk, Settings
from web.errors import SignInNeeded, answer, wants_page
from web.person import Person, reset_current, set_current

OPEN = frozenset({"/healthz", "/sign-in", "/sign-in/provider", "/sign-in/callback", "/welcome"})
"""Addresses that need nobody signed in, beside the static files."""
SAME_FOR_ALL = ("/static/", "/healthz")
"""What is fetched here says nothing of what a person does."""
LISTENING = frozenset({"/api/me", "/api/feed", "/api/changes"})
"""GET on these is a page listening by itself, not a person doing something."""


@dataclass(frozen=True)
class Accounts:
    """Who may use a clinic's pages, and the desk that each of them gets."""

    store: Store
    now: Callable[[], dt.datetime]
    desk: Callable[[Principal], Desk]
    policy: Policy = DEFAULT
    provider: Provider | None = None

    def person(self, headers: Headers, cookie: str, active: bool) -> Person | None:
        """Whose request this is. An API key counts alone: with a bad one, a good cookie is no help."""
        if "authorization" in headers:
            scheme, _, key = headers["authorization"].partition(" ")
            found = (
                machines.machine(self.store, key.strip(), self.now()) if scheme.lower() == "bearer" else None
            )
            return Person(found) if found else None
        token = cookie_parser(headers.get("cookie", "")).get(cookie)
        known = signin.present(self.store, token, self.now(), self.policy, active=active) if token else None
        return Person(known.principal, token, known.seconds_left(self.now())) if known else None


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to this host and to https; plain http is loopback only."""
    return "__Host-slotwright" if settings.secure else "slotwright"


def give_cookie(response: Response, settings: Settings, name: str, value: str, *, gone: bool = False) -> None:
    """Sets a cookie that scripts can't read and that ends with the browser."""
    # In another site's frame only a partitioned cookie comes back; Sec-Fetch-Site keeps that site from posting.
    framed = settings.secure and settings.frame_ancestors
    parts = [f"{name}={value}", "Path=/", "HttpOnly", "SameSite=None" if framed else "SameSite=Lax"]
    parts += ["Secure"] * settings.secure + ["Partitioned"] * bool(framed) + ["Max-Age=0"] * gone
    response.headers.append("set-cookie", "; ".join(parts))


def same_site_path(text: str) -> str:
    """Where to go after signing in: a path of ours, or the schedule."""
    parts = urlsplit(text)
    ours = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    own = ours and "\\" not in text and not parts.scheme and not parts.netloc
    return text if own and parts.path not in OPEN else "/"


class Gate:
    """Lets in who is signed in, and everybody to the few open addresses; any other request ends here."""

    def __init__(
        self, app: ASGIApp, settings: Settings, desk: Desk | None, accounts: Accounts | None
    ) -> None:
        self._app, self._settings, self._desk, self._accounts = app, settings, desk, accounts
        self._open = OPEN if accounts else frozenset({"/healthz"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Find out who this is, and go on or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        person = await anyio.to_thread.run_sync(self._person, scope)
        scope["slotwright.person"] = person
        before = set_current(person)
        try:
            await (self._app if self._lets_in(scope, person) else self._refusal(scope))(scope, receive, send)
        finally:
            reset_current(before)

    def _person(self, scope: Scope) -> Person | None:
        if self._desk is not None:
            return Person(self._desk.principal)
        if self._accounts is None or scope["path"].startswith(SAME_FOR_ALL):
            return None
        headers = Headers(scope=scope)
        listening = (scope["method"] == "GET" and scope["path"] in LISTENING) or "x-background" in headers
        return self._accounts.person(headers, cookie_name(self._settings), active=not listening)

    def _lets_in(self, scope: Scope, person: Person | None) -> bool:
        return person is not None or scope["path"] in self._open or scope["path"].startswith("/static/")

    def _refusal(self, scope: Scope) -> Response:
        if self._accounts and scope["method"] == "GET" and wants_page(scope):
            query = scope["query_string"].decode("latin-1")
            back = same_site_path(scope["path"] + (f"?{query}" if query else ""))
            return RedirectResponse(f"/sign-in?next={quote(back)}", 303)
        refused = SignInNeeded()
        response = answer(scope, refused.status_code, "sign-in", refused.detail)
        response.headers["www-authenticate"] = "Bearer"
        return response
