"""What a change costs, for ranking corrections: points of trouble, planning defaults in one table. No money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from solver.changes import AddShift, AddStaff, Change, SetHours

COSTS: Mapping[str, float] = MappingProxyType({
    "override-rule": 8,
    "release-block": 10,
    "add-shift": 12,
    "set-hours": 20,
    "move-case": 25,
    "remove-leave": 40,
    "set-param": 50,
    "add-staff": 60,
    "add-unit": 300,
    "add-equipment": 1_000,
    "add-feature": 3_000,
})  # fmt: skip
"""Change type -> points, in the order in which a charge nurse would try them."""

A_MINUTE: Mapping[str, float] = MappingProxyType({"add-shift": 0.02, "add-staff": 0.02, "set-hours": 0.005})
"""Points for each minute of a shift or of opening hours."""

GRANTED: Mapping[str, float] = MappingProxyType(
    {"charge nurse": 0, "surgeon": 4, "director": 8, "medical director": 12}
)
"""Points for asking whoever must grant it."""


def cost(changes: Sequence[Change], granted_by: str | None, costs: Mapping[str, float] = COSTS) -> float:
    """The points of all changes together, and of asking once."""
    total = sum(costs[change.type] + A_MINUTE.get(change.type, 0) * _minutes(change) for change in changes)
    return round(total + GRANTED.get(granted_by or "", 8), 2)


def _minutes(change: Change) -> int:
    window = change.window if isinstance(change, AddShift | AddStaff | SetHours) else None
    return window[1] - window[0] if window else 0


def most_senior(grants: Sequence[str | None]) -> str | None:
    """Who must be asked where several would."""
    return max((who for who in grants if who), key=lambda who: GRANTED.get(who, 8), default=None)
