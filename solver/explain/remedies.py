"""Ways out: corrections as typed changes, cheapest first, each solved again with its changes in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from solver.changes import Change, MoveCase, asked
from solver.clinic import Case
from solver.explain.corrections import Corrections
from solver.explain.costs import NEVER, cost, granted, least, most_senior
from solver.explain.joint import Joint, Witness
from solver.explain.overlay import overlaid
from solver.explain.resolving import COUNTED, resolved, within_reach
from solver.explain.table import Atoms, Scene, Table
from solver.grid import Mask, bits
from solver.request import Correction, Request
from solver.rules.base import listed
from solver.search import search

BEST = 5
"""Corrections that are solved again and shown."""

LOOKED_AT = 8
"""Minimal corrections that are put into changes, the cheapest first."""

MOVES = 3
"""Cases in the way for which another place is looked for."""


@dataclass(frozen=True)
class Way:
    """Changes that are said to set these atoms aside."""

    atoms: Atoms
    changes: tuple[Change, ...]
    granted_by: str | None
    cost: float


def remedies(
    table: Table, joint: Joint, found: Corrections, *, proven: bool = True
) -> tuple[Correction, ...]:
    """The cheapest ways out, solved again; where none is a single change, what its parts do alone stands beside it."""
    shown: list[Correction] = []
    moves, told = [MOVES], set[Atoms]()
    for way in sorted(_ways(table, joint, found), key=lambda w: (w.cost, str(w.changes))):
        # The same atoms a quarter of an hour later are the same correction: five choices, not one five times.
        placed = None if way.atoms in told else _placed(table, way, moves)
        if placed is not None:
            correction = _solved(table, placed, proven)
            if correction.opens:
                shown.append(correction)
                told.add(way.atoms)
        if len(shown) == BEST:
            break
    return (*shown, *_alone(table, shown, proven))


def points(table: Table) -> Callable[[int], float]:
    """What it takes at least to set an atom aside, by its number."""
    by_rule = {rule.id: least(rule) for rule in table.snapshot.rules(table.request)}
    return lambda number: by_rule.get(table.index.atoms[number].rule, NEVER)


def _alone(table: Table, shown: Sequence[Correction], proven: bool) -> Iterator[Correction]:
    """The parts of the cheapest way out, where it takes several changes: none of them is enough alone."""
    if shown and all(len(correction.changes) > 1 for correction in shown):
        for change in shown[0].changes[: BEST - len(shown)]:
            way = Way(0, (change,), shown[0].granted_by, cost((change,), shown[0].granted_by))
            yield _solved(table, way, proven)


def _ways(table: Table, joint: Joint, found: Corrections) -> list[Way]:
    """The cheapest way per set of changes, over a few starts of every correction."""
    best: dict[tuple[Change, ...], Way] = {}
    least_of = points(table)
    ordered = sorted(found.sets, key=lambda atoms: (sum(map(least_of, bits(atoms))), atoms))
    for atoms in ordered[:LOOKED_AT]:
        for witness in _witnesses(joint, atoms, found.places[atoms]):
            for way in _of_witness(table, joint, atoms, witness):
                if way.changes not in best or way.cost < best[way.changes].cost:
                    best[way.changes] = way
    return list(best.values())


def _witnesses(joint: Joint, atoms: Atoms, places: list[tuple[Scene, Mask]]) -> Iterator[Witness]:
    """The first and the last start of a few scenes: what has to be stretched is stretched least at one of them."""
    for number, (scene, mask) in enumerate(places[:2]):
        free = list(bits(mask))
        for bit in dict.fromkeys((free[0], free[-1] if number == 0 else free[0])):
            witness = joint.setting_aside(atoms, [(scene, 1 << bit)])
            if witness is not None:
                yield witness


def _of_witness(table: Table, joint: Joint, atoms: Atoms, witness: Witness) -> Iterator[Way]:
    plan = joint.plan(witness.scene, witness.bit, witness.team)
    after, wanted = witness.scene.day.facts.after(plan), set(table.index.named(atoms))
    asked_of = {atom.rule for atom in wanted}
    broken = [
        (rule, violation)
        for rule in joint.rules
        if rule.id in asked_of
        for violation in rule.check(plan, after)
        if violation.atom in wanted
    ]
    choices = [rule.relaxations(violation, plan.cases[0], after) for rule, violation in broken]
    for chosen in islice(product(*choices), 4) if choices and all(choices) else ():
        changes = tuple(dict.fromkeys(change for each in chosen for change in each))
        who = most_senior(granted(rule, each) for (rule, _), each in zip(broken, chosen, strict=True))
        yield Way(atoms, changes, who, cost(changes, who))


def _placed(table: Table, way: Way, moves: list[int]) -> Way | None:
    """The way with every case that has to move given a place of its own; None where there is none."""
    if not any(isinstance(change, MoveCase) and change.start is None for change in way.changes):
        return way
    if moves[0] == 0 or len(way.changes) > 1:
        return None
    moves[0] -= 1
    (change,) = way.changes
    if isinstance(change, MoveCase):
        for moved in _elsewhere(table, table.snapshot.clinic.cases_by_id[change.case]):
            if search(
                overlaid(table.snapshot, (moved,), table.request), replace(table.request, limit=1)
            ).offers:
                return replace(way, changes=(moved,))
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
        extra_equipment=case.extra_equipment, replaces=case.id, limit=4,
    )  # fmt: skip
    for offer in search(table.snapshot, request).offers:
        new = offer.plan.cases[0]
        if (new.start, new.room) != (case.start, case.room):
            yield MoveCase(case.id, new.start, new.room, new.team)


def _solved(table: Table, way: Way, proven: bool) -> Correction:
    """What came of solving again: how many openings, and the best of them."""
    request = asked(table.request, way.changes)
    snapshot = overlaid(table.snapshot, way.changes, table.request)
    request = within_reach(table.snapshot.clinic, request, way.changes) if proven else request
    example, opens = resolved(snapshot, request)
    return Correction(
        frozenset(table.index.named(way.atoms)), way.changes, _text(table, way, opens), way.cost,
        way.granted_by, opens, example,
    )  # fmt: skip


def _text(table: Table, way: Way, opens: int) -> str:
    """The changes in words, and what they open."""
    said = listed(dict.fromkeys(change.say(table.snapshot.clinic) for change in way.changes))
    if not opens:
        return f"{said[:1].upper()}{said[1:]}: not enough alone."
    many = f"{COUNTED} openings or more" if opens >= COUNTED else f"{opens} opening{'s' if opens > 1 else ''}"
    return f"{said[:1].upper()}{said[1:]}: {many}."
