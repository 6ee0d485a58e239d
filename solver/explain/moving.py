"""Cases in the way: where a booked one could go, so that the case asked for fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from solver.changes import Change, MoveCase, asked
from solver.clinic import Case
from solver.explain.overlay import overlaid
from solver.explain.resolving import any_opening, only_on
from solver.explain.table import Atoms, Table
from solver.request import Request, patient_of
from solver.search import search
from solver.snapshot import Snapshot

MOST, TRIED = 2, 3
"""Cases that may have to move at once, and places for them that are tried."""


@dataclass(frozen=True)
class Way:
    """Changes that are said to set these atoms aside."""

    atoms: Atoms
    changes: tuple[Change, ...]
    granted_by: str | None
    cost: float
    grants: tuple[tuple[Change, str], ...] = ()
    """Who must grant each of the changes."""
    laid: Snapshot | None = field(default=None, compare=False, repr=False)
    """The clinic with the changes, where it was looked at already."""


@dataclass
class Left:
    """What may still be tried: searches for another place of a case in the way, and ways solved again."""

    moves: int = 3
    tries: int = 12


def placed_in(table: Table, way: Way, left: Left) -> Way | None:
    """The way with the cases that have to move given places of their own; None where there are none."""
    moves = [change for change in way.changes if isinstance(change, MoveCase) and change.start is None]
    if not moves:
        return way
    if len(moves) > MOST or left.moves <= 0:
        return None
    rest = tuple(change for change in way.changes if change not in moves)
    cases = [table.snapshot.clinic.cases_by_id[move.case] for move in moves]
    days = {table.snapshot.facts.date(case) for case in cases}
    for moved in islice(_places(table.snapshot, table.request, cases, left), TRIED):
        changes = (*moved, *rest)
        request = replace(only_on(asked(table.request, changes), days), limit=1)
        snapshot = overlaid(table.snapshot, changes, table.request)
        if any_opening(snapshot, request):
            return replace(way, changes=changes, laid=snapshot)
    return None


def _places(
    snapshot: Snapshot, request: Request, cases: Sequence[Case], left: Left
) -> Iterator[tuple[MoveCase, ...]]:
    """Places for the cases, each found with those before it where they go."""
    if not cases:
        yield ()
        return
    left.moves -= 1
    for moved in _elsewhere(snapshot, cases[0]) if left.moves >= 0 else ():
        for others in _places(overlaid(snapshot, (moved,), request), request, cases[1:], left):
            yield (moved, *others)


def _elsewhere(snapshot: Snapshot, case: Case) -> Iterator[MoveCase]:
    """Other places for a booked case on its own day, with their teams; none for one that may not be moved."""
    facts = snapshot.facts
    frozen = facts.as_of + 60 * snapshot.clinic.settings.freeze_hours
    if case.pinned or case.status != "booked" or case.start < frozen or case.follows:
        return
    day = facts.date(case)
    request = Request(
        procedure=case.procedure, additional_procedures=case.additional_procedures, surgeon=case.surgeon,
        date_from=day, date_to=day, duration_minutes=case.minutes, anesthesia=case.anesthesia,
        extra_equipment=case.extra_equipment, replaces=case.id, patient=patient_of(case), limit=2,
    )  # fmt: skip
    for offer in search(snapshot, request).offers:
        new = offer.plan.cases[0]
        if (new.start, new.room) != (case.start, case.room):
            yield MoveCase(case.id, new.start, new.room, new.team)
