"""Anesthesia: who gives it, and which kind."""

from __future__ import annotations

import pytest

from tests.solver.clinics import small_clinic
from tests.solver.rules.claims import Claim, bites, claim, new, passes, without, wrist

CLAIMS = (
    claim(
        "anesthesia-provider",
        small_clinic(),
        without(new(), "anesthesiologist"),
        without(wrist(anesthesia="local"), "anesthesiologist"),
        "The case needs 1 anesthesiologist place; 0 can be filled.",
    ),
    claim(
        "anesthesia-type",
        small_clinic(),
        new(anesthesia="regional"),
        new(anesthesia="spinal"),
        "Knee arthroscopy is done under general or spinal, not under regional.",
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
