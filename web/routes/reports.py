"""Reports: room use, what left requests without a slot, who works where, what runs out. CSV beside each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from tools.context import Permission
from tools.errors import ToolError
from web.api.proposals import words_of
from web.desk import AtDesk, Desk
from web.language import _
from web.pages import page
from web.person import needs
from web.spreadsheet import csv_file, csv_text

router = APIRouter(prefix="/reports", include_in_schema=False, dependencies=[needs(Permission.REPORTS)])

Table = tuple[list[str], list[list[str]]]
"""Heads and rows: the same for the page and for the spreadsheet."""
DAYS = 14


@router.get("")
def reports(desk: AtDesk, date_from: Annotated[dt.date | None, Query(alias="from")] = None) -> HTMLResponse:
    """All reports over two weeks from a day; the unmet requests of the month before it."""
    words, clinic = words_of(desk), desk.clinic()
    first = date_from or words.today
    costs = desk.call("bottlenecks", _month(words.today))
    now = desk.now()
    context = {
        "title": _("Reports"),
        "clinic": clinic.name,
        "zone": words.formats.zone_line(now),
        "as_of": f"{words.formats.day(words.today)}, {words.formats.time(now)}",
        "first": first.isoformat(),
        "use": _heat(clinic, first),
        "costs": costs,
        "staffing": staffing(clinic, first)[1],
        "staff_day": words.formats.day(first, words.today),
        "expiring": expiring(clinic, words.today)[1],
        "overtime": overtime(clinic, first)[1],
    }
    return page("reports.html", context)


@router.get("/{name}.csv")
def as_csv(
    desk: AtDesk, name: str, date_from: Annotated[dt.date | None, Query(alias="from")] = None
) -> Response:
    """One report as a spreadsheet, whose cells can't be formulas."""
    if name not in TABLES:
        raise ToolError(
            "not-found", f"There is no report {name[:40]!r}. Maybe one of: {', '.join(TABLES)}.", "name"
        )
    today = words_of(desk).today
    heads, rows = TABLES[name](desk, date_from or today)
    return csv_file(name, csv_text(heads, rows))


def _month(today: dt.date) -> dict[str, Any]:
    return {
        "date_from": (today - dt.timedelta(days=30)).isoformat(),
        "date_to": today.isoformat(),
        "limit": 10,
    }


def use(clinic: Clinic, first: dt.date) -> Table:
    """Room by day: cases, minutes in use, minutes open, and the share of them, in percent."""
    rows = []
    for day, room, cases, used, opened in _uses(clinic, first):
        share = f"{100 * used / opened:.0f}" if opened else ""
        rows.append([day.isoformat(), clinic.name_of(room), str(cases), str(used), str(opened), share])
    return ["date", "room", "cases", "minutes_used", "minutes_open", "percent"], rows


def _uses(clinic: Clinic, first: dt.date) -> Iterable[tuple[dt.date, str, int, int, int]]:
    calendar = Calendar(clinic.timezone)
    by_day = _by_day(clinic, calendar)
    for n in range(DAYS):
        day = first + dt.timedelta(days=n)
        for room in clinic.rooms.values():
            windows = calendar.windows(day, room.hours.get(day.weekday(), ()))
            mine = [case for case in by_day.get(day, ()) if case.room == room.id]
            inside = sum(
                max(0, min(case.end, end) - max(case.start, start)) for case in mine for start, end in windows
            )
            yield day, room.id, len(mine), inside, sum(end - start for start, end in windows)


def _by_day(clinic: Clinic, calendar: Calendar) -> Mapping[dt.date, list[Case]]:
    found: dict[dt.date, list[Case]] = {}
    for case in clinic.cases:
        if case.occupies:
            found.setdefault(calendar.date(case.start), []).append(case)
    return found


def _heat(clinic: Clinic, first: dt.date) -> dict[str, Any]:
    """The same as a table of rooms by days; each cell's class says its quarter, its text the number."""
    days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    cells: dict[str, list[dict[str, str]]] = {room: [] for room in clinic.rooms}
    for _day, room, cases, used, opened in _uses(clinic, first):
        share = 100 * used / opened if opened else 0
        said = f"{share:.0f} %" if opened else _("closed")
        cells[room].append({"text": said, "quarter": f"q{min(3, int(share // 25) + 1) if opened and used else 0}",
                            "cases": str(cases)})  # fmt: skip
    return {
        "days": [f"{day:%a} {day.day}" for day in days],
        "rows": [{"room": clinic.name_of(room), "cells": row} for room, row in cells.items()],
    }


def staffing(clinic: Clinic, day: dt.date) -> Table:
    """Who is in which case that day, in which role, from when until when."""
    calendar, rows = Calendar(clinic.timezone), []
    for case in sorted(_by_day(clinic, calendar).get(day, ()), key=lambda case: (case.start, case.room)):
        times = [f"{calendar.wall(edge):%H:%M}" for edge in (case.start, case.end)]
        what = clinic.procedures[case.procedure].short or clinic.name_of(case.procedure)
        team = [("surgeon", case.surgeon), *((member.role, member.resource) for member in case.team)]
        rows += [[*times, clinic.name_of(case.room), what, role, clinic.name_of(who)] for role, who in team]
    return ["from", "to", "room", "procedure", "role", "person"], rows


def expiring(clinic: Clinic, today: dt.date) -> Table:
    """Certifications that end within 90 days or have ended, with the booked cases of their holders after that day."""
    rows, calendar = [], Calendar(clinic.timezone)
    for person in clinic.staff.values():
        for held in person.certifications:
            until = held.last
            if until is None or until > today + dt.timedelta(days=90):
                continue
            after = [
                case.id
                for case in clinic.cases
                if case.occupies and calendar.date(case.start) > max(until, today)
                and person.id in {case.surgeon, *(member.resource for member in case.team)}
            ]  # fmt: skip
            shown = ", ".join(after[:6]) + (f" and {len(after) - 6} more" if len(after) > 6 else "")
            rows.append([person.name, held.id, until.isoformat(), str(len(after)), shown])
    return ["person", "certification", "until", "cases_after", "which"], sorted(rows, key=lambda row: row[2])


def overtime(clinic: Clinic, first: dt.date) -> Table:
    """Room by day: first wheels-in, last wheels-out, and the minutes beyond the room's hours, as planned."""
    calendar, rows = Calendar(clinic.timezone), []
    by_day = _by_day(clinic, calendar)
    for n in range(DAYS):
        day = first + dt.timedelta(days=n)
        for room in clinic.rooms.values():
            mine = [case for case in by_day.get(day, ()) if case.room == room.id]
            windows = calendar.windows(day, room.hours.get(day.weekday(), ()))
            if not mine or not windows:
                continue
            begin, end = min(case.start for case in mine), max(case.end for case in mine)
            over = max(0, end - max(stop for _start, stop in windows))
            rows.append([day.isoformat(), clinic.name_of(room.id), f"{calendar.wall(begin):%H:%M}",
                         f"{calendar.wall(end):%H:%M}", str(over)])  # fmt: skip
    return ["date", "room", "first_wheels_in", "last_wheels_out", "minutes_over"], rows


def _costs(desk: Desk, first: dt.date) -> Table:
    del first
    found = desk.call("bottlenecks", _month(words_of(desk).today))
    rows = []
    for cause in found["causes"]:
        more = cause["one_more"] or {"text": "", "opened": "", "tried": ""}
        numbers: Sequence[Any] = [cause["requests"], cause["alone"], cause["minutes"]]
        gained = [str(more[key]) for key in ("text", "opened", "tried")]
        rows.append([cause["title"], cause["name"], *map(str, numbers), *gained])
    return ["rule", "who_or_what", "requests", "alone", "minutes", "one_more", "opened", "tried"], rows


TABLES = {
    "room-use": lambda desk, first: use(desk.clinic(), first),
    "staffing": lambda desk, first: staffing(desk.clinic(), first),
    "certifications": lambda desk, first: expiring(desk.clinic(), words_of(desk).today),  # noqa: ARG005
    "overtime": lambda desk, first: overtime(desk.clinic(), first),
    "bottlenecks": _costs,
}
"""Name in the address -> the table."""
