"""Corrections and conflicts by trying everything: every start, every team, judged by `check` and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from solver.assign import Slot
from solver.request import Atom, Request
from solver.reserve import Mode
from solver.search import plan_of, wanted
from solver.snapshot import DaySnapshot, Snapshot
from solver.verify import verify
from tests.solver.brute import sites

Atoms = frozenset[Atom]


def teams(snapshot: Snapshot, request: Request) -> int:
    """How many (start, team) pairs there are to try."""
    count = 0
    for day, mode, room in sites(snapshot, request):
        size = 1
        for need in mode.needs:
            size *= len(day.candidates(need, mode, room))
        count += size * len(wanted_starts(snapshot, request, day, mode))
    return count


def corrections(snapshot: Snapshot, request: Request) -> set[Atoms]:
    """Every minimal set of atoms that some plan violates; `{frozenset()}` where one violates nothing."""
    return smallest_sets(_violated(snapshot, request))


def conflicts(every: set[Atoms]) -> set[Atoms]:
    """Every minimal set that meets all corrections, by growing subsets of their atoms."""
    atoms = sorted(frozenset().union(*every))
    found: list[Atoms] = []
    for size in range(1, len(atoms) + 1):
        for chosen in map(frozenset, combinations(atoms, size)):
            if not any(part <= chosen for part in found) and all(chosen & each for each in every):
                found.append(chosen)
    return set(found)


def smallest_sets(sets: Iterator[Atoms]) -> set[Atoms]:
    """Those that have no other one as a part."""
    kept: set[Atoms] = set()
    for each in sorted(set(sets), key=len):
        if not any(part < each for part in kept):
            kept.add(each)
    return kept


def _violated(snapshot: Snapshot, request: Request) -> Iterator[Atoms]:
    for day, mode, room in sites(snapshot, request):
        units = [day.candidates(need, mode, room) for need in mode.needs]
        for bit in wanted_starts(snapshot, request, day, mode):
            slot = Slot(mode, room, day.frame.instant(bit), {})
            for chosen in product(*units):
                team = {need.key: unit for need, unit in zip(mode.needs, chosen, strict=True) if unit}
                plan = replace(plan_of(slot, team, request, day.facts), units=())
                broken = verify(plan, day.facts, snapshot.catalogue, snapshot.catalogue.waived(request))
                yield frozenset(violation.atom for violation in broken)


def wanted_starts(snapshot: Snapshot, request: Request, day: DaySnapshot, mode: Mode) -> list[int]:
    """The wanted starts on the clinic's start step."""
    step = snapshot.clinic.start_step_minutes
    allowed = wanted(day, request, mode) & day.facts.calendar.step_mask(day.date, step)
    return [bit for bit in range(day.frame.slots) if allowed >> bit & 1]
