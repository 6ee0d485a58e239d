"""Ready for surgery: what is on record, and how long it holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from solver.clinic import Clinic, ConsentWindow, Readiness, Validity, frozen
from solver.request import Patient
from solver.rules import Catalogue
from tests.solver.clinics import at, setting, small_clinic
from tests.solver.rules.claims import Attempt, Claim, bites, changed, claim, new, passes

MARCH = dt.date(2026, 3, 1)


def recorded(clinic: Clinic | None = None, **more: Any) -> Clinic:
    """A clinic with one patient's record."""
    return replace(clinic or small_clinic(), readiness=frozen({"patient-1": Readiness(**more)}))


def asked(clinic: Clinic | None = None, **more: Any) -> Clinic:
    """A clinic whose knee procedure asks for more."""
    return changed("procedures", "knee-arthroscopy", clinic, **more)


def of(ref: str = "patient-1", clock: str = "10:00") -> Attempt:
    """A case of a patient by reference."""
    return Attempt(new(clock, patient=ref), Patient(ref=ref, flags=frozenset()))


CLAIMS = (
    claim(
        "fasting", recorded(last_meal=at("04:00")), of(), of(clock="12:00"),
        "After the last meal on record the patient is ready from 12:00 PM on Tuesday, March 10.",
    ),
    claim(
        "history-and-physical",
        setting(recorded(history_on=MARCH), "history-and-physical", days=7), of(), of("patient-2"),
        "The history and physical on record holds 7 days, until Sunday, March 8; a later day needs a new one.",
    ),
    claim(
        "consent", recorded(asked(consent=ConsentWindow(30, 180)), consent_on=MARCH), of(), of("patient-2"),
        "By the consent on record for Knee arthroscopy, surgery may be from Tuesday, March 31 on.",
    ),
    claim(
        "authorisation",
        recorded(
            asked(authorisation=True), authorisations=(Validity("knee-arthroscopy", last=dt.date(2026, 3, 9)),)
        ),
        of(), of("patient-2"),
        "The authorisation for Knee arthroscopy holds until Monday, March 9, not on Tuesday, March 10.",
    ),
    claim(
        "anticoagulant", recorded(asked(anticoagulant_days=7), anticoagulant_stopped=dt.date(2026, 3, 5)),
        of(), of("patient-2"),
        "Knee arthroscopy needs 7 days without anticoagulant; as it is on record, "
        "the first day is Thursday, March 12.",
    ),
)  # fmt: skip


@pytest.mark.parametrize("each", CLAIMS)
def test_it_bites(each: Claim) -> None:
    """A case that breaks the rule alone is refused in the rule's words, and passes when the rule is off."""
    bites(each)


@pytest.mark.parametrize("each", CLAIMS)
def test_it_does_not_bite(each: Claim) -> None:
    """A case just inside the rule passes every rule."""
    passes(each)


def test_what_is_not_on_record_is_named() -> None:
    """A rule that could bite names the fact it lacks; one without data names nothing."""
    clinic = setting(small_clinic(), "history-and-physical", days=30)
    missing = {m for rule in Catalogue.of(clinic).rules for m in rule.unknown(None)}
    assert "date of the history and physical" in missing
    assert "authorisation" not in missing
