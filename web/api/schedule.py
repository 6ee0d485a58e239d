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
from web.desk import AtDesk, Desk, formats_of
from web.initials import with_initials
from web.standing import released_on

router = APIRouter(prefix="/api", tags=["schedule"])

MOST_DAYS = 62
MOST_GHOSTS = 60


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
    return build(
        with_initials(desk, book(desk, date, date)),
        date,
        formats_of(desk),
        desk.now(),
        ghosts,
        released_on(date, words_of(desk)),
    )


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
