"""The clock that a person reads, 12 or 24 hours: kept in their browser for a year, for every page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from tools.errors import ToolError
from web.accounts import same_site_path
from web.reading import CLOCK_COOKIE, CLOCKS

router = APIRouter(include_in_schema=False)

YEAR = 365 * 24 * 3600


@router.post("/clock")
def clock(
    request: Request,
    clock: Annotated[str, Form(max_length=10)] = "",
    back: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Choose a clock and go back to the page."""
    if clock not in CLOCKS:
        raise ToolError("invalid", f"There is no clock {clock!r}. Maybe {' or '.join(CLOCKS)}.", "clock")
    response = RedirectResponse(same_site_path(back), 303)
    secure = "; Secure" if request.app.settings.secure else ""
    framed = bool(secure and request.app.settings.frame_ancestors)
    site = "SameSite=None; Partitioned" if framed else "SameSite=Lax"
    cookie = f"{CLOCK_COOKIE}={clock}; Path=/; Max-Age={YEAR}; HttpOnly; {site}{secure}"
    response.headers.append("set-cookie", cookie)
    return response
