"""How a person reads: the clock that they chose, their language, and the page that they are at."""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from web.language import chosen, reset_language, set_language

CLOCK_COOKIE = "slotwright-clock"
TOUR_COOKIE = "slotwright-tour"
CLOCKS = ("12h", "24h")
OF_THE_SCHEDULE = ("week", "print", "case", "block", "find", "book", "proposals", "conversations")
"""How addresses begin whose pages belong to the schedule."""


@dataclass(frozen=True)
class Reader:
    """One request's: `clock` "12h", "24h", or None for the clinic's own; `here` the path that it asks for."""

    clock: str | None = None
    here: str = "/"
    query: str = ""
    toured: frozenset[str] = frozenset()
    """Who has closed the tour in this browser, by their marks."""

    def at(self, address: str) -> bool:
        """Whether the page asked for is that one, or one below it; what opens from the board is below the schedule."""
        if address == "/":
            return self.here == "/" or self.here.split("/")[1] in OF_THE_SCHEDULE
        return self.here == address or self.here.startswith(f"{address}/")


_CURRENT: ContextVar[Reader | None] = ContextVar("reader", default=None)


def reader() -> Reader:
    """Who reads, in this request; outside of one, somebody without any wish."""
    return _CURRENT.get() or Reader()


def tour_mark(person: str) -> str:
    """What stands for a person in the tour's cookie: on a shared desk it names nobody."""
    return hashlib.sha256(person.encode()).hexdigest()[:12]


def tour_due(person: str) -> bool:
    """Whether to begin the tour: at the first visit, or when it is asked for again."""
    known = reader()
    return "tour=1" in known.query.split("&") or not known.toured & {tour_mark(person), "off"}


_SHOWN: ContextVar[str] = ContextVar("clock-shown", default=CLOCKS[0])
clock_shown = _SHOWN.get


def on_clock(own: str) -> str:
    """The clock that the person chose, or the clinic's `own`; the page's switch then offers the other one."""
    clock = reader().clock or own
    _SHOWN.set(clock)
    return clock


class Reading:
    """Pure ASGI: finds out how the person reads, for everything inside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set what is known, go on, and forget it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known = _CURRENT.set(_reader(scope, headers))
        spoken = set_language(chosen(headers.get("accept-language", "")))
        try:
            await self._app(scope, receive, send)
        finally:
            reset_language(spoken)
            _CURRENT.reset(known)


def _reader(scope: Scope, headers: Headers) -> Reader:
    cookies = cookie_parser(headers.get("cookie", ""))
    clock, toured = cookies.get(CLOCK_COOKIE), cookies.get(TOUR_COOKIE, "")
    query = scope["query_string"].decode("latin-1") if scope["method"] == "GET" else ""
    marks = frozenset(toured[:500].split("."))
    return Reader(clock if clock in CLOCKS else None, scope["path"], query, marks)
