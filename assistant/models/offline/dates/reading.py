"""What a time phrase means: the records that `read_when` takes and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal

ProblemKind = Literal["mismatch", "no-such-date", "past", "ambiguous", "conflict", "either-or"]


@dataclass(frozen=True)
class TimeSettings:
    """How a clinic writes and means its times (clinic wall time throughout).

    `opening` and `closing` are the OR hours: they bound "morning" and "afternoon" and decide whether a
    bare 7 is morning or evening. Weekdays count from Monday = 0; weeks start on Monday.
    """

    date_order: Literal["mdy", "dmy"] = "mdy"
    clock: Literal["12h", "24h"] = "12h"
    opening: time = time(6, 30)
    closing: time = time(18, 0)
    morning_until: time = time(12, 0)
    weekend: frozenset[int] = frozenset({5, 6})
    around_minutes: int = 30
    around_days: int = 2


@dataclass(frozen=True)
class Problem:
    """Something to ask about before anything is searched; `dates` and `times` are the choices to offer."""

    kind: ProblemKind
    text: str
    dates: tuple[date, ...] = ()
    times: tuple[time, ...] = ()


@dataclass(frozen=True)
class WhenReading:
    """A window in the terms of a request, with the characters that said it.

    Both dates are inclusive and None is an open side. `weekdays` None means any. `start_from` and
    `start_until` bound wheels-in (equal: exactly then), `end_by` bounds wheels-out. `period` is the
    calendar span as named, before days already gone were cut off: what a board would show.
    `alternatives` are other future readings of the date; `problems` must be asked before searching.
    `preference` marks the whole reading as a wish; `preferred` is a wish within a firm window
    ("next week, ideally Tuesday"). `assumption` says the reading back with weekday and full date.
    """

    date_from: date | None = None
    date_to: date | None = None
    weekdays: frozenset[int] | None = None
    exclude_weekdays: frozenset[int] = frozenset()
    exclude_dates: frozenset[date] = frozenset()
    start_from: time | None = None
    start_until: time | None = None
    end_by: time | None = None
    position: Literal["first", "last"] | None = None
    around: bool = False
    soonest: bool = False
    preference: bool = False
    preferred: WhenReading | None = None
    period: tuple[date, date] | None = None
    alternatives: tuple[date, ...] = ()
    problems: tuple[Problem, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    assumption: str = ""

    @property
    def exact_start(self) -> time | None:
        """The wheels-in time when the phrase named one point ("at 10"), else None."""
        return self.start_from if self.start_from == self.start_until and not self.around else None

    @property
    def single_day(self) -> date | None:
        """The day when the phrase named just one, else None."""
        return self.date_from if self.date_from == self.date_to else None

    @property
    def has_days(self) -> bool:
        """Whether the phrase said anything about days (not only about the clock)."""
        said = (self.date_from, self.date_to, self.weekdays)
        return any(part is not None for part in said) or bool(self.exclude_weekdays or self.exclude_dates)
