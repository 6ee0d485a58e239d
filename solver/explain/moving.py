"""Cases in the way: where a booked one could go, so that the case asked for fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from solver.changes import Change, MoveCase, asked
from solver.clinic import Case
from solver.explain.overlay import overlaid
from solver.explain.table import Atoms, Table
from solver.request import Request, patient_of
from solver.search import search


@dataclass(frozen=True)
class Way:
    """Changes that are said to set these atoms aside."""

    atoms: Atoms
    changes: tuple[Change, ...]
    granted_by: str | None
    cost: float


@dataclass
class Left:
    """What may still be tried: cases in the way for which another place is looked for, and ways solved again."""

    moves: int = 3
    tries: int = 12


def placed_in(table: Table, way: Way, left: Left) -> Way | None:
    """The way with a case that has to move given a place of its own; None where there is none, or two would move."""
    moves = [change for change in way.changes if isinstance(change, MoveCase) and change.start is None]
    if not moves:
        return way
    if len(moves) > 1 or left.moves == 0:
        return None
    left.moves -= 1
    rest = tuple(change for change in way.changes if change is not moves[0])
    for moved in _elsewhere(table, table.snapshot.clinic.cases_by_id[moves[0].case]):
        changes = (moved, *rest)
        request = replace(asked(table.request, changes), limit=1)
        if search(overlaid(table.snapshot, changes, table.request), request).offers:
            return replace(way, changes=changes)
    return None


def _elsewhere(table: Table, case: Case) -> Iterator[MoveCase]:
    """Other places for a booked case on its own day, with their teams; none for one that may not be moved."""
    facts = table.snapshot.facts
    frozen = facts.as_of + 60 * table.snapshot.clinic.settings.freeze_hours
    if case.pinned or case.status != "booked" or case.start < frozen or case.follows:
        return
    day = facts.date(case)
    request = Request(
        procedure=case.procedure, additional_procedures=case.additional_procedures, surgeon=case.surgeon,
        date_from=day, date_to=day, duration_minutes=case.minutes, anesthesia=case.anesthesia,
        extra_equipment=case.extra_equipment, replaces=case.id, patient=patient_of(case), limit=4,
    )  # fmt: skip
    for offer in search(table.snapshot, request).offers:
        new = offer.plan.cases[0]
        if (new.start, new.room) != (case.start, case.room):
            yield MoveCase(case.id, new.start, new.room, new.team)
