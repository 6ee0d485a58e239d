"""When the clinic is open, and how soon a case may be booked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from solver.clinic import Holiday
from tests.solver.clinics import KNEE, TUESDAY, having, small_clinic, week
from tests.solver.rules.claims import Claim, bites, claim, new, passes

THURSDAY = dt.date(2026, 3, 12)

CLAIMS = (
    claim(
        "facility-hours",
        small_clinic(hours=week("06:30-12:00")),
        new("11:30"),
        new("11:00"),
        "The clinic is open 6:30 AM to 12:00 PM on Tuesday, March 10.",
    ),
    claim(
        "holiday",
        small_clinic(holidays=(Holiday(TUESDAY, "Founders Day"),)),
        new(),
        new(day=THURSDAY),
        "Tuesday, March 10 is Founders Day: the clinic is closed.",
    ),
    claim(
        "notice",
        having(small_clinic(), "procedures", replace(KNEE, lead_time_hours=240)),
        new(),
        new(day=dt.date(2026, 3, 17)),
        "Knee arthroscopy needs notice: the earliest wheels-in is 10:00 AM on Sunday, March 15.",
    ),
    claim(
        "start-step",
        small_clinic(),
        new("10:05"),
        new("10:15"),
        "Cases start every 15 minutes on the clock; 10:05 AM is between two starts.",
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
