"""The objective, term by term, in ordered levels that end in a unique tie-break.

Each term is a number to be made small, in its own unit, and is shown with every offer; levels are compared in
order, terms inside a level by their weighted sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from solver.book import Facts
from solver.clinic import Clinic, Instant, RankLevels
from solver.grid import Calendar
from solver.request import Request
from solver.reserve import Mode
from solver.rules.base import mid_sentence

REUSABLE = 60
"""Minutes under which an idle stretch between two cases is too short for another one (a planning default)."""


@dataclass(frozen=True)
class Placed:
    """A case where it would stand, before its team is chosen."""

    mode: Mode
    room: str
    start: Instant
    facts: Facts
    request: Request

    @property
    def end(self) -> Instant:
        return self.start + self.mode.minutes

    @property
    def date(self) -> dt.date:
        return _wall(self.facts.calendar, self.start)[0]


@lru_cache(maxsize=65536)
def _wall(calendar: Calendar, instant: Instant) -> tuple[dt.date, int]:
    wall = calendar.wall(instant)
    return wall.date(), wall.hour * 60 + wall.minute


def day(placed: Placed) -> float:
    """Days after the first date asked for."""
    return (placed.date - placed.request.date_from).days


def start(placed: Placed) -> float:
    """Minutes after midnight of wheels-in."""
    return _wall(placed.facts.calendar, placed.start)[1]


def block_end(placed: Placed) -> Instant | None:
    """When the surgeon's own block in that room ends that day; None where they have none."""
    date, calendar = placed.date, placed.facts.calendar
    for block in placed.facts.clinic.blocks:
        if block.owner == placed.mode.surgeon and block.room == placed.room and block.falls_on(date):
            return calendar.window(date, block.window)[1]
    return None


def overtime(placed: Placed) -> float:
    """Minutes past the end of the surgeon's own block in that room; 0 without one."""
    ends = block_end(placed)
    return 0 if ends is None else max(0, placed.end - ends)


def idle(placed: Placed) -> tuple[int | None, int | None]:
    """Minutes left unused before and after, next to the neighbours in the room; None where there is none that day."""
    frame = placed.facts.calendar.frame(placed.date)
    before, after = None, None
    for held in placed.facts.book.near(placed.room, frame.origin, frame.end):
        other = placed.facts.mode(placed.facts.book.cases[held.case])
        if held.end <= placed.start:
            before = placed.start - placed.mode.setup - held.end - other.turnover
        elif after is None and held.start >= placed.end:
            after = held.start - other.setup - placed.end - placed.mode.turnover
    return before, after


def gap(placed: Placed) -> float:
    """Minutes beside the case that would be too short to use for another one."""
    return sum(rest for rest in idle(placed) if rest is not None and 0 < rest < REUSABLE)


def scarce(placed: Placed) -> float:
    """Fixed equipment of the room that the case doesn't need, each counted more the fewer rooms have it."""
    clinic = placed.facts.clinic
    unused = set(clinic.rooms[placed.room].equipment) - set(placed.mode.fixed)
    return sum(round(100 / clinic.rooms_with[item]) for item in unused)


def overrun(placed: Placed) -> float:
    """Minutes that a case of the 80 % duration would run past the surgeon's block, or else the room's hours."""
    clinic, surgeon = placed.facts.clinic, placed.mode.surgeon
    longest = max(clinic.procedures[each].duration(surgeon).p80 for each in placed.mode.procedures)
    ends = block_end(placed)
    if ends is None:
        hours = clinic.rooms[placed.room].hours.get(placed.date.weekday(), ())
        closing = (end for _, end in placed.facts.calendar.windows(placed.date, hours) if end >= placed.end)
        ends = min(closing, default=None)
    return 0 if ends is None else max(0, placed.start + max(longest, placed.mode.minutes) - ends)


def swaps(_: Placed) -> float:
    """People of other cases exchanged for it; a slot that fits the book as it stands has none."""
    return 0


TERMS: Mapping[str, Callable[[Placed], float]] = {
    "day": day, "overtime": overtime, "gap": gap, "scarce": scarce, "start": start,
    "overrun": overrun, "swaps": swaps,
}  # fmt: skip


def terms(placed: Placed, levels: RankLevels | None = None) -> dict[str, float]:
    """Every term of a placed case, or those that the levels weigh."""
    names = TERMS if levels is None else dict.fromkeys(term.term for level in levels for term in level)
    return {name: TERMS[name](placed) for name in names}


def key(placed: Placed, values: Mapping[str, float], levels: RankLevels) -> tuple[Any, ...]:
    """What offers are ordered by: smaller is better, no two slots have the same."""
    sums = tuple(sum(t.weight * values[t.term] for t in level) for level in levels)
    return (*sums, placed.start, placed.room, placed.mode.surgeon)


def told_apart(mode: Mode, clinic: Clinic) -> bool:
    """Whether some term may be another for this surgeon than for others: a block, or durations of their own."""
    timed = any(mode.surgeon in clinic.procedures[each].minutes for each in mode.procedures)
    return timed or any(block.owner == mode.surgeon for block in clinic.blocks)


def day_first(levels: RankLevels) -> bool:
    """Whether an earlier day always wins, so that a search may stop once a day has given enough."""
    return bool(levels) and {term.term for term in levels[0]} == {"day"} and levels[0][0].weight > 0


def reasons(placed: Placed, values: Mapping[str, float]) -> tuple[str, ...]:
    """Why it ranks where it does, in the terms' own words."""
    days = f"{values['day']:g} {'day' if values['day'] == 1 else 'days'} after the first day asked for"
    said = [days if values["day"] else "first day asked for", *_neighbours(placed)]
    if block_end(placed) is not None:
        over = f"{values['overtime']:g} min past the surgeon's block"
        said.append(over if values["overtime"] else "inside the surgeon's block")
    lost = f"leaves {values['gap']:g} min too short to use"
    said.append(lost if values["gap"] else "leaves no time too short to use")
    if values["overrun"]:
        said.append(
            f"runs {values['overrun']:g} min past its time if it takes as long as the slowest fifth do"
        )
    if values["scarce"]:
        said.append(f"takes a room with equipment that the case doesn't need ({_unneeded(placed)})")
    return tuple(said)


def _neighbours(placed: Placed) -> list[str]:
    before, after = idle(placed)
    room = placed.facts.clinic.rooms[placed.room].name
    if before is None:
        return [f"only case of the day in {room}" if after is None else f"first case of the day in {room}"]
    return [] if before else ["straight after the turnover of the case before"]


def _unneeded(placed: Placed) -> str:
    clinic = placed.facts.clinic
    unused = sorted(set(clinic.rooms[placed.room].equipment) - set(placed.mode.fixed))
    return ", ".join(mid_sentence(clinic.name_of(item)) for item in unused)
