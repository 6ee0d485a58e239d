"""The surgeon: privileges, days, and how much."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.solver.clinics import booked, setting, small_clinic, with_cases
from tests.solver.rules.claims import Claim, bites, changed, claim, new, passes, wrist

CLAIMS = (
    claim(
        "surgeon-privilege",
        small_clinic(),
        wrist(surgeon="dr-smith"),
        wrist(),
        "Dr. Smith is not privileged for distal radius ORIF on Tuesday, March 10. Dr. Patel may do it.",
    ),
    claim(
        "surgeon-days",
        small_clinic(),
        new(day=dt.date(2026, 3, 11)),
        new(),
        "Dr. Smith operates Tuesdays and Thursdays; Wednesday, March 11 is not one of those days.",
    ),
    claim(
        "surgeon-limits",
        with_cases(changed("staff", "dr-smith", max_cases_day=1), booked("07:30", surgeon="dr-smith")),
        new("12:00"),
        new("12:00", surgeon="dr-patel"),
        "Dr. Smith already has 1 case on Tuesday, March 10, and takes at most 1 a day.",
    ),
    claim(
        "surgeon-limits",
        setting(
            with_cases(small_clinic(), booked("07:30", surgeon="dr-smith", length=120)),
            "surgeon-limits",
            after_minutes=180,
            minutes=60,
        ),
        new("10:15"),
        new("10:30"),
        "Dr. Smith would work 225 minutes without a 60-minute break; the most is 180.",
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
