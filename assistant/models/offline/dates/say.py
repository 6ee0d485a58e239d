"""Dates and times in a scheduler's words: "Tuesday, March 10, 2026", "2:00 PM"."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

from assistant.models.offline.dates.words import MONTH_NAMES, WEEKDAY_NAMES


def full_date(day: date) -> str:
    """A date with its weekday and year, as every reply echoes it."""
    weekday, month = WEEKDAY_NAMES[day.weekday()], MONTH_NAMES[day.month - 1]
    return f"{weekday.capitalize()}, {month.capitalize()} {day.day}, {day.year}"


def clock_time(moment: time, clock: str = "12h") -> str:
    """A wall-clock time, "2:00 PM" or "14:00"."""
    if clock == "24h":
        return f"{moment:%H:%M}"
    return f"{moment.hour % 12 or 12}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    ending = "th" if number // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def weekday_list(weekdays: Iterable[int], plural: bool = True) -> str:
    """Weekdays in week order: "Tuesdays and Thursdays"."""
    names = [WEEKDAY_NAMES[day].capitalize() + ("s" if plural else "") for day in sorted(weekdays)]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
