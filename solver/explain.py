"""Why not: minimal conflicts and corrections over atoms, and every violated rule of one exact slot.

Every start of every candidate has a set of violated atoms. A *correction* is such a set that no other one is a
part of: set it aside and some start is free. A *conflict* meets every correction: as long as it stands, none is.
Conflicts are the minimal hitting sets of all corrections (Reiter 1987; Liffiton and Sakallah 2008), found here by
propagating (violated atoms, starts) pairs through the needs and keeping the antichain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from solver.grid import Mask, bits
from solver.request import Atom, Explanation, Plan, Reason, Request, Status, Violation
from solver.reserve import Kind, Mode, Need, modes
from solver.search import plan_of, rooms, slot_at, wanted
from solver.snapshot import DaySnapshot, Snapshot
from solver.verify import verify

Atoms = frozenset[Atom]
Violated = dict[Atoms, Mask]
"""Violated atoms -> the starts at which exactly these (and no part of them alone) have to go."""


@dataclass(frozen=True)
class Scene:
    """One day, mode and room of a request."""

    day: DaySnapshot
    request: Request
    mode: Mode
    room: str


def explain(snapshot: Snapshot, request: Request, *, proven: bool = True) -> Explanation:
    """The smallest conflict of a request without a slot, its members in their rules' own words."""
    status = Status.INFEASIBLE if proven else Status.NOT_PROVEN
    scenes = list(_scenes(snapshot, request))
    every = corrections(scenes)
    if frozenset() in every or not every:
        return Explanation(status, _joint(snapshot, request), minimal=False, complete=False)
    members = smallest_conflict(list(every))
    return Explanation(status, _reasons(scenes, members), minimal=True, complete=proven)


def corrections(scenes: Iterable[Scene]) -> list[Atoms]:
    """Every minimal correction over the scenes, smallest first; `frozenset()` alone where a start is free."""
    found: set[Atoms] = set()
    for scene in scenes:
        found |= set(violated(scene))
    smallest_first = sorted(found, key=lambda atoms: (len(atoms), sorted(atoms)))
    kept: list[Atoms] = []
    for atoms in smallest_first:
        if not any(part <= atoms for part in kept):
            kept.append(atoms)
    return kept


def violated(scene: Scene) -> Violated:
    """Minimal sets of violated atoms over one scene, each with the starts at which it is one."""
    total: Violated = {frozenset(): wanted(scene.day, scene.request, scene.mode)}
    for need in scene.mode.needs:
        total = _antichain(
            (one | other, starts & more)
            for one, starts in total.items()
            for other, more in _of_need(scene, need).items()
        )
    return total


def smallest_conflict(every: list[Atoms]) -> tuple[Atom, ...]:
    """A minimal set of atoms that meets every correction; the first of the smallest in order of rule and subject."""
    atoms = sorted(set().union(*every))
    for size in range(1, len(atoms) + 1):
        for chosen in combinations(atoms, size):
            members = frozenset(chosen)
            if all(members & correction for correction in every):
                return chosen
        if size >= 4:
            return _greedy(atoms, every)
    return tuple(atoms)


def violations_at(snapshot: Snapshot, request: Request) -> tuple[Plan, tuple[Violation, ...]]:
    """Every rule that the exact slot `request.at` breaks, for the surgeon and room that break the fewest.

    Where a need has nobody free, the one with the least against them stands in, and what is against them is told.
    """
    best: tuple[tuple[object, ...], Plan, tuple[Violation, ...]] | None = None
    for scene in _scenes(snapshot, request):
        plan, found = _broken_at(scene, snapshot)
        key = (len({v.atom for v in found}), scene.mode.surgeon, scene.room)
        if best is None or key < best[0]:
            best = (key, plan, found)
    if best is None:
        raise ValueError("Nothing to check: `request.at` is past, or the clinic has no room or no surgeon.")
    return best[1], best[2]


def _scenes(snapshot: Snapshot, request: Request) -> Iterator[Scene]:
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    for date in request.days():
        if date >= today:
            day = snapshot.day(date, request.replaces)
            for mode in modes(snapshot.clinic, request):
                for room in rooms(snapshot, request):
                    yield Scene(day, request, mode, room)


def _of_need(scene: Scene, need: Need) -> Violated:
    """Over everyone who could fill the need: what is violated, whoever of them does."""
    entries: list[tuple[Atoms, Mask]] = []
    for unit in scene.day.candidates(need, scene.mode, scene.room):
        entries += _of_unit(scene, need, unit).items()
    return _antichain(entries)


def _of_unit(scene: Scene, need: Need, unit: str) -> Violated:
    """One candidate's starts, split by the exact set of atoms violated there."""
    parts: Violated = {frozenset(): scene.day.frame.full}
    for atom, forbidden in scene.day.forbidden(scene.request, scene.mode, need, unit, scene.room):
        split: Violated = {}
        for atoms, starts in parts.items():
            for after, mask in ((atoms, starts & ~forbidden), (atoms | {atom}, starts & forbidden)):
                if mask:
                    split[after] = split.get(after, 0) | mask
        parts = split
    return parts


def _antichain(entries: Iterable[tuple[Atoms, Mask]]) -> Violated:
    """Joined where equal; a start is dropped from a set when a part of that set is violated there already."""
    joined: Violated = {}
    for atoms, starts in entries:
        if starts:
            joined[atoms] = joined.get(atoms, 0) | starts
    kept: Violated = {}
    for atoms in sorted(joined, key=len):
        starts = joined[atoms]
        for part, covered in kept.items():
            if part < atoms:
                starts &= ~covered
        if starts:
            kept[atoms] = starts
    return kept


def _greedy(atoms: list[Atom], every: list[Atoms]) -> tuple[Atom, ...]:
    """A minimal hitting set by taking the atom that meets most, then dropping what turned out not to be needed."""
    left, chosen = list(every), []
    while left:
        most = max(
            atoms, key=lambda atom: (sum(atom in correction for correction in left), atom.rule, atom.subject)
        )
        chosen.append(most)
        left = [correction for correction in left if most not in correction]
    for atom in list(chosen):
        rest = [other for other in chosen if other != atom]
        if all(any(other in correction for other in rest) for correction in every):
            chosen = rest
    return tuple(sorted(chosen))


def _reasons(scenes: list[Scene], members: Iterable[Atom]) -> tuple[Reason, ...]:
    """Each atom's sentence, with the facts of the first place where it bites."""
    return tuple(_sentence(scenes, atom) for atom in members)


def _sentence(scenes: list[Scene], atom: Atom) -> Reason:
    for scene, start in _bites(scenes, atom):
        plan = _plan_at(scene, start, insist=atom)
        facts = scene.day.facts
        rule = scene.day.catalogue.rule(atom.rule)
        for violation in rule.check(plan, facts.after(plan)):
            if violation.atom == atom:
                return scene.day.catalogue.reason(violation)
    raise LookupError(f"{atom} narrows but its check never finds it: the rule disagrees with itself")


def _bites(scenes: list[Scene], atom: Atom) -> Iterator[tuple[Scene, int]]:
    """Where an atom forbids a start, places where little else does first."""
    for scene in scenes:
        forbidden = 0
        for need in scene.mode.needs:
            for unit in scene.day.candidates(need, scene.mode, scene.room):
                for other, mask in scene.day.forbidden(scene.request, scene.mode, need, unit, scene.room):
                    forbidden |= mask if other == atom else 0
        forbidden &= wanted(scene.day, scene.request, scene.mode)
        for atoms, starts in sorted(violated(scene).items(), key=lambda entry: len(entry[0])):
            if atom in atoms and starts & forbidden:
                yield scene, next(bits(starts & forbidden))
        if forbidden:
            yield scene, next(bits(forbidden))


def _broken_at(scene: Scene, snapshot: Snapshot) -> tuple[Plan, tuple[Violation, ...]]:
    bit = scene.day.frame.bit(scene.request.at or 0)
    plan = _plan_at(scene, 0 if bit is None else bit)
    facts, waived = scene.day.facts, snapshot.catalogue.waived(scene.request)
    return plan, verify(plan, facts, snapshot.catalogue, waived)


def _plan_at(scene: Scene, bit: int, insist: Atom | None = None) -> Plan:
    """A plan at one start with the least objectionable candidate in every need, each person once where that can be."""
    team: dict[str, str] = {}
    for need in scene.mode.needs:
        ranked = sorted(
            scene.day.candidates(need, scene.mode, scene.room),
            key=lambda unit: _objections(
                scene, need, unit, bit, insist, need.kind is Kind.PERSON and unit in team.values()
            ),
        )
        team[need.key] = ranked[0]
    slot = slot_at(scene.day, scene.request, scene.mode, scene.room, bit)
    return plan_of(slot, {key: unit for key, unit in team.items() if unit}, scene.request, scene.day.facts)


def _objections(
    scene: Scene, need: Need, unit: str, bit: int, insist: Atom | None, taken: bool
) -> tuple[bool, int, str]:
    atoms = {
        atom
        for atom, mask in scene.day.forbidden(scene.request, scene.mode, need, unit, scene.room)
        if mask >> bit & 1
    }
    return insist is not None and insist not in atoms, len(atoms) + (1 if taken else 0), unit


def _joint(snapshot: Snapshot, request: Request) -> tuple[Reason, ...]:
    """What to say where every need has someone, but nobody can be in two places: the joint rules themselves."""
    rules = [rule for rule in snapshot.rules(request) if not rule.exact]
    text = "Every place could be filled alone, but not all of them at once with different people."
    return tuple(Reason(Atom(rule.id, "team"), rule.title, text) for rule in rules[:1])
