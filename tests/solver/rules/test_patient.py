"""The patient: one place at a time, and what the site takes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from solver.clinic import DatedParams, RuleSetting, frozen
from solver.request import Patient
from solver.rules.patient import PatientLimits
from tests.solver.clinics import booked, small_clinic, with_cases
from tests.solver.rules.claims import Attempt, Claim, bites, claim, new, passes, two_towers

SEEN = with_cases(two_towers(), booked("10:00", "or-2", patient="p1"))

CLAIMS = (
    claim(
        "patient-occupancy",
        SEEN,
        new("10:30", patient="p1"),
        new("11:15", patient="p1"),
        "The patient already has a case 10:00 AM to 11:00 AM.",
    ),
    claim(
        "patient-limits",
        small_clinic(),
        Attempt(new(), Patient(age=0.2)),
        Attempt(new(), Patient(age=0.5)),
        "Age 0.2 is under this site's limit of 0.5 years.",
    ),
    claim(
        "patient-limits",
        small_clinic(),
        Attempt(new(), Patient(asa=4)),
        Attempt(new(), Patient(asa=3)),
        "ASA class 4 is over this site's limit of 3.",
    ),
)


@pytest.mark.parametrize("each", CLAIMS)
def test_it_bites(each: Claim) -> None:
    """A case that breaks the rule alone is refused in the rule's words, and passes when the rule is off."""
    bites(each)


@pytest.mark.parametrize("each", CLAIMS)
def test_it_does_not_bite(each: Claim) -> None:
    """A case just inside the rule passes every rule."""
    passes(each)


def test_a_limit_of_a_later_day_asks_for_its_fact_too() -> None:
    """A limit that holds from some day on makes the fact worth asking for, though none holds today."""
    none = dict.fromkeys(("min_age", "max_asa", "max_bmi", "max_weight_kg"))
    later = DatedParams(dt.date(2026, 6, 1), frozen({"max_bmi": 40}))
    rule = PatientLimits(small_clinic(), RuleSetting(None, frozen(none), (later,)))
    assert list(rule.unknown(None)) == ["bmi"]
    assert not list(PatientLimits(small_clinic(), replace(RuleSetting(), params=frozen(none))).unknown(None))
