"""The states of a case and every legal step between them, written once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tools.errors import ToolError

HELD, BOOKED, DONE, CANCELLED = "held", "booked", "done", "cancelled"

STEPS: Mapping[str, frozenset[str]] = MappingProxyType({
    HELD: frozenset({HELD, BOOKED, CANCELLED}),
    BOOKED: frozenset({HELD, BOOKED, DONE, CANCELLED}),
    DONE: frozenset({DONE}),
    CANCELLED: frozenset({HELD, BOOKED}),
})  # fmt: skip
"""State -> the states after it. Staying is a move or an edit; back to held is the undoing of a booking, back from
cancelled the undoing of a cancellation."""

BEFORE_WHEELS_IN = frozenset({HELD, BOOKED})
"""States in which a case can still be moved, edited or cancelled."""


def step(case: str, before: str, after: str) -> None:
    """Raises `ToolError("conflict")` for a step that there isn't."""
    if after not in STEPS.get(before, frozenset()):
        raise ToolError(
            "conflict", f"{case} is {before} and can't become {after}. Maybe look at the schedule.", "case"
        )
