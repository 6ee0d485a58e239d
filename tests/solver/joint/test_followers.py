"""Followers: a moved case takes those along that follow it, or it is said why one can't."""

from __future__ import annotations

from dataclasses import replace

from solver.book import Facts
from solver.clinic import Case, Clinic, Critical, TeamMember
from solver.followers import Moved, Stuck, followers_after
from solver.request import Plan
from solver.verify import verify
from tests.solver.clinics import at, booked, having, small_clinic, snapshot, with_cases

FIRST = booked("09:00")
SECOND = booked("10:45", follows=FIRST.id)
THIRD = booked("12:30", follows=SECOND.id)


def three_in_a_row() -> Clinic:
    """A chain of three, with a tray set for each."""
    clinic = small_clinic()
    tray = replace(clinic.trays["knee-scope-set"], units=3)
    return with_cases(having(clinic, "trays", tray), FIRST, SECOND, THIRD)


def moved(clinic: Clinic, clock: str, case: Case = FIRST, **more: object) -> list[Moved | Stuck]:
    """What becomes of the followers when the case starts at another time."""
    new = replace(case, id="new-1", start=at(clock), **more)  # type: ignore[arg-type]
    return followers_after(snapshot(clinic), case.id, new)


def test_a_case_that_nothing_follows_takes_nothing_along() -> None:
    """Without followers there is nothing to move."""
    assert moved(with_cases(small_clinic(), FIRST), "08:00") == []


def test_followers_start_when_the_room_is_ready() -> None:
    """9:00 moved to 10:00 takes 10:45 to 11:45 and 12:30 to 13:30, with their teams, patients and relations."""
    results = moved(three_in_a_row(), "10:00")
    assert [r.after for r in results if isinstance(r, Moved)] == [
        replace(SECOND, start=at("11:45")),
        replace(THIRD, start=at("13:30")),
    ]


def test_a_follower_goes_along_to_another_room() -> None:
    """To follow means next in the same room, whichever it is."""
    clinic = small_clinic()
    tower = replace(clinic.rooms["or-3"], equipment=("arthroscopy-tower",))
    clinic = with_cases(having(clinic, "rooms", tower), FIRST, SECOND)
    (result,) = moved(clinic, "09:00", room="or-3")
    assert isinstance(result, Moved)
    assert (result.after.room, result.after.start) == ("or-3", at("10:45"))


def test_a_follower_that_can_stay_is_not_listed() -> None:
    """A case that only changes its team leaves its followers where they are."""
    team = tuple(TeamMember(m.role, m.resource[:-1] + "1") for m in FIRST.team)
    assert moved(with_cases(small_clinic(), FIRST, SECOND), "09:00", team=team) == []


def test_a_follower_may_need_another_team() -> None:
    """Where its own people are taken at the new time, others who are free go along."""
    elsewhere = booked("11:30", "or-2", "wrist-orif", "dr-lee", length=90)
    clinic = with_cases(small_clinic(), FIRST, SECOND, elsewhere)
    (result,) = moved(clinic, "10:00")
    assert isinstance(result, Moved)
    assert result.after.start == at("11:45")
    assert {m.resource for m in result.after.team}.isdisjoint(m.resource for m in SECOND.team)


def test_a_follower_that_has_no_place_is_stuck_with_every_reason() -> None:
    """Behind a case that ends at 16:00 the day is over: the room's hours are a reason, and its chain stays too."""
    (result,) = moved(with_cases(small_clinic(), FIRST, SECOND, THIRD), "15:00")
    assert isinstance(result, Stuck)
    assert result.case == SECOND
    assert "room-hours" in {reason.atom.rule for reason in result.reasons}
    assert all(reason.text for reason in result.reasons)


def test_a_follower_that_breaks_nothing_stays_when_it_cannot_go_along() -> None:
    """Moved earlier, its surgeon isn't free yet for the second case, which still is the next one there."""
    elsewhere = booked("09:30", "or-2", "wrist-orif", staff="1")
    assert moved(with_cases(small_clinic(), FIRST, SECOND, elsewhere), "07:45") == []


def test_every_place_is_verified_beside_those_before_it() -> None:
    """Written in order after the move, the followers break no rule."""
    clinic = three_in_a_row()
    facts = Facts.of(clinic, snapshot(clinic).facts.as_of)
    for case in (FIRST, SECOND, THIRD):
        facts = facts.without(case.id)
    facts = facts.after(Plan((replace(FIRST, start=at("08:30")),)))
    for result in moved(clinic, "08:30"):
        assert isinstance(result, Moved)
        assert verify(result.plan, facts) == ()
        facts = facts.after(result.plan)


def test_a_flip_keeps_its_distance() -> None:
    """The surgeon's other room moves with the first one, by as much."""
    clinic = small_clinic()
    knee = replace(clinic.procedures["knee-arthroscopy"], critical=Critical(10, -20), equipment=())
    flip = booked("09:45", "or-2", staff="1", follows=FIRST.id, arrangement="flip")
    (result,) = moved(with_cases(having(clinic, "procedures", knee), FIRST, flip), "11:00")
    assert isinstance(result, Moved)
    assert (result.after.room, result.after.start) == ("or-2", at("11:45"))


def test_records_that_follow_each_other_in_a_circle_end() -> None:
    """Two cases that each claim to follow the other are moved once each."""
    circle = replace(FIRST, follows=SECOND.id)
    results = moved(with_cases(small_clinic(), circle, SECOND), "10:00", circle)
    assert [r.after.id for r in results if isinstance(r, Moved)] == [SECOND.id]
