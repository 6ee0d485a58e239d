"""Several cases in one offer: they share no person, tray, bay or room, and "no" is said only when proven."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import combinations, pairwise, product

import pytest

from solver.candidates import case_of, slot_at
from solver.clinic import Clinic, Critical, frozen
from solver.grid import bits
from solver.request import Offer, Plan, Request, Status
from solver.reserve import modes
from solver.search import rooms, search, wanted
from solver.verify import verify
from tests.solver.clinics import TUESDAY, ask, at, booked, having, minutes, small_clinic, snapshot, with_cases


def starts_of(offer: Offer) -> list[tuple[int, str]]:
    """Wheels-in and room of each case, in the offer's order."""
    return [(case.start, case.room) for case in offer.plan.cases]


def test_any_takes_the_earliest_that_fit_together() -> None:
    """Two knees with one tower: the second starts when turnover and set-up of the first are over."""
    found = search(snapshot(small_clinic()), ask(count=2, surgeon="dr-smith"))
    assert starts_of(found.offers[0]) == [(at("07:30"), "or-1"), (at("09:15"), "or-1")]


def test_the_cases_of_an_offer_share_nobody() -> None:
    """Two wrists and one operator: never at the same time, whatever the number of rooms."""
    found = search(snapshot(small_clinic()), ask("wrist-orif", count=2))
    for offer in found.offers:
        one, other = sorted(offer.plan.cases, key=lambda case: case.start)
        assert one.end <= other.start


def test_tray_tails_count_among_the_new_cases() -> None:
    """Two scope sets, gone three hours after a case: the third knee waits for the first set."""
    found = search(snapshot(small_clinic()), ask(count=3, surgeon="dr-patel"))
    first, _, third = (case.start for case in found.offers[0].plan.cases)
    assert third - first >= 60 + 180


def test_more_than_fit_is_a_proven_no() -> None:
    """Six knees don't fit into a day with two sets, and that is proven, not given up."""
    assert search(snapshot(small_clinic()), ask(count=6)).status is Status.INFEASIBLE


def test_any_goes_on_to_the_next_day() -> None:
    """What doesn't fit into one day goes on to the next one asked for."""
    request = replace(ask(count=6), date_to=ask().date_to.replace(day=12))
    found = search(snapshot(small_clinic()), request)
    assert found.status is Status.FOUND
    assert len({case.start // 1440 for case in found.offers[0].plan.cases}) > 1


def test_a_surgeons_limit_counts_the_new_cases() -> None:
    """A surgeon who takes one case a day gets no two."""
    clinic = small_clinic()
    limited = having(clinic, "staff", replace(clinic.staff["dr-smith"], max_cases_day=1))
    assert search(snapshot(limited), ask(count=2, surgeon="dr-smith")).status is Status.INFEASIBLE


def test_back_to_back_leaves_turnover_and_set_up_only() -> None:
    """Each next case starts when the room is ready, on the start step, and says which one it follows."""
    found = search(snapshot(small_clinic()), ask("wrist-orif", count=3, arrangement="back-to-back"))
    cases = found.offers[0].plan.cases
    assert [b.start - a.end for a, b in pairwise(cases)] == [30, 30]
    assert len({case.room for case in cases}) == 1
    assert [case.follows for case in cases] == [None, "new-1", "new-2"]


def test_back_to_back_needs_one_run() -> None:
    """A booked case in the middle leaves no run of three."""
    clinic = with_cases(
        small_clinic(),
        booked("11:30", "or-2", "wrist-orif", length=90),
        booked("11:30", "or-3", "wrist-orif", surgeon="dr-smith", length=90, staff="1"),
    )
    asked = ask("wrist-orif", count=4, arrangement="back-to-back")
    assert search(snapshot(clinic), asked).status is Status.INFEASIBLE


def two_techs() -> Clinic:
    """A clinic that could run two wrist rooms at a time."""
    clinic = small_clinic()
    tech = replace(clinic.staff["rad-tech-1"], id="rad-tech-2")
    arms = replace(clinic.equipment["c-arm"], units=2)
    return having(having(clinic, "staff", tech), "equipment", arms)


def test_flip_alternates_two_rooms() -> None:
    """One surgeon, two rooms in turn, sooner than the turnover of either would allow, and never in both at once."""
    found = search(snapshot(two_techs()), ask("wrist-orif", count=3, arrangement="flip"))
    cases = found.offers[0].plan.cases
    assert [case.room for case in cases] in (["or-2", "or-3", "or-2"], ["or-3", "or-2", "or-3"])
    assert all(0 <= b.start - a.end < 30 for a, b in pairwise(cases))


def test_flip_overlaps_outside_the_critical_part() -> None:
    """With a critical part on record the next room starts before the last one ends, each with its own team."""
    clinic = two_techs()
    wrist = replace(clinic.procedures["wrist-orif"], critical=Critical(30, -30))
    found = search(
        snapshot(having(clinic, "procedures", wrist)), ask("wrist-orif", count=2, arrangement="flip")
    )
    one, other = found.offers[0].plan.cases
    assert one.start < other.start < one.end
    assert not {m.resource for m in one.team} & {m.resource for m in other.team}


def test_flip_in_one_room_is_a_proven_no() -> None:
    """Knees are done in the one room that has the tower: no flip."""
    assert search(snapshot(small_clinic()), ask(count=2, arrangement="flip")).status is Status.INFEASIBLE


def test_every_offer_passes_the_verifier_as_a_whole() -> None:
    """The plan of each offer is accepted by every rule, all its cases together."""
    snap = snapshot(two_techs())
    for asked in (ask(count=2), ask("wrist-orif", count=3), ask("wrist-orif", count=2, arrangement="flip")):
        for offer in search(snap, asked).offers:
            assert not verify(offer.plan, snap.facts)


def feasible(clinic: Clinic, request: Request) -> bool:
    """Whether any pair of starts, with any teams, passes the verifier: the naive twin."""
    snap = snapshot(clinic)
    day = snap.day(request.date_from)
    spots = [
        (mode, room, bit)
        for mode in modes(clinic, request)
        for room in rooms(snap, request)
        for bit in bits(wanted(day, request, mode))
        if bit % 12 == 0
    ]
    for chosen in combinations(spots, request.count):
        slots = [slot_at(day, request, *spot) for spot in chosen]
        choices = [
            [dict(zip(slot.able, team, strict=True)) for team in product(*slot.able.values())]
            for slot in slots
        ]
        for teams in product(*choices):
            cases = tuple(
                case_of(slot, team, request, n)
                for n, (slot, team) in enumerate(zip(slots, teams, strict=True))
            )
            if not verify(Plan(cases), snap.facts):
                return True
    return False


@pytest.mark.parametrize("hours", ["07:30-09:30", "07:30-10:00", "07:30-11:00", "07:30-12:00"])
@pytest.mark.parametrize("procedure", ["knee-arthroscopy", "wrist-orif"])
def test_two_fit_exactly_when_brute_force_says_so(hours: str, procedure: str) -> None:
    """Search and the verifier over every pair of starts on the hour and every team agree on whether two cases fit."""
    clinic = small_clinic(start_step_minutes=60)
    rooms_open = {
        id_: replace(room, hours=frozen({1: ((_minute(hours[:5]), _minute(hours[6:])),)}))
        for id_, room in clinic.rooms.items()
    }
    staff = {id_: p for id_, p in clinic.staff.items() if not id_.endswith("-2")}
    clinic = replace(clinic, rooms=frozen(rooms_open), staff=frozen(staff))
    asked = ask(procedure, count=2)
    found = search(snapshot(clinic), asked)
    assert found.status is not Status.NOT_PROVEN
    assert bool(found.offers) == feasible(clinic, asked)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def test_weekly_hours_count_cases_of_several_days_together() -> None:
    """A scrub with 100 minutes a week left can't do an hour on Tuesday and one on Thursday: another does the second."""
    clinic = small_clinic()
    for scrub in ("scrub-1", "scrub-2"):
        clinic = having(clinic, "staff", replace(clinic.staff[scrub], max_minutes_week=100))
    days = frozenset({1, 3})
    asked = ask(count=2, surgeon="dr-smith", start_from=minutes("15:00"), weekdays=days)
    asked = replace(asked, date_to=TUESDAY + dt.timedelta(days=2))
    result = search(snapshot(clinic), asked)
    assert result.offers
    assert not result.rejected
    for offer in result.offers:
        scrubs = [m.resource for case in offer.plan.cases for m in case.team if m.role == "scrub"]
        assert sorted(scrubs) == ["scrub-1", "scrub-2"]
