"""How a person reads: the clock of 12 or 24 hours, and the tour once it was seen; kept by their browser for a year."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tools.errors import ToolError
from web.accounts import same_site_path
from web.desk import Settings
from web.person import signed_in
from web.reading import CLOCK_COOKIE, CLOCKS, TOUR_COOKIE, reader, tour_mark

router = APIRouter(include_in_schema=False)

YEAR = 365 * 24 * 3600
MARKS = 20
"""How many people of a shared desk a browser remembers to have seen the tour."""


@router.post("/clock")
def clock(
    request: Request,
    clock: Annotated[str, Form(max_length=10)] = "",
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Choose a clock and go back to the page."""
    if clock not in CLOCKS:
        raise ToolError("invalid", f"There is no clock {clock!r}. Maybe {' or '.join(CLOCKS)}.", "clock")
    return _kept(request, RedirectResponse(same_site_path(back), 303), CLOCK_COOKIE, clock)


@router.post("/tour")
def toured(request: Request) -> Response:
    """The tour was seen, or skipped, by whoever is signed in."""
    person = signed_in()
    mine = tour_mark(person.id) if person else ""
    known = sorted(mark for mark in reader().toured - {mine} if mark.isascii() and mark.isalnum())[
        : MARKS - 1
    ]
    return _kept(request, Response(status_code=204), TOUR_COOKIE, ".".join([*known, mine]))


def _kept(request: Request, response: Response, name: str, value: str) -> Response:
    """The response with a cookie that no script reads; in a configured frame it comes back too."""
    settings: Settings = request.app.settings
    secure = "; Secure" if settings.secure else ""
    site = "SameSite=None; Partitioned" if secure and settings.frame_ancestors else "SameSite=Lax"
    cookie = f"{name}={value}; Path=/; Max-Age={YEAR}; HttpOnly; {site}{secure}"
    response.headers.append("set-cookie", cookie)
    return response
