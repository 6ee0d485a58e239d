"""When a booking begins and ends: in one cell or in two, by the clinic's clock or with an offset of its own."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from solver.clinic import Instant
from solver.grid import Calendar
from tools.clinic_file.times import unclear
from tools.importing import cells
from tools.importing.cells import CellError
from tools.importing.rows import Row
from tools.importing.world import World

A_DAY = 24 * 60
LONGEST_OVERNIGHT = 12 * 60
"""What ends earlier by the clock than it begins goes over midnight; a longer one is a slip of the hand."""
NO_DATE = re.compile(r"12/3[01]/1899|3[01][./]12[./]1899|1899-12-3[01]|1/[01]/1900|1900-01-0[01]")
"""What spreadsheets put before a time that has no date."""

_CLOCK = re.compile(
    r"(?:^|[ T,]+)"
    r"(\d{1,2}[:.h][0-5]\d(?::[0-5]\d)?(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?|\d{3,4})"
    r"(?:\.\d+)?(?: ?(?:uhr|hrs?))? ?(Z|[+-]\d\d:?\d\d)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """What a cell says: a day, minutes of the day, an offset; None for what it doesn't."""

    day: dt.date | None
    minutes: int | None
    zone: dt.tzinfo | None = None


def moment(text: str, order: str | None) -> Moment:
    """A date, a time of day or both; raises `CellError`."""
    try:
        return Moment(cells.date(text, order), None)
    except CellError as error:
        found = _CLOCK.search(text)
        if found is None and not re.search(r"[:hap]", text, re.IGNORECASE):
            raise error from None
    before = text[: found.start()].strip(" ,") if found else ""
    clock = cells.clock(found[1] if found else text)
    day = cells.date(before, order) if before and not NO_DATE.fullmatch(before) else None
    return Moment(day, clock, _zone(found[2]) if found else None)


def _moment(text: str, row: Row) -> Moment:
    """Beside a column of dates a cell without a digit, such as TBD, lacks a time of day, not a date."""
    if row.has("date") and not any(sign.isdigit() for sign in text):
        raise CellError(
            "is not a time of day. Maybe write it as 07:30, or leave the row out until it is known."
        )
    return moment(text, row.order)


def _zone(offset: str | None) -> dt.tzinfo | None:
    if not offset:
        return None
    return dt.datetime.strptime(offset.upper(), "%z").tzinfo


def start_of(row: Row, world: World) -> Instant | None:
    """The instant of wheels-in; None where a fault of it is on record."""
    if not row.has("start"):
        row.need("start", str)
        row.date("date")
        return None
    read = row.read("start", lambda text: _moment(text, row))
    dated = row.date("date")
    if read is None or (dated is None and (row.has("date") or "date" in row.absent)):
        return None
    day = dated or read.day
    if day is None:
        row.fault("start", "has no date. Maybe add a column date, or write 2026-03-10 07:30.")
    elif read.minutes is None:
        row.fault("start", "has no time of day. Maybe write it as 07:30.")
    elif read.day not in (None, day):
        row.fault("start", f"is on another day than {day}. Maybe one of the two is mistyped.")
    else:
        return _instant(row, world, "start", day, read)
    return None


def end_of(row: Row, world: World, start: Instant | None) -> Instant | None:
    """The instant of wheels-out of a booking that begins at `start`; None where a fault of either is on record."""
    read = row.read("end", lambda text: _moment(text, row))
    if read is not None and read.minutes is None:
        row.fault("end", "has no time of day. Maybe write it as 08:30.")
    if read is None or read.minutes is None or start is None:
        return None
    first = Calendar(world.clinic.timezone).date(start)
    end = _instant(row, world, "end", read.day or first, read)
    if end is not None and end <= start and read.day is None:
        end = _instant(row, world, "end", first + dt.timedelta(days=1), read)
        end = end if end is not None and end - start <= LONGEST_OVERNIGHT else start
    if end is not None and end <= start:
        row.fault("end", "is before it starts. Maybe AM and PM are mixed up.")
        return None
    return end


def _instant(row: Row, world: World, column: str, day: dt.date, read: Moment) -> Instant | None:
    calendar = Calendar(world.clinic.timezone)
    wall = dt.datetime.combine(day, dt.time(), read.zone) + dt.timedelta(minutes=read.minutes or 0)
    if not 1971 <= wall.year <= 2199:
        row.fault("date", "is outside the calendar. Maybe the year has a digit too many.")
        return None
    if reason := unclear(wall, world.clinic.timezone):
        row.fault(column, f"can't be: {reason}.")
        return None
    return calendar.of(wall)
