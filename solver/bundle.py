"""Cases that are offered together: one plan with their units packed as one, and one place in the ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver import rank
from solver.assign import Slot
from solver.book import Facts
from solver.candidates import case_of, given_units, in_use
from solver.clinic import UnitUse
from solver.request import Offer, Plan, Request, Unknown
from solver.reserve import Kind, Need
from solver.snapshot import DaySnapshot, Snapshot
from solver.verify import warnings


@dataclass(frozen=True)
class Spot:
    """One case of a group in its place: the day without the group, what was asked for this case, its rank."""

    day: DaySnapshot
    asked: Request
    slot: Slot
    key: tuple[Any, ...]


def plan_together(
    spots: Sequence[Spot], chosen: Sequence[Mapping[str, str]], request: Request, facts: Facts
) -> Plan:
    """The plan of all cases of a group; `facts` are those before it."""
    cases = tuple(
        case_of(spot.slot, team, spot.asked, index)
        for index, (spot, team) in enumerate(zip(spots, chosen, strict=True), 1)
    )
    units = _units([spot.slot for spot in spots], facts)
    return Plan(cases, units, (), request.patient, request.urgency)


def _units(slots: Sequence[Slot], facts: Facts) -> tuple[tuple[UnitUse, ...], ...]:
    """Per case, which unit of each pool it would get, were the pool repacked with all of them."""
    wanted: dict[tuple[str, Kind], list[tuple[int, Need]]] = defaultdict(list)
    for index, slot in enumerate(slots):
        for need in slot.mode.needs:
            if need.kind not in (Kind.ROOM, Kind.PERSON):
                wanted[need.key, need.kind] += [(index, need)] * need.units
    used: list[list[UnitUse]] = [[] for _ in slots]
    for (resource, _), takes in wanted.items():
        mine = [in_use(need, slots[i], facts.clinic) for i, need in takes]
        numbers = given_units(takes[0][1], mine, facts)
        for (index, _), use, unit in zip(takes, mine, numbers, strict=True):
            used[index].append(UnitUse(resource, unit, use.start, use.end))
    return tuple(tuple(each) for each in used)


def offer_of(snapshot: Snapshot, request: Request, spots: Sequence[Spot], plan: Plan, facts: Facts) -> Offer:
    """The offer of a group: terms are sums over its cases, but for when it starts and the day by which it is done.

    In any arrangement the group that is done first ranks first.
    """
    placed = [
        rank.Placed(spot.slot.mode, spot.slot.room, spot.slot.start, _beside(plan, index, facts), request)
        for index, spot in enumerate(spots)
    ]
    each = [rank.terms(one) for one in placed]
    values = {name: sum(terms[name] for terms in each) for name in each[0]}
    values |= {"day": max(terms["day"] for terms in each), "start": each[0]["start"]}
    rules = snapshot.rules(request)
    first, last = placed[0], placed[-1]
    return Offer(
        plan=plan,
        terms=values,
        key=(
            last.start if request.arrangement == "any" else 0,
            *rank.key(first, values, snapshot.clinic.ranking),
            *(_place(spot) for spot in spots),
        ),
        reasons=(f"{len(spots)} cases, planned together", *rank.reasons(first, values, plan.cases[0].team)),
        warnings=warnings(plan, facts, snapshot.catalogue, bool(request.overrides)),
        not_checked=tuple(Unknown(r.id, fact) for r in rules for fact in r.unknown(request.patient)),
        rules_checked=len(rules),
    )


def _beside(plan: Plan, index: int, facts: Facts) -> Facts:
    others = (*plan.cases[:index], *plan.cases[index + 1 :])
    return facts.after(Plan(others))


def _place(spot: Spot) -> tuple[object, ...]:
    return spot.slot.start, spot.slot.room, spot.slot.mode.surgeon
