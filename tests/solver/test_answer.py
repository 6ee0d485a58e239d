"""What a surface is told: the demo's own facts, reasons and nearest alternatives."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from solver.answer import check, find
from solver.request import Atom, Status
from tests.solver.clinics import NEW_YORK, ask, at, booked, small_clinic, snapshot, with_cases

WEDNESDAY = dt.date(2026, 3, 11)


def test_the_knee_scope_in_or_2_is_refused_with_the_reason() -> None:
    """Only OR 1 has the tower; the alternatives are in OR 1, nearest to the time asked for first."""
    told = check(snapshot(small_clinic()), ask(surgeon="dr-smith", room="or-2", at=at("10:00")))
    assert told.status is Status.INFEASIBLE
    assert [reason.text for reason in told.violations] == [
        "Only OR 1 has the arthroscopy tower; OR 2 does not."
    ]
    first = told.alternatives[0]
    assert (first.offer.plan.cases[0].room, first.offer.plan.cases[0].start) == ("or-1", at("10:00"))
    assert first.differs == ("room",)


def test_wednesday_is_no_day_of_dr_smith() -> None:
    """The reason is his operating days, alone; other days and another surgeon are offered."""
    told = find(snapshot(small_clinic()), ask(surgeon="dr-smith", day=WEDNESDAY))
    assert told.status is Status.INFEASIBLE
    assert told.explanation is not None
    assert [(r.atom.rule, r.atom.subject) for r in told.explanation.conflict] == [
        ("surgeon-days", "dr-smith")
    ]
    assert {alternative.differs[0] for alternative in told.alternatives} >= {"date", "surgeon"}


def test_an_alternative_differs_in_what_it_says() -> None:
    """Each near miss is verified, differs in every field named, and in none that isn't."""
    request = ask(surgeon="dr-smith", day=WEDNESDAY)
    for alternative in find(snapshot(small_clinic()), request).alternatives:
        case = alternative.offer.plan.cases[0]
        assert ("surgeon" in alternative.differs) == (case.surgeon != "dr-smith")
        assert ("date" in alternative.differs) == (NEW_YORK.date(case.start) != WEDNESDAY)


def test_another_day_isnt_counted_from_the_first_day_asked_for() -> None:
    """A near miss on another day never says "first day asked for": its own day wasn't."""
    told = find(snapshot(small_clinic()), ask(surgeon="dr-smith", day=WEDNESDAY)).alternatives
    other = [reason for each in told if "date" in each.differs for reason in each.offer.reasons]
    assert other
    assert [reason for reason in other if "asked for" in reason] == []


def test_every_violated_rule_of_one_slot_is_told() -> None:
    """Too late for the room, the surgeon and the bay: all three, not the first."""
    told = check(snapshot(small_clinic()), ask(surgeon="dr-smith", room="or-1", at=at("16:30")))
    assert {r.atom.rule for r in told.violations} == {"room-hours", "surgeon-days", "pacu-bay"}


def test_a_free_slot_is_offered_with_its_team() -> None:
    """The offer stands at the time asked for, with someone in every place."""
    clinic = with_cases(small_clinic(), booked("09:30"))
    told = check(snapshot(clinic), ask(surgeon="dr-smith", room="or-1", at=at("11:15")))
    assert told.offer is not None
    case = told.offer.plan.cases[0]
    assert case.start == at("11:15")
    assert {member.role for member in case.team} == {"anesthesiologist", "circulator", "scrub"}


def test_what_is_not_known_of_the_patient_is_listed() -> None:
    """Age, ASA class, BMI and weight were not given, so the card says that they were not checked."""
    offer = find(snapshot(small_clinic()), ask()).offers[0]
    assert {u.missing for u in offer.not_checked if u.rule == "patient-limits"} == {
        "age", "asa", "bmi", "weight_kg",
    }  # fmt: skip


def test_a_start_beside_the_grid_is_answered_not_an_error() -> None:
    """10:02 is between two starts: the step is told, with whatever else stands against it."""
    told = check(snapshot(small_clinic()), ask(surgeon="dr-smith", room="or-1", at=at("10:02")))
    assert {reason.atom.rule for reason in told.violations} == {"start-step"}


def test_several_cases_that_do_not_fit_together_are_told_so() -> None:
    """Where one case would fit and nine hours of them would not, the reason says that it is their number."""
    crowded = ask(surgeon="dr-smith", count=8, arrangement="back-to-back")
    told = find(snapshot(small_clinic()), crowded)
    assert told.status is Status.INFEASIBLE
    assert told.explanation is not None
    assert "8 do not fit together back to back" in told.explanation.conflict[0].text


def test_times_that_are_all_past_are_told_so() -> None:
    """Bounds that lie before now hold no start: that is the reason, and no rule is blamed."""
    late = snapshot(small_clinic(), dt.datetime.fromisoformat("2026-03-10T07:40"))
    told = find(late, ask(surgeon="dr-smith", start_from=90, start_until=210))
    assert told.explanation is not None
    assert [reason.atom.rule for reason in told.explanation.conflict] == ["request"]


@pytest.mark.parametrize(
    ("asked", "field", "rules"),
    [
        ({"position": "first"}, "position", set()),
        ({"after_case": "or-1-0310-08:00"}, "after_case", set()),
        ({"position": "first", "room": "or-2"}, "position", {"room-equipment"}),
    ],
)
def test_a_start_that_is_not_where_it_was_asked_to_be(
    asked: dict[str, Any], field: str, rules: set[str]
) -> None:
    """An exact start that isn't the first, or doesn't follow, is told so, beside every rule that it breaks."""
    booked_ones = (booked("08:00"), booked("08:00", "or-2", "wrist-orif", length=90, staff="1"))
    held = snapshot(with_cases(small_clinic(), *booked_ones))
    told = check(held, replace(ask(room="or-1", at=at("14:00")), **asked))
    assert told.status is Status.INFEASIBLE
    assert told.violations[0].atom == Atom("request", field)
    assert {reason.atom.rule for reason in told.violations[1:]} == rules


def test_several_cases_from_one_start_are_told_why_they_dont_fit() -> None:
    """Where the first of three knees has its start and the others have none, what is against them is told."""
    answer = check(snapshot(small_clinic()), ask(surgeon="dr-smith", count=9, at=at("09:00")))
    assert answer.status is Status.INFEASIBLE
    assert answer.violations[0].text.startswith("Of such cases, 9 do not fit together")
