"""What one phrase says about days, before it is joined with the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.models.offline.dates.almanac import Span
from assistant.models.offline.dates.reading import Problem


@dataclass(frozen=True)
class Days:
    """A span of days (None: open), or separate `dates`, filtered by `weekdays` when they were named.

    `period` is the calendar span as named, before the days already gone were cut off.
    """

    first: date | None = None
    last: date | None = None
    dates: tuple[date, ...] = ()
    weekdays: frozenset[int] | None = None
    period: Span | None = None
    alternatives: tuple[date, ...] = ()
    problems: tuple[Problem, ...] = ()
    about: bool = False
    soonest: bool = False


def of_span(span: Span, today: date) -> Days:
    """The days of a calendar span, from today on; one wholly gone is a problem."""
    first, last = span
    if last < today:
        problem = Problem("past", "That time is past. Which days are meant?")
        return Days(first, last, period=span, problems=(problem,))
    return Days(max(first, today), last, period=span if first < today else None)
