"""Interchangeable pools: how many units a set of uses takes, and when a pool is full.

Units are repacked whenever a booking is written, so a pool is short only when no assignment of uses to units
exists. Uses of one unit follow each other; where they are in two rooms, the unit has to be moved between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from solver.clinic import Instant


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
    """The stretches in which `units` or more uses run at once."""
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


def linked(uses: Sequence[Use], around: Use, gap: int) -> list[Use]:
    """The uses that can bear on which unit `around` gets: those tied to it by gaps shorter than `gap`."""
    before = sorted(
        (use for use in uses if use.start < around.end + gap), key=lambda use: use.end, reverse=True
    )
    first, last = around.start, around.end
    for use in before:
        if use.end + gap > first:
            first = min(first, use.start)
    for use in sorted(uses):
        if use.start < last + gap and use.end > first - gap:
            last = max(last, use.end)
    return [use for use in uses if use.start < last + gap and use.end + gap > first]


def _can_follow(first: Use, second: Use, move_minutes: int) -> bool:
    moved = move_minutes if first.room != second.room else 0
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
    """The unit number (from 1) that `mine` gets when all uses are packed into the fewest units, in order of start."""
    ordered = sorted([*others, mine])
    follows = [
        [later for later, second in enumerate(ordered) if _can_follow(first, second, move_minutes)]
        for first in ordered
    ]
    previous: dict[int, int] = {}
    for use in range(len(ordered)):
        _augment(use, follows, previous, set())
    unit: dict[int, int] = {}
    for use in range(len(ordered)):
        unit[use] = unit[previous[use]] if use in previous else len(set(unit.values())) + 1
    return unit[ordered.index(mine)]
