"""Offers: choices that stand alone, found wherever there is one, with units that exist."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from solver.clinic import Clinic, Closure, Recovery, TeamMember, Validity, frozen
from solver.request import Override, Patient, Status
from solver.rules import NotWaivable
from solver.search import search
from tests.solver.clinics import (
    KNEE,
    NEW_YORK,
    ask,
    at,
    booked,
    having,
    person,
    setting,
    small_clinic,
    snapshot,
    week,
    with_cases,
)  # fmt: skip
from tests.solver.rules.claims import changed, two_towers


def offered(clinic: Clinic, **more: Any) -> list[str]:
    """The offers' wall times, in order."""
    found = search(snapshot(clinic), ask(**more))
    assert not found.rejected
    return [f"{NEW_YORK.wall(offer.plan.cases[0].start):%H:%M}" for offer in found.offers]


def crossed(*others: Any) -> Clinic:
    """Scrub 1 circulates too; beside them only the others do."""
    both = person("scrub-1", "scrub", "06:30-17:30", "arthroscopy", "ortho", roles_also=("circulator",))
    staff = {
        id_: each for id_, each in small_clinic().staff.items() if each.role not in ("circulator", "scrub")
    }
    return small_clinic(staff=frozen({**staff, **{each.id: each for each in (both, *others)}}))


def test_a_team_inside_an_opening_is_found_where_its_edges_have_none() -> None:
    """Scrub 1 can't circulate for themselves; between nine and one someone else does."""
    morning = person("circulator-1", "circulator", "09:00-13:00", "ortho")
    assert offered(crossed(morning), surgeon="dr-smith") == ["09:00", "12:00"]


def test_nobody_is_in_two_places_of_a_case() -> None:
    """With one person for two places there is no slot, and that is proven."""
    found = search(snapshot(crossed()), ask(surgeon="dr-smith"))
    assert (found.offers, found.status) == ((), Status.INFEASIBLE)


def test_old_clashes_elsewhere_don_t_take_a_unit() -> None:
    """Three mornings' bays in a pool of one are on record; the afternoon has its bay, of a unit that exists."""
    clash = changed("bays", "pacu", two_towers(), units=1)
    clinic = with_cases(clash, booked("07:30", "or-1"), booked("08:00", "or-2"), booked("08:15", "or-2"))
    found = search(snapshot(clinic), ask(surgeon="dr-smith", start_from=14 * 60))
    assert found.offers
    assert {use.unit for use in found.offers[0].plan.units[0] if use.resource == "pacu"} == {1}


def test_an_old_clash_of_the_mobile_pool_doesn_t_excuse_a_move() -> None:
    """Two cases that share one C-arm in the morning don't make the move at noon unnecessary."""
    staff = having(small_clinic(), "staff", person("rad-tech-2", "rad-tech", "06:30-17:30", "fluoroscopy"))
    clash = (booked("07:30", "or-2", "wrist-orif"), booked("07:45", "or-3", "wrist-orif"))
    clinic = with_cases(staff, *clash, booked("12:00", "or-2", "wrist-orif", length=60))
    at_one = ask("wrist-orif", surgeon="dr-patel", room="or-3", at=at("13:00"))
    found = search(snapshot(changed("staff", "dr-patel", clinic, shifts=week("07:00-17:00"))), at_one)
    assert not found.offers


def test_maintenance_of_two_units_at_once_leaves_none() -> None:
    """Two windows that each take one of two units leave nothing while they overlap."""
    out = (Closure(at("08:00"), at("12:00"), units=1), Closure(at("10:00"), at("14:00"), units=1))
    clinic = changed("equipment", "c-arm", units=2, maintenance=out)
    assert not search(snapshot(clinic), ask("wrist-orif", room="or-2", at=at("10:30"))).offers
    assert search(snapshot(clinic), ask("wrist-orif", room="or-2", at=at("12:00"))).offers


def test_a_bay_that_never_closes_is_open_over_midnight() -> None:
    """Hours that touch at midnight are one stretch: a long stay runs into the next day."""
    always = frozen(dict.fromkeys(range(7), ((0, 1440),)))
    long_stay = replace(KNEE, recovery=Recovery("pacu", frozen({"general": 900})))
    clinic = having(changed("bays", "pacu", hours=always), "procedures", long_stay)
    assert offered(clinic, surgeon="dr-smith")


def test_offers_are_few_real_choices_in_order_of_rank() -> None:
    """At most one per room and edge of an opening, never over the limit, no two of one rank."""
    clinic = with_cases(small_clinic(), booked("10:00"))
    found = search(snapshot(clinic), ask(limit=3))
    keys = [offer.key for offer in found.offers]
    assert len(found.offers) == 3
    assert keys == sorted(set(keys))
    assert all(set(offer.terms) >= {"day", "overtime", "gap", "scarce", "start"} for offer in found.offers)
    assert all(offer.reasons and offer.rules_checked for offer in found.offers)


def test_a_waivable_rule_is_overridden_with_a_warning() -> None:
    """The charge nurse may shorten a turnover; the offer says what was set aside."""
    clinic = with_cases(small_clinic(), booked("10:00"))
    tight = ask(surgeon="dr-smith", room="or-1", at=at("11:15"))
    assert not search(snapshot(clinic), tight).offers
    reason = Override("turnover", "second team cleans")
    offer = search(snapshot(clinic), replace(tight, overrides=(reason,))).offers[0]
    assert len(offer.warnings) == 1
    assert offer.warnings[0].startswith("Overridden: OR 1 needs 35 minutes")


@pytest.mark.parametrize("rule", ["room-equipment", "surgeon-privilege", "tray-reprocessing", "no-such-rule"])
def test_what_is_never_waived_is_refused(rule: str) -> None:
    """Sterility, privilege and what stands where it stands are no matter of a reason, nor is a rule unheard of."""
    request = ask(room="or-2", overrides=(Override(rule, "please"),))
    with pytest.raises(NotWaivable, match=rule):
        search(snapshot(small_clinic()), request)


def test_replacing_a_case_leaves_out_its_own_reservations() -> None:
    """A case may be moved by fifteen minutes into its own time."""
    clinic = with_cases(small_clinic(), booked("10:00"))
    moved = ask(surgeon="dr-smith", at=at("10:15"))
    assert not search(snapshot(clinic), moved).offers
    assert search(snapshot(clinic), replace(moved, replaces=clinic.cases[0].id)).offers


def test_two_surgeons_who_also_scrub_dont_share_a_list() -> None:
    """Whoever operates can't scrub in the same case; the other surgeon still can."""
    both = {
        each: replace(
            small_clinic().staff[each], roles_also=("scrub",), certifications=(Validity("arthroscopy"),)
        )
        for each in ("dr-smith", "dr-patel")
    }
    staff = {k: v for k, v in small_clinic().staff.items() if v.role != "scrub"} | both
    snap = snapshot(small_clinic(staff=frozen(staff)))
    for operating, scrubbing in (("dr-smith", "dr-patel"), ("dr-patel", "dr-smith")):
        offer = search(snap, ask(surgeon=operating)).offers[0]
        assert TeamMember("scrub", scrubbing) in offer.plan.cases[0].team


def test_soft_rules_advise_and_refuse_nothing() -> None:
    """A rule that only ranks by default is told as a warning on the offer that goes against it."""
    clinic = setting(small_clinic(), "early-case", before="08:00")
    diabetic = ask(at=at("10:00"), surgeon="dr-smith", patient=Patient(flags=frozenset({"diabetic"})))
    (offer,) = search(snapshot(clinic), diabetic).offers
    assert [text.replace("\u00a0", " ") for text in offer.warnings] == [
        "This patient is to start early, before 8:00 AM."
    ]
    assert not search(snapshot(clinic), replace(diabetic, at=at("07:45"))).offers[0].warnings
