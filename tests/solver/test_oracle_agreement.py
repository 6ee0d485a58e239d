"""The product against the oracle, which reads the clinic file alone and shares no code with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from evals.oracle import ORACLE_RULES, World
from solver.clinic import Clinic
from solver.request import Offer, Patient, Request
from solver.rules import CATALOGUE
from solver.search import search
from solver.snapshot import Snapshot
from tests.solver.brute import asked, by_solver, loaded
from tests.solver.clinics import NEW_YORK
from tests.solver.flavours import FLAVOURS, Flavoured
from tests.solver.strategies import Record, situations
from tests.solver.test_flavours import laid_over
from tools.clinic_file import load
from tools.records.demo import demo_clinic

POOLS = ("equipment-pool", "equipment-move", "equipment-maintenance", "tray-", "pacu-bay")


def aware(moment: dt.datetime) -> dt.datetime:
    """A clinic wall time with its offset."""
    return NEW_YORK.wall(NEW_YORK.of(moment))


def settled(data: Record, now: dt.datetime) -> Record:
    """The file without booked cases that overfill a pool: how old clashes share too few units is nowhere said."""
    world, kept = World({**data, "cases": []}), []
    for case in data["cases"]:
        found = [] if case["status"] == "cancelled" else world.judge(case, now=now)
        if not any(finding.startswith(POOLS) for finding in found):
            world.add(case)
            kept.append(case)
    return {**data, "cases": kept}


def written(offer: Offer) -> Record:
    """An offer as the contract writes it, as far as the oracle reads it."""
    case = offer.plan.cases[0]
    return {
        "procedure": case.procedure, "surgeon": case.surgeon, "room": case.room, "anesthesia": case.anesthesia,
        "additional_procedures": list(case.additional_procedures),
        "start": NEW_YORK.wall(case.start).isoformat(), "end": NEW_YORK.wall(case.end).isoformat(),
        "team": [{"role": member.role, "resource": member.resource} for member in case.team],
        "resources": [
            {
                "resource": use.resource, "unit": use.unit,
                "from": NEW_YORK.wall(use.start).isoformat(), "to": NEW_YORK.wall(use.end).isoformat(),
            }
            for use in offer.plan.units[0]
        ],
    }  # fmt: skip


@settings(max_examples=60, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(situations(plain=True))
def test_the_oracle_accepts_the_same_starts(situation: tuple[Record, Record, dt.datetime]) -> None:
    """For every room and surgeon the solver allows exactly the starts for which the oracle finds a team."""
    data, request, moment = situation
    now = aware(moment)
    data = settled(data, now)
    if request.get("replaces") not in [case["id"] for case in data["cases"]]:
        request.pop("replaces", None)
    snapshot, world = loaded(data, moment), World(data)
    theirs = {
        (room, surgeon, NEW_YORK.of(start))
        for room, surgeon, start in world.feasible_starts(request, now=now)
    }
    assert by_solver(snapshot, asked(request)) == theirs
    for offer in search(snapshot, asked(request)).offers:
        assert not world.judge(written(offer), now=now, request=request)


@pytest.mark.parametrize("rule", FLAVOURS)
def test_the_oracle_accepts_the_same_starts_under_every_rule(rule: str) -> None:
    """In clinics in which a rule has something to say, solver and oracle allow the same starts; offers pass both."""

    @settings(max_examples=2, phases=(Phase.explicit, Phase.generate), database=None)
    @given(situations(plain=True))
    def agree(situation: tuple[Record, Record, dt.datetime]) -> None:
        made, now = laid_over(rule, situation), aware(situation[2])
        kept = settled(made.data, now)
        if rule not in ("follows", "back-to-back") or "extra-0" in [case["id"] for case in kept["cases"]]:
            compare(kept, made, situation[2])

    agree()


def compare(data: Record, made: Flavoured, moment: dt.datetime) -> None:
    """Starts of solver and oracle, and the oracle's word on each offer."""
    told = {} if made.patient is None else {"patient": known_of(made.patient)}
    snapshot, request = loaded(data, moment), replace(asked(made.request), patient=made.patient)
    world, now, to_oracle = World(data), aware(moment), {**made.request, **told}
    theirs = {
        (room, surgeon, NEW_YORK.of(start))
        for room, surgeon, start in world.feasible_starts(to_oracle, now=now)
    }
    assert by_solver(snapshot, request) == theirs
    for offer in search(snapshot, request).offers:
        assert not world.judge(written(offer), now=now, request=to_oracle)


def known_of(patient: Patient) -> Record:
    """What is known of a patient, as a request writes it."""
    known = {name: getattr(patient, name) for name in ("ref", "age", "weight_kg", "bmi", "asa")}
    return {**known, "flags": sorted(patient.flags or ())}


@pytest.mark.parametrize("rule", sorted(CATALOGUE))
def test_no_rule_is_out_of_the_oracles_reach(rule: str) -> None:
    """The oracle judges every rule of the catalogue."""
    assert rule in ORACLE_RULES


@pytest.mark.parametrize("today", [dt.date(2026, 3, 5), dt.date(2026, 7, 1), dt.date(2026, 10, 30)], ids=str)
def test_every_offer_of_the_demo_clinic_passes_the_oracle(today: dt.date) -> None:
    """Two weeks of offers for every procedure, around summer and both clock changes, break no rule of the file."""
    data: dict[str, Any] = demo_clinic(today)
    clinic: Clinic = load(data).clinic
    now = aware(dt.datetime.fromisoformat(f"{today}T09:00"))
    snapshot, world, offered = Snapshot.of(clinic, NEW_YORK.of(now)), World(data), 0
    for procedure in clinic.procedures:
        end = today + dt.timedelta(days=14)
        request = {"procedure": procedure, "date_from": str(today), "date_to": str(end)}
        for offer in search(snapshot, Request(procedure, today, end, limit=10)).offers:
            offered += 1
            assert not world.judge(written(offer), now=now, request=request)
    assert offered > 50
