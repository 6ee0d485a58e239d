"""Relations: to follow a case, first or last of a room's day, a move, and urgency."""

from __future__ import annotations

from dataclasses import replace

from solver.request import Status
from solver.search import search
from tests.solver.clinics import NOW, ask, at, booked, setting, small_clinic, snapshot, with_cases


def test_a_follower_starts_when_the_room_is_ready() -> None:
    """Wheels-out 10:00, turnover 20 and set-up 15, on the quarter hour: 10:45, and the case says what it follows."""
    before = booked("09:00")
    (offer,) = search(snapshot(with_cases(small_clinic(), before)), ask(after_case=before.id)).offers
    (case,) = offer.plan.cases
    assert (case.start, case.room, case.follows) == (at("10:45"), "or-1", before.id)


def test_a_follower_that_does_not_fit_is_a_proven_no() -> None:
    """Nothing can follow the last case of the day."""
    before = booked("15:30")
    asked = ask(after_case=before.id)
    assert search(snapshot(with_cases(small_clinic(), before)), asked).status is Status.INFEASIBLE


def test_first_of_the_day_stands_before_every_other() -> None:
    """First of the room's day starts before what is booked there."""
    clinic = with_cases(small_clinic(), booked("10:00"))
    cases = [o.plan.cases[0] for o in search(snapshot(clinic), ask(position="first")).offers]
    assert cases
    assert all(case.start < at("10:00") for case in cases)


def test_last_of_the_day_stands_behind_every_other() -> None:
    """Last of the room's day starts after what is booked there."""
    clinic = with_cases(small_clinic(), booked("10:00"))
    cases = [o.plan.cases[0] for o in search(snapshot(clinic), ask(position="last")).offers]
    assert cases
    assert all(case.start > at("11:00") for case in cases)


def test_a_move_may_overlap_where_the_case_stands_now() -> None:
    """The moved case's own reservations are no hindrance; another request sees them."""
    moved = booked("10:00", length=60)
    snap = snapshot(with_cases(small_clinic(), moved))
    asked = ask(surgeon="dr-patel", at=at("10:15"))
    assert search(snap, asked).status is Status.INFEASIBLE
    assert search(snap, replace(asked, replaces=moved.id)).status is Status.FOUND


def test_urgent_cases_need_no_notice() -> None:
    """What is too soon for an elective case is open to an add-on and to an urgent one."""
    clinic = setting(small_clinic(), "notice", min_hours=48)
    soon = ask(day=NOW.date(), surgeon="dr-smith")
    elective = search(snapshot(clinic), soon)
    assert elective.status is Status.INFEASIBLE
    assert search(snapshot(clinic), replace(soon, urgency="add-on")).offers
    assert search(snapshot(clinic), replace(soon, urgency="urgent")).offers
