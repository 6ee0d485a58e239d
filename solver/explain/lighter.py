"""The lightest hitting set: one lighter than another, until there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from solver.explain.hitting import minimal
from solver.grid import bits

NODES = 500
"""Branches looked at before a search gives up: there may then be a lighter set that it hasn't found."""


def lighter(sets: Iterable[int], weight: Callable[[int], int], than: int) -> int | None:
    """A set that hits all of `sets` and weighs less than `than` does; None where there is none.

    `weight` of a bit's number is positive. Past `NODES` branches there may be one that wasn't found.
    """
    left = list(sets)
    weights = {1 << bit: weight(bit) for bit in bits(_union(left))}
    while dropped := _made_up_for(left, weights):
        left = minimal(each & ~dropped for each in left)
        weights = {one: each for one, each in weights.items() if not one & dropped}
    search = _Search(weights, sum(weight(bit) for bit in bits(than)))
    search.below(left, 0, 0)
    return search.best


def _made_up_for(sets: list[int], weights: dict[int, int]) -> int:
    """The members for which a lighter one makes up, since it hits whatever they hit.

    Who works in one team is booked at the same times, so that many differ in nothing but the order that decides.
    """
    met = dict.fromkeys(weights, 0)
    for number, each in enumerate(sets):
        rest, this = each, 1 << number
        while rest:
            one = rest & -rest
            met[one] |= this
            rest ^= one
    kept, dropped = list[int](), 0
    for one in sorted(weights, key=lambda one: (weights[one], one)):
        mine = met[one]
        for more in kept:
            if mine & more == mine:
                dropped |= one
                break
        else:
            kept.append(mine)
    return dropped


class _Members(dict[int, tuple[int, ...]]):
    """A set -> each of its members, as a set of its own."""

    def __missing__(self, one: int) -> tuple[int, ...]:
        self[one] = members = tuple(1 << bit for bit in bits(one))
        return members


class _Search:
    """Branch and bound for a set below a limit, closed to members that can be in none.

    The bound shares the weight of each member out among the sets that it hits (dual ascent, Beasley 1987). What is
    left of it is how much more a choice with that member costs at least: where that reaches the limit, it is closed.
    """

    def __init__(self, weights: dict[int, int], limit: int) -> None:
        self.weights, self.limit, self.nodes = weights, limit, NODES
        self.best: int | None = None
        self.members = _Members()

    def below(self, open_: list[int], chosen: int, cost: int) -> None:
        """Looks at `chosen`, which weighs `cost`, with whatever hits the open sets too; ends where the limit is met."""
        self.nodes -= 1
        while self.nodes >= 0:
            open_.sort(key=int.bit_count)
            least, left = self._shared_out(open_)
            if cost + least >= self.limit:
                return
            self._keep(chosen, cost, self._paid(open_, left))
            spare = self.limit - cost - least
            narrower = self._without(open_, sum(one for one in left if left[one] >= spare))
            if spare <= 0 or 0 in narrower:
                return
            forced = _union(each for each in narrower if not each & (each - 1))
            if not forced and narrower == open_:
                self._branch(open_, left, chosen, cost)
                return
            chosen, cost = chosen | forced, cost + self._weigh(forced)
            open_ = [each for each in narrower if not each & forced]

    def _keep(self, chosen: int, cost: int, more: int) -> None:
        """Where these weigh less than the limit, they are the best so far, and the limit."""
        cost += self._weigh(more)
        if cost < self.limit:
            self.limit, self.best = cost, chosen | more

    def _branch(self, open_: list[int], left: dict[int, int], chosen: int, cost: int) -> None:
        """With each member of a smallest set in turn; those tried before are closed to later ones."""
        for one in sorted(self.members[open_[0]], key=lambda one: (left[one], one)):
            self.below([each for each in open_ if not each & one], chosen | one, cost + self.weights[one])
            open_ = self._without(open_, one)
            if 0 in open_:
                break

    def _shared_out(self, sets: list[int]) -> tuple[int, dict[int, int]]:
        """What hitting these sets weighs at least, and what is left of each member's weight."""
        total, left, members = 0, self.weights.copy(), self.members
        for each in sets:
            share = min([left[one] for one in members[each]])
            if share:
                total += share
                for one in members[each]:
                    left[one] -= share
        return total, left

    def _paid(self, sets: list[int], left: dict[int, int]) -> int:
        """Of the members with nothing left, which hit every set, those that are needed: the heaviest go first."""
        chosen = sum(one for one in left if not left[one])
        for one in sorted(self.members[chosen], key=self.weights.__getitem__, reverse=True):
            without = chosen & ~one
            if all(each & without for each in sets):
                chosen = without
        return chosen

    def _without(self, sets: list[int], closed: int) -> list[int]:
        return [each & ~closed for each in sets] if closed else sets

    def _weigh(self, chosen: int) -> int:
        return sum([self.weights[one] for one in self.members[chosen]])


def _union(sets: Iterable[int]) -> int:
    total = 0
    for each in sets:
        total |= each
    return total
