"""Interchangeable pools: how many units a set of uses takes, and when a pool is full.

Units are repacked whenever a booking is written, so a pool is short only when no assignment of uses to units
exists. Uses of one unit follow each other; where they are in two rooms, the unit has to be moved between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from solver.clinic import Instant

FOREVER = 1 << 40
"""An instant after everything."""


@dataclass(frozen=True, order=True)
class Use:
    """A unit in use over `[start, end)` in a room; `room` is None where it doesn't matter."""

    start: Instant
    end: Instant
    room: str | None = None


def units_needed(uses: Sequence[Use], move_minutes: int = 0) -> int:
    """The fewest units that can serve all uses: the uses less the most pairs that one unit can do in turn.

    A minimum path cover of the "can follow" graph by bipartite matching (Fulkerson 1956), which stays right where
    moves make following depend on the room.
    """
    ordered = sorted(uses, key=lambda use: (use.start, use.end, use.room or ""))
    follows: list[list[int]] = [
        [later for later, second in enumerate(ordered) if _can_follow(first, second, move_minutes)]
        for first in ordered
    ]
    previous: dict[int, int] = {}
    matched = sum(_augment(use, follows, previous, set()) for use in range(len(ordered)))
    return len(ordered) - matched


def full(uses: Sequence[Use], units: int) -> list[tuple[Instant, Instant]]:
    """The stretches in which `units` or more uses run at once; all of time where there is no unit to begin with."""
    if units <= 0:
        return [(-FOREVER, FOREVER)]
    edges = sorted([(use.start, 1) for use in uses] + [(use.end, -1) for use in uses])
    stretches: list[tuple[Instant, Instant]] = []
    running, since = 0, None
    for moment, step in edges:
        running += step
        if running >= units and since is None:
            since = moment
        elif running < units and since is not None:
            if since < moment:
                stretches.append((since, moment))
            since = None
    return stretches


def clashing(uses: Sequence[Use], with_: Use, move_minutes: int = 0) -> list[Use]:
    """The uses that can't share a unit with this one: the only ones that bear on whether a unit is left for it.

    A pool that serves them all without this use has a unit left exactly when they need fewer than there are; old
    clashes of uses elsewhere say nothing about it.
    """
    return [
        use
        for use in uses
        if not (_can_follow(use, with_, move_minutes) or _can_follow(with_, use, move_minutes))
    ]


def _can_follow(first: Use, second: Use, move_minutes: int) -> bool:
    moved = 0 if first.room == second.room or None in (first.room, second.room) else move_minutes
    return first.end + moved <= second.start


def _augment(use: int, follows: list[list[int]], previous: dict[int, int], seen: set[int]) -> bool:
    for later in follows[use]:
        if later not in seen:
            seen.add(later)
            if later not in previous or _augment(previous[later], follows, previous, seen):
                previous[later] = use
                return True
    return False


def packed(others: Sequence[Use], mine: Use, move_minutes: int = 0) -> int:
    """The unit number (from 1) that `mine` gets when its cluster is packed into the fewest units, in order of start."""
    ordered = _cluster(others, mine, move_minutes)
    units = _matched(ordered, move_minutes) if move_minutes else _first_free(ordered)
    return units[ordered.index(mine)]


def packing(uses: Sequence[Use], move_minutes: int = 0) -> list[int]:
    """Per use, the unit number (from 1) it gets when all are packed into the fewest units, in order of start."""
    order = sorted(range(len(uses)), key=lambda index: uses[index])
    ordered = [uses[index] for index in order]
    units = _matched(ordered, move_minutes) if move_minutes else _first_free(ordered)
    by_use = dict(zip(order, units, strict=True))
    return [by_use[index] for index in range(len(uses))]


def _cluster(others: Sequence[Use], mine: Use, move_minutes: int) -> list[Use]:
    """The uses tied to `mine` by gaps shorter than a move, with it, in order of start."""
    cluster: list[Use] = []
    reach: Instant | None = None
    for use in sorted([*others, mine]):
        if reach is not None and use.start >= reach + move_minutes:
            if mine in cluster:
                break
            cluster = []
        cluster.append(use)
        reach = use.end if reach is None else max(reach, use.end)
    return cluster


def _first_free(ordered: list[Use]) -> list[int]:
    """First fit in order of start, which is optimal for intervals."""
    free: list[int] = []
    running: list[tuple[Instant, int]] = []
    units: list[int] = []
    for use in ordered:
        while running and running[0][0] <= use.start:
            heappush(free, heappop(running)[1])
        unit = heappop(free) if free else len(running) + 1
        heappush(running, (use.end, unit))
        units.append(unit)
    return units


def _matched(ordered: list[Use], move_minutes: int) -> list[int]:
    """Units along the paths of a minimum cover: where moves count, first fit can take one unit too many."""
    follows = [
        [later for later, second in enumerate(ordered) if _can_follow(first, second, move_minutes)]
        for first in ordered
    ]
    previous: dict[int, int] = {}
    for use in range(len(ordered)):
        _augment(use, follows, previous, set())
    units: list[int] = []
    for use in range(len(ordered)):
        units.append(units[previous[use]] if use in previous else len(set(units)) + 1)
    return units
