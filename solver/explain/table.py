"""What stands against a request, as one table: per scene and need, the starts that each atom forbids each candidate.

Atoms are numbered, and a set of atoms is an int, one bit an atom. A need that someone can fill at every wanted start
stands against nothing and is left out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from solver import relations
from solver.grid import Mask, bits
from solver.request import Atom, Request
from solver.reserve import WHERE, Kind, Mode, Need, modes
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

    def against(self, atom: Atoms) -> Mask:
        """The starts that one atom forbids."""
        total = 0
        for number, mask in self.forbidden if self.atoms & atom else ():
            total |= mask if number == atom else 0
        return total

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
        if self.pairs is not None:
            for atoms, starts in self.pairs.items():
                free |= 0 if atoms & on else starts
            return free
        for candidate in self.candidates:
            free |= candidate.free(on, self.relevant)
            if free == self.relevant:
                break
        return free


@dataclass(frozen=True, eq=False)
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
    desk: Desk

    @classmethod
    def of(cls, snapshot: Snapshot, request: Request) -> Table:
        """Compiles the request's days; bounds of the search (the start step) narrow what is wanted."""
        desk = Desk(Index(), _bounds(snapshot, request))
        return cls(snapshot, request, desk.index, tuple(_scenes(snapshot, request, desk)), desk)

    def on(self, date: dt.date) -> Table:
        """The same table, one day of it."""
        return replace(self, scenes=tuple(scene for scene in self.scenes if scene.day.date == date))

    @property
    def dates(self) -> list[dt.date]:
        return list(dict.fromkeys(scene.day.date for scene in self.scenes))

    def candidates(self, scene: Scene, need: Need) -> tuple[Candidacy, ...]:
        """Everyone who could fill a need, with what stands against them; those with nothing against them too."""
        key = (scene, need.key)
        if key not in self.desk.seated:
            self.desk.seated[key] = self.desk.candidates(scene.filling(need), scene.wanted)
        return self.desk.seated[key]


@dataclass
class Desk:
    """What is compiled for one table, each once: needs that are the same in several scenes are the same objects."""

    index: Index
    bounds: frozenset[str]
    """Rules that say where a search may look, and are no cause."""
    compiled: dict[tuple[int, Mask], tuple[Candidacy, ...]] = field(default_factory=dict)
    lots: dict[tuple[int, Mask], Lot | None] = field(default_factory=dict)
    seated: dict[tuple[Scene, str], tuple[Candidacy, ...]] = field(default_factory=dict)
    weight: Callable[[int], int] | None = None
    """How much each atom counts in a conflict, the same for all of the request's days."""
    kept: list[Filling] = field(default_factory=list)
    """The fillings whose ids are keys, kept alive for as long as they are."""

    def candidates(self, filling: Filling, relevant: Mask) -> tuple[Candidacy, ...]:
        key = (id(filling), relevant)
        if key not in self.compiled:
            self.kept.append(filling)
            self.compiled[key] = tuple(self._candidacy(filling, unit, relevant) for unit in filling.units)
        return self.compiled[key]

    def lot(self, filling: Filling, need: Need, relevant: Mask) -> Lot | None:
        """The need where its candidates are not enough for every relevant start, else None."""
        key = (id(filling), relevant)
        if key not in self.lots:
            self.kept.append(filling)
            self.lots[key] = self._lot(filling, need, relevant)
        return self.lots[key]

    def _lot(self, filling: Filling, need: Need, relevant: Mask) -> Lot | None:
        if filling.within(relevant, explained=True) == relevant:
            return None
        candidates = self.candidates(filling, relevant)
        return Lot(need, relevant, candidates) if all(each.atoms for each in candidates) else None

    def _candidacy(self, filling: Filling, unit: str, relevant: Mask) -> Candidacy:
        masks: dict[Atoms, Mask] = defaultdict(int)
        total = 0
        for atom, mask in filling.forbidden(unit):
            if mask & relevant and atom.rule not in self.bounds:
                number = self.index.bit(atom)
                masks[number] |= mask & relevant
                total |= number
        return Candidacy(unit, total, tuple(masks.items()))


def _bounds(snapshot: Snapshot, request: Request) -> frozenset[str]:
    """Rules that say where a search may look, and are no cause unless an exact start was asked for."""
    if request.at is not None:
        return frozenset()
    return frozenset(rule.id for rule in snapshot.catalogue.rules if rule.bound)


def _scenes(snapshot: Snapshot, request: Request, desk: Desk) -> Iterator[Scene]:
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    places, ways = rooms(snapshot, request), modes(snapshot.clinic, request)
    for date in request.days() if places else ():
        if date >= today:
            day = snapshot.day(date, request.replaces)
            for mode in ways:
                relevant = _on_step(day, request, mode, places[0], desk.bounds)
                yield from _of_mode(day, request, mode, places, relevant, desk) if relevant else ()


def _on_step(day: DaySnapshot, request: Request, mode: Mode, room: str, bounds: frozenset[str]) -> Mask:
    """The wanted starts that the bounds of the search leave."""
    relevant = wanted(day, request, mode)
    room_need = next(need for need in mode.needs if need.kind is Kind.ROOM)
    for atom, mask in day.forbidden(request, mode, room_need, room, room) if relevant and bounds else ():
        relevant &= ~mask if atom.rule in bounds else -1
    return relevant


def _of_mode(
    day: DaySnapshot, request: Request, mode: Mode, places: list[str], relevant: Mask, desk: Desk
) -> Iterator[Scene]:
    shared = [need for need in mode.needs if need.kind not in WHERE]
    own = [need for need in mode.needs if need.kind in WHERE]
    everywhere: dict[Mask, tuple[Lot, ...]] = {}
    for room in places:
        here = relations.related(day, request, mode, room, relevant)
        if here and here not in everywhere:
            everywhere[here] = tuple(_lots(day, request, mode, room, shared, here, desk))
        if here:
            mine = tuple(_lots(day, request, mode, room, own, here, desk))
            yield Scene(day, request, mode, room, here, everywhere[here], mine)


def _lots(
    day: DaySnapshot, request: Request, mode: Mode, room: str, needs: list[Need], relevant: Mask, desk: Desk
) -> Iterator[Lot]:
    for need in needs:
        lot = desk.lot(day.filling(request, mode, need, room), need, relevant)
        if lot is not None:
            yield lot
