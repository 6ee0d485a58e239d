"""The order of the day: first, last, early, one after another."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from solver.clinic import Critical, frozen
from solver.request import Patient
from tests.solver.clinics import booked, setting, small_clinic, week, window, with_cases
from tests.solver.rules.claims import Attempt, Claim, bites, changed, claim, found, new, passes, two_towers

EARLY = setting(small_clinic(), "first-case", not_before={"tue": "08:30"})
COMES_OVER = changed("staff", "dr-smith", arrival_minutes=60)
PAIR = with_cases(
    two_towers(),
    booked("08:00"),
    replace(booked("13:00"), follows="or-1-0310-08:00"),
)
BEFORE = with_cases(small_clinic(), booked("08:00"))
CRITICAL = changed(
    "procedures", "knee-arthroscopy", with_cases(two_towers(), booked("10:00", "or-2", surgeon="dr-smith")),
    critical=Critical(10, -10),
)  # fmt: skip
ONE_ROOM = setting(CRITICAL, "flip-rooms", max_rooms=1)
STAGED = changed(
    "procedures", "knee-arthroscopy",
    with_cases(small_clinic(), booked("10:00", day=dt.date(2026, 3, 5), patient="patient-1")), stage_gap_days=42,
)  # fmt: skip
LATEX = setting(BEFORE, "latex-first", applies=True)
INFECTED = setting(
    with_cases(small_clinic(), booked("08:00", patient_flags=("mrsa",))), "infection-order", clean_minutes=45
)
ASKED_EARLY = setting(small_clinic(), "early-case", "hard", before="10:00")


def flagged(clock: str, *flags: str) -> Attempt:
    """A case of a patient with flags."""
    return Attempt(new(clock), Patient(flags=frozenset(flags)))


def of(ref: str) -> Attempt:
    """A case of a patient by reference."""
    return Attempt(new("10:00", patient=ref), Patient(ref=ref))


CLAIMS = (
    claim(
        "first-case", EARLY, new("08:15"), new("08:30"),
        "The first case on Tuesday, March 10 starts at 8:30 AM or later.",
    ),
    claim(
        "surgeon-arrival", COMES_OVER, new("07:45"), new("08:00"),
        "Dr. Smith arrives 60 minutes before the first case, which may start at 8:00 AM.",
    ),
    claim(
        "follows", PAIR, new("11:00"), new("15:00"),
        "The case at 1:00 PM in OR 1 is to follow the one that ends at 9:00 AM: nothing goes between them.",
    ),
    claim(
        "back-to-back", BEFORE,
        new("10:00", follows="or-1-0310-08:00", arrangement="back-to-back"),
        new("09:45", follows="or-1-0310-08:00", arrangement="back-to-back"),
        "Back to back with the case that ends at 9:00 AM, wheels-in is at 9:45 AM at the latest.",
    ),
    claim(
        "flip-rooms", ONE_ROOM, new("10:45"), new("11:00"),
        "Dr. Smith already has 1 room 10:00 AM to 11:00 AM, the most allowed.",
    ),
    claim(
        "stage-gap", STAGED, of("patient-1"), of("patient-2"),
        "The patient has this procedure on Thursday, March 5; 42 days lie between two, "
        "so the next is from Thursday, April 16 on.",
    ),
    claim(
        "latex-first", LATEX, flagged("09:45", "latex"), flagged("10:45", "latex"),
        "OR 1 needs an extra clean of 60 minutes after the case that ends at 9:00 AM.",
    ),
    claim(
        "infection-order", INFECTED, flagged("09:45"), flagged("10:30"),
        "OR 1 needs an extra clean of 45 minutes after the case that ends at 9:00 AM.",
    ),
    claim(
        "early-case", ASKED_EARLY, flagged("10:00", "diabetic"), flagged("09:45", "diabetic"),
        "This patient is to start early, before 10:00 AM.",
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


def test_a_childs_age_says_what_the_flag_says() -> None:
    """An eight-year-old starts early without being flagged, and a thirteen-year-old needn't."""
    young, older = (Attempt(new("10:00"), Patient(age=age)) for age in (8, 13))
    assert {violation.rule for violation in found(ASKED_EARLY, young)} == {"early-case"}
    assert not found(ASKED_EARLY, older)


def test_hours_that_go_on_over_midnight_begin_once() -> None:
    """A surgeon who is in from 20:00 to 10:00 arrives in the evening, and needn't again at midnight."""
    nights = frozen({day: (window("00:00-10:00"), window("20:00-24:00")) for day in range(7)})
    clinic = small_clinic(hours=week("00:00-24:00", range(7)))
    clinic = changed("staff", "dr-smith", clinic, shifts=nights, arrival_minutes=30)
    at_midnight, in_the_evening = Attempt(new("00:00")), Attempt(new("20:15"))
    assert "surgeon-arrival" not in {violation.rule for violation in found(clinic, at_midnight)}
    assert "surgeon-arrival" in {violation.rule for violation in found(clinic, in_the_evening)}


@pytest.mark.parametrize(
    ("rule", "before", "asked"), [("infection-order", "mrsa", ()), ("latex-first", "", ("latex",))]
)
def test_midnight_is_no_clean(rule: str, before: str, asked: tuple[str, ...]) -> None:
    """In a room open at night the first case of a day lies as far behind the last of the day before as any other."""
    flags = (before,) if before else ()
    late = booked("22:30", day=dt.date(2026, 3, 9), patient_flags=flags)
    params = {"applies": True} if rule == "latex-first" else {}
    clinic = setting(with_cases(small_clinic(), late), rule, clean_minutes=60, **params)
    broken = {clock: {v.rule for v in found(clinic, flagged(clock, *asked))} for clock in ("00:30", "01:15")}
    assert rule in broken["00:30"]
    assert rule not in broken["01:15"]


def test_two_cases_of_a_surgeon_share_only_what_is_not_critical() -> None:
    """With critical parts and two rooms a surgeon may flip, and is taken for the critical part alone."""
    passes(claim("flip-rooms", CRITICAL, new("10:45"), new("10:45"), "").values[0])  # type: ignore[arg-type]
