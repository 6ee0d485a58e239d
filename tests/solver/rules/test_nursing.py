"""The people in the room: present, certified, in one place, and not too long."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from solver.clinic import Leave, TeamNeed, Validity
from tests.solver.clinics import KNEE, TUESDAY, booked, having, person, small_clinic, week, with_cases
from tests.solver.rules.claims import Claim, bites, changed, claim, new, passes, people, without

MIXED = people(
    anesthesiologist="anesthesiologist-2", circulator="circulator-1", scrub="scrub-2", rad_tech="rad-tech-1"
)
ELSEWHERE = booked("10:00", "or-2", "wrist-orif", team=MIXED)
ASSISTED = having(
    having(small_clinic(), "staff", person("assist-1", "first-assist")),
    "procedures", replace(KNEE, team=(*KNEE.team, TeamNeed("first-assist"))),
)  # fmt: skip
ENDED = (Validity("ortho", last=dt.date(2026, 3, 9)),)

CLAIMS = (
    claim(
        "person-occupancy",
        with_cases(small_clinic(), ELSEWHERE),
        new("10:30"),
        new("11:00"),
        "Circulator 1 (circulator) is in OR 2 10:00 AM to 11:00 AM.",
    ),
    claim(
        "leave",
        changed("staff", "circulator-1", leave=(Leave(TUESDAY, TUESDAY),)),
        new(),
        new(staff="2"),
        "Circulator 1 is on leave on Tuesday, March 10.",
    ),
    claim(
        "staff-shift",
        changed("staff", "circulator-1", shifts=week("06:30-12:00")),
        new("11:30"),
        new("11:00"),
        "Circulator 1 (circulator) is on shift 6:30 AM to 12:00 PM on Tuesday, March 10, "
        "which does not cover the case.",
    ),
    claim(
        "staff-certification",
        changed("staff", "circulator-1", certifications=ENDED),
        new(),
        new(staff="2"),
        "Circulator 1's ortho certification ends on Monday, March 9, before the day of surgery.",
    ),
    claim(
        "staff-hours",
        with_cases(changed("staff", "circulator-1", max_minutes_day=90), ELSEWHERE),
        new("08:00"),
        new("08:00", staff="2"),
        "Circulator 1 would be booked 120 minutes on Tuesday, March 10; the most is 90.",
    ),
    claim(
        "circulator",
        small_clinic(),
        without(new(), "circulator"),
        new(),
        "The case needs 1 circulator place; 0 can be filled.",
    ),
    claim(
        "scrub",
        small_clinic(),
        without(new(), "scrub"),
        new(),
        "The case needs 1 scrub place; 0 can be filled.",
    ),
    claim(
        "first-assist",
        ASSISTED,
        new(),
        replace(new(), team=(*new().team, *people(first_assist="assist-1"))),
        "The case needs 1 first-assist place; 0 can be filled.",
    ),
)


@pytest.mark.parametrize("each", CLAIMS)
def test_it_bites(each: Claim) -> None:
    """A case that breaks the rule alone is refused in the rule's words, and passes when the rule is off."""
    bites(each)


@pytest.mark.parametrize("each", CLAIMS)
def test_it_does_not_bite(each: Claim) -> None:
    """A case just inside the rule passes every rule."""
    passes(each)
