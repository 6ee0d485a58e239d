"""What is asked becomes the solver's request, or is refused with the value seen and the way out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from solver.clinic import Case, Clinic
from solver.request import Patient, Request
from tests.solver.clinics import NEW_YORK, NOW, booked, setting, small_clinic, with_cases
from tools import contract
from tools.asking import solver_request
from tools.errors import ToolError

MOVED: Case = replace(booked("10:00"), patient="p-1", patient_flags=("latex",))
CLINIC = with_cases(small_clinic(), MOVED)


def request(clinic: Clinic = CLINIC, **more: Any) -> Request:
    """The solver's request for a knee on a Tuesday."""
    day = dt.date(2026, 3, 10)
    asked = {"procedure": "knee-arthroscopy", "date_from": day, "date_to": day, **more}
    return solver_request(contract.Request.model_validate(asked), clinic, NEW_YORK.of(NOW))


def started(at: dt.datetime) -> Request:
    """The solver's request for one exact start."""
    asked = {"procedure": "knee-arthroscopy", "at": at.isoformat()}
    return solver_request(contract.CheckRequest.model_validate(asked), CLINIC, NEW_YORK.of(NOW), at)


def refused(**more: Any) -> ToolError:
    """The error of a request that must fail."""
    with pytest.raises(ToolError) as caught:
        request(**more)
    return caught.value


def test_an_anesthesia_that_nobody_does_here_is_bad_input() -> None:
    """Ether is named, with the nearest that the clinic has, and is no proven "no"."""
    error = refused(anesthesia="ether")
    assert (error.code, error.field) == ("unknown", "anesthesia")
    assert "'ether'" in str(error)
    assert "general" in str(error)


def test_an_anesthesia_of_another_procedure_is_the_rules_to_refuse() -> None:
    """Local is done here, though not for a knee: the catalogue says so with its facts."""
    assert request(anesthesia="local").anesthesia == "local"


def test_an_unknown_patient_flag_is_bad_input() -> None:
    """A misspelt allergy isn't dropped: it is named, with what it may have meant."""
    error = refused(patient={"flags": ["latx"]})
    assert (error.code, error.field) == ("unknown", "patient.flags")
    assert "'latx'" in str(error)
    assert "latex" in str(error)


@pytest.mark.parametrize("flag", ["latex", "mrsa", "c-diff", "diabetic", "child", "frail", "anticoagulant"])
def test_flags_that_rules_ask_for_are_known(flag: str) -> None:
    """Whether the rule is switched on or not, its flag may be told."""
    asked = request(patient={"flags": [flag]}).patient
    assert asked is not None
    assert asked.flags == frozenset({flag})


def test_a_site_names_flags_of_its_own() -> None:
    """A flag that a rule's parameter lists is known there."""
    clinic = setting(small_clinic(), "infection-order", clean_minutes=30, flags=("vre",))
    assert request(clinic, patient={"flags": ["vre"]}).patient == Patient(flags=frozenset({"vre"}))


def test_a_moved_case_brings_what_is_on_record_of_its_patient() -> None:
    """Without a word about the patient, a move keeps the flags and the reference of the booked case."""
    assert request(replaces=MOVED.id).patient == Patient("p-1", flags=frozenset({"latex"}))


def test_what_is_said_of_the_patient_goes_before_the_record() -> None:
    """Facts that are given with a move are taken as given."""
    assert request(replaces=MOVED.id, patient={"flags": []}).patient == Patient(flags=frozenset())


def test_a_start_with_an_offset_is_that_instant() -> None:
    """Its date is the clinic's, whatever day it is where the offset is from."""
    late = dt.datetime(2026, 3, 11, 2, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    asked = started(late)
    assert (asked.at, asked.date_from, asked.date_to) == (
        NEW_YORK.of(late),
        dt.date(2026, 3, 10),
        dt.date(2026, 3, 10),
    )


def test_a_start_that_the_clocks_skip_or_show_twice_is_refused() -> None:
    """With its field and what to write; with the offset that the refusal proposes, it is taken."""
    with pytest.raises(ToolError, match="does not exist") as skipped:
        started(dt.datetime.fromisoformat("2026-03-08T02:30"))
    with pytest.raises(
        ToolError, match="Maybe write 2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00"
    ) as twice:
        started(dt.datetime.fromisoformat("2026-11-01T01:30"))
    assert (skipped.value.field, twice.value.field) == ("at", "at")
    first, second = (started(dt.datetime.fromisoformat(f"2026-11-01T01:30-0{n}:00")).at for n in (4, 5))
    assert (second or 0) - (first or 0) == 60


@pytest.mark.parametrize("at", [5, 1.5, True, "soon", "2026-03-10T25:00", ["2026-03-10T10:00"], "9" * 400])
@pytest.mark.parametrize("model", [contract.CheckRequest, contract.ExplainRequest])
def test_what_is_no_start_is_refused_as_such(model: type[contract.Request], at: Any) -> None:
    """The fault is the start's own, and never a crash."""
    day = dt.date(2026, 3, 10)
    asked = {"procedure": "knee-arthroscopy", "date_from": day, "date_to": day, "at": at}
    with pytest.raises(ValidationError) as caught:
        model.model_validate(asked)
    assert {each["loc"] for each in caught.value.errors()} == {("at",)}
