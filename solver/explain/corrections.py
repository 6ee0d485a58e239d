"""Minimal corrections: sets of atoms that, set aside, free some start, and no part of which does.

Found by propagating (violated atoms, starts) pairs through the needs and keeping the antichain. Each need is taken for
itself here; `joint` then confirms every one with a whole team, or grows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from solver.explain.hitting import Family, minimal
from solver.explain.table import Atoms, Candidacy, Lot, Scene, Table
from solver.grid import Mask

WORK = 22_000
"""Pairs joined in all before the enumeration stops with what it has, and says that it isn't complete."""

ANY = 1_000_000
"""No limit on the atoms of a correction."""

Pairs = dict[Atoms, Mask]
"""Violated atoms -> the starts at which exactly these (and no part of them alone) have to go."""


@dataclass
class Corrections:
    """Minimal corrections, smallest first, each with the scenes and starts that it frees; all of them if `complete`."""

    places: dict[Atoms, list[tuple[Scene, Mask]]]
    complete: bool

    @property
    def sets(self) -> list[Atoms]:
        return list(self.places)


def corrections(table: Table, work: int = WORK) -> Corrections:
    """Every minimal correction over the table's scenes, needs taken one by one; `0` alone where a start is free.

    By growing size: what the small ones rule out needn't be followed when the large ones are looked for. Out of
    `work`, all of the sizes that were finished.
    """
    found = Corrections({}, complete=False)
    for deepest in (1, 2, 3, ANY):
        limits = _Limits(found.sets, deepest, work)
        try:
            found = _over(table, limits, complete=deepest == ANY)
        except _OutOfWork:
            break
        work = limits.work
    return found


def _over(table: Table, limits: _Limits, *, complete: bool) -> Corrections:
    places: dict[Atoms, list[tuple[Scene, Mask]]] = {}
    shared: dict[tuple[int, Mask], Pairs] = {}
    for scene in table.scenes:
        key = id(scene.shared), scene.wanted  # no needs at all are the same object on every day
        if key not in shared:
            shared[key] = _through({0: scene.wanted}, scene.shared, limits)
        pairs = _through(shared[key], scene.own, limits)
        for atoms, starts in pairs.items():
            places.setdefault(atoms, []).append((scene, starts))
        limits.learn(pairs)
    return Corrections({atoms: places[atoms] for atoms in limits.known if atoms in places}, complete)


class _OutOfWork(Exception):
    """More pairs than the budget allows."""


@dataclass
class _Limits:
    """What needn't be followed: sets that hold a known correction, and sets larger than asked for."""

    known: list[Atoms]
    deepest: int
    work: int

    def __post_init__(self) -> None:
        self.family = Family(self.known)

    def follow(self, atoms: Atoms) -> bool:
        if atoms.bit_count() > self.deepest:
            return False
        return not self.family.has_part(atoms, proper=True)

    def learn(self, more: Iterable[Atoms]) -> None:
        """Keeps what is minimal of the corrections known so far and these."""
        new = set(more).difference(self.known)
        if new:
            self.known = minimal([*self.known, *new])
            self.family = Family(self.known)

    def spend(self, pairs: int) -> None:
        self.work -= pairs
        if self.work < 0:
            raise _OutOfWork


def violated(scene: Scene) -> Pairs:
    """Minimal sets of violated atoms over one scene, each with the starts at which it is one."""
    return _through({0: scene.wanted}, scene.lots, _Limits([], ANY, 100 * WORK))


def _through(pairs: Pairs, lots: Iterable[Lot], limits: _Limits) -> Pairs:
    """Pairs after some more needs."""
    for lot in sorted((_of_lot(lot, limits) for lot in lots), key=len):
        pairs = _antichain(_joined(pairs, lot, limits), limits)
    return pairs


def _joined(pairs: Pairs, lot: Pairs, limits: _Limits) -> Pairs:
    """Both violated, at the starts of both; only sets that are worth following."""
    joined: Pairs = {}
    barred: set[Atoms] = set()
    limits.spend(len(pairs) * len(lot))
    others, follow = list(lot.items()), limits.follow
    for one, starts in pairs.items():
        for other, more in others:
            both = starts & more
            if both:
                atoms = one | other
                if atoms in joined:
                    joined[atoms] |= both
                elif atoms not in barred:
                    if follow(atoms):
                        joined[atoms] = both
                    else:
                        barred.add(atoms)
    return joined


def _of_lot(lot: Lot, limits: _Limits) -> Pairs:
    if lot.pairs is None:
        lot.pairs = _antichain(parts(lot), limits)
    return lot.pairs


def pairs(lot: Lot) -> Pairs:
    """Over everyone who could fill the need: what is violated, whoever of them does; the fewest atoms first."""
    if lot.pairs is None:
        lot.pairs = _antichain(parts(lot))
    return lot.pairs


def parts(lot: Lot) -> Pairs:
    """The starts of every candidate, by the exact set of atoms that stands against them there."""
    if lot.parts is None:
        lot.parts = {}
        for candidate in lot.candidates:
            for atoms, starts in _split(candidate, lot.relevant).items():
                lot.parts[atoms] = lot.parts.get(atoms, 0) | starts
    return lot.parts


def _split(candidate: Candidacy, relevant: Mask) -> Pairs:
    """One candidate's starts, split by the exact set of atoms violated there."""
    parts: Pairs = {0: relevant}
    for atom, forbidden in candidate.forbidden:
        split: Pairs = {}
        for atoms, starts in parts.items():
            if starts & ~forbidden:
                split[atoms] = split.get(atoms, 0) | starts & ~forbidden
            if starts & forbidden:
                split[atoms | atom] = split.get(atoms | atom, 0) | starts & forbidden
        parts = split
    return parts


def _antichain(joined: Pairs, limits: _Limits | None = None) -> Pairs:
    """Without the starts at which a part of a set is violated already."""
    kept: Pairs = {}
    smaller: dict[Mask, Family] = {}
    free = joined.get(0, 0)
    for _, alike in groupby(sorted(joined, key=int.bit_count), key=int.bit_count):
        new: Pairs = {}
        before, spent = len(kept), 0
        for atoms in alike:
            spent += 1 + (before + len(new)) // 16
            starts = _unless(atoms, joined[atoms] & ~free, smaller) if atoms else free
            if starts:
                new[atoms] = starts
        if limits is not None:
            limits.spend(spent)
        for atoms, starts in new.items():  # only now: sets of one size are no part of each other
            smaller.setdefault(starts, Family()).add(atoms)
        kept |= new
    return kept


def _unless(atoms: Atoms, starts: Mask, smaller: dict[Mask, Family]) -> Mask:
    """The starts at which none of the smaller sets, by their own starts, is both a part of this one and violated."""
    for taken, sets in smaller.items():
        if taken & starts and sets.has_part(atoms):
            starts &= ~taken
            if not starts:
                break
    return starts
