"""The request as a plain form beside the conversation: the same cards, with no model and no script needed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from tools.context import Permission
from web.api.proposals import words_of
from web.desk import AtDesk
from web.person import needs
from web.routes.home import schedule_page, shown
from web.structured import Filled, said, searched

router = APIRouter(include_in_schema=False, dependencies=[needs(Permission.FIND)])

Typed = Annotated[str, Query(max_length=120)]


@router.get("/find")
def find(
    request: Request, desk: AtDesk, procedure: Typed = "", additional: Typed = "", surgeon: Typed = "",
    room: Typed = "", date_from: Typed = "", date_to: Typed = "",
    weekdays: Annotated[list[str], Query(max_length=7)] = [],  # noqa: B006 - FastAPI copies it
    start_from: Typed = "", start_until: Typed = "", end_by: Typed = "", duration_minutes: Typed = "",
    urgency: Typed = "elective", allow_swaps: Typed = "", override: Typed = "",
    override_reason: Annotated[str, Query(max_length=500)] = "",
) -> HTMLResponse:  # fmt: skip
    """The schedule with the answer; without a procedure and a day the empty form."""
    if not (procedure and date_from):
        return schedule_page(request, desk, None, "auto", {"opened": True})
    filled = Filled(
        procedure, additional, surgeon, room, date_from, date_to, tuple(weekdays), start_from, start_until, end_by,
        duration_minutes, urgency, allow_swaps, override, override_reason,
    )  # fmt: skip
    words = words_of(desk)
    events = searched(desk, words, filled)
    turn = {"said": said(words, filled), "events": events}
    extra = {"turns": [turn], "filled": filled, **shown(events, None)}
    return schedule_page(request, desk, extra.pop("date"), "auto", extra)
