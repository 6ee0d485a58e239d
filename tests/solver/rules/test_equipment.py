"""Mobile equipment: enough units, time to move them, maintenance and operators."""

from __future__ import annotations

import pytest

from solver.clinic import Case, Closure, Validity
from tests.solver.clinics import at, booked, having, person, small_clinic, with_cases
from tests.solver.rules.claims import Claim, bites, changed, claim, passes, people, without, wrist

TWO = having(
    changed("staff", "dr-smith", privileges=(Validity("wrist-orif"),)),
    "staff", person("rad-tech-2", "rad-tech", "06:30-17:30", "fluoroscopy"),
)  # fmt: skip
SHARED = with_cases(TWO, booked("10:00", "or-2", "wrist-orif"))
OTHERS = people(
    anesthesiologist="anesthesiologist-1", circulator="circulator-1", scrub="scrub-1", rad_tech="rad-tech-2"
)
ANNUAL = (Closure(at("12:00"), at("14:00"), "annual check"),)


def beside(clock: str) -> Case:
    """Dr. Smith's wrist in OR 3, by other people."""
    return wrist(clock, "or-3", surgeon="dr-smith", team=OTHERS)


CLAIMS = (
    claim(
        "equipment-pool",
        SHARED,
        beside("10:30"),
        beside("11:15"),
        "C-arm: 1 of 1 in use 10:00 AM to 11:00 AM (OR 2).",
    ),
    claim(
        "equipment-move",
        SHARED,
        beside("11:00"),
        beside("11:15"),
        "C-arm is in OR 2 10:00 AM to 11:00 AM and takes 10 minutes to move.",
    ),
    claim(
        "equipment-maintenance",
        changed("equipment", "c-arm", maintenance=ANNUAL),
        wrist("11:00"),
        wrist("10:30"),
        "C-arm is under maintenance 12:00 PM to 2:00 PM on Tuesday, March 10 (annual check).",
    ),
    claim(
        "equipment-operator",
        small_clinic(),
        without(wrist(), "rad-tech"),
        wrist(),
        "The case needs 1 rad-tech place; 0 can be filled.",
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
