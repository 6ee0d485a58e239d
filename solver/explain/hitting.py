"""Hitting sets over bit sets: from all corrections to conflicts, and back.

A set is an int, one bit an atom. Conflicts are the minimal hitting sets of all corrections and corrections those
of all conflicts (Reiter 1987; Liffiton and Sakallah 2008).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Sequence

from solver.grid import bits

NODES = 2_000
"""Branches looked at before a search for the lightest hitting set settles for the lightest it has."""


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


def lightest(sets: Iterable[int], weight: Callable[[int], int]) -> int:
    """A hitting set of least weight, by branch and bound; `weight` of a bit's number is positive.

    No set may hold another one. Every result is minimal. Past `NODES` branches it is the lightest found, which then
    may not be the lightest.
    """
    return _hitting(sets, weight, _Search.lightest)


def light(sets: Sequence[int], weight: Callable[[int], int], chosen: int = 0) -> int:
    """A minimal hitting set that is light, without a search for a lighter one; `chosen` with what it misses."""
    missed = minimal(each for each in sets if not each & chosen)
    return _irreducible(chosen | _hitting(missed, weight, _Search.light), sets, weight)


def _irreducible(chosen: int, sets: Sequence[int], weight: Callable[[int], int]) -> int:
    """Without what turns out not to be needed, the heaviest gone first."""
    for bit in sorted(bits(chosen), key=lambda b: (-weight(b), b)):
        without = chosen & ~(1 << bit)
        if all(each & without for each in sets):
            chosen = without
    return chosen


def _hitting(sets: Iterable[int], weight: Callable[[int], int], chosen: Callable[[_Search], int]) -> int:
    every_set = list(sets)
    forced = _union(each for each in every_set if each.bit_count() == 1)
    needed = [each for each in every_set if not each & forced]
    if not needed:
        return forced
    return forced | chosen(_Search(needed, {bit: weight(bit) for bit in bits(_union(needed))}))


def every(sets: Iterable[int], most: int | None = None) -> list[int] | None:
    """All minimal hitting sets, by Berge's sequential method; None when more than `most` were in hand."""
    found = [0]
    for each in minimal(sets):
        hit = [chosen for chosen in found if chosen & each]
        grown = [chosen | 1 << bit for chosen in found if not chosen & each for bit in bits(each)]
        found = minimal(hit + grown)
        if most is not None and len(found) > most:
            return None
    return found


class _Search:
    """One search. Which sets are left to hit is an int too, one bit a set, and `met` has those that each bit hits."""

    def __init__(self, sets: list[int], weights: dict[int, int]) -> None:
        self.sets, self.weights = sets, weights
        self.met = dict.fromkeys(weights, 0)
        met = self.met
        for number, each in enumerate(sets):
            for bit in bits(each):
                met[bit] |= 1 << number
        self.least: dict[int, int] = {}
        self.best, self.cost, self.nodes = 0, 0, NODES

    def light(self) -> int:
        """What is greedily chosen, without what then isn't needed."""
        return self.irreducible(self.greedy())

    def lightest(self) -> int:
        """The lightest, of sets with several members each."""
        self.best = self.light()
        self.cost = self.weigh(self.best)
        self.branch(self.sets, (1 << len(self.sets)) - 1, 0, 0)
        return self.irreducible(self.best)

    def branch(self, open_: list[int], left: int, chosen: int, cost: int) -> None:
        """Extends `chosen` until nothing is left to hit; atoms tried before are closed to later branches.

        `open_` are the sets left to hit, without what is closed, and `left` which of all sets they are.
        """
        self.nodes -= 1
        if not left:
            if cost < self.cost:
                self.best, self.cost = chosen, cost
            return
        ordered = sorted(open_, key=int.bit_count)
        fewest = ordered[0].bit_count()
        if self.nodes < 0 or not fewest or cost + self._at_least(ordered) >= self.cost:
            return
        pivot, met, weights = min(s for s in open_ if s.bit_count() == fewest), self.met, self.weights
        for bit in sorted(bits(pivot), key=lambda b: (-(met[b] & left).bit_count(), weights[b], b)):
            one = 1 << bit
            rest = [each for each in open_ if not each & one]
            self.branch(rest, left & ~met[bit], chosen | one, cost + weights[bit])
            open_ = [each & ~one for each in open_]

    def _at_least(self, ordered: list[int]) -> int:
        """The weight that sets without a common atom need, each on its own; the smallest sets are looked at first."""
        total, seen = 0, 0
        for each in ordered:
            if not each & seen:
                seen |= each
                if each not in self.least:
                    self.least[each] = min(self.weights[bit] for bit in bits(each))
                total += self.least[each]
        return total

    def greedy(self) -> int:
        """Again and again what hits most for its weight."""
        left, chosen, met, weights = (1 << len(self.sets)) - 1, 0, self.met, self.weights
        while left:
            most = max(weights, key=lambda b: ((met[b] & left).bit_count() / weights[b], -b))
            chosen |= 1 << most
            left &= ~met[most]
        return chosen

    def irreducible(self, chosen: int) -> int:
        """Without the atoms that turned out not to be needed, the heaviest gone first."""
        return _irreducible(chosen, self.sets, self.weights.__getitem__)

    def weigh(self, chosen: int) -> int:
        """The weight of a set."""
        return sum(self.weights[bit] for bit in bits(chosen))


def _union(sets: Iterable[int]) -> int:
    total = 0
    for each in sets:
        total |= each
    return total
