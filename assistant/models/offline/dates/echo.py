"""The sentence that reads a window back: weekday, full date, am or pm, and what was taken for granted."""

from __future__ import annotations

from assistant.models.offline.dates.reading import TimeSettings, WhenReading
from assistant.models.offline.dates.say import clock_time, full_date, weekday_list


def echo(reading: WhenReading, settings: TimeSettings) -> str:
    """ "Tuesday, March 10, 2026, wheels-in 2:00 PM or later, not Fridays"."""
    parts = [_days(reading), _clock(reading, settings), _excluded(reading)]
    said = [part for part in parts if part]
    return ", ".join(said)[:1].upper() + ", ".join(said)[1:]


def _days(reading: WhenReading) -> str:
    first, last = reading.date_from, reading.date_to
    weekdays = f"{weekday_list(reading.weekdays)}, " if reading.weekdays else ""
    if reading.soonest and last is None and first is not None:
        return f"{weekdays}the soonest from {full_date(first)}"
    if first is not None and first == last:
        return full_date(first)
    if first is not None and last is not None:
        about = "about, " if reading.around and reading.start_from is None else ""
        return f"{weekdays}{about}{full_date(first)} through {full_date(last)}"
    if first is not None:
        return f"{weekdays}{full_date(first)} or later"
    return f"{weekdays}through {full_date(last)}" if last is not None else weekdays.rstrip(", ")


def _clock(reading: WhenReading, settings: TimeSettings) -> str:
    start, until, end = (
        clock_time(moment, settings.clock) if moment is not None else ""
        for moment in (reading.start_from, reading.start_until, reading.end_by)
    )
    finished = f"wheels-out by {end}" if end else ""
    if start and start == until:
        wheels_in = f"wheels-in at {start}"
    elif start and until:
        wheels_in = f"wheels-in from {start} to {until}"
    else:
        wheels_in = f"wheels-in {start} or later" if start else f"wheels-in by {until}" if until else ""
    return ", ".join(part for part in (wheels_in, finished) if part)


def _excluded(reading: WhenReading) -> str:
    weekdays = weekday_list(reading.exclude_weekdays) if reading.exclude_weekdays else ""
    named = sorted(reading.exclude_dates)
    dates = ", ".join(map(full_date, named)) if 0 < len(named) <= 3 else f"{len(named)} days" if named else ""
    out = " and ".join(part for part in (weekdays, dates) if part)
    return f"not {out}" if out else ""
