"""What stands against a request, as one table: per scene and need, the starts that each atom forbids each candidate.

Atoms are numbered, and a set of atoms is an int, one bit an atom. A need that someone can fill at every wanted start
stands against nothing and is left out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from solver.grid import Mask, bits
from solver.request import Atom, Request
from solver.reserve import Kind, Mode, Need, modes
from solver.search import rooms, wanted
from solver.snapshot import DaySnapshot, Filling, Snapshot

Atoms = int
"""A set of atoms, one bit each in the order in which the table met them."""


@dataclass
class Index:
    """Atoms and their numbers."""

    atoms: list[Atom] = field(default_factory=list)
    numbers: dict[Atom, int] = field(default_factory=dict)

    def bit(self, atom: Atom) -> Atoms:
        """The set of this atom alone."""
        if atom not in self.numbers:
            self.numbers[atom] = len(self.atoms)
            self.atoms.append(atom)
        return 1 << self.numbers[atom]

    def of(self, atoms: Iterable[Atom]) -> Atoms:
        total = 0
        for atom in atoms:
            total |= self.bit(atom)
        return total

    def named(self, atoms: Atoms) -> list[Atom]:
        """The atoms of a set, by rule and subject."""
        return sorted(self.atoms[number] for number in bits(atoms))


@dataclass(frozen=True)
class Candidacy:
    """One candidate of a need: every atom that bites anywhere, and the starts that each forbids."""

    unit: str
    atoms: Atoms
    forbidden: tuple[tuple[Atoms, Mask], ...]

    def free(self, on: Atoms, relevant: Mask) -> Mask:
        """The relevant starts that no atom in `on` forbids."""
        for atom, mask in self.forbidden:
            if atom & on:
                relevant &= ~mask
        return relevant

    def at(self, bit: int) -> Atoms:
        """The atoms that stand against this candidate at one start."""
        total = 0
        for atom, mask in self.forbidden:
            if mask >> bit & 1:
                total |= atom
        return total


@dataclass
class Lot:
    """One need whose candidates are not enough for every wanted start."""

    need: Need
    relevant: Mask
    candidates: tuple[Candidacy, ...]
    last: tuple[Atoms, Mask] | None = None
    parts: dict[Atoms, Mask] | None = None
    pairs: dict[Atoms, Mask] | None = None
    """What `corrections` made of the candidates, kept for the next scene that shares this need."""

    def free(self, on: Atoms) -> Mask:
        """The relevant starts at which some candidate has nothing in `on` against them."""
        if self.last is None or self.last[0] != on:
            self.last = on, self._free(on)
        return self.last[1]

    def _free(self, on: Atoms) -> Mask:
        free = 0
        for candidate in self.candidates:
            free |= candidate.free(on, self.relevant)
            if free == self.relevant:
                break
        return free


@dataclass(frozen=True)
class Scene:
    """One day, mode and room of a request, with its wanted starts and the needs that stand against some of them."""

    day: DaySnapshot
    request: Request
    mode: Mode
    room: str
    wanted: Mask
    shared: tuple[Lot, ...]
    """Needs that are the same in every room of this day and mode; the very same objects in each of them."""
    own: tuple[Lot, ...]

    @property
    def lots(self) -> tuple[Lot, ...]:
        return (*self.own, *self.shared)

    def free(self, on: Atoms) -> Mask:
        """The wanted starts that the atoms in `on` leave, each need taken for itself."""
        free = self.wanted
        for lot in self.lots:
            free &= lot.free(on)
            if not free:
                break
        return free

    def filling(self, need: Need) -> Filling:
        return self.day.filling(self.request, self.mode, need, self.room)


@dataclass
class Table:
    """Every scene of a request, under one numbering of atoms."""

    snapshot: Snapshot
    request: Request
    index: Index
    scenes: tuple[Scene, ...]
    compiled: dict[tuple[int, Mask], tuple[Candidacy, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot, request: Request) -> Table:
        """Compiles the request's days; bounds of the search (the start step) narrow what is wanted."""
        index = Index()
        return cls(snapshot, request, index, tuple(_scenes(snapshot, request, index)))

    def on(self, date: dt.date) -> Table:
        """The same table, one day of it."""
        scenes = tuple(scene for scene in self.scenes if scene.day.date == date)
        return Table(self.snapshot, self.request, self.index, scenes, self.compiled)

    @property
    def dates(self) -> list[dt.date]:
        return list(dict.fromkeys(scene.day.date for scene in self.scenes))

    def candidates(self, scene: Scene, need: Need) -> tuple[Candidacy, ...]:
        """Everyone who could fill a need, with what stands against them; those with nothing against them too."""
        filling = scene.filling(need)
        key = (id(filling), scene.wanted)
        if key not in self.compiled:
            bounds = _bounds(self.snapshot, self.request)
            self.compiled[key] = tuple(
                _candidacy(filling, unit, scene.wanted, self.index, bounds) for unit in filling.units
            )
        return self.compiled[key]


def _bounds(snapshot: Snapshot, request: Request) -> frozenset[str]:
    """Rules that say where a search may look, and are no cause unless an exact start was asked for."""
    if request.at is not None:
        return frozenset()
    return frozenset(rule.id for rule in snapshot.catalogue.rules if rule.bound)


def _scenes(snapshot: Snapshot, request: Request, index: Index) -> Iterator[Scene]:
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    bounds = _bounds(snapshot, request)
    for date in request.days():
        if date >= today:
            day = snapshot.day(date, request.replaces)
            for mode in modes(snapshot.clinic, request):
                yield from _of_mode(day, request, mode, rooms(snapshot, request), index, bounds)


def _of_mode(
    day: DaySnapshot, request: Request, mode: Mode, places: list[str], index: Index, bounds: frozenset[str]
) -> Iterator[Scene]:
    relevant = wanted(day, request, mode)
    room_need = next(need for need in mode.needs if need.kind is Kind.ROOM)
    if bounds and places:
        for atom, mask in day.forbidden(request, mode, room_need, places[0], places[0]):
            relevant &= ~mask if atom.rule in bounds else -1
    if not relevant:
        return
    shared = [need for need in mode.needs if need.kind not in (Kind.ROOM, Kind.EQUIPMENT)]
    own = [need for need in mode.needs if need.kind in (Kind.ROOM, Kind.EQUIPMENT)]
    everywhere = (
        tuple(_lots(day, request, mode, places[0], shared, relevant, index, bounds)) if places else ()
    )
    for room in places:
        here = tuple(_lots(day, request, mode, room, own, relevant, index, bounds))
        yield Scene(day, request, mode, room, relevant, everywhere, here)


def _lots(
    day: DaySnapshot,
    request: Request,
    mode: Mode,
    room: str,
    needs: list[Need],
    relevant: Mask,
    index: Index,
    bounds: frozenset[str],
) -> Iterator[Lot]:
    for need in needs:
        filling = day.filling(request, mode, need, room)
        if filling.within(relevant) == relevant:
            continue
        candidates = tuple(_candidacy(filling, unit, relevant, index, bounds) for unit in filling.units)
        if all(candidate.atoms for candidate in candidates):
            yield Lot(need, relevant, candidates)


def _candidacy(
    filling: Filling, unit: str, relevant: Mask, index: Index, bounds: frozenset[str]
) -> Candidacy:
    masks: dict[Atoms, Mask] = defaultdict(int)
    total = 0
    for atom, mask in filling.forbidden(unit):
        if mask & relevant and atom.rule not in bounds:
            number = index.bit(atom)
            masks[number] |= mask & relevant
            total |= number
    return Candidacy(unit, total, tuple(masks.items()))
