"""Why there is none: the smallest conflict, every minimal correction, the ways out, the days and the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from heapq import heapify, heappop, heappush

from solver.clinic import SURGEON
from solver.explain import several
from solver.explain.cheapest import with_cheapest
from solver.explain.conflicts import Conflict, smallest
from solver.explain.corrections import Corrections, corrections
from solver.explain.days import SHOWN, Day, by_day, summary
from solver.explain.hitting import Family
from solver.explain.impossible import impossible
from solver.explain.joint import Joint
from solver.explain.lanes import lanes
from solver.explain.remedies import remedies, weigher
from solver.explain.sentences import members, together
from solver.explain.table import Atoms, Scene, Table
from solver.explain.told import no_start_left, relation_needed, request_itself, untold
from solver.grid import Mask
from solver.request import Atom, Explanation, Request, Status
from solver.rules.base import Scope
from solver.snapshot import Snapshot

CONFIRMED = 400
"""Corrections that are confirmed with a whole team; beyond them the list says that it isn't complete."""

GROWN = 120
"""Supersets that are tried where a correction turns out not to be enough for a whole team."""


def explain(
    snapshot: Snapshot, request: Request, *, proven: bool = True, ways_out: bool = True
) -> Explanation:
    """The reason for a request without a slot. `proven` is what the search said; ask only when it found nothing.

    `minimal`: the conflict leaves no start, and does without any of its members. `complete`: every minimal correction
    was found and confirmed with a whole team. A slot that turns up after all makes the status `NOT_PROVEN`.
    """
    told = impossible(snapshot, request)
    if told is not None:
        return request_itself(told.field, told.text)
    table = Table.of(snapshot, request)
    joint = Joint(table)
    # The conflict needs no complete list of corrections; the ways out do.
    found = confirmed(table, joint, listed(table, ways_out=ways_out), GROWN if ways_out else 0)
    conflict = smallest(table, joint, found.sets)
    if conflict is None:
        return _no_conflict(snapshot, request, joint, proven=proven, ways_out=ways_out)
    if not conflict.atoms:
        return no_start_left(snapshot, request)
    made = _told(table, joint, found, conflict, proven=proven)
    return replace(made, corrections=remedies(table, joint, found, proven=proven)) if ways_out else made


def _no_conflict(
    snapshot: Snapshot, request: Request, joint: Joint, *, proven: bool, ways_out: bool
) -> Explanation:
    """No set of rules leaves nothing for one case: several don't fit together, or the budget was too small."""
    if not proven:
        return Explanation(Status.NOT_PROVEN, ())
    if request.count > 1:
        return several.together(snapshot, request, partial(explain, ways_out=ways_out))
    return untold(joint)


def _told(table: Table, joint: Joint, found: Corrections, conflict: Conflict, *, proven: bool) -> Explanation:
    """The conflict in words, day by day and as a picture."""
    reasons = members(table, joint, conflict.atoms)
    place = relation_needed(table, tuple(reason.atom for reason in reasons))
    days = by_day(table, joint, found, conflict.atoms)
    # Members that other people could take the place of were proven with everyone in the book where they are.
    moved = table.request.allow_swaps and any(_exchangeable(table, reason.atom) for reason in reasons)
    return Explanation(
        Status.INFEASIBLE if proven else Status.NOT_PROVEN,
        reasons if place is None else (*reasons, place),
        days=tuple(day.reason for day in days),
        lanes=lanes(table, conflict.atoms, reasons),
        minimal=conflict.proven and not moved,
        complete=found.complete and joint.sure and proven and not moved,
        swaps_allowed=table.request.allow_swaps and not moved,
        sentences=together(reasons) if place is None else (*together(reasons), place.text),
        summary=_summed(table, days),
    )


def _summed(table: Table, days: Sequence[Day]) -> str:
    """What the days have in common, and of how many of them where not all are told one by one."""
    said, asked_for = summary(days), len(table.dates)
    if not said or asked_for <= SHOWN:
        return said
    return f"{said} Only the first {SHOWN} of the {asked_for} days asked for are told day by day."


def _exchangeable(table: Table, atom: Atom) -> bool:
    """Whether an atom is about where the book has someone of a team, whom a swap could free."""
    person = table.snapshot.clinic.staff.get(atom.subject)
    rule = table.snapshot.catalogue.rule(atom.rule)
    booked = rule.scope in (Scope.PAIR, Scope.DAY, Scope.WEEK)
    return person is not None and person.role != SURGEON and booked


def listed(table: Table, *, ways_out: bool) -> Corrections:
    """Every minimal correction; where these are too many, some, and for the ways out the cheapest ones."""
    found = corrections(table)
    return found if found.complete or not ways_out else with_cheapest(table, found, weigher(table))


def confirmed(table: Table, joint: Joint, found: Corrections, grown: int = GROWN) -> Corrections:
    """The corrections that a whole team confirms; those that it doesn't are grown until it does.

    What fails leaves a conflict that has none of its atoms, and every larger correction has one of that conflict's
    (Reiter's hitting-set tree). Larger ones are dropped where a smaller one is found.
    """
    held = {atoms: found.places[atoms] for atoms in found.sets[:CONFIRMED]}
    queue = [(atoms.bit_count(), atoms) for atoms in held]
    heapify(queue)
    good: dict[Atoms, list[tuple[Scene, Mask]]] = {}
    family = Family()
    seen: set[Atoms] = set()
    learned: list[Atoms] = []
    complete = found.complete and len(found.sets) <= CONFIRMED
    while queue:
        _, atoms = heappop(queue)
        if atoms in seen or family.has_part(atoms):
            continue
        seen.add(atoms)
        places = held[atoms] if atoms in held else _left_by(table, atoms)
        if joint.setting_aside(atoms, places) is not None:
            good[atoms] = places
            family.add(atoms)
            continue
        rest = smallest(table, joint, list(good), without=atoms, learned=learned) if grown > 0 else None
        if rest is None:
            complete = False
            continue
        for bit in _each(rest.atoms):
            grown -= 1
            heappush(queue, ((atoms | bit).bit_count(), atoms | bit))
    return Corrections(good, complete)


def _each(atoms: Atoms) -> list[Atoms]:
    return [1 << number for number in range(atoms.bit_length()) if atoms >> number & 1]


def _left_by(table: Table, off: Atoms) -> list[tuple[Scene, Mask]]:
    """The starts that are left with everything in force but `off`, each need taken for itself."""
    return [(scene, free) for scene in table.scenes if (free := scene.free(~off))]
