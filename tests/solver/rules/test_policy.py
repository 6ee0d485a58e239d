"""The plan names units that there are; how far ahead, and what is kept for emergencies."""

from __future__ import annotations

import datetime as dt

import pytest

from solver.clinic import UnitUse
from tests.solver.clinics import at, booked, setting, small_clinic, with_cases
from tests.solver.rules.claims import Attempt, Claim, bites, claim, new, passes


def named(unit: int) -> Attempt:
    """A case that says which of the two knee scope sets it takes."""
    return Attempt(new(), None, (UnitUse("knee-scope-set", unit, at("10:00"), at("14:00")),))


RESERVED = with_cases(
    setting(small_clinic(), "emergency-reserve", "hard", rooms=2), booked("10:00", "or-2", "wrist-orif")
)
POWERED = setting(small_clinic(), "emergency-power", "hard", anesthesia=("general",))


CLAIMS = (
    claim(
        "unit-occupancy",
        small_clinic(),
        named(3),
        named(2),
        "Knee scope set: all 2 units are in use 10:00 AM to 2:00 PM, and there is no other.",
    ),
    claim(
        "horizon",
        setting(small_clinic(), "horizon", days=4),
        new(),
        new(day=dt.date(2026, 3, 5)),
        "Cases are booked at most 4 days ahead: until Monday, March 9.",
    ),
    claim(
        "freeze",
        setting(small_clinic(), "freeze", days_before=5, after="08:00"),
        new(),
        new(day=dt.date(2026, 3, 12)),
        "The elective schedule of Tuesday, March 10 is closed since 8:00 AM on Thursday, March 5.",
    ),
    claim(
        "emergency-reserve",
        RESERVED,
        new("10:30"),
        new("11:00"),
        "2 rooms are kept free for emergencies on Tuesday, March 10, and this would take one.",
    ),
    claim(
        "emergency-power",
        POWERED,
        new(),
        new(anesthesia="spinal"),
        "OR 1 has no emergency power; cases under general go where there is.",
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
