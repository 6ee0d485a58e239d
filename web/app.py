"""The web application: every page and address, behind the door and with the headers of `web.security`."""

from __future__ import annotations

from threading import Event
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Scope

from web import errors
from web.accounts import Accounts, Gate
from web.api import (
    chat,
    conversations,
    feed,
    find,
    health,
    importing,
    me,
    proposals,
    records,
    reports,
    schedule,
    worklist,
)
from web.api.described import described
from web.desk import Desk, Settings, _desk
from web.pages import STATIC, first_css, version
from web.reading import Reading
from web.routes import (
    account,
    admin,
    audit,
    blocks,
    booking,
    cases,
    form,
    home,
    imports,
    logic_map,
    people,
    reader,
    signin,
    talks,
    week,
    whynot,
)
from web.routes import help as help_page
from web.routes import reports as report_pages
from web.routes import worklist as worklist_page
from web.security import Door, SecurityHeaders


class Kept(StaticFiles):
    """Static files under an address that changes with them, so a browser may keep them for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or the styles of every page as one."""
        if path == "css/first.css" and scope["method"] in ("GET", "HEAD"):
            return _kept(Response(first_css(), media_type="text/css"))
        return await super().get_response(path, scope)

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """The file, to be kept."""
        return _kept(super().file_response(*args, **kwargs))  # type: ignore[arg-type]


def _kept(response: Response) -> Response:
    response.headers["cache-control"] = "public, max-age=31536000, immutable"
    return response


class App(FastAPI):
    """FastAPI whose outermost layer is the headers: even a fault in the framework's own part gets them."""

    settings: Settings = Settings()

    def openapi(self) -> dict[str, Any]:
        """What is served at /openapi.json: the routes, what they refuse with, and the bodies that tools judge."""
        if self.openapi_schema is None:
            self.openapi_schema = described(super().openapi())
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        """Headers, then faults, then the door, then whoever is signed in, then the routes."""
        stack: ASGIApp = GZipMiddleware(super().build_middleware_stack(), minimum_size=1000)
        stack = Gate(stack, self.settings, self.state.desk, self.state.accounts)
        stack = Door(stack, self.settings, by_key=self.state.accounts is not None)
        return SecurityHeaders(Reading(errors.Faults(stack)), self.settings)


def create_app(
    desk: Desk | None, settings: Settings | None = None, accounts: Accounts | None = None
) -> FastAPI:
    """The application at one desk that everybody shares, or with `accounts` at a desk for each person signed in.

    With neither nobody can sign in: it answers 401 everywhere but at /healthz.
    """
    app = App(title="Slotwright", version="0.1.0", docs_url=None, redoc_url=None, openapi_url=None)
    app.settings = settings or Settings()
    app.state.desk = desk
    app.state.accounts = accounts
    app.state.stopping = Event()  # what lasts ends when it is set
    errors.install(app)
    app.include_router(health.router)
    if accounts is not None:
        app.include_router(signin.router)
        app.include_router(account.router)
    for part in (
        chat, conversations, feed, find, me, people, proposals, records, reports, worklist, importing, schedule, home,
        booking, cases, blocks, form, week, talks, whynot, report_pages, worklist_page, help_page, reader,
        logic_map, audit, imports, admin,  # admin last: its /admin/{kind} would take the addresses of the others
    ):  # fmt: skip
        app.include_router(part.router, dependencies=[Depends(_desk)])
    app.add_api_route("/openapi.json", app.openapi, dependencies=[Depends(_desk)], include_in_schema=False)
    app.mount(f"/static/{version()}", Kept(directory=STATIC), name="static")
    return app
