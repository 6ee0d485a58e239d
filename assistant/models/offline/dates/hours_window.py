"""From phrases about the clock to wheels-in and wheels-out bounds, inside the clinic's hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time
from typing import Literal

from assistant.models.offline.dates.clock import Clock
from assistant.models.offline.dates.hours import Hour
from assistant.models.offline.dates.reading import Problem, TimeSettings

_LAST_MINUTE = 24 * 60 - 1
Window = tuple[int, int]
_MIDDLES = {"mid morning": 10, "mid afternoon": 3}


@dataclass(frozen=True)
class ClockWindow:
    """Minutes of the day (None: open): wheels-in from and until, wheels-out by."""

    start: int | None = None
    until: int | None = None
    end_by: int | None = None
    around: bool = False
    position: Literal["first", "last"] | None = None
    problem: Problem | None = None

    @property
    def said(self) -> bool:
        """Whether any bound was given."""
        return (self.start, self.until, self.end_by) != (None, None, None)


def as_time(minutes: int | None) -> time | None:
    """Minutes of the day as a wall-clock time; midnight at the day's end is 23:59."""
    if minutes is None:
        return None
    return time(*divmod(max(0, min(minutes, _LAST_MINUTE)), 60))


def minutes_of(moment: time) -> int:
    """A wall-clock time as minutes of the day."""
    return moment.hour * 60 + moment.minute


def part_window(part: str, settings: TimeSettings) -> Window:
    """The minutes of a part of the day: morning from opening to noon, afternoon from noon to close."""
    opening, noon, close = map(minutes_of, (settings.opening, settings.morning_until, settings.closing))
    evening = max(close, 21 * 60)
    windows = {
        "morning": (opening, noon), "early morning": (opening, min(noon, 10 * 60)),
        "late morning": (10 * 60, noon), "afternoon": (noon, close),
        "early afternoon": (noon, 14 * 60), "late afternoon": (15 * 60, max(close, 15 * 60)),
        "lunch": (12 * 60, 14 * 60), "evening": (17 * 60, evening), "day end": (max(noon, close - 120), close),
    }  # fmt: skip
    if part in windows:
        return windows[part]
    if part.endswith("evening"):
        return 17 * 60, 21 * 60
    if part.endswith("night"):
        return 20 * 60, _LAST_MINUTE
    return windows.get(part.rsplit(maxsplit=1)[-1], (opening, close))


def join_clocks(clocks: list[Clock], settings: TimeSettings) -> ClockWindow:
    """All the windows of the day at once; the parts of the day settle whether a bare hour is am or pm."""
    hint = next((part_window(c.part, settings) for c in clocks if c.bound == "part" and not c.side), None)
    pointed = any(c.bound != "part" for c in clocks)
    if _two_moments(clocks):
        return ClockWindow(problem=Problem("conflict", "Those are two different times. Which one is meant?"))
    joined = ClockWindow()
    for clock in clocks:
        if clock.bound == "part" and not clock.side and pointed and _settled(clocks):
            joined = replace(joined, position=joined.position or clock.position)
            continue
        joined = _both(joined, one_clock(clock, settings, hint))
    return joined


def _two_moments(clocks: list[Clock]) -> bool:
    """Whether a point stands beside another point or a bound: "from 2pm till tomorrow 4:30pm"."""
    points = sum(c.bound == "at" for c in clocks)
    return points > 1 or (points == 1 and any(c.bound in {"from", "until", "between"} for c in clocks))


def _settled(clocks: list[Clock]) -> bool:
    """Whether an hour was said inside the part of the day: "Monday morning at 9" is 9, not the morning."""
    return any(c.bound in {"at", "between"} for c in clocks)


def one_clock(clock: Clock, settings: TimeSettings, hint: Window | None = None) -> ClockWindow:
    """The bounds of one phrase."""
    if clock.part in _MIDDLES and not clock.side:
        clock = Clock(
            "at", Hour(_MIDDLES[clock.part], 0, "am" if "morning" in clock.part else "pm"), around=True
        )
    if clock.bound == "part":
        return _part(clock, settings)
    if clock.bound == "between" and clock.first and clock.last:
        start, until = _pair(clock.first, clock.last, settings, hint)
        return ClockWindow(start, until)
    if clock.bound == "at" and clock.first:
        point = _pick(clock.first, settings, hint)
        wide = settings.around_minutes if clock.around else 0
        return ClockWindow(max(0, point - wide), min(_LAST_MINUTE, point + wide), around=clock.around)
    if clock.bound == "from" and clock.first:
        return ClockWindow(start=_pick(clock.first, settings, hint))
    if clock.last is None:
        return ClockWindow()
    point = _pick(clock.last, settings, hint, finish=True)
    return ClockWindow(end_by=point) if clock.bound == "end-by" else ClockWindow(until=point)


def _part(clock: Clock, settings: TimeSettings) -> ClockWindow:
    first, last = part_window(clock.part, settings)
    if clock.side == "before" and clock.part == "day end":
        return ClockWindow(end_by=last)
    if clock.side == "before":
        return ClockWindow(until=first)
    if clock.side == "after":
        return ClockWindow(start=13 * 60 if clock.part == "lunch" else last)
    if clock.side == "not":
        if minutes_of(settings.opening) < first and last < minutes_of(settings.closing):
            text = "I can leave out the start or the end of the day, and not its middle. Before it, or after?"
            return ClockWindow(problem=Problem("either-or", text))
        morning = first < minutes_of(settings.morning_until)
        return ClockWindow(start=last) if morning else ClockWindow(until=first)
    return ClockWindow(first, last, position=clock.position)


def _pick(hour: Hour, settings: TimeSettings, hint: Window | None, finish: bool = False) -> int:
    """The reading inside the hint, else inside OR hours, else the nearest to them."""
    readings = hour.readings()
    opening, close = minutes_of(settings.opening), minutes_of(settings.closing)
    if hint is not None:
        return min(readings, key=lambda m: _distance(m, *hint))
    return min(readings, key=lambda m: _distance(m, opening + finish, close if finish else close - 60))


def _distance(minute: int, first: int, last: int) -> int:
    return max(first - minute, minute - last, 0)


def _pair(first: Hour, last: Hour, settings: TimeSettings, hint: Window | None) -> Window:
    """The two ends of a range: in order, most inside OR hours, then the shortest."""
    opening, close = hint or (minutes_of(settings.opening), minutes_of(settings.closing))
    pairs = [(a, b) for a in first.readings() for b in last.readings() if a < b]
    if not pairs:
        return first.readings()[0], last.readings()[-1]
    settled = first.meridiem is not None or last.meridiem is not None
    outside = {
        p: 0 if settled else _distance(p[0], opening, close) + _distance(p[1], opening, close) for p in pairs
    }
    return min(pairs, key=lambda p: (outside[p], p[1] - p[0], p[0]))


def _both(one: ClockWindow, two: ClockWindow) -> ClockWindow:
    starts = [m for m in (one.start, two.start) if m is not None]
    untils = [m for m in (one.until, two.until) if m is not None]
    ends = [m for m in (one.end_by, two.end_by) if m is not None]
    joined = ClockWindow(
        max(starts, default=None), min(untils, default=None), min(ends, default=None),
        one.around or two.around, one.position or two.position, one.problem or two.problem,
    )  # fmt: skip
    empty = joined.start is not None and joined.until is not None and joined.start > joined.until
    late = joined.start is not None and joined.end_by is not None and joined.start >= joined.end_by
    if (empty or late) and joined.problem is None:
        text = "Those times of day cannot all hold. Which one is meant?"
        return replace(joined, problem=Problem("conflict", text))
    return joined
