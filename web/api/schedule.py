"""The book: as the contract has it, and as the board draws it."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query

from tools.errors import ToolError
from web.api.proposals import words_of
from web.board import Board, Ghost, build
from web.cards import ghost_of
from web.conflicts import with_conflicts
from web.desk import AtDesk, Desk, formats_of
from web.initials import with_initials
from web.language import _
from web.standing import released_on

router = APIRouter(prefix="/api", tags=["schedule"])

MOST_DAYS = 62
MOST_GHOSTS = 60
AHEAD = 14
"""How many days behind a closed one an open one is looked for."""


@router.get("/schedule")
def schedule(
    desk: AtDesk,
    first: Annotated[dt.date, Query(alias="from")],
    last: Annotated[dt.date, Query(alias="to")],
) -> dict[str, Any]:
    """Rooms, cases and blocked time from one date to another, both included."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise ToolError(
            "invalid",
            f"{first} to {last} is not a span of 1 to {MOST_DAYS} days. Maybe ask for a shorter one.",
            "to",
        )
    return book(desk, first, last)


@router.get("/board")
def board(
    desk: AtDesk,
    date: dt.date,
    slot: Annotated[list[str], Query(max_length=MOST_GHOSTS)] = [],  # noqa: B006 - FastAPI copies it
) -> dict[str, Any]:
    """One day as boxes with their places; each `slot` is drawn as a ghost (see `web.cards.ghost_of`)."""
    return asdict(day_board(desk, date, ghosts_of(desk, slot)))


def day_board(desk: Desk, date: dt.date, ghosts: list[Ghost]) -> Board:
    """The board of one day at a desk."""
    if not dt.date(1971, 1, 1) <= date <= dt.date(9997, 12, 31):
        raise ToolError(
            "invalid", f"{date} is outside the calendar. Maybe pick a date of this century.", "date"
        )
    found = book(desk, date, date)
    return build(
        with_conflicts(desk, with_initials(desk, found)),
        date,
        formats_of(desk),
        desk.now(),
        ghosts,
        released_on(date, words_of(desk)),
        () if ghosts or found["cases"] or _hours(found) else (_shut(desk, date),),
    )


def _shut(desk: Desk, date: dt.date) -> dict[str, str]:
    """What an empty board says: that the day is closed, and the next day on which a room is open."""
    told = {"text": _("No room is open on this day."), "href": "", "date": "", "link": ""}
    first, last = date + dt.timedelta(days=1), date + dt.timedelta(days=AHEAD)
    opened = min(_hours(book(desk, first, last)), default="")[:10] if last <= dt.date(9997, 12, 31) else ""
    if not opened:
        return told
    formats = formats_of(desk)
    day = formats.day(dt.date.fromisoformat(opened), formats.local(desk.now()).date())
    return told | {"href": f"/?date={opened}", "date": opened, "link": _("Go to %(day)s") % {"day": day}}


def _hours(found: dict[str, Any]) -> list[str]:
    """When rooms open, ISO 8601."""
    return [str(start) for room in found["rooms"] for start, _end in room["hours"]]


def book(desk: Desk, first: dt.date, last: dt.date) -> dict[str, Any]:
    """What `get_schedule` says of the dates."""
    return desk.call("get_schedule", {"date_from": first.isoformat(), "date_to": last.isoformat()})


def ghosts_of(desk: Desk, slots: list[str]) -> list[Ghost]:
    """Ghosts from query values; ToolError "invalid" when one isn't a slot."""
    clinic = desk.clinic()
    try:
        return [ghost_of(slot, clinic) for slot in slots]
    except ValueError as error:
        raise ToolError("invalid", str(error), "slot") from None
