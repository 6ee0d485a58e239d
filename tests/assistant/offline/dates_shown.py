"""A reading in one short line, so that a table of phrases reads as a table."""

from __future__ import annotations

from datetime import datetime

from assistant.models.offline.dates import TimeSettings, WhenReading, read_when

# A Thursday in the demo clinic's year.
NOW = datetime.fromisoformat("2026-03-05T09:00")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def shown(text: str, now: datetime = NOW, settings: TimeSettings | None = None) -> str:
    """ "03-10 tue 14:00- out 15:00 not fri !mismatch", or "nothing"."""
    reading = read_when(text, now, settings)
    return "nothing" if reading is None else _line(reading)


def rest(text: str, now: datetime = NOW) -> str:
    """The text without the characters that were read, spaces squeezed."""
    reading = read_when(text, now)
    left = text
    for begin, end in reversed(reading.spans if reading else ()):
        left = left[:begin] + "_" + left[end:]
    return " ".join(left.split())


def _line(reading: WhenReading) -> str:
    parts = [
        "wish" if reading.preference else "",
        _dates(reading),
        ",".join(_WEEKDAYS[day] for day in sorted(reading.weekdays or ())),
        _clock(reading),
        f"out {reading.end_by:%H:%M}" if reading.end_by else "",
        f"not {_excluded(reading)}" if _excluded(reading) else "",
        reading.position or "",
        " ".join(f"!{problem.kind}" for problem in reading.problems),
        f"wish[{_line(reading.preferred)}]" if reading.preferred else "",
    ]
    return " ".join(part for part in parts if part)


def _dates(reading: WhenReading) -> str:
    first = f"{reading.date_from:%Y-%m-%d}".removeprefix("2026-") if reading.date_from else ""
    last = f"{reading.date_to:%Y-%m-%d}".removeprefix("2026-") if reading.date_to else ""
    if not first and not last:
        return ""
    return first if first == last else f"{first}..{last}"


def _clock(reading: WhenReading) -> str:
    start = f"{reading.start_from:%H:%M}" if reading.start_from else ""
    until = f"{reading.start_until:%H:%M}" if reading.start_until else ""
    if not start and not until:
        return ""
    return start if start == until else f"{start}-{until}"


def _excluded(reading: WhenReading) -> str:
    weekdays = [_WEEKDAYS[day] for day in sorted(reading.exclude_weekdays)]
    return ",".join([*weekdays, *(f"{day:%m-%d}" for day in sorted(reading.exclude_dates))])
