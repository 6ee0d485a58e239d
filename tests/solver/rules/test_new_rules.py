"""Duty, direction, bays, supplies, safety and policy: what the rest of the catalogue refuses, and what it doesn't."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from solver.clinic import Bay, Block, Clinic, NursesOn, Stay, TeamMember, TeamNeed, Validity
from solver.request import Patient
from tests.solver.clinics import (
    booked,
    having,
    person,
    setting,
    small_clinic,
    week,
    window,
    with_blocks,
    with_cases,
)
from tests.solver.rules.claims import Attempt, Claim, bites, changed, claim, new, passes, two_towers, wrist

MONDAY, FRIDAY = dt.date(2026, 3, 9), dt.date(2026, 3, 13)


def knee(clinic: Clinic | None = None, **more: Any) -> Clinic:
    """A clinic whose knee procedure asks for more."""
    return changed("procedures", "knee-arthroscopy", clinic, **more)


def staff(id_: str, clinic: Clinic | None = None, **more: Any) -> Clinic:
    """A clinic with fields of one person changed."""
    return changed("staff", id_, clinic, **more)


def bay(id_: str, units: int = 1, **more: Any) -> Bay:
    """A pool of bays open like the PACU."""
    return Bay(id_, id_.title(), units, week("06:00-18:00"), **more)


OPEN = with_blocks(small_clinic(), Block("patel-tue", "dr-patel", "or-1", 1, window("07:30-15:30")))
SOON, LATE = setting(OPEN, "block-release", days=7), setting(OPEN, "block-release", days=3)

DIRECTED = having(having(two_towers(), "staff", person("crna-1", "crna")), "staff", person("crna-2", "crna"))
DIRECTED = knee(
    DIRECTED,
    team=(
        TeamNeed("anesthesiologist", supervises=True), TeamNeed("crna"),
        TeamNeed("circulator", "ortho"), TeamNeed("scrub", "arthroscopy"),
    ),
)  # fmt: skip


def directed(clock: str, room: str = "or-1", number: str = "1", **more: Any) -> Any:
    """A case that anesthesiologist 1 directs and a CRNA stays in."""
    case = new(clock, room, staff=number, **more)
    team = (TeamMember("anesthesiologist", "anesthesiologist-1"), TeamMember("crna", f"crna-{number}"))
    return replace(case, team=(*team, *case.team[1:]))


OTHER_ROOM = replace(directed("10:00", "or-2", "2", surgeon="dr-patel"), id="other")
COVERED = with_cases(DIRECTED, OTHER_ROOM)
CERTIFIED = staff("circulator-2", certifications=(Validity("ortho"), Validity("laser-safety")))
LASER = changed("equipment", "arthroscopy-tower", CERTIFIED, laser=True)
RADIATION = staff(
    "scrub-1", changed("equipment", "c-arm", radiation=True), restrictions=(Validity("radiation"),)
)
ROBOT = changed(
    "equipment", "arthroscopy-tower", with_cases(small_clinic(), booked("08:00")), setup_minutes=20
)
CHILD = staff(
    "anesthesiologist-2", setting(small_clinic(), "pediatric-anesthesia", certification="pals"),
    certifications=(Validity("pals"),),
)  # fmt: skip
SKILL = setting(small_clinic(), "anesthesia-type", certification={"spinal": "regional"})
NURSES = setting(having(
    with_cases(two_towers(), booked("10:00", "or-2")), "bays",
    replace(bay("pacu", 4), name="PACU", nurses=(NursesOn(1, week("06:00-18:00")),)),
), "pacu-nurses", least=1)  # fmt: skip
PREOP = knee(
    having(with_cases(two_towers(), booked("10:00", "or-2")), "bays", bay("hall")), preop=Stay("hall", 60)
)
PHASE_TWO = knee(having(small_clinic(), "bays", bay("lounge")), phase_two=Stay("lounge", 240))
EXTENDED = knee(
    having(having(small_clinic(), "bays", replace(bay("suite"), hours=week("00:00-24:00", range(7)))),
           "bays", bay("hall")),
    phase_two=Stay("suite", 21 * 60), preop=Stay("hall", 60),
)  # fmt: skip
"""21 hours of an extended stay, and yet 24 from admission an hour before wheels-in."""
WARD = knee(
    having(with_cases(small_clinic(), booked("10:00", day=MONDAY)), "bays",
           replace(bay("ward"), hours=week("00:00-24:00", range(7)))),
    ward=Stay("ward", 24 * 60),
)  # fmt: skip
STERILISER = setting(
    with_cases(two_towers(), booked("10:00", "or-2")), "steriliser-load", machines=1, sets_per_load=1
)
TIRED = with_cases(small_clinic(), booked("07:30", "or-1", staff="1"))
CALLED = staff("dr-smith", calls=(MONDAY,))
RESERVED = setting(with_cases(two_towers(), booked("10:00", "or-2")), "emergency-reserve", "hard", rooms=2)


CLAIMS = (
    claim(
        "block", SOON, new(day=dt.date(2026, 3, 17)), new(),
        "OR 1 7:30 AM to 3:30 PM on Tuesday, March 17 is Dr. Patel's block and is released on Tuesday, March 10.",
    ),
    claim(
        "anesthesia-supervision", setting(COVERED, "anesthesia-supervision", most_rooms=1),
        directed("10:45"), directed("11:00"),
        "Anesthesiologist 1 already covers 1 room 10:00 AM to 11:00 AM, the most allowed.",
    ),
    claim(
        "staggered-induction", setting(COVERED, "staggered-induction", "hard", minutes=20),
        directed("10:15"), directed("10:30"),
        "Anesthesiologist 1 has another induction at 10:00 AM; two are 20 minutes apart.",
    ),
    claim(
        "pediatric-anesthesia", CHILD, Attempt(new(), Patient(age=6)), Attempt(new(staff="2"), Patient(age=6)),
        "Anesthesiologist 1 (anesthesiologist) has no pals certification for children.",
    ),
    claim(
        "anesthesia-type", SKILL, new(anesthesia="spinal"), new(),
        "Anesthesiologist 1 has no regional certification for spinal.",
    ),
    claim(
        "laser-safety", LASER, new(), new(staff="2"),
        "Arthroscopy tower needs someone with the laser-safety certification in the team on Tuesday, March 10.",
    ),
    claim(
        "radiation", RADIATION, wrist(), wrist(staff="2"),
        "Scrub 1 (scrub) isn't assigned to radiation on Tuesday, March 10.",
    ),
    claim(
        "robot", ROBOT, new("09:45"), new("10:00"),
        "Arthroscopy tower takes 20 minutes to set up in the room, beside the turnover.",
    ),
    claim(
        "robot", changed("equipment", "arthroscopy-tower", CERTIFIED, assist="laser-safety"), new(), new(staff="2"),
        "Arthroscopy tower needs someone with the laser-safety certification in the team on Tuesday, March 10.",
    ),
    claim(
        "implant-lead", knee(implant_lead_days=4), new(), new(day=dt.date(2026, 3, 12)),
        "Implants for Knee arthroscopy take 4 working days: the first day is Wednesday, March 11.",
    ),
    claim(
        "vendor-present", knee(team=(*small_clinic().procedures["knee-arthroscopy"].team, TeamNeed("vendor"))),
        new(), wrist(), "The case needs 1 vendor place; 0 can be filled.",
    ),
    claim(
        "pacu-nurses", NURSES, Attempt(new("10:00"), Patient(age=6)), new("10:00"),
        "PACU: too few nurses for one more patient 11:00 AM to 12:15 PM.",
    ),
    claim(
        "preop-bay", PREOP, new("10:30"), new("11:00"),
        "Hall: the only bay is taken 9:00 AM to 10:00 AM.",
    ),
    claim(
        "phase-two", PHASE_TWO, new("12:00"), new("11:30"),
        "The 240-minute second-phase stay would run until 6:15 PM; Lounge is open until 6:00 PM.",
    ),
    claim(
        "phase-two", EXTENDED, new("10:00"), new("10:00", length=45),
        "From admission to discharge it would be 24.25 hours; the most is 24.",
    ),
    claim("inpatient-bed", WARD, new("09:30"), new("10:00"),
          "Ward: the only bay is taken 12:15 PM on Monday, March 9 to 12:15 PM on Tuesday, March 10."),
    claim(
        "steriliser-load", STERILISER, new("10:00"), new("11:30"),
        "The sterilisers have no place for 1 set after the case: the only one is taken.",
    ),
    claim(
        "staff-hours", staff("scrub-1", TIRED, max_minutes_week=100), new("10:00"), new("10:00", staff="2"),
        "Scrub 1 would be booked 120 minutes in the week of Tuesday, March 10; the most is 100.",
    ),
    claim(
        "overtime", setting(TIRED, "overtime", "hard", week_minutes=100), new("10:00"), new("10:00", staff="2"),
        "Anesthesiologist 1 would be booked 120 minutes in the week of Tuesday, March 10; the most is 100.",
    ),
    claim("breaks", setting(TIRED, "breaks", after_minutes=120, minutes=60), new("09:15"), new("09:30"),
          "Anesthesiologist 1 would work 165 minutes without a 60-minute break; the most is 120."),
    claim(
        "rest",
        setting(with_cases(small_clinic(), booked("15:00", day=MONDAY, staff="1")), "rest", hours=18),
        new("08:00"), new("10:00"),
        "Anesthesiologist 1 would rest less than 18 hours between Tuesday, March 10 and the day before or after.",
    ),
    claim(
        "post-call", CALLED, new("11:45"), new("12:00"),
        "Dr. Smith is on call the night before Tuesday, March 10 and starts no elective case before 12:00 PM.",
    ),
    claim(
        "horizon", setting(small_clinic(), "horizon", days=4), new(),
        new(day=MONDAY, surgeon="dr-patel"), "Cases are booked at most 4 days ahead: until Monday, March 9.",
    ),
    claim(
        "freeze", setting(small_clinic(), "freeze", days_before=5, after="08:00"), new(),
        new(day=dt.date(2026, 3, 12)),
        "The elective schedule of Tuesday, March 10 is closed since 8:00 AM on Thursday, March 5.",
    ),
    claim(
        "emergency-reserve", RESERVED, new("10:00"), new("11:00"),
        "2 rooms are kept free for emergencies on Tuesday, March 10, and this would take one.",
    ),
    claim(
        "emergency-power", setting(small_clinic(), "emergency-power", "hard", anesthesia=["general"]),
        new(), new(anesthesia="spinal"),
        "OR 1 has no emergency power; cases under general go where there is.",
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


def test_a_block_without_release_days_takes_the_clinics() -> None:
    """Three days before its date the block is still kept, seven days before it is open."""
    bites(claim("block", LATE, new(), new(surgeon="dr-patel"), SOON_SAYS).values[0])  # type: ignore[arg-type]


SOON_SAYS = (
    "OR 1 7:30 AM to 3:30 PM on Tuesday, March 10 is Dr. Patel's block and is released on Saturday, March 7."
)
