"""Recovery: a bay for the whole stay, inside its hours."""

from __future__ import annotations

import pytest

from tests.solver.clinics import booked, week, with_cases
from tests.solver.rules.claims import Claim, bites, changed, claim, new, passes, two_towers

ONE_BAY = with_cases(changed("bays", "pacu", two_towers(), units=1), booked("10:00", "or-2"))

CLAIMS = (
    claim(
        "pacu-bay",
        ONE_BAY,
        new("10:30"),
        new("11:15"),
        "PACU: the only bay is taken 11:00 AM to 12:15 PM.",
    ),
    claim(
        "pacu-bay",
        changed("bays", "pacu", hours=week("07:30-15:00")),
        new("13:00"),
        new("12:45"),
        "The 75-minute recovery stay would run until 3:15 PM; PACU is open until 3:00 PM.",
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
