"""Offers that lean on other cases, judged from outside: to follow, back to back, flips, first and last, groups, swaps.

Seeded random clinics are exported, and the oracle, which reads the file alone, judges every offer of them: each case,
its place beside the others, and, where people are exchanged, the cases that they leave or join.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from evals.bench.clinics import MONDAY, Size, clinic_of
from evals.oracle import World
from solver.clinic import Clinic, Critical, Validity, frozen
from solver.request import Offer, Request
from solver.search import search
from solver.snapshot import Snapshot
from tests.solver.clinics import NEW_YORK
from tools.clinic_file import exported
from tools.clinic_file.build import Loaded

KINDS = ("after", "after-flip", "back-to-back", "flip", "first", "last", "together", "swaps")
SMALL = Size("T", 4, 26, 4)
DAY = dt.timedelta(days=1)


def clinic(seed: int, kind: str) -> Clinic:
    """A booked clinic of four rooms, some of whose cases are gone; surgeons may leave parts of most procedures."""
    dice, made = random.Random(f"{kind}-{seed}"), clinic_of(SMALL, seed)
    kept = [case for case in made.cases if dice.random() < (0.85 if kind == "swaps" else 0.55)]
    procedures = {
        id_: replace(one, critical=Critical(dice.choice([5, 10, 20]), dice.choice([-5, -15, -25])))
        if dice.random() < 0.8
        else one
        for id_, one in made.procedures.items()
    }
    made = replace(made, cases=tuple(kept), procedures=frozen(procedures))
    return demanding(made, dice) if kind == "swaps" else made


def demanding(made: Clinic, dice: random.Random) -> Clinic:
    """The clinic with procedures whose whole team is certified, as few people are: who has to be exchanged for."""
    staff, procedures = dict(made.staff), dict(made.procedures)
    for id_, person in made.staff.items():
        if person.role != "surgeon" and dice.random() < 0.17:
            staff[id_] = replace(person, certifications=(*person.certifications, Validity("rare")))
    for id_, one in made.procedures.items():
        team = tuple(replace(need, certification="rare") for need in one.team)
        procedures[f"rare-{id_}"] = replace(one, id=f"rare-{id_}", team=team)
    for id_, person in made.staff.items():
        rare = tuple(Validity(f"rare-{held.id}") for held in person.privileges)
        staff[id_] = replace(staff[id_], privileges=(*person.privileges, *rare))
    return replace(made, staff=frozen(staff), procedures=frozen(procedures))


def requests(clinic: Clinic, kind: str, dice: random.Random) -> Iterator[Request]:
    """Requests of one kind: procedures, days and the cases that they follow are drawn."""
    while True:
        day = MONDAY + DAY * dice.randrange(1, 5)
        procedure = dice.choice(sorted(clinic.procedures))
        asked = Request(procedure, day, day, limit=dice.choice([2, 5]))
        if kind in ("after", "after-flip"):
            before = dice.choice(clinic.cases)
            day = NEW_YORK.wall(before.start).date()
            how = "flip" if kind == "after-flip" else dice.choice(["any", "back-to-back"])
            own = [p.id for p in clinic.staff[before.surgeon].privileges]
            yield replace(
                asked, procedure=dice.choice(own), surgeon=before.surgeon, date_from=day, date_to=day,
                after_case=before.id, arrangement=how,
            )  # fmt: skip
        elif kind in ("flip", "back-to-back"):
            yield replace(asked, count=dice.choice([2, 3]), arrangement=kind)
        elif kind == "together":
            yield replace(asked, count=dice.choice([2, 3, 4]), date_to=day + DAY)
        elif kind == "swaps":
            rare = dice.choice([id_ for id_ in sorted(clinic.procedures) if id_.startswith("rare-")])
            yield replace(asked, procedure=rare, allow_swaps=True)
        else:
            yield replace(asked, position=kind)


def told(request: Request) -> dict[str, Any]:
    """The request as far as an outside reader has to know it."""
    names = ("procedure", "surgeon", "after_case", "arrangement", "position", "count")
    days = {"date_from": str(request.date_from), "date_to": str(request.date_to)}
    return {**{name: getattr(request, name) for name in names}, **days}


def cases_of(offer: Offer) -> list[dict[str, Any]]:
    """An offer's cases as the contract writes them."""

    def at(instant: int) -> str:
        return NEW_YORK.wall(instant).isoformat()

    return [
        {
            "procedure": case.procedure, "surgeon": case.surgeon, "room": case.room, "anesthesia": case.anesthesia,
            "start": at(case.start), "end": at(case.end),
            "team": [{"role": member.role, "resource": member.resource} for member in case.team],
            "resources": [
                {"resource": use.resource, "unit": use.unit, "from": at(use.start), "to": at(use.end)} for use in units
            ],
        }
        for case, units in zip(offer.plan.cases, offer.plan.units, strict=True)
    ]  # fmt: skip


def exchanged(data: dict[str, Any], offer: Offer) -> dict[str, Any]:
    """The file with the people of other cases exchanged as the offer says, each only where it was."""
    cases = {case["id"]: {**case, "team": [dict(one) for one in case["team"]]} for case in data["cases"]}
    for swap in offer.plan.swaps:
        place = {"role": swap.role, "resource": swap.before}
        assert place in cases[swap.case]["team"], "nobody of that name is in that place"
        cases[swap.case]["team"].remove(place)
    for swap in offer.plan.swaps:
        cases[swap.case]["team"].append({"role": swap.role, "resource": swap.after})
    return {**data, "cases": list(cases.values())}


def faults(data: dict[str, Any], request: Request, offer: Offer, now: dt.datetime) -> list[str]:
    """Everything that the oracle has against an offer."""
    after = exchanged(data, offer)
    world = World(after)
    found = world.judge_all(cases_of(offer), now=now, request=told(request))
    touched = {swap.case for swap in offer.plan.swaps}
    for case in after["cases"] if touched else ():
        if case["id"] in touched:
            said = world.judge(
                case, now=now, request={"replaces": case["id"], "duration_minutes": case["minutes"]}
            )
            # Where a booked case starts isn't the exchange's doing.
            found += [line for line in said if not line.startswith("start-step")]
    assert len(offer.plan.cases) == request.count
    return found


def looked_at(kind: str, seed: int, wanted: int, tries: int) -> Counter[str]:
    """Offers of one kind in one clinic, every one of them without a fault."""
    made, dice = clinic(seed, kind), random.Random(seed)
    as_of = NEW_YORK.instant(MONDAY, 0)
    snapshot, data, seen = Snapshot.of(made, as_of), exported(Loaded(made)), Counter[str]()
    for request, _ in zip(requests(made, kind, dice), range(tries), strict=False):
        result = search(snapshot, request)
        assert not result.rejected, request
        for offer in result.offers:
            found = faults(data, request, offer, NEW_YORK.wall(as_of))
            assert not found, (kind, seed, told(request), cases_of(offer), found)
            seen["offers"] += 1
            seen["swaps"] += bool(offer.plan.swaps)
        if seen["swaps" if kind == "swaps" else "offers"] >= wanted:
            break
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_offers_beside_other_cases_stand_up_outside(kind: str) -> None:
    """Each kind is offered in seeded clinics, and the oracle has nothing against any of it."""
    seen = Counter[str]()
    for seed in range(2):
        seen += looked_at(kind, seed, wanted=4, tries=25)
    assert seen["swaps" if kind == "swaps" else "offers"] >= 2


def test_a_third_case_sees_where_its_surgeon_is_by_then() -> None:
    """Of four cases of one surgeon no third room is proposed while two run: the verifier throws no plan out."""
    made = clinic(3, "together")
    day = dt.date(2026, 3, 6)
    asked = Request("ortho-4", day, day + DAY, count=4, limit=5)
    result = search(Snapshot.of(made, NEW_YORK.instant(MONDAY, 0)), asked)
    assert result.offers
    assert not result.rejected
