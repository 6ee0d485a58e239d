"""The same surgeons, rooms and times with whatever teams are free now: what an offer is given when its team is gone."""

from __future__ import annotations

from dataclasses import replace

from solver.assign import Slot, together
from solver.book import Facts
from solver.bundle import Spot, plan_together
from solver.candidates import slot_at
from solver.clinic import Case
from solver.request import Override, Plan, Request
from solver.reserve import mode_of_case
from solver.snapshot import Snapshot
from solver.verify import verify


def reteamed(snapshot: Snapshot, plan: Plan, waived: frozenset[str] = frozenset()) -> Plan | None:
    """The plan with a verified team for every case of it, all taking place; None where there is none.

    Rules in `waived` don't hold, as they didn't for the offer. People and units may differ; ids, places and relations
    of the cases stay. A plan with swaps isn't looked at: it has its own search.
    """
    if plan.swaps:
        return None
    asked = [_asked(case, plan, waived, snapshot.facts) for case in plan.cases]
    slots = [_slot(snapshot, case, request) for case, request in zip(plan.cases, asked, strict=True)]
    placed = [slot for slot in slots if slot is not None]
    if len(placed) < len(slots):
        return None
    solved = together(placed, snapshot.facts, snapshot.rules(asked[0]))
    chosen = [team for team in solved.chosen if team is not None]
    if len(chosen) < len(placed):
        return None
    days = [snapshot.day(request.date_from) for request in asked]
    spots = [Spot(day, request, slot, ()) for day, request, slot in zip(days, asked, placed, strict=True)]
    made = plan_together(spots, chosen, asked[0], snapshot.facts)
    cases = tuple(replace(old, team=new.team) for old, new in zip(plan.cases, made.cases, strict=True))
    again = replace(plan, cases=cases, units=made.units)
    return None if verify(again, snapshot.facts, snapshot.catalogue, waived) else again


def _asked(case: Case, plan: Plan, waived: frozenset[str], facts: Facts) -> Request:
    """The request that asks for one case of the plan in exactly its place."""
    day = facts.date(case)
    return Request(
        procedure=case.procedure,
        additional_procedures=case.additional_procedures,
        date_from=day,
        date_to=day,
        surgeon=case.surgeon,
        room=case.room,
        duration_minutes=case.minutes,
        anesthesia=case.anesthesia,
        extra_equipment=case.extra_equipment,
        patient=plan.patient,
        urgency=plan.urgency,
        overrides=tuple(Override(rule, "as before") for rule in sorted(waived)),
        limit=1,
        at=case.start,
    )


def _slot(snapshot: Snapshot, case: Case, request: Request) -> Slot | None:
    day = snapshot.day(request.date_from)
    bit = day.frame.bit(case.start)
    mode = mode_of_case(snapshot.clinic, case)
    return None if bit is None else slot_at(day, request, mode, case.room, bit)
