"""The book of a week, rooms by days, and the day's sheets for print: one landscape page a room."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from tools.context import Permission
from tools.errors import ToolError
from web.api.proposals import words_of
from web.api.schedule import MOST_GHOSTS, book, ghosts_of
from web.board import MANY, sided
from web.cards import Words, member_said
from web.desk import AtDesk, Desk
from web.format import NBSP
from web.initials import with_initials
from web.language import _
from web.pages import page
from web.person import needs
from web.week import build_week, monday_of

router = APIRouter(include_in_schema=False, dependencies=[needs(Permission.SCHEDULE)])

FIRST, LAST = dt.date(1971, 1, 1), dt.date(9997, 12, 20)


@router.get("/week")
def week(
    desk: AtDesk,
    date: dt.date | None = None,
    slot: Annotated[list[str], Query(max_length=MOST_GHOSTS)] = [],  # noqa: B006 - FastAPI copies it
) -> HTMLResponse:
    """The week of that day, or this one; each `slot` is an offer to be drawn in its place, as on the board."""
    words = words_of(desk)
    monday = monday_of(_known(date or words.today))
    sunday = monday + dt.timedelta(days=6)
    shown = build_week(book(desk, monday, sunday), monday, words.formats, words.today, ghosts_of(desk, slot))
    around = {
        "previous": (monday - dt.timedelta(days=7)).isoformat(),
        "next": (monday + dt.timedelta(days=7)).isoformat(),
        "today": words.today.isoformat(),
        "monday": monday.isoformat(),
        "slots": "".join(f"&{urlencode({'slot': each})}" for each in slot),
        "slot_list": slot,
        "day": date.isoformat() if date else words.today.isoformat(),
    }
    first, last = (words.formats.short_day(each, words.today) for each in (monday, sunday))
    title = _("%(first)s to %(last)s") % {"first": first, "last": last}
    return _page(
        desk,
        words,
        "week.html",
        monday,
        {"title": title, "week": shown, "many": len(shown.rows) >= MANY, **around},
    )


@router.get("/print")
def sheets(
    desk: AtDesk, date: dt.date | None = None, room: Annotated[str, Query(max_length=120)] = ""
) -> HTMLResponse:
    """The day's sheets, of one room or of all that have anything on that day."""
    words = words_of(desk)
    day = _known(date or words.today)
    whole = {"date_from": day.isoformat(), "date_to": day.isoformat()} | ({"room": room} if room else {})
    found = with_initials(desk, desk.call("get_schedule", whole))
    rooms = [_sheet(words, each, found) for each in found["rooms"]]
    shown = [each for each in rooms if each["cases"] or each["blocked"]] or rooms[:1]
    context = {
        "title": _("Day sheet, %(day)s") % {"day": words.formats.day(day, words.today)},
        "sheets": shown,
        "date": day.isoformat(),
        "day": words.formats.day(day),
    }
    return _page(desk, words, "print.html", day, context)


def _sheet(words: Words, room: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """One room's cases in time order, with the team by name; a patient by initials at most."""
    cases = [
        {
            "times": words.formats.times(each["start"], each["end"]),
            "title": sided(each.get("title") or each["procedure"], each.get("laterality")),
            "surgeon": each["surgeon_name"].replace(" ", NBSP),
            "team": ", ".join(_member(one) for one in each.get("team") or ()),
            "patient": each.get("initials") or "",
            "status": _(str(each["status"])),
        }
        for each in found["cases"]
        if each["room"] == room["id"]
    ]
    blocked = [
        {"times": words.formats.times(each["start"], each["end"]), "cause": each["cause"]}
        for each in found["blocked"]
        if each["room"] == room["id"]
    ]
    hours = [words.formats.times(start, end) for start, end in room["hours"]]
    return {
        "name": room["name"],
        "note": room.get("note") or "",
        "hours": hours,
        "cases": cases,
        "blocked": blocked,
    }


def _member(text: str) -> str:
    """The schedule's "Scrub 1 (scrub)", without what the name says already."""
    name, _open, role = text.removesuffix(")").rpartition(" (")
    return member_said(name, role) if name else text


def _known(day: dt.date) -> dt.date:
    if FIRST <= day <= LAST:
        return day
    raise ToolError("invalid", f"{day} is outside the calendar. Maybe pick a date of this century.", "date")


def _page(desk: Desk, words: Words, template: str, day: dt.date, context: dict[str, Any]) -> HTMLResponse:
    """The zone is the one that holds on the days shown: it may differ from today's."""
    now, noon = desk.now(), dt.datetime.combine(day, dt.time(12), words.formats.zoneinfo)
    frame = {
        "clinic": desk.clinic().name,
        "zone": words.formats.zone_line(noon),
        "as_of": f"{words.formats.day(words.today)}, {words.formats.time(now)}",
    }
    return page(template, {**frame, **context})
