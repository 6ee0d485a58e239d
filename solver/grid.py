"""Clinic time: wall clock and instants, the 5-minute grid, and start masks.

A *mask* is an int whose bit `i` stands for wheels-in at `frame.origin + 5 * i`. A *frame* is one clinic day; on
the two days of the year when the clocks change it has 276 or 300 bits instead of 288, and intervals still are
elapsed minutes, so that turnover and recovery never shrink or stretch.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from solver.clinic import Instant, Window

GRID = 5
"""Minutes between two candidate starts."""

Mask = int
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Frame:
    """One clinic day: its date, the instant of local midnight, and its length in grid steps."""

    date: dt.date
    origin: Instant
    slots: int

    @property
    def end(self) -> Instant:
        return self.origin + self.slots * GRID

    @property
    def full(self) -> Mask:
        return (1 << self.slots) - 1

    def instant(self, bit: int) -> Instant:
        return self.origin + bit * GRID

    def bit(self, instant: Instant) -> int | None:
        """The bit of a start, or None where it is not on this day's grid."""
        steps, rest = divmod(instant - self.origin, GRID)
        return steps if rest == 0 and 0 <= steps < self.slots else None

    def starts(self, first: Instant, last: Instant) -> Mask:
        """Starts `s` with `first <= s <= last`, both included."""
        low = max(0, -((self.origin - first) // GRID))
        high = min(self.slots - 1, (last - self.origin) // GRID)
        return 0 if high < low else ((1 << (high - low + 1)) - 1) << low

    def overlapping(self, begin: int, end: int, busy: tuple[Instant, Instant]) -> Mask:
        """Starts `s` for which `[s + begin, s + end)` meets `busy`; exact off the grid too."""
        return self.starts(busy[0] - end + 1, busy[1] - begin - 1)

    def inside(self, begin: int, end: int, windows: Iterable[tuple[Instant, Instant]]) -> Mask:
        """Starts `s` for which one of the windows holds `[s + begin, s + end)`."""
        mask = 0
        for first, last in windows:
            mask |= self.starts(first - begin, last - end)
        return mask


def bits(mask: Mask) -> Iterator[int]:
    """The set bits, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def merge(windows: Iterable[tuple[Instant, Instant]]) -> list[tuple[Instant, Instant]]:
    """Windows joined where they touch or overlap, in order: a shift 7-12 and one 12-16 is 7-16."""
    joined: list[tuple[Instant, Instant]] = []
    for start, end in sorted(windows):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=100_000)
def _instant(zone: str, day: dt.date, wall_minutes: int) -> Instant:
    days, minutes = divmod(wall_minutes, 1440)
    naive = dt.datetime.combine(day, dt.time()) + dt.timedelta(days=days, minutes=minutes)
    elapsed = naive.replace(tzinfo=_zone(zone)).astimezone(dt.UTC) - EPOCH
    return elapsed.days * 1440 + elapsed.seconds // 60


@lru_cache(maxsize=100_000)
def _wall(zone: str, instant: Instant) -> dt.datetime:
    return (EPOCH + dt.timedelta(minutes=instant)).astimezone(_zone(zone))


@lru_cache(maxsize=100_000)
def _date(zone: str, instant: Instant) -> dt.date:
    return _wall(zone, instant).date()


@dataclass(frozen=True)
class Calendar:
    """Turns wall-clock times of one time zone into instants and back."""

    zone: str

    def instant(self, day: dt.date, wall_minutes: int) -> Instant:
        """The instant of a wall time; one that the clocks skip moves to after the gap, a repeated one is the first."""
        return _instant(self.zone, day, wall_minutes)

    def of(self, moment: dt.datetime) -> Instant:
        """The instant of an aware datetime, or of a naive one read as clinic wall time."""
        if moment.tzinfo is None:
            return self.instant(moment.date(), moment.hour * 60 + moment.minute)
        elapsed = moment.astimezone(dt.UTC) - EPOCH
        return elapsed.days * 1440 + elapsed.seconds // 60

    def wall(self, instant: Instant) -> dt.datetime:
        """The aware clinic time of an instant."""
        return _wall(self.zone, instant)

    def date(self, instant: Instant) -> dt.date:
        return _date(self.zone, instant)

    def dates(self, start: Instant, end: Instant) -> list[dt.date]:
        """The clinic dates that `[start, end)` touches, in order."""
        first, last = self.date(start), self.date(max(start, end - 1))
        return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]

    def window(self, day: dt.date, window: Window) -> tuple[Instant, Instant]:
        return self.instant(day, window[0]), self.instant(day, window[1])

    def windows(self, day: dt.date, windows: Iterable[Window]) -> list[tuple[Instant, Instant]]:
        """The instants of a day's windows, joined where they touch."""
        return merge(self.window(day, window) for window in windows)

    def frame(self, day: dt.date) -> Frame:
        return _frame(self.zone, day)

    def step_mask(self, day: dt.date, step: int) -> Mask:
        """The starts on the clinic's start step, counted on the wall clock from midnight."""
        return _step_mask(self.zone, day, step)


@lru_cache(maxsize=4096)
def _frame(zone: str, day: dt.date) -> Frame:
    origin = _instant(zone, day, 0)
    return Frame(day, origin, (_instant(zone, day + dt.timedelta(days=1), 0) - origin) // GRID)


@lru_cache(maxsize=4096)
def _step_mask(zone: str, day: dt.date, step: int) -> Mask:
    frame, calendar = _frame(zone, day), Calendar(zone)
    if frame.slots * GRID == 1440:
        return sum(1 << index for index in range(frame.slots) if index * GRID % step == 0)
    walls = ((index, calendar.wall(frame.instant(index))) for index in range(frame.slots))
    return sum(1 << index for index, wall in walls if (wall.hour * 60 + wall.minute) % step == 0)
