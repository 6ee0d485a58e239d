"""A reading as the (start, end) pair that the time-phrase suites score; end exclusive, None open."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from assistant.models.offline.dates import TimeSettings, WhenReading, read_when

Window = tuple[datetime | None, datetime | None]
_DAY = timedelta(days=1)


def window(text: str, reference: datetime) -> Window | None:
    """The window of a phrase said at `reference`; a phrase that the product would ask about has none."""
    reading = read_when(text, reference, TimeSettings())
    if reading is None or any(problem.kind != "ambiguous" for problem in reading.problems):
        return None
    days, clock = _days(reading), _clock(reading)
    if clock is None:
        return days
    return _on_days(days, clock, reference)


def _days(reading: WhenReading) -> Window | None:
    if not reading.has_days:
        return None
    first, last = reading.period or (reading.date_from, reading.date_to)
    if reading.weekdays is not None and first is None and last is None:
        return None
    midnight = time(0)
    start = datetime.combine(first, midnight) if first else None
    return start, datetime.combine(last, midnight) + _DAY if last else None


def _clock(reading: WhenReading) -> tuple[time | None, time | None] | None:
    start, until = reading.start_from, reading.start_until or reading.end_by
    if start is None and until is None:
        return None
    if start is not None and until is not None and reading.around:
        return _middle(start, until), None
    return start, None if start == until else until


def _middle(start: time, until: time) -> time:
    minutes = (start.hour * 60 + start.minute + until.hour * 60 + until.minute) // 2
    return time(*divmod(minutes, 60))


def _on_days(days: Window | None, clock: tuple[time | None, time | None], reference: datetime) -> Window:
    day = (days[0] if days and days[0] else reference).date()
    start, until = clock
    begin = datetime.combine(day, start) if start else None
    return begin, datetime.combine(day, until) if until else None
