"""Cases of one offer are each other's neighbours: rest, breaks and medical direction count them all."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from solver.clinic import Clinic, TeamNeed
from solver.request import Offer, Request, Status
from solver.search import search
from tests.solver.clinics import TUESDAY, ask, at, having, minutes, setting, small_clinic, snapshot

WRISTS = 2


def held_by(offer: Offer, role: str) -> list[str]:
    """Who has that role in each case of an offer."""
    return [m.resource for case in offer.plan.cases for m in case.team if m.role == role]


def directed(rooms: int = WRISTS, most: int = 4) -> Clinic:
    """Wrists under one anesthesiologist in medical direction, with arms, operators and nurses for every room."""
    clinic = small_clinic()
    team = (TeamNeed("anesthesiologist", supervises=True), TeamNeed("circulator"), TeamNeed("scrub"))
    clinic = having(clinic, "procedures", replace(clinic.procedures["wrist-orif"], team=team))
    clinic = having(clinic, "equipment", replace(clinic.equipment["c-arm"], units=rooms))
    for n in range(2, rooms + 1):
        clinic = having(clinic, "staff", replace(clinic.staff["rad-tech-1"], id=f"rad-tech-{n}"))
    patel = replace(clinic.staff["dr-patel"], id="dr-jones")
    clinic = having(clinic, "staff", patel)
    alone = {id_: one for id_, one in clinic.staff.items() if id_ != "anesthesiologist-2"}
    return setting(replace(clinic, staff=alone), "anesthesia-supervision", most_rooms=most)


def two_techs() -> Clinic:
    """Two people of every role, the operators of the C-arm too."""
    clinic = small_clinic()
    return having(clinic, "staff", replace(clinic.staff["rad-tech-1"], id="rad-tech-2"))


def two_wrists(clock: str = "15:00") -> Request:
    """Two wrists that both have to be under way at the end of the day."""
    return replace(ask("wrist-orif", count=WRISTS), start_from=minutes(clock))


def test_one_anesthesiologist_directs_two_new_cases_at_once() -> None:
    """What medical direction allows the book it allows an offer: two rooms at once under the only one there is."""
    result = search(snapshot(directed()), two_wrists())
    assert result.offers
    one, other = result.offers[0].plan.cases
    assert one.start < other.end
    assert other.start < one.end
    assert set(held_by(result.offers[0], "anesthesiologist")) == {"anesthesiologist-1"}


def test_new_cases_count_against_the_most_rooms() -> None:
    """Where one may cover a single room, two at once are a proven no, not something that the verifier throws out."""
    result = search(snapshot(directed(most=1)), two_wrists())
    assert result.status is Status.INFEASIBLE
    assert not result.rejected


def test_inductions_of_new_cases_are_staggered() -> None:
    """Made hard, two new cases under one direction start apart; the offer is found, not lost to the verifier."""
    clinic = setting(directed(), "staggered-induction", "hard", minutes=20)
    result = search(snapshot(clinic), two_wrists())
    assert result.offers
    assert not result.rejected
    starts = sorted(case.start for case in result.offers[0].plan.cases)
    assert starts[1] - starts[0] >= 20


def working_alone(clinic: Clinic, *roles: str) -> Clinic:
    """The clinic with the first of each of these roles only, and nobody in a second role."""
    staff = {
        id_: replace(one, roles_also=())
        for id_, one in clinic.staff.items()
        if not (one.role in roles and id_.endswith("2"))
    }
    return replace(clinic, staff=staff)


ROLES = ("scrub", "circulator", "anesthesiologist", "rad-tech")


def test_a_break_between_new_cases() -> None:
    """Two wrists in a row are more than three hours without a break: everyone in the second is somebody else."""
    clinic = setting(two_techs(), "breaks", after_minutes=180, minutes=45)
    result = search(snapshot(clinic), ask("wrist-orif", count=2, arrangement="back-to-back"))
    assert result.offers
    assert not result.rejected
    for offer in result.offers:
        assert all(len(set(held_by(offer, role))) == 2 for role in ROLES)


def test_nobody_left_for_a_break_is_a_proven_no() -> None:
    """With one scrub for both of the wrists in a row there is none, and that is proven."""
    clinic = working_alone(setting(two_techs(), "breaks", after_minutes=180, minutes=45), "scrub")
    result = search(snapshot(clinic), ask("wrist-orif", count=2, arrangement="back-to-back"))
    assert result.status is Status.INFEASIBLE
    assert not result.rejected


def test_a_surgeon_pauses_between_new_cases() -> None:
    """Where surgeons stand for three hours at most, two wrists leave them their half hour of lunch."""
    clinic = setting(small_clinic(), "surgeon-limits", after_minutes=180, minutes=45)
    result = search(snapshot(clinic), ask("wrist-orif", count=2, surgeon="dr-patel"))
    assert not result.rejected
    one, other = sorted(result.offers[0].plan.cases, key=lambda case: case.start)
    assert other.start - one.end >= 45


def test_rest_between_new_cases_of_two_days() -> None:
    """Late on Tuesday and early on Wednesday: where eighteen hours of rest are asked for, two teams."""
    clinic = setting(two_techs(), "rest", hours=18)
    patel = replace(
        clinic.staff["dr-patel"], max_cases_day=1,
        shifts={1: ((minutes("14:00"), minutes("17:30")),), 2: ((minutes("07:00"), minutes("09:15")),)},
    )  # fmt: skip
    asked = replace(ask("wrist-orif", count=2, surgeon="dr-patel"), date_to=TUESDAY + dt.timedelta(days=1))
    result = search(snapshot(having(clinic, "staff", patel)), asked)
    assert result.offers
    assert not result.rejected
    assert result.offers[0].plan.cases[0].start >= at("14:00")
    assert all(len(set(held_by(result.offers[0], role))) == 2 for role in ROLES)
