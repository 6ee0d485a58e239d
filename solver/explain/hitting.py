"""Hitting sets over bit sets: from all corrections to conflicts, and back.

A set is an int, one bit an atom. Conflicts are the minimal hitting sets of all corrections and corrections those
of all conflicts (Reiter 1987; Liffiton and Sakallah 2008). `lighter` finds the lightest.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence

from solver.grid import bits


class Family:
    """Sets by their lowest bit, so that those which may be parts of another one are few to look at."""

    def __init__(self, sets: Iterable[int] = ()) -> None:
        self.by_lowest: dict[int, list[int]] = {}
        self.lows = 0
        for each in sets:
            self.add(each)

    def add(self, one: int) -> None:
        low = one & -one
        self.by_lowest.setdefault(low, []).append(one)
        self.lows |= low

    def has_part(self, whole: int, *, proper: bool = False) -> bool:
        """Whether some set lies in `whole`; `proper` leaves `whole` itself out."""
        by_lowest, left = self.by_lowest, whole & self.lows
        if 0 in by_lowest and not (proper and whole == 0):
            return True
        while left:
            low = left & -left
            left ^= low
            for part in by_lowest[low]:
                if part & whole == part and not (proper and part == whole):
                    return True
        return False


def minimal(sets: Iterable[int]) -> list[int]:
    """Those sets that hold no other one, smallest first."""
    kept, family = list[int](), Family()
    for each in sorted(set(sets), key=_smallest_first):
        if not family.has_part(each):
            kept.append(each)
            family.add(each)
    return kept


def beside(kept: list[int], one: int) -> list[int]:
    """Minimal sets with one more among them, smallest first."""
    if any(part & one == part for part in kept):
        return kept
    more = [each for each in kept if each & one != one]
    insort(more, one, key=_smallest_first)
    return more


def _smallest_first(one: int) -> tuple[int, int]:
    return one.bit_count(), one


def light(sets: Sequence[int], weight: Callable[[int], int], chosen: int = 0) -> int:
    """A minimal hitting set that is light, without a search for a lighter one; `chosen` with what it misses."""
    missed = minimal(each for each in sets if not each & chosen)
    return _irreducible(chosen | _greedy(missed, weight), sets, weight)


def _irreducible(chosen: int, sets: Sequence[int], weight: Callable[[int], int]) -> int:
    """Without what turns out not to be needed, the heaviest gone first."""
    for bit in sorted(bits(chosen), key=lambda b: (-weight(b), b)):
        without = chosen & ~(1 << bit)
        if all(each & without for each in sets):
            chosen = without
    return chosen


def _greedy(sets: Sequence[int], weight: Callable[[int], int]) -> int:
    """Again and again what hits most for its weight."""
    met: dict[int, int] = {}
    for number, each in enumerate(sets):
        for bit in bits(each):
            met[bit] = met.get(bit, 0) | 1 << number
    weights = {bit: weight(bit) for bit in met}
    left, chosen = (1 << len(sets)) - 1, 0
    while left:
        # Of those that hit as much for their weight, the first in order.
        most, best = -1, -1.0
        for bit, mine in met.items():
            worth = (mine & left).bit_count() / weights[bit]
            if worth > best or (worth == best and bit < most):
                most, best = bit, worth
        chosen |= 1 << most
        left &= ~met[most]
    return chosen
