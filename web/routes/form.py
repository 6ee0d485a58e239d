"""The request as a plain form beside the conversation: the same cards, with no model and no script needed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from tools.context import Permission
from web.api.proposals import words_of
from web.clinical import Facts, facts_typed
from web.desk import AtDesk, Desk
from web.person import needs
from web.routes.home import schedule_page, shown
from web.structured import Filled, said, searched

router = APIRouter(include_in_schema=False, dependencies=[needs(Permission.FIND)])

Asked = Annotated[str, Query(max_length=120)]
Typed = Annotated[str, Form(max_length=120)]
Several = Annotated[list[str], Form(max_length=20)]
Many = Annotated[list[str], Form(max_length=400)]


@router.get("/find")
def form(
    request: Request, desk: AtDesk, procedure: Asked = "", surgeon: Asked = "", room: Asked = "",
    date_from: Asked = "", date_to: Asked = "", after_case: Asked = "", urgency: Asked = "elective",
) -> HTMLResponse:  # fmt: skip
    """The schedule with the form open, and in it what the address names: nothing of a patient is among that."""
    asked = Filled(
        procedure, surgeon=surgeon, room=room, date_from=date_from, date_to=date_to, after_case=after_case,
        urgency=urgency,
    )  # fmt: skip
    filled = {"filled": asked} if any((procedure, surgeon, room, date_from, after_case)) else {}
    return schedule_page(request, desk, None, "auto", {"opened": True, **filled})


def filled_in(
    facts: Annotated[Facts, Depends(facts_typed)], procedure: Typed = "", additional: Typed = "", surgeon: Typed = "",
    room: Typed = "", date_from: Typed = "", date_to: Typed = "", weekdays: Several = [],  # noqa: B006 - copied
    start_from: Typed = "", start_until: Typed = "", end_by: Typed = "", duration_minutes: Typed = "",
    urgency: Typed = "elective", allow_swaps: Typed = "", override: Typed = "",
    override_reason: Annotated[str, Form(max_length=500)] = "", after_case: Typed = "", position: Typed = "",
    anesthesia: Typed = "", extra_equipment: Several = [],  # noqa: B006 - copied
    exclude_surgeons: Many = [], exclude_rooms: Many = [],  # noqa: B006 - copied
) -> Filled:  # fmt: skip
    """The form's fields as a browser sends them."""
    return Filled(
        procedure, additional, surgeon, room, date_from, date_to, tuple(weekdays), tuple(exclude_surgeons),
        tuple(exclude_rooms), start_from, start_until, end_by, duration_minutes, urgency, allow_swaps, override,
        override_reason, after_case, position, anesthesia, tuple(extra_equipment), facts,
    )  # fmt: skip


@router.post("/find", response_model=None)
def find(
    request: Request,
    desk: AtDesk,
    filled: Annotated[Filled, Depends(filled_in)],
    accept: Annotated[str, Header()] = "",
) -> Response:
    """The answer: to a script as events, else the schedule with it. Posted, so that no address holds a fact."""
    answer = _answer(desk, filled)
    if "application/json" in accept:
        return JSONResponse(answer)
    if not answer["events"]:
        return schedule_page(request, desk, None, "auto", {"filled": filled, "opened": True})
    extra = {"turns": [answer], "filled": filled, **shown(answer["events"], None)}
    return schedule_page(request, desk, extra.pop("date"), "auto", extra)


def _answer(desk: Desk, filled: Filled) -> dict[str, Any]:
    """What was asked in one line, and the events; none without a procedure and a day."""
    if not (filled.procedure and filled.date_from):
        return {"said": "", "events": []}
    words = words_of(desk)
    return {"said": said(words, filled), "events": searched(desk, words, filled)}
