"""What comes round with the calendar: leave, a room closure and C-arm maintenance, near the clock's date.

Each recurs on the nth weekday of a month, so a calendar day has the same absences whatever today is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

BACK, AHEAD = 31, 120  # days around today; a search may look further than the book is filled


class Absence(NamedTuple):
    """`person` is away for `days` days from the nth weekday (0 is Monday) of every month."""

    person: str
    weekday: int
    nth: int
    days: int
    reason: str


ABSENCES = (
    Absence("dr-smith", 1, 4, 1, "conference"),
    Absence("dr-patel", 0, 3, 1, "teaching"),
    Absence("dr-garcia", 2, 4, 1, "vacation"),
    Absence("circulator-3", 2, 1, 1, "training"),
    Absence("anesthesiologist-3", 2, 3, 2, "vacation"),
)
ROOM, ROOM_DAY, ROOM_HOURS = "or-3", (2, 2), ("12:00", "16:00")  # second Wednesday
C_ARM_DAY, C_ARM_HOURS = (4, 3), ("07:00", "12:00")  # third Friday


def add_absences(records: dict[str, Any], today: dt.date) -> None:
    """Add leave, closure and maintenance from `today` - 31 to `today` + 120 days to the records, in place."""
    for absence in ABSENCES:
        away = [_leave(absence, day) for day in _falls(today, absence.weekday, absence.nth)]
        records["staff"][absence.person]["leave"] = away
    closed = [_window(day, ROOM_HOURS, "air handling service") for day in _falls(today, *ROOM_DAY)]
    records["rooms"][ROOM]["closures"] = closed
    checks = [_window(day, C_ARM_HOURS, "image quality check") for day in _falls(today, *C_ARM_DAY)]
    records["equipment"]["c-arm"]["maintenance"] = checks


def _falls(today: dt.date, weekday: int, nth: int) -> Iterator[dt.date]:
    for offset in range(-BACK, AHEAD + 1):
        day = today + dt.timedelta(days=offset)
        if day.weekday() == weekday and week_of_month(day) == nth:
            yield day


def week_of_month(day: dt.date) -> int:
    """Which occurrence of its weekday in the month a date is, counted from 1."""
    return (day.day - 1) // 7 + 1


def _leave(absence: Absence, first: dt.date) -> dict[str, str]:
    last = first + dt.timedelta(days=absence.days - 1)
    return {"from": first.isoformat(), "to": last.isoformat(), "reason": absence.reason}


def _window(day: dt.date, hours: tuple[str, str], reason: str) -> dict[str, str]:
    begin, end = hours
    return {"from": f"{day}T{begin}", "to": f"{day}T{end}", "reason": reason}
