"""Trays: open on one table at a time, and away until they are sterile."""

from __future__ import annotations

import pytest

from solver.clinic import Tray
from tests.solver.clinics import booked, having, with_cases
from tests.solver.rules.claims import Claim, bites, claim, new, passes, two_towers

ONE_SET = with_cases(
    having(two_towers(), "trays", Tray("knee-scope-set", "Knee scope set", 1, 180)), booked("10:00", "or-2")
)

CLAIMS = (
    claim(
        "tray-set",
        ONE_SET,
        new("10:30"),
        new("14:00"),
        "Knee scope set: the only set is in use 10:00 AM to 11:00 AM.",
    ),
    claim(
        "tray-reprocessing",
        ONE_SET,
        new("13:45"),
        new("14:00"),
        "Knee scope set: the only set is in use or being reprocessed (180 minutes) 10:00 AM to 2:00 PM.",
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
