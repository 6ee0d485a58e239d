"""Blocks: whose room it is until it is released."""

from __future__ import annotations

import pytest

from solver.clinic import Block
from tests.solver.clinics import small_clinic, window, with_blocks
from tests.solver.rules.claims import Claim, bites, claim, new, passes

BLOCKED = with_blocks(
    small_clinic(), Block("patel-tue", "dr-patel", "or-1", 1, window("07:30-15:30"), release_days=2)
)

CLAIMS = (
    claim(
        "block",
        BLOCKED,
        new(),
        new(surgeon="dr-patel"),
        "OR 1 7:30 AM to 3:30 PM on Tuesday, March 10 is Dr. Patel's block and is released on Sunday, March 8.",
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
