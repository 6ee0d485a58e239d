"""Where things lie on a day: columns of 5 *elapsed* minutes from local midnight, and sub-rows. Pure, no clock.

So a day of 23 or 25 hours is as wide as it is long and nothing is drawn in an hour that doesn't exist. The page
places boxes by static classes (`a1 b0 d0 e11 r1`): its content security policy allows no inline style.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from web.format import Formats

STEP_MINUTES = 5
STEPS_AN_HOUR = 60 // STEP_MINUTES
MOST_SUBROWS = 12
"""Classes exist for so many; what overlaps more shares the last one rather than disappear."""
NARROW, ROOMY = 10, 18
"""A box of at most so many steps may write over the free time behind it, up to so many steps from its start."""
USUAL_HOURS = (7, 17)
"""What an empty day shows, in elapsed hours."""

Span = tuple[int, int]
"""Steps after local midnight, half-open."""


@dataclass(frozen=True)
class Day:
    """One clinic day: local midnight, its length in steps (276, 288 or 300), and how it is written."""

    date: dt.date
    formats: Formats
    origin: dt.datetime
    steps: int

    @classmethod
    def of(cls, date: dt.date, formats: Formats) -> Day:
        """The day `date` in the zone of `formats`."""
        first, after = (
            dt.datetime.combine(d, dt.time(), formats.zoneinfo).astimezone(dt.UTC)
            for d in (date, date + dt.timedelta(days=1))
        )
        return cls(date, formats, first, round((after - first).total_seconds() / 60 / STEP_MINUTES))

    def span(self, start: str, end: str) -> Span | None:
        """Where an interval lies on this day, clipped to it and at least one step wide; None is not at all."""
        first, last = (self._step(moment) for moment in (start, end))
        low, high = max(0, int(first // 1)), min(self.steps, -int(-last // 1))
        return (low, max(high, low + 1)) if high > low or (first == last and 0 <= low < self.steps) else None

    def at(self, step: int) -> dt.datetime:
        """The instant at which a step begins."""
        return self.origin + dt.timedelta(minutes=step * STEP_MINUTES)

    def step_of(self, moment: dt.datetime) -> int | None:
        """The step that a moment falls in, None on another day."""
        step = int((moment - self.origin).total_seconds() // 60 // STEP_MINUTES)
        return step if 0 <= step < self.steps else None

    def _step(self, moment: str) -> float:
        aware = self.formats.local(moment)
        return (aware - self.origin).total_seconds() / 60 / STEP_MINUTES


def subrows(spans: Sequence[Span]) -> list[int]:
    """The sub-row (from 0) of each span so that no two in one overlap: greedy interval colouring, minimal in rows."""
    ends: list[int] = []
    placed = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda i: spans[i]):
        start, end = spans[index]
        row = next((r for r, busy in enumerate(ends) if busy <= start), len(ends))
        ends[row:] = [end, *ends[row + 1 :]]
        placed[index] = row
    return placed


def gaps(spans: Iterable[Span], within: Span) -> list[Span]:
    """What `spans` leave of `within`, in order."""
    left, low = [], within[0]
    for start, end in sorted(spans):
        if start > low:
            left.append((low, min(start, within[1])))
        low = max(low, end)
    if low < within[1]:
        left.append((low, within[1]))
    return [(a, b) for a, b in left if a < b]


def spill(span: Span, taken: Iterable[Span], end: int) -> int:
    """How many steps the words of a narrow box may take: into the free time behind it, never over what follows.

    0 where the box is wide enough for them, or where nothing is free behind it.
    """
    start, over = span
    if over - start > NARROW:
        return 0
    free = min([first for first, last in taken if last > over], default=end)
    reach = min(max(free, over), end, start + ROOMY) - start
    return reach if reach > over - start else 0


def place(view: Span, span: Span) -> str:
    """The classes of a span in what is visible: hours and steps of its start (a, b) and of its width (d, e)."""
    low, high = max(span[0], view[0]), min(span[1], view[1])
    start, width = low - view[0], max(high - low, 1)
    return f"a{start // STEPS_AN_HOUR} b{start % STEPS_AN_HOUR} d{width // STEPS_AN_HOUR} e{width % STEPS_AN_HOUR}"


PLACED = (
    ".grid :is(.hours span,.lane li,.shade i)"
    "{grid-column:calc(var(--a)*12 + var(--b) + 1) / span calc(var(--d)*12 + var(--e))}"
)


def lane_css() -> str:
    """A class a column and a class a width, for the page Why not; `web/static/css/lanes.css` is this text."""
    most = 25 * STEPS_AN_HOUR
    lines = ["/* Written by web.geometry.lane_css: places in the lanes of Why not without inline style. */"]
    lines += [f".c{i}{{grid-column-start:{i + 1}}}" for i in range(most)]
    lines += [f".w{i}{{grid-column-end:span {i}}}" for i in range(1, most + 1)]
    return "\n".join(lines) + "\n"


def column_css() -> str:
    """The static classes that place boxes; `web/static/css/cols.css` is this text."""
    lines = ["/* Written by web.geometry.column_css: places on the board without inline style. */"]
    lines += [
        f".h{hours}{{--hours:{hours};grid-template-columns:repeat({hours * STEPS_AN_HOUR},minmax(0,1fr))}}"
        for hours in range(1, 26)
    ]
    for name, most in (("a", 26), ("b", STEPS_AN_HOUR), ("d", 26), ("e", STEPS_AN_HOUR)):
        lines += [f".{name}{i}{{--{name}:{i}}}" for i in range(most)]
    lines.append(PLACED)
    lines += [f".s{i}{{--s:{i}}}" for i in range(2, ROOMY + 1)]
    for rows in range(1, MOST_SUBROWS + 1):
        lines.append(f".rows{rows}{{grid-template-rows:repeat({rows},var(--bar))}}")
        lines.append(f".rows{rows}.banded{{grid-template-rows:var(--band) repeat({rows},var(--bar))}}")
    lines += [f".r{i}{{grid-row:{i}}}" for i in range(1, MOST_SUBROWS + 2)]
    return "\n".join(lines) + "\n"
