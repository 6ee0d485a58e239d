"""Reports: what costs most, clashes and time to a booking, room use, punctuality, who works, what runs out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from solver.clinic import Case
from solver.grid import Calendar
from tools.context import Permission
from tools.errors import ToolError
from web import tables
from web.api.proposals import words_of
from web.cards import Words
from web.desk import AtDesk, Desk
from web.format import NBSP
from web.language import N_, _
from web.pages import page
from web.person import needs
from web.spreadsheet import csv_file, csv_text
from web.tables import Table

router = APIRouter(prefix="/reports", include_in_schema=False, dependencies=[needs(Permission.REPORTS)])

Name = Literal["bottlenecks", "weekly", "room-use", "overtime", "staffing", "certifications"]
REPORTS: tuple[tuple[Name, str], ...] = (
    ("bottlenecks", N_("What costs us most")),
    ("weekly", N_("Clashes and time to a booking")),
    ("room-use", N_("Room use")),
    ("overtime", N_("First cases and overtime")),
    ("staffing", N_("Staffing of a day")),
    ("certifications", N_("Certifications")),
)
SPANS = (30, 90, 365)
"""Days back over which unmet requests are counted."""
Day = Annotated[dt.date | None, Query(alias="from")]
Span = Annotated[int, Query(alias="back", ge=1, le=366)]


@router.get("")
def reports(desk: AtDesk, date_from: Day = None, back: Span = 30, only: Name | None = None) -> HTMLResponse:
    """All reports from a day on, or one of them alone, as it is printed for a meeting."""
    words, now = words_of(desk), desk.now()
    first = date_from or words.today
    chosen = [name for name, _text in REPORTS if only in (None, name)]
    context = {
        "title": _(dict(REPORTS)[only]) if only else _("Reports"), "clinic": words.clinic.name,
        "zone": words.formats.zone_line(now),
        "as_of": f"{words.formats.day(words.today)}, {words.formats.time(now)}",
        "query": urlencode({"from": first.isoformat(), "back": back}),
        "first": first.isoformat(), "back": back, "spans": SPANS,
        "only": only or "", "reports": REPORTS, "chosen": chosen,
        "first_day": words.formats.day(first, words.today),
        "last_day": words.formats.day(first + dt.timedelta(days=tables.DAYS - 1), words.today),
        **{name.replace("-", "_"): PARTS[name](desk, words, first, back) for name in chosen},
    }  # fmt: skip
    return page("reports.html", context)


def _costs(desk: Desk, words: Words, _first: dt.date, back: int) -> dict[str, Any]:
    found = desk.call("bottlenecks", _period(words.today, back))
    lengths = tables.bars([cause["requests"] for cause in found["causes"]])
    causes = [cause | {"bar": bar} for cause, bar in zip(found["causes"], lengths, strict=True)]
    return found | {"causes": causes}


def _weeks(desk: Desk, words: Words, _first: dt.date, _back: int) -> list[dict[str, Any]]:
    weeks = desk.call("weekly", {"until": words.today.isoformat()})["weeks"]
    clashes = tables.bars([week["clashes"] for week in weeks])
    waits = tables.bars([week["median_seconds"] or 0 for week in weeks])
    return [
        week | {
            "day": words.formats.short_day(dt.date.fromisoformat(week["monday"]), words.today),
            "clash_bar": clash, "wait_bar": wait,
            "median": _lasted(week["median_seconds"]), "slowest": _lasted(week["slowest_seconds"]),
        }
        for week, clash, wait in zip(weeks, clashes, waits, strict=True)
    ]  # fmt: skip


def _lasted(seconds: int | None) -> str:
    """ "48 s", "3 min", "2 h 5 min"."""
    if seconds is None:
        return ""
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    hours, minutes = divmod(round(seconds / 60), 60)
    return _("%(h)s h %(m)s min") % {"h": hours, "m": minutes} if hours else _("%(n)s min") % {"n": minutes}


def _heat(_desk: Desk, words: Words, first: dt.date, _back: int) -> dict[str, Any]:
    """Rooms by days; each cell's class says its quarter, its text the number."""
    days = [first + dt.timedelta(days=n) for n in range(tables.DAYS)]
    found = tables.uses(words.clinic, first)
    rows = []
    for room in words.clinic.rooms.values():
        mine = [used for used in found if used.room == room.id]
        minutes, opened = (sum(getattr(used, name) for used in mine) for name in ("minutes", "opened"))
        cells = [_cell(used) for used in mine]
        rows.append(
            {"room": room.name, "cells": cells, "all": f"{100 * minutes / opened:.0f}%" if opened else ""}
        )
    heads = [
        {"text": words.formats.short_day(day, words.today).replace(NBSP, " "), "date": day.isoformat()}
        for day in days
    ]
    return {"days": heads, "rows": rows}


def _cell(used: tables.Used) -> dict[str, str]:
    share = 100 * used.minutes / used.opened if used.opened else 0
    quarter = min(3, int(share // 25) + 1) if used.opened and used.minutes else 0
    return {"text": f"{share:.0f}%" if used.opened else _("closed"), "quarter": f"q{quarter}"}


def _punctual(_desk: Desk, words: Words, first: dt.date, _back: int) -> dict[str, Any]:
    rooms = [{"room": each, "bar": each.share} for each in tables.punctual(words.clinic, first)]
    rows = tables.overtime(words.clinic, first)[1]
    days = [[words.formats.short_day(dt.date.fromisoformat(row[0]), words.today), *row[1:]] for row in rows]
    return {"rooms": rooms, "days": days}


def _staff(_desk: Desk, words: Words, first: dt.date, _back: int) -> dict[str, Any]:
    people = [
        {
            "name": each.person.name, "role": each.person.role, "away": each.away,
            "hours": ", ".join(f"{_wall(begin)}\u2013{_wall(end)}" for begin, end in each.windows),
            "cases": [_told(case, words) for case in each.cases],
        }
        for each in tables.duty(words.clinic, first)
    ]  # fmt: skip
    return {"people": people, "cases": len(tables.day_cases(words.clinic, first))}


def _wall(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def _told(case: Case, words: Words, day: bool = False) -> dict[str, str]:
    """A case in a few words, with the day of the board that shows it."""
    procedure = words.clinic.procedures[case.procedure]
    at = Calendar(words.clinic.timezone).wall(case.start)
    time = (
        f"{words.formats.short_day(at.date(), words.today)}, {words.formats.time(at)}"
        if day
        else words.formats.time(at)
    )
    return {
        "id": case.id,
        "when": time,
        "what": procedure.short or procedure.name,
        "room": words.name(case.room),
    }


def _ends(_desk: Desk, words: Words, _first: dt.date, _back: int) -> list[dict[str, Any]]:
    return [
        {
            "person": each.person.name, "id": each.person.id, "certification": words.name(each.certification),
            "until": words.formats.short_day(each.until, words.today), "over": each.until < words.today,
            "cases": [_told(case, words, day=True) for case in each.cases],
        }
        for each in tables.expiring(words.clinic, words.today)
    ]  # fmt: skip


PARTS: Mapping[Name, Callable[[Desk, Words, dt.date, int], Any]] = {
    "bottlenecks": _costs, "weekly": _weeks, "room-use": _heat, "overtime": _punctual, "staffing": _staff,
    "certifications": _ends,
}  # fmt: skip
"""What the page shows of each report."""


@router.get("/{name}.csv")
def as_csv(desk: AtDesk, name: str, date_from: Day = None, back: Span = 30) -> Response:
    """One report as a spreadsheet, whose cells can't be formulas."""
    if name not in TABLES:
        raise ToolError(
            "not-found", f"There is no report {name[:40]!r}. Maybe one of: {', '.join(TABLES)}.", "name"
        )
    today = words_of(desk).today
    heads, rows = TABLES[name](desk, date_from or today, today, back)
    return csv_file(name, csv_text(heads, rows))


def _period(today: dt.date, back: int) -> dict[str, Any]:
    return {
        "date_from": (today - dt.timedelta(days=back)).isoformat(),
        "date_to": today.isoformat(),
        "limit": 10,
    }


def _cost_table(desk: Desk, _first: dt.date, today: dt.date, back: int) -> Table:
    found, rows = desk.call("bottlenecks", _period(today, back)), []
    for cause in found["causes"]:
        more = cause["one_more"] or {"text": "", "opened": "", "tried": ""}
        numbers: Sequence[Any] = [cause["requests"], cause["alone"], cause["minutes"]]
        gained = [str(more[key]) for key in ("text", "opened", "tried")]
        rows.append([cause["title"], cause["name"], *map(str, numbers), *gained])
    return ["rule", "who_or_what", "requests", "alone", "minutes", "one_more", "opened", "tried"], rows


def _week_table(desk: Desk, _first: dt.date, today: dt.date, _back: int) -> Table:
    heads = ["monday", "clashes", "resolved", "bookings", "median_seconds", "slowest_seconds"]
    weeks = desk.call("weekly", {"until": today.isoformat()})["weeks"]
    return heads, [["" if week[head] is None else str(week[head]) for head in heads] for week in weeks]


TABLES: Mapping[str, Callable[[Desk, dt.date, dt.date, int], Table]] = {
    "room-use": lambda desk, first, _today, _back: tables.room_use(desk.clinic(), first),
    "staffing": lambda desk, first, _today, _back: tables.staffing(desk.clinic(), first),
    "certifications": lambda desk, _first, today, _back: tables.certifications(desk.clinic(), today),
    "overtime": lambda desk, first, _today, _back: tables.overtime(desk.clinic(), first),
    "bottlenecks": _cost_table,
    "weekly": _week_table,
}
"""Name in the address -> the table."""
