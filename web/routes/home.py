"""The schedule: the board of one day, and the answer to a request that was posted as a plain form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import anyio.to_thread
from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse

from solver.clinic import Clinic
from tools.context import Permission
from web.api.chat import drawn
from web.api.conversations import kept
from web.api.proposals import words_of
from web.api.schedule import day_board, ghosts_of
from web.cards import DONE
from web.clinical import NOBODY
from web.desk import AtDesk, Desk, formats_of
from web.pages import page
from web.standing import said_after
from web.structured import fields_of

router = APIRouter(include_in_schema=False)

View = Literal["auto", "board", "list"]
SAMPLES = (
    "Dr. Smith, knee scope, next Tuesday",
    "Dr. Smith knee scope in OR 2 on Tuesday at 10",
    "Dr. Smith, knee scope, next Wednesday",
)
"""Requests to try in the demo: one with slots, one refused room, one refused day."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@router.get("/")
def schedule(
    request: Request,
    desk: AtDesk,
    date: dt.date | None = None,
    view: View = "auto",
    booked: Annotated[str | None, Query(max_length=120)] = None,
    did: Annotated[str, Query(max_length=20)] = "book",
    conversation: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """The day asked for, or today; `booked` names the case or block just changed, to say so, and `did` how.

    With a `conversation` what was said and shown in it, to go on with.
    """
    if conversation:
        return resumed(request, desk, conversation, date, view)
    said = (
        said_after(desk, words_of(desk), booked, DONE.get(did, DONE["book"]), date) if date and booked else ""
    )
    return schedule_page(
        request, desk, date, view, {"booked": said, "undoable": bool(said) and did != "undo"}
    )


def resumed(
    request: Request, desk: Desk, conversation: str, date: dt.date | None, view: View
) -> HTMLResponse:
    """The schedule with a conversation that was kept, its last request first."""
    told = kept(desk, conversation)
    turns = [
        {
            "said": each["said"],
            "events": [
                *each["events"],
                {
                    "type": "done",
                    "conversation": conversation,
                    "why_not": each["why_not"],
                    "asks": each["asks"],
                    "moves": each["moves"],
                    "stands": each["stands"],
                },
            ],
        }
        for each in reversed(told["turns"])
    ]
    extra = {"turns": turns, **(shown(turns[0]["events"], date) if turns else {})}
    best = extra.pop("date", None)
    return schedule_page(request, desk, date or best, view, extra)


@router.post("/")
async def ask(
    request: Request,
    desk: AtDesk,
    text: Annotated[str, Form(max_length=20_000)] = "",
    pick: Annotated[str, Form(alias="try", max_length=2000)] = "",
    conversation: Annotated[str, Form(max_length=200)] = "",
    date: Annotated[dt.date | None, Form()] = None,
) -> HTMLResponse:
    """The whole page with the answer, for a browser without JavaScript."""
    said = pick or text
    events = [event async for event in drawn(desk, said, conversation or None)]
    extra = {"turns": [{"said": said, "events": events}], "text": "", **shown(events, date)}
    return await anyio.to_thread.run_sync(schedule_page, request, desk, extra.pop("date"), "auto", extra)


def schedule_page(
    request: Request, desk: Desk, date: dt.date | None, view: View, extra: Mapping[str, Any]
) -> HTMLResponse:
    """The schedule of a day; `extra` has an answer to show, or the form as it was filled in."""
    formats, now = formats_of(desk), desk.now()
    today = formats.local(now).date()
    slots = extra.get("slots", [])
    board = day_board(desk, date or today, ghosts_of(desk, slots))
    form = (
        fields_of(desk, words_of(desk), extra.get("filled")) if desk.principal.may(Permission.FIND) else None
    )
    if form and extra.get("opened"):
        form["open"] = True
    samples = SAMPLES if request.app.settings.demo else samples_of(desk.clinic())
    context = {
        "title": "Schedule",
        "clinic": desk.clinic().name,
        "zone": board.zone,
        "demo": request.app.settings.demo,
        "sample": samples[0],
        "samples": samples,
        "today": today.isoformat(),
        "view": view,
        "board": board,
        "turns": [],
        "text": "",
        "conversation": "",
        "booked": "",
        "undoable": False,
        "nobody": NOBODY,
        "slots": [],
        "form": form,
        **extra,
    }
    return page("schedule.html", context)


def samples_of(clinic: Clinic) -> tuple[str, ...]:
    """Requests to try, in this clinic's own names: its first surgeons with something that they may do."""
    named = [
        f"{person.name}, {clinic.name_of(person.privileges[0].id).lower()}, next {WEEKDAYS[min(person.shifts)]}"
        for person in clinic.staff.values()
        if person.role == "surgeon" and person.privileges and person.shifts
    ]
    return tuple(named[:3]) or ("What is on the schedule tomorrow?",)


def shown(events: list[dict[str, Any]], date: dt.date | None) -> dict[str, Any]:
    """The day of the best card, the ghosts of all of them, and the conversation to go on with."""
    drawn_cards = [event["cards"] + event["near"] for event in events if event["type"] == "offers"]
    cards = [card for group in drawn_cards for card in group]
    days = [event["schedule"]["date_from"] for event in events if event["type"] == "schedule"]
    best = next(iter([*(card["date"] for card in cards), *days]), None)
    return {
        "date": dt.date.fromisoformat(best) if best else date,
        "slots": [slot for card in cards for slot in card["ghosts"]],
        "conversation": events[-1].get("conversation", ""),
    }
