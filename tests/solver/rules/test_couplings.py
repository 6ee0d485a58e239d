"""Couplings that a slot finder misses which looks at one resource at a time: each by name, from search to answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from solver.book import Facts
from solver.candidates import wanted
from solver.clinic import Block, Clinic, Critical, DatedParams, Readiness, RuleSetting, Validity, frozen
from solver.grid import bits
from solver.request import Patient, Plan, Request, Status
from solver.rules import CATALOGUE, Catalogue
from solver.search import Search, search
from solver.snapshot import Snapshot
from solver.verify import verify
from tests.solver.brute import Place, accepted, by_solver, sites
from tests.solver.clinics import (
    NEW_YORK,
    NOW,
    TUESDAY,
    WRIST,
    ask,
    at,
    booked,
    having,
    setting,
    small_clinic,
    snapshot,
    window,
    with_blocks,
    with_cases,
)
from tests.solver.rules.claims import changed, new, two_towers
from tests.solver.rules.test_new_rules import CLAIMS, COVERED
from tests.solver.rules.test_order import CLAIMS as ORDERED
from tests.solver.rules.test_readiness import CLAIMS as RECORDED


def found(clinic: Clinic, request: Request, now: dt.datetime = NOW) -> Search:
    """What the search comes to; it offers nothing that the verifier throws out."""
    result = search(snapshot(clinic, now), request)
    assert not result.rejected
    return result


def possible(clinic: Clinic, request: Request, now: dt.datetime = NOW) -> set[int]:
    """Every start that masks and the joint model allow."""
    return {start for _, _, start in by_solver(snapshot(clinic, now), request)}


def test_hours_and_recovery_the_last_end_depends_on_the_stay() -> None:
    """Under spinal the last wheels-in is half an hour earlier than under general: the PACU closes at six."""
    general, spinal = (possible(small_clinic(), ask(anesthesia=kind)) for kind in ("general", "spinal"))
    assert max(general) == at("15:45")
    assert max(spinal) == at("15:15")


def test_to_follow_shifts_with_the_length_of_the_case_before() -> None:
    """Behind a case of 60 minutes the follower starts at 9:45, behind one of 90 at 10:15."""
    for length, first in ((60, "09:45"), (90, "10:15")):
        clinic = with_cases(small_clinic(), booked("08:00", length=length))
        assert found(clinic, ask(room="or-1", start_from=8 * 60, surgeon="dr-patel", limit=1)).offers
        assert min(possible(clinic, ask(room="or-1", start_from=8 * 60))) == at(first)


def test_a_flip_room_needs_its_own_anesthesia_and_turnover() -> None:
    """A surgeon may flip, but not without a second anesthesiologist, nor into a room that isn't turned over."""
    theirs = booked("10:00", "or-2", surgeon="dr-smith", staff="2")
    flip = changed("procedures", "knee-arthroscopy", two_towers(), critical=Critical(15, -15))
    request = ask(surgeon="dr-smith", room="or-1", start_from=10 * 60, start_until=10 * 60 + 45)
    assert at("10:30") in possible(with_cases(flip, theirs), request)
    alone = replace(flip, staff=frozen({k: v for k, v in flip.staff.items() if k != "anesthesiologist-1"}))
    assert not possible(with_cases(alone, theirs), request)
    turned = with_cases(flip, theirs, booked("09:00", "or-1", surgeon="dr-patel", staff="1", length=55))
    assert at("10:15") not in possible(turned, request)


def test_a_tray_is_gone_after_its_case_is_over() -> None:
    """Both sets opened at eight are back at noon, though their rooms are free at nine."""
    clinic = with_cases(two_towers(), booked("08:00"), booked("08:00", "or-2", surgeon="dr-smith", staff="1"))
    assert min(possible(clinic, ask(start_from=8 * 60))) == at("12:00")


def test_the_same_slot_is_feasible_today_and_was_not_yesterday() -> None:
    """A block released two days ahead is closed on Saturday and open on Sunday."""
    clinic = with_blocks(
        small_clinic(), Block("patel", "dr-patel", "or-1", 1, window("07:30-17:00"), release_days=2)
    )
    request = ask(surgeon="dr-smith")
    assert found(clinic, request, NOW + dt.timedelta(days=2)).status is Status.INFEASIBLE
    assert found(clinic, request, NOW + dt.timedelta(days=3)).status is Status.FOUND


def test_a_far_slot_outlives_history_and_authorisation() -> None:
    """What is on record holds on Tuesday and no longer a week later."""
    clinic = setting(
        changed("procedures", "knee-arthroscopy", authorisation=True), "history-and-physical", days=12
    )
    record = Readiness(
        history_on=dt.date(2026, 3, 1),
        authorisations=(Validity("knee-arthroscopy", last=dt.date(2026, 3, 12)),),
    )
    clinic = replace(clinic, readiness=frozen({"patient-1": record}))
    known = Patient(ref="patient-1")
    assert found(clinic, ask(patient=known)).offers
    assert not found(clinic, ask(day=dt.date(2026, 3, 17), patient=known)).offers


@pytest.mark.parametrize(("table", "who"), [("privileges", "dr-smith"), ("certifications", "circulator-1")])
def test_expiry_counts_on_the_day_of_surgery(table: str, who: str) -> None:
    """Valid today and expired by then is no qualification; valid on that very day is one."""
    held = {"privileges": "knee-arthroscopy", "certifications": "ortho"}[table]
    for last, there in ((dt.date(2026, 3, 9), False), (TUESDAY, True)):
        clinic = changed("staff", who, None, **{table: (Validity(held, last=last),)})
        others = {
            id_ for id_ in clinic.staff if id_[:-1] == who[:-1] and id_ != who and table == "certifications"
        }
        clinic = replace(clinic, staff=frozen({k: v for k, v in clinic.staff.items() if k not in others}))
        assert bool(found(clinic, ask(surgeon="dr-smith")).offers) is there


def test_a_c_arm_takes_time_to_move() -> None:
    """In the room where it stands the C-arm is there after the turnover; in the other ten minutes after wheels-out."""
    quick = replace(WRIST, setup_minutes=0, turnover_minutes=0)
    clinic = having(small_clinic(), "procedures", quick)
    clinic = with_cases(clinic, booked("08:00", "or-2", "wrist-orif", "dr-smith", length=60))
    same = possible(clinic, ask("wrist-orif", room="or-2", start_from=8 * 60))
    other = possible(clinic, ask("wrist-orif", room="or-3", start_from=8 * 60))
    assert min(same) == at("09:00")
    assert min(other) == at("09:15")


def test_inductions_of_one_direction_are_apart() -> None:
    """With one anesthesiologist for two rooms and inductions made hard, 10:15 isn't offered beside 10:00."""
    clinic = setting(COVERED, "staggered-induction", "hard", minutes=20)
    only = {k: v for k, v in clinic.staff.items() if k != "anesthesiologist-2"}
    request = ask(surgeon="dr-smith", room="or-1", start_from=9 * 60, start_until=11 * 60)
    able = possible(replace(clinic, staff=frozen(only)), request)
    assert at("10:15") not in able
    assert at("10:30") in able


def test_latex_and_an_infection_together_have_a_place() -> None:
    """A patient with both comes first with a clean behind, or stays alone in the room."""
    both = setting(setting(small_clinic(), "latex-first", applies=True), "infection-order", clean_minutes=45)
    known = Patient(flags=frozenset({"latex", "mrsa"}))
    assert found(both, ask(patient=known)).offers
    able = possible(with_cases(both, booked("12:00")), ask(patient=known, room="or-1"))
    assert at("09:30") in able
    assert at("10:00") not in able


def test_a_neighbours_condition_is_not_told() -> None:
    """The sentence about an infected neighbour names the room and the clean, and nothing of the patient."""
    clinic = with_cases(
        setting(small_clinic(), "infection-order", clean_minutes=45), booked("08:00", patient_flags=("mrsa",))
    )
    plan = Plan((new("09:45"),))
    catalogue = Catalogue.of(clinic)
    reasons = [catalogue.reason(v) for v in verify(plan, Facts.of(clinic, NEW_YORK.of(NOW)))]
    said = " ".join(f"{reason.title} {reason.text} {dict(reason.facts)}" for reason in reasons).lower()
    assert "extra clean" in said
    assert not any(word in said for word in ("mrsa", "infect", "patient"))


def test_parameters_hold_from_their_day_of_surgery() -> None:
    """A turnover that grows on the 12th is the old one for a case on the 10th, whenever it is booked."""
    clinic = with_cases(
        small_clinic(), booked("08:00"), booked("08:00", day=dt.date(2026, 3, 12), surgeon="dr-patel")
    )
    dated = RuleSetting(
        None, frozen(), (DatedParams(dt.date(2026, 3, 12), frozen({"not_before": {"thu": "10:00"}})),)
    )
    clinic = replace(clinic, rules=frozen({"first-case": dated}))
    assert min(possible(clinic, ask())) < at("10:00")
    assert min(possible(clinic, ask(day=dt.date(2026, 3, 12)))) == at("10:00", dt.date(2026, 3, 12))


@pytest.mark.parametrize("each", [*CLAIMS, *ORDERED, *RECORDED])
def test_masks_and_model_are_the_check_for_the_new_rules_too(each: object) -> None:
    """In each rule's own clinic, for the very case that it refuses, the starts found are those verified."""
    case, attempt = each.bites.case, each.bites  # type: ignore[attr-defined]
    request = ask(
        case.procedure, NEW_YORK.date(case.start), surgeon=case.surgeon, room=case.room, patient=attempt.patient,
        anesthesia=case.anesthesia, start_from=7 * 60 + 30, start_until=12 * 60 + 30,
    )  # fmt: skip
    compiled = Snapshot.of(each.clinic, NEW_YORK.of(NOW))  # type: ignore[attr-defined]
    assert by_solver(compiled, request) == by_verifier(compiled, request)


def by_verifier(compiled: Snapshot, request: Request) -> set[Place]:
    """Where some team passes the verifier, of every start on the step."""
    return {
        (room, mode.surgeon, day.frame.instant(bit))
        for day, mode, room in sites(compiled, request)
        for bit in bits(wanted(day, request, mode) & NEW_YORK.step_mask(day.date, 15))
        if any(True for _ in accepted(day, request, mode, room, bit))
    }


WALKING = frozenset({
    "anesthesia-provider", "anesthesia-type", "block", "circulator", "equipment-maintenance", "equipment-move",
    "equipment-operator", "equipment-pool", "facility-hours", "first-assist", "holiday", "leave", "notice", "pacu-bay",
    "patient-limits", "patient-occupancy", "person-occupancy", "room-closed", "room-equipment", "room-feature",
    "room-hours", "room-occupancy", "scrub", "staff-certification", "staff-hours", "staff-shift", "start-step",
    "surgeon-days", "surgeon-limits", "surgeon-privilege", "tray-reprocessing", "tray-set", "turnover",
    "unit-occupancy",
})  # fmt: skip
"""Rules that bind a clinic which says no more than where, who and when."""


def test_rules_without_data_change_nothing() -> None:
    """A clinic that says nothing of them is offered the same with every other rule switched off."""
    clinic = with_cases(small_clinic(), booked("09:30"), booked("12:00", "or-2", "wrist-orif", length=90))
    bare = clinic
    for rule in set(CATALOGUE) - WALKING:
        bare = setting(bare, rule, "off")
    for request in (ask(), ask("wrist-orif"), ask(surgeon="dr-smith"), ask(anesthesia="spinal")):
        assert [o.plan for o in found(clinic, request).offers] == [
            o.plan for o in found(bare, request).offers
        ]
        assert not possible(clinic, request) ^ possible(bare, request)
    live = {rule.id for rule in Catalogue.of(clinic).rules} - WALKING
    assert live <= {"follows", "back-to-back"}
