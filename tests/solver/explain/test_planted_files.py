"""Clinic files with planted causes: conflicts, corrections and openings are those of brute force over `check`."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from solver.assign import Slot
from solver.changes import asked as asked_with
from solver.explain import explain, overlaid
from solver.explain.corrections import corrections
from solver.explain.joint import Joint
from solver.explain.table import Table
from solver.explain.why import confirmed
from solver.request import Request
from solver.search import plan_of, search
from solver.snapshot import Snapshot
from solver.verify import verify
from tests.solver.brute import loaded, sites
from tests.solver.explain import by_hand
from tests.solver.explain.files import PLANTED, Record, planted
from tools import contract
from tools.asking import solver_request

NOW = dt.datetime.fromisoformat("2026-03-04T09:00")


def openings(snapshot: Snapshot, request: Request) -> int:
    """Stretches of starts, by day, room and surgeon, that some team passes at, every team tried at every start."""
    step, passed = snapshot.clinic.start_step_minutes // 5, defaultdict(set)
    for day, mode, room in sites(snapshot, request):
        units = [day.candidates(need, mode, room) for need in mode.needs]
        for bit in by_hand.wanted_starts(snapshot, request, day, mode):
            slot = Slot(mode, room, day.frame.instant(bit), {})
            for chosen in product(*units):
                team = {need.key: who for need, who in zip(mode.needs, chosen, strict=True) if who}
                plan = plan_of(slot, team, request, day.facts)
                if not verify(plan, day.facts, day.catalogue, day.catalogue.waived(request)):
                    passed[day.date, room, mode.surgeon].add(bit)
                    break
    return sum(bit - step not in bits for bits in passed.values() for bit in bits)


@pytest.mark.parametrize(
    ("plant", "given", "rule"), PLANTED, ids=lambda value: getattr(value, "__name__", "")
)
def test_a_planted_cause_is_what_brute_force_finds(
    plant: Callable[[Record], None], given: dict[str, Any], rule: str
) -> None:
    """The reason is a smallest conflict that holds the cause, corrections are all there are, openings are counted."""
    snapshot = loaded(planted(plant), NOW)
    request = solver_request(contract.Request.model_validate(given), snapshot.clinic, snapshot.facts.as_of)
    assert not search(snapshot, request).offers
    truth = by_hand.corrections(snapshot, request)
    table = Table.of(snapshot, request)
    found = confirmed(table, Joint(table), corrections(table))
    assert found.complete
    assert {frozenset(table.index.named(atoms)) for atoms in found.sets} == truth
    told, every = explain(snapshot, request), by_hand.conflicts(truth)
    conflict = frozenset(reason.atom for reason in told.conflict)
    assert rule in {atom.rule for atom in conflict}
    assert (told.minimal, told.complete) == (True, True)
    assert conflict in every
    assert len(conflict) == min(map(len, every))
    assert told.corrections
    for way in told.corrections:
        then = asked_with(request, way.changes)
        changed = Snapshot.of(overlaid(snapshot, way.changes, request).clinic, snapshot.facts.as_of)
        assert way.opens == openings(changed, then)
        if way.opens:
            assert way.atoms in truth
