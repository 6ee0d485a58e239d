"""The demo clinic's book: every weekday from two weeks back to six weeks ahead.

A date's full book is a function of the date alone; how much of it is booked yet depends on how far ahead the
date is. So a case keeps its id, room, time, team and patient from one day's clock to the next.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from tools.records.demo.dice import roll, shuffled
from tools.records.demo.occupancy import Day, Placed, Record, clock, planned_minutes
from tools.records.demo.patients import patient_ref
from tools.records.demo.sessions import Session, sessions_on

BACK, AHEAD = 14, 45  # days around today
STEP = 15
LATEST_LEAD = 55  # days; the longest that anyone books ahead
SETTLED = 3  # days; nearer than this a book is full


def booked_cases(records: Record, today: dt.date) -> list[dict[str, Any]]:
    """The clinic file's cases on `today` (wall date), by date, then room, then time."""
    days = (today + dt.timedelta(days=offset) for offset in range(-BACK, AHEAD + 1))
    return [case for day in days for case in _cases_on(records, day, today)]


def _cases_on(records: Record, day: dt.date, today: dt.date) -> Iterator[dict[str, Any]]:
    if day.isoformat() in {holiday["date"] for holiday in records["clinic"]["holidays"]}:
        return
    placed = sorted(_full_book(records, day), key=lambda case: (case.room, case.span))
    for number, case in enumerate(placed):
        if (day - today).days <= _lead(day, case):
            yield _record(case, day, number, "done" if day < today else "booked")


def _lead(day: dt.date, case: Placed) -> float:
    """How many days ahead the case was booked."""
    return SETTLED + (LATEST_LEAD - SETTLED) * roll("lead", day.toordinal(), case.room, case.span)


def _full_book(records: Record, day: dt.date) -> list[Placed]:
    occupancy = Day(records, day)
    for session in sessions_on(day):
        if session.fixed:
            for start, procedure in session.fixed:
                _place(occupancy, session, procedure, clock(start))
        else:
            _fill(occupancy, session)
    return occupancy.cases


def _fill(occupancy: Day, session: Session) -> None:
    """Run cases one after another until the session ends, with a pause now and then."""
    at, end, seed = clock(session.begin), clock(session.end), (occupancy.day.toordinal(), session.room)
    while at < end:
        order = shuffled(session.mix, *seed, at)
        tries = (_place(occupancy, session, procedure, at, end) for procedure in order)
        case = next((case for case in tries if case), None)
        at = at + STEP if case is None else _next_start(case, *seed)


def _next_start(case: Placed, *seed: object) -> int:
    out = -(-case.span[1] // STEP) * STEP
    chance = roll("pause", *seed, out)
    return out + (60 if chance < 0.12 else 30 if chance < 0.3 else STEP)


def _place(
    occupancy: Day, session: Session, procedure: str, start: int, end: int | None = None
) -> Placed | None:
    row = occupancy.records["procedures"][procedure]
    options = row["anesthesia"]
    usual = roll("anesthesia", occupancy.day.toordinal(), session.room, start) < 0.8
    anesthesia = options["default"] if usual else options["options"][-1]
    if end is not None and start + planned_minutes(row, session.surgeon) > end:
        return None
    return occupancy.place(procedure, session.surgeon, session.room, start, anesthesia)


def _record(case: Placed, day: dt.date, number: int, status: str) -> dict[str, Any]:
    start, end = case.span
    key = day.toordinal(), number
    return {
        "id": f"case-{day:%y%m%d}-{number + 1:02d}",
        "procedure": case.procedure,
        "surgeon": case.surgeon,
        "room": case.room,
        "start": f"{day}T{start // 60:02d}:{start % 60:02d}",
        "minutes": end - start,
        "anesthesia": case.anesthesia,
        "team": [{"role": role, "resource": person} for role, person in case.team],
        "patient": {"ref": patient_ref(day, number), "flags": _flags(start, *key)},
        "status": status,
        "pinned": roll("pinned", *key) < 0.08,
        "follows": None,
    }


def _flags(start: int, *key: int) -> list[str]:
    """A diabetic patient now and then, early in the day as they should be."""
    return ["diabetic"] if start < 10 * 60 and roll("flag", *key) < 0.12 else []
