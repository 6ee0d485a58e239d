"""Do uses of a pool fit its units? Exact, by trying every assignment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .clock import minutes


@dataclass(frozen=True)
class Use:
    """One unit in use from begin to end (half-open); room None needs no move (maintenance, bays)."""

    begin: datetime
    end: datetime
    room: str | None = None


def clash(one: Use, other: Use, move: int) -> bool:
    """Whether one unit cannot serve both: they overlap, or the move between two rooms doesn't fit."""
    first, second = sorted((one, other), key=lambda use: (use.begin, use.end))
    rooms = {one.room, other.room}
    gap = move if None not in rooms and len(rooms) == 2 else 0
    return second.begin < first.end + minutes(gap)


def fits(new: Sequence[Use], old: Sequence[Use], units: int, move: int = 0) -> bool:
    """Whether new uses fit beside the old; old clashes that have nothing to do with the new don't count."""
    return _assign(_connected(new, old, lambda a, b: clash(a, b, move)), units, move)


def _connected(new: Sequence[Use], old: Sequence[Use], touch: Callable[[Use, Use], bool]) -> list[Use]:
    """The new uses and every old one tied to them through a chain of clashes."""
    found, rest = list(new), list(old)
    for use in found:  # grows while it is walked
        near = [other for other in rest if touch(use, other)]
        rest = [other for other in rest if not touch(use, other)]
        found.extend(near)
    return found


def _assign(uses: list[Use], units: int, move: int) -> bool:
    ordered = sorted(uses, key=lambda use: (use.begin, use.end, use.room or ""))

    def place(index: int, loads: list[list[Use]]) -> bool:
        if index == len(ordered):
            return True
        use, tried_empty = ordered[index], False
        for load in loads:
            if any(clash(use, other, move) for other in load) or (tried_empty and not load):
                continue
            tried_empty = tried_empty or not load  # empty units are alike: one try is enough
            load.append(use)
            if place(index + 1, loads):
                return True
            load.pop()
        return False

    return place(0, [[] for _ in range(units)])
