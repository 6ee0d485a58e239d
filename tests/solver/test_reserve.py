"""What a mode needs and what a booked case takes."""

from __future__ import annotations

from dataclasses import replace

from solver.clinic import Settings, TeamMember, TeamNeed, Validity
from solver.reserve import Kind, assigned, mode_of, reservations
from solver.verify import clashes
from tests.solver.clinics import (
    KNEE,
    NEW_YORK,
    NOW,
    WRIST,
    at,
    booked,
    having,
    person,
    small_clinic,
    with_cases,
)  # fmt: skip
from tests.solver.rules.claims import changed


def test_two_procedures_take_as_long_as_the_longer_and_share_their_team() -> None:
    """The circulator of both needs what either asks; nothing is added up."""
    mode = mode_of(small_clinic(), ("knee-arthroscopy", "wrist-orif"), "dr-patel")
    keys = [need.key for need in mode.needs]
    assert (mode.minutes, mode.setup, mode.turnover) == (90, 15, 20)
    assert [keys.count(role) for role in ("circulator", "scrub", "anesthesiologist")] == [1, 1, 1]
    assert next(n for n in mode.needs if n.key == "circulator").certifications == ("ortho",)
    assert mode.fixed == ("arthroscopy-tower",)
    assert mode.features == ("lead-lined",)


def test_local_takes_no_anesthesiologist_and_no_bay() -> None:
    """Under local alone nobody gives anesthesia; without a listed stay nobody recovers in a bay."""
    keys = {need.key for need in mode_of(small_clinic(), ("wrist-orif",), "dr-patel", "local").needs}
    assert not keys & {"anesthesiologist", "pacu"}
    assert {"rad-tech@c-arm", "c-arm"} <= keys


def test_needs_begin_and_end_where_they_are_asked() -> None:
    """A place may cover the first hour, or begin late and end before wheels-out."""
    team = (TeamNeed("first-assist", minutes=40), TeamNeed("scrub", begin=10, until=-5))
    clinic = having(small_clinic(), "procedures", replace(KNEE, team=team))
    spans = {n.key: (n.begin, n.end) for n in mode_of(clinic, ("knee-arthroscopy",), "dr-smith").needs}
    assert spans["first-assist"] == (0, 40)
    assert spans["scrub"] == (10, 55)
    assert spans["knee-scope-set"] == (0, 240)
    assert spans["pacu"] == (60, 135)


def test_the_planned_length_is_the_quantile_the_clinic_plans_by() -> None:
    """A clinic that plans by p80 books 75 minutes where the median is 60; a length asked for comes first."""
    clinic = small_clinic(settings=Settings(planned="p80"))
    assert mode_of(clinic, ("knee-arthroscopy",), "dr-smith").minutes == 75
    assert mode_of(clinic, ("knee-arthroscopy",), "dr-smith", minutes=40).minutes == 40


def test_a_tray_listed_twice_is_two_sets() -> None:
    """The case takes two units at once, and needs them both."""
    clinic = having(small_clinic(), "procedures", replace(KNEE, trays=("knee-scope-set",) * 2))
    taken = [r for r in reservations(booked("10:00"), clinic) if r.kind is Kind.TRAY]
    assert len(taken) == 2
    one_set = changed("trays", "knee-scope-set", clinic, units=1)
    found = clashes(with_cases(one_set, booked("10:00")), NEW_YORK.of(NOW))
    assert {v.rule for violations in found.values() for v in violations} == {"tray-set"}


def test_people_of_one_role_sit_where_they_are_certified() -> None:
    """A file that lists the certified scrub second is no clash: who sits where isn't written in it."""
    team = (*KNEE.team[:2], TeamNeed("scrub", "arthroscopy"), TeamNeed("scrub"))
    clinic = having(small_clinic(), "procedures", replace(KNEE, team=team))
    clinic = having(clinic, "staff", person("scrub-3", "scrub"))
    case = booked("10:00")
    case = replace(
        case, team=(*case.team[:2], TeamMember("scrub", "scrub-3"), TeamMember("scrub", "scrub-2"))
    )
    seats = assigned(case, clinic)
    assert (seats["scrub"], seats["scrub#2"]) == ("scrub-2", "scrub-3")
    assert not clashes(with_cases(clinic, case), NEW_YORK.of(NOW))


def test_a_co_surgeon_has_a_place_of_their_own() -> None:
    """A team that asks for a surgeon asks for another one."""
    clinic = having(small_clinic(), "procedures", replace(KNEE, team=(TeamNeed("surgeon"),)))
    case = booked("10:00", team=(TeamMember("surgeon", "dr-smith"),))
    assert assigned(case, clinic)["surgeon#2"] == "dr-smith"
    missing = with_cases(clinic, replace(case, team=()))
    found = clashes(missing, NEW_YORK.of(NOW))
    assert {v.rule for violations in found.values() for v in violations} == {"first-assist"}


def test_a_surgeon_listed_in_the_team_is_not_there_twice() -> None:
    """Some files list the surgeon with the team; that is the same person in the same place."""
    case = booked("10:00")
    case = replace(case, team=(*case.team, TeamMember("surgeon", case.surgeon)))
    assert not clashes(with_cases(small_clinic(), case), NEW_YORK.of(NOW))


def test_people_beyond_what_is_asked_are_taken_for_the_whole_case() -> None:
    """A visiting nurse in the team can't be elsewhere meanwhile."""
    case = replace(booked("10:00"), team=(*booked("10:00").team, TeamMember("visitor", "rad-tech-1")))
    visitor = next(r for r in reservations(case, small_clinic()) if r.resource == "rad-tech-1")
    assert (visitor.start, visitor.end, visitor.need) == (at("10:00"), at("11:00"), "")


def test_an_operator_and_a_team_place_of_one_role_are_two_people() -> None:
    """A C-arm's operator isn't also the radiographer whom the procedure asks for."""
    clinic = having(
        small_clinic(), "procedures", replace(WRIST, team=(*WRIST.team, TeamNeed("rad-tech", "fluoroscopy")))
    )
    clinic = changed("staff", "dr-smith", clinic, privileges=(Validity("wrist-orif"),))
    found = clashes(with_cases(clinic, booked("10:00", "or-2", "wrist-orif")), NEW_YORK.of(NOW))
    assert {v.rule for violations in found.values() for v in violations} == {"equipment-operator"}
