"""A week of rooms: how much of each room's day is booked, and how much is left. Pure: no clock, no database.

Minutes are clinic minutes inside the room's hours: `free` is open time that neither a case nor a closure takes. What
is free here isn't proven bookable: only a search knows every rule.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.board import Ghost
from web.format import NBSP, Formats
from web.language import _, plural
from web.strips import Strip, strips

EMPTY = Strip()
Minutes = tuple[int, int]
"""Minutes after the first local midnight of the week, half-open."""
Key = tuple[str, dt.date]


@dataclass(frozen=True)
class Cell:
    """One room on one day."""

    date: str
    cases: str
    used: str
    free: str
    percent: int
    """Share of the room's hours that is booked, 0 to 100."""
    blocks: tuple[str, ...]
    note: str
    label: str
    strip: Strip = EMPTY
    offers: str = ""
    """The ranks of the offers that fall on it."""


@dataclass(frozen=True)
class WeekRow:
    """One room with its seven days."""

    id: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday."""

    days: tuple[tuple[str, str], ...]
    rows: tuple[WeekRow, ...]
    width: int = 0
    """The columns of each strip."""
    hours: tuple[str, str] = ("", "")
    """What o'clock a strip begins and ends."""


@dataclass(frozen=True)
class _Filed:
    """The schedule's parts by room and clinic day."""

    hours: Mapping[Key, list[tuple[dt.datetime, dt.datetime]]]
    cases: Mapping[Key, list[tuple[dt.datetime, dt.datetime]]]
    closed: Mapping[Key, list[tuple[dt.datetime, dt.datetime]]]
    blocks: Mapping[Key, list[str]]


def monday_of(day: dt.date) -> dt.date:
    """The Monday of its week."""
    return day - dt.timedelta(days=day.weekday())


def build_week(
    schedule: Mapping[str, Any],
    monday: dt.date,
    formats: Formats,
    today: dt.date,
    ghosts: Sequence[Ghost] = (),
) -> Week:
    """The week from `get_schedule`'s output of its seven days, with the offers that fall on it."""
    days = [monday + dt.timedelta(days=n) for n in range(7)]
    filed = _filed(schedule, formats)
    drawn = strips(schedule, days, formats, ghosts)
    rows = [
        WeekRow(
            room["id"],
            room["name"],
            tuple(_cell(room, day, filed, formats, drawn.of(room["id"], day)) for day in days),
        )
        for room in schedule["rooms"]
    ]
    named = tuple((day.isoformat(), formats.short_day(day, today)) for day in days)
    return Week(named, tuple(rows), drawn.width, (drawn.first, drawn.last))


def overlap(
    spans: Iterable[tuple[dt.datetime, dt.datetime]], within: Sequence[tuple[dt.datetime, dt.datetime]]
) -> int:
    """Minutes of `within` that any of `spans` takes, each counted once."""
    total = 0.0
    ordered = sorted(spans)
    for first, last in within:
        at = first
        for start, end in ordered:
            low, high = max(start, at), min(end, last)
            if high > low:
                total += (high - low).total_seconds()
                at = high
    return int(total // 60)


def _filed(schedule: Mapping[str, Any], formats: Formats) -> _Filed:
    hours: dict[Key, list[Any]] = defaultdict(list)
    cases: dict[Key, list[Any]] = defaultdict(list)
    closed: dict[Key, list[Any]] = defaultdict(list)
    blocks: dict[Key, list[str]] = defaultdict(list)
    for room in schedule["rooms"]:
        for start, end in room["hours"]:
            first = formats.local(start)
            hours[room["id"], first.date()].append((first, formats.local(end)))
    for case in schedule["cases"]:
        span = formats.local(case["start"]), formats.local(case["end"])
        cases[case["room"], span[0].date()].append(span)
    for bar in schedule["blocked"]:
        span = formats.local(bar["start"]), formats.local(bar["end"])
        if bar["kind"] == "block":
            blocks[bar["room"], span[0].date()].append(bar["cause"])
            continue
        for day in _days(span):
            closed[bar["room"], day].append(span)
    return _Filed(hours, cases, closed, blocks)


def _days(span: tuple[dt.datetime, dt.datetime]) -> Iterable[dt.date]:
    """At most a week: a closure may last for months."""
    first, last = (each.date() for each in span)
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def _cell(
    room: Mapping[str, Any], day: dt.date, filed: _Filed, formats: Formats, strip: Strip = EMPTY
) -> Cell:
    key = room["id"], day
    hours, cases, closed = filed.hours.get(key, []), filed.cases.get(key, []), filed.closed.get(key, [])
    opened = overlap(hours, hours)
    used = sum(int((end - start).total_seconds() // 60) for start, end in cases)
    free = opened - overlap([*cases, *closed], hours)
    count = len(cases)
    told = plural("%(num)s case", "%(num)s cases", count) % {"num": count}
    note = "" if opened else _("closed")
    if opened and overlap(closed, hours):
        note = _("closed in part")
    blocks = tuple(dict.fromkeys(filed.blocks.get(key, ())))
    free_said = _("%(time)s free") % {"time": span_said(free)} if opened else ""
    offers = _("offered: %(ranks)s") % {"ranks": ", ".join(strip.ranks)} if strip.ranks else ""
    parts = [room["name"], formats.day(day, day), told, note, free_said, offers, *blocks]
    return Cell(
        date=day.isoformat(),
        cases=told if count else "",
        used=_("%(time)s booked") % {"time": span_said(used)} if used else "",
        free=free_said,
        percent=min(100, round(100 * overlap(cases, hours) / opened)) if opened else 0,
        blocks=blocks,
        note=note,
        label=", ".join(part for part in parts if part),
        strip=strip,
        offers=offers,
    )


def span_said(minutes: int) -> str:
    """ "2 h 05 min", which doesn't break over lines."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if hours else f"{rest}{NBSP}min"
