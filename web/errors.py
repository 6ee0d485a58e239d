"""Every failure as one plain sentence: JSON `{"error": {code, message, field}}`, or a page with the same words."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from tools.errors import Busy, Conflict, ToolError
from tools.invalid import field_of
from web.language import N_, _
from web.pages import page

_log = structlog.get_logger(__name__)

STATUS = {
    "invalid": 422,
    "unknown": 422,
    "ambiguous": 422,
    "forbidden": 403,
    "conflict": 409,
    "expired": 409,
    "not-found": 404,
    "unavailable": 503,
}
"""HTTP status of each code of `tools.errors`."""

TITLES = {
    400: N_("That can't be read"),
    401: N_("Sign in first"),
    403: N_("Not in your role"),
    404: N_("Nothing is here"),
    405: N_("Not in this way"),
    409: N_("It has changed meanwhile"),
    413: N_("That is too large"),
    422: N_("Something doesn't fit"),
    429: N_("Too often just now"),
    500: N_("Something went wrong"),
    503: N_("Away for a moment"),
}
"""A page's heading for a status: what happened, in words of people."""

_PLAIN = {
    400: ("bad-request", "This request can't be read."),
    404: ("not-found", "There is nothing at this address. Maybe start from the schedule at /"),
    405: ("method-not-allowed", "This address doesn't take that method."),
    413: ("too-large", "This request is too large. Maybe send at most 64 kB."),
}
RETRY_AFTER = "5"
"""Seconds: a database that restarts is seldom back sooner."""
_INTERNAL = ("internal", "Something went wrong here, and nothing was booked. Maybe try again.")


class SignInNeeded(HTTPException):
    """No one is signed in, and this isn't a demo."""

    def __init__(self) -> None:
        super().__init__(
            401,
            "Nobody is signed in. Maybe sign in at /sign-in, or send an API key: Authorization: Bearer KEY",
        )


class TooLarge(HTTPException):
    """A body turned out to be larger than its address takes."""

    def __init__(self, largest: int) -> None:
        super().__init__(413, too_large(largest))


def too_large(largest: int) -> str:
    """The sentence for a request of more than so many bytes."""
    return f"This request is larger than {largest // 1024} kB. Maybe shorten it."


def wants_page(scope: Scope) -> bool:
    """Whether a person's browser is asking for a page, rather than a program for JSON."""
    headers = dict(scope["headers"])
    return not scope["path"].startswith("/api/") and b"text/html" in headers.get(b"accept", b"")


def envelope(code: str, message: str, field: str | None = None) -> dict[str, Any]:
    """The one shape of an error."""
    return {"error": {"code": code, "message": message, "field": field}}


def answer(scope: Scope, status: int, code: str, message: str, field: str | None = None) -> Response:
    """The response for an error, as a page or as JSON."""
    if wants_page(scope):
        title = _(TITLES.get(status) or HTTPStatus(status).phrase)
        return page("error.html", {"title": title, "message": message, "clinic": ""}, status)
    return JSONResponse(envelope(code, message, field), status)


def refusal(scope: Scope, error: ToolError) -> Response:
    """The response for what a tool refuses; what may work in a moment says when to come back."""
    response = answer(scope, STATUS.get(error.code, 422), error.code, error.message, error.field)
    return later(response) if isinstance(error, Busy) else response


def later(response: Response) -> Response:
    """The response, with the seconds after which it is worth trying again."""
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def validation_text(errors: Sequence[Any]) -> tuple[str, str | None]:
    """All faults in one line and the first field's name, without the values: they may be a patient's."""
    if any(error["type"] == "json_invalid" for error in errors):
        return "The body is not JSON. Maybe a comma or a quotation mark is missing.", None
    fields = [".".join(str(part) for part in error["loc"] if part not in _PLACES) for error in errors]
    lines = [_told(field, error) for field, error in zip(fields, errors, strict=True)]
    about = next((field for field in fields if field), None)
    return " ".join(lines[:8]), about or next(filter(None, (field_of(each["msg"]) for each in errors)), None)


def _told(field: str, error: Any) -> str:
    """One fault in a plain sentence."""
    name = field or "The body"
    if error["type"] == "missing":
        return f"{name} is missing. Maybe add it."
    if error["type"] == "extra_forbidden":
        return f"{name} is not a field here. Maybe it is spelt otherwise."
    reason = error["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{reason}." if not field and field_of(reason) else f"{name}: {reason}."


_PLACES = frozenset({"body", "query", "path", "header"})


def install(app: FastAPI) -> None:
    """Give `app` handlers for everything that its routes raise."""

    async def tool_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, ToolError)  # noqa: S101 - registered for this class alone
        return refusal(request.scope, error)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        message, field = validation_text(error.errors())
        return answer(request.scope, 422, "invalid", message, field)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        code, message = _PLAIN.get(error.status_code, ("refused", str(error.detail)))
        message = str(error.detail) if isinstance(error, TooLarge) else message
        code = "sign-in" if error.status_code == 401 else code
        response = answer(request.scope, error.status_code, code, message)
        response.headers.update(error.headers or {})
        if error.status_code == 405:
            response.headers["allow"] = ", ".join(_methods(app, request.scope))
        return response

    async def fault(request: Request, _: Exception) -> Response:
        return answer(request.scope, 500, *_INTERNAL)

    app.add_exception_handler(Exception, fault)
    app.add_exception_handler(ToolError, tool_error)
    app.add_exception_handler(Conflict, tool_error)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)


def _methods(app: FastAPI, scope: Scope) -> list[str]:
    """What an address takes by any of its routes; the framework names those of the first alone."""
    tried = {method: {**scope, "method": method} for method in ("DELETE", "GET", "PATCH", "POST", "PUT")}
    return [
        method
        for method, each in tried.items()
        if any(route.matches(each)[0] == Match.FULL for route in app.routes)
    ]


class Faults:
    """Ends an unforeseen exception here: a plain 500, and a log of where it was without any value of the request.

    Left to the server, its traceback would be logged with its message, which may quote a patient.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run what is inside, and answer for it when it breaks."""
        started = False

        async def watched(message: Any) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ToolError as error:  # from a middleware: the routes' own are answered further in
            _log.warning("request.refused", code=error.code, route=_route(scope))
            if not started:
                await refusal(scope, error)(scope, receive, send)
        except Exception as error:
            # The message of an exception may quote a patient; its type and place never do.
            places = [
                f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
            ]
            _log.error("request.fault", kind=type(error).__name__, at=places[-4:], route=_route(scope))
            if not started:
                await answer(scope, 500, *_INTERNAL)(scope, receive, send)


def _route(scope: Scope) -> str | None:
    """The route as it is written, without what was put into its address: somebody may have typed a name there."""
    return getattr(scope.get("route"), "path", None)
