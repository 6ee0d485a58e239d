"""The smallest conflict: a set of atoms that leaves no start, and does as soon as any one of them goes.

Implicit hitting sets (Ignatiev et al., "Smallest MUS Extraction with Minimal Hitting Set Dualization", 2015): a set
that meets every known correction is asked whether it leaves a start. Where it does, what that start violates is one
more correction; where it doesn't, the set is a conflict, and a smallest one once no lighter set meets them all.
"""

from __future__ import annotations

from dataclasses import dataclass

from solver.explain.hitting import beside, light, minimal
from solver.explain.joint import Joint, Witness
from solver.explain.leanest import apart, opens
from solver.explain.lighter import lighter
from solver.explain.table import Atoms, Scene, Table
from solver.grid import Mask, bits

ROUNDS = 60
"""Corrections that may come to light before any minimal conflict will do, the smallest or not."""

SCENES = 12
"""Scenes in which a free start is looked at for the fewest violated atoms."""


@dataclass(frozen=True)
class Conflict:
    """A set of atoms; `proven` when it leaves no start, and does leave one without any of its members."""

    atoms: Atoms
    proven: bool


def smallest(
    table: Table,
    joint: Joint,
    known: list[Atoms],
    without: Atoms = 0,
    *,
    sure: bool = True,
    learned: list[Atoms] | None = None,
    like: Atoms = 0,
) -> Conflict | None:
    """The smallest conflict that has no atom of `without`; None where there is none, so that some start is free.

    `known` are minimal corrections; not `sure` where no whole team has confirmed them. Of several equally small ones
    what could never be otherwise (a tower that stands elsewhere) rather than what is so today, then a fixed order.
    What free starts violate is kept in `learned`, so that the next search doesn't have to find it again. `like` is
    a conflict of a table much like this one: where it is one here too, little has to be found.
    """
    earlier, joint.sure = joint.sure, True
    table.desk.weight = table.desk.weight or _Weights(table)
    found = _Hunt(table, joint, known, without, [] if learned is None else learned).conflict(like, sure=sure)
    joint.sure = joint.sure and earlier
    return found


class _Hunt:
    """One hunt: the corrections known so far, and the lightest set yet that leaves no start."""

    def __init__(
        self, table: Table, joint: Joint, known: list[Atoms], without: Atoms, learned: list[Atoms]
    ) -> None:
        self.table, self.joint, self.without, self.learned = table, joint, without, learned
        self.weight = table.desk.weight or _Weights(table)
        self.corrections = minimal(each & ~without for each in (*known, *learned))
        self.held: Atoms | None = None

    def conflict(self, like: Atoms, *, sure: bool) -> Conflict | None:
        """The smallest, proven as far as the questions asked here were answered."""
        chosen = like & ~self.without
        for _ in range(ROUNDS):
            if 0 in self.corrections:
                return None
            lightest = self._next(chosen)
            if lightest is None:
                return self._lightest(sure=sure)
            chosen = lightest
            if not self._learns(chosen):
                self.held = chosen
        return self._any()

    def _next(self, chosen: Atoms) -> Atoms | None:
        """The last one mended, or made anew where it grows, until it is a conflict; then the lightest below it."""
        if self.held is not None:
            lightest = lighter(self.corrections, self.weight, self.held)
            # Without what isn't needed, which the lightest has none of: a search that gave up may have.
            return None if lightest is None else light(self.corrections, self.weight, lightest)
        mended = light(self.corrections, self.weight, chosen)
        if mended.bit_count() <= chosen.bit_count():
            return mended
        anew = light(self.corrections, self.weight)
        return anew if anew.bit_count() < mended.bit_count() else mended

    def _learns(self, chosen: Atoms) -> bool:
        """Brings to light what free starts violate; False where `chosen` leaves none."""
        new = list(apart(self.table, self.joint, chosen, self.without))
        new = new or [witness.violated for witness in _each_under(self.table, self.joint, chosen)]
        for each in new:
            self.learned[:] = beside(self.learned, each)
            self.corrections = beside(self.corrections, each & ~self.without)
        return bool(new)

    def _lightest(self, *, sure: bool) -> Conflict:
        """What is held, than which nothing is lighter.

        Every known correction is some start's: were a member not needed, its correction would not be one.
        """
        held = self.held or 0
        return Conflict(held, self.joint.sure) if sure else _without_excess(self.table, self.joint, held)

    def _any(self) -> Conflict | None:
        """Too many to find the smallest: any minimal one, by taking out what isn't needed."""
        everything = (1 << len(self.table.index.atoms)) - 1 & ~self.without
        if self.held is None and leaves(self.table, self.joint, everything):
            return None
        return _every_excess(self.table, self.joint, everything if self.held is None else self.held)


def free_under(table: Table, joint: Joint, on: Atoms) -> Witness | None:
    """A start that stands with nothing in force but `on`, violating as little else as a short look finds."""
    places = [(scene, free) for scene in table.scenes if (free := scene.free(on))]
    if not places:
        return None
    if joint.matters(on) and joint.affordable():
        return joint.under(on, places)
    return min(
        (_cheapest(joint, scene, free, on) for scene, free in places[:SCENES]),
        key=lambda witness: witness.violated.bit_count(),
    )


def leaves(table: Table, joint: Joint, on: Atoms) -> bool:
    """Whether some start stands with nothing in force but `on`."""
    return opens(table, joint, ~on) or free_under(table, joint, on) is not None


def _each_under(table: Table, joint: Joint, on: Atoms) -> list[Witness]:
    """`free_under`, and what stands in other scenes beside it: each teaches one more correction at once."""
    places = [(scene, free) for scene in table.scenes if (free := scene.free(on))]
    if not places:
        return []
    whole: list[Witness] = []
    if joint.matters(on) and joint.affordable():
        witness = joint.under(on, places)
        if witness is None:
            return []
        whole.append(witness)
    others = (_cheapest(joint, scene, free, on) for scene, free in places[:SCENES])
    return [*whole, *(each for each in others if not each.violated & on)]


def _cheapest(joint: Joint, scene: Scene, free: Mask, on: Atoms) -> Witness:
    """Of the first and last free start, the one that violates least."""
    tried = dict.fromkeys(((free & -free).bit_length() - 1, free.bit_length() - 1))
    return min((joint.anyone(scene, bit, on) for bit in tried), key=lambda w: w.violated.bit_count())


def _without_excess(table: Table, joint: Joint, chosen: Atoms) -> Conflict:
    """The chosen atoms without those that joint rules turn out not to need; masks alone need all of them."""
    return _every_excess(table, joint, chosen) if joint.matters(chosen) else Conflict(chosen, joint.sure)


def _every_excess(table: Table, joint: Joint, chosen: Atoms) -> Conflict:
    for number in list(bits(chosen)):
        if not leaves(table, joint, chosen & ~(1 << number)):
            chosen &= ~(1 << number)
    return Conflict(chosen, proven=joint.sure)


TIMES = frozenset({"wheels-in", "wheels-out", "consecutive cases", "consecutive uses", "minutes booked"})
"""What a rule couples that differs from one time of day to another."""


class _Weights:
    """One atom counts more than any preference; among as few, lasting causes come first, then a fixed order."""

    def __init__(self, table: Table) -> None:
        self.atoms = table.index.atoms  # not the table, which keeps these weights
        self.lasting = _lasting(table)
        self.known: dict[int, int] = {}
        self.timed = {rule.id for rule in table.snapshot.catalogue.rules if TIMES & set(rule.couples)}

    def __call__(self, number: int) -> int:
        if number not in self.known:
            self.known[number] = self._weighed(number)
        return self.known[number]

    def _weighed(self, number: int) -> int:
        passing = (not self.lasting >> number & 1) + 2 * (self.atoms[number].rule in self.timed)
        return (1 << 40) + (passing << 20) + min(number, (1 << 20) - 1)


def _lasting(table: Table) -> Atoms:
    """Atoms that forbid every wanted start wherever they bite at all."""
    partly, met = 0, 0
    for scene in table.scenes:
        for lot in scene.lots:
            for candidate in lot.candidates:
                for atom, mask in candidate.forbidden:
                    met |= atom
                    partly |= atom if mask != lot.relevant else 0
    return met & ~partly
