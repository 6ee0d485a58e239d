"""The objective, term by term, in ordered levels that end in a unique tie-break.

Each term is a number to be made small, in its own unit, and is shown with every offer; levels are compared in
order, terms inside a level by their weighted sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from solver import wishes
from solver.book import Facts
from solver.clinic import Clinic, Instant, RankLevels, TeamMember
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


def own_blocks(placed: Placed) -> list[tuple[str, Instant, Instant]]:
    """Room, from and until of the blocks that day which are the surgeon's own, or their service's, and not released."""
    owned = placed.facts.clinic.blocks_of.get(placed.mode.surgeon)
    if not owned:
        return []
    date, calendar = placed.date, placed.facts.calendar
    known = placed.facts.clinic.worked_out.setdefault("own blocks", {})
    if (placed.mode.surgeon, date) not in known:
        standing = (block for block in owned if block.falls_on(date) and date not in block.released)
        known[placed.mode.surgeon, date] = [
            (block.room, *calendar.window(date, block.window)) for block in standing
        ]
    found: list[tuple[str, Instant, Instant]] = known[placed.mode.surgeon, date]
    return found


def block_end(placed: Placed) -> Instant | None:
    """When the surgeon's own block in that room ends that day; None where they have none."""
    return max((end for room, _, end in own_blocks(placed) if room == placed.room), default=None)


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


def utilisation(placed: Placed) -> float:
    """Minutes of the case outside the surgeon's own block of that day, while a stretch of it could hold the case.

    For a surgeon without a block: minutes outside the clinic's prime time, where it has one.
    """
    own = own_blocks(placed)
    if not own:
        prime = placed.facts.clinic.settings.prime_time
        window = placed.facts.calendar.window(placed.date, prime) if prime else (placed.start, placed.end)
        return placed.mode.minutes - _shared(placed, *window)
    inside = sum(_shared(placed, start, end) for room, start, end in own if room == placed.room)
    outside = max(0, placed.mode.minutes - inside)
    return outside if outside and any(_could_hold(placed, *block) for block in own) else 0


def _shared(placed: Placed, start: Instant, end: Instant) -> int:
    return max(0, min(placed.end, end) - max(placed.start, start))


def _could_hold(placed: Placed, room: str, start: Instant, end: Instant) -> bool:
    """Whether the case would fit between those that stand in the block, with the turnovers."""
    facts, mode, taken = placed.facts, placed.mode, list[tuple[Instant, Instant]]()
    for held in facts.book.near(room, start, end):
        other = facts.mode(facts.book.cases[held.case])
        taken.append((held.start - other.setup - mode.turnover, held.end + other.turnover + mode.setup))
    return any(
        start <= at
        and at + mode.minutes <= end
        and all(at + mode.minutes <= since or until <= at for since, until in taken)
        for at in (start, *(until for _, until in taken))
    )


def preference(placed: Placed) -> float:
    """How many of the surgeon's stated preferences the slot goes against."""
    return len(wishes.unmet(placed))


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
    "day": day, "overtime": overtime, "gap": gap, "utilisation": utilisation, "scarce": scarce,
    "preference": preference, "start": start, "overrun": overrun, "swaps": swaps,
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
    """Whether some term may be another for this surgeon than for others: blocks, preferences, own durations."""
    timed = any(mode.surgeon in clinic.procedures[each].minutes for each in mode.procedures)
    return timed or mode.surgeon in clinic.preferences_of or mode.surgeon in clinic.blocks_of


def day_first(levels: RankLevels) -> bool:
    """Whether an earlier day always wins, so that a search may stop once a day has given enough."""
    return bool(levels) and {term.term for term in levels[0]} == {"day"} and levels[0][0].weight > 0


def reasons(placed: Placed, values: Mapping[str, float], team: Iterable[TeamMember] = ()) -> tuple[str, ...]:
    """Why it ranks where it does, in the terms' own words; `team` is who would be in it."""
    days = f"{values['day']:g} {'day' if values['day'] == 1 else 'days'} after the first day asked for"
    said = [days if values["day"] else "first day asked for", *_neighbours(placed)]
    if block_end(placed) is not None:
        over = f"{values['overtime']:g} min past the surgeon's block"
        said.append(over if values["overtime"] else "inside the surgeon's block")
    if values["utilisation"]:
        where = "the surgeon's block, which has room for it" if own_blocks(placed) else "prime time"
        said.append(f"{values['utilisation']:g} min outside {where}")
    said += [*wishes.told(placed), *wishes.company(placed, [member.resource for member in team])]
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
