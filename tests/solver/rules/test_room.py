"""Rooms: hours, closures, occupancy, turnover, and what they are built for."""

from __future__ import annotations

import pytest

from solver.clinic import Closure
from tests.solver.clinics import at, booked, small_clinic, week, with_cases
from tests.solver.rules.claims import Claim, bites, changed, claim, new, passes, wrist

TAKEN = with_cases(small_clinic(), booked("10:00"))

CLAIMS = (
    claim(
        "room-hours",
        changed("rooms", "or-1", hours=week("07:30-12:00")),
        new("11:30"),
        new("11:00"),
        "OR 1 runs 7:30 AM to 12:00 PM on Tuesday, March 10, and the case has to fit inside.",
    ),
    claim(
        "room-closed",
        changed("rooms", "or-1", closures=(Closure(at("12:00"), at("14:00"), "humidity"),)),
        new("11:30"),
        new("14:00"),
        "OR 1 is closed 12:00 PM to 2:00 PM on Tuesday, March 10 (humidity).",
    ),
    claim("room-occupancy", TAKEN, new("10:30"), new("11:45"), "OR 1 is in use 10:00 AM to 11:00 AM."),
    claim(
        "turnover",
        TAKEN,
        new("11:30"),
        new("11:45"),
        "OR 1 needs 35 minutes of turnover and set-up after the case that ends at 11:00 AM; this would leave 30.",
    ),
    claim(
        "room-equipment",
        small_clinic(),
        new(room="or-2"),
        new(),
        "Only OR 1 has the arthroscopy tower; OR 2 does not.",
    ),
    claim(
        "room-feature",
        small_clinic(),
        wrist(room="or-1"),
        wrist(),
        "OR 1 is not lead-lined, which this case needs; OR 2 and OR 3 are.",
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
