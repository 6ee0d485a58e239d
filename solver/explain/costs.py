"""What a change costs, for ranking corrections: points of trouble, planning defaults in one table. No money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from solver.changes import AddNurses, AddShift, AddStaff, Change, SetHours
from solver.clinic import Clinic
from solver.rules.base import BaseRule
from solver.rules.waivers import Waiver

COSTS: Mapping[str, float] = MappingProxyType({
    "override-rule": 8,
    "release-block": 10,
    "add-shift": 12,
    "change-request": 15,
    "set-hours": 20,
    "move-case": 25,
    "remove-leave": 40,
    "set-param": 50,
    "set-record": 50,
    "add-staff": 60,
    "add-nurses": 60,
    "reopen-room": 80,
    "add-unit": 300,
    "add-equipment": 1_000,
    "add-feature": 3_000,
})  # fmt: skip
"""Change type -> points, in the order in which a charge nurse would try them; a clinic may set its own."""

A_MINUTE: Mapping[str, float] = MappingProxyType(
    {"add-shift": 0.02, "add-staff": 0.02, "add-nurses": 0.02, "set-hours": 0.005}
)
"""Points for each minute of a shift or of opening hours."""

GRANTED: Mapping[str, float] = MappingProxyType({
    Waiver.CHARGE_NURSE: 0, Waiver.SURGEON: 4, Waiver.CLINICIAN: 4, Waiver.DIRECTOR: 8, Waiver.MEDICAL_DIRECTOR: 12,
})  # fmt: skip
"""Points for asking whoever must grant it."""

ASKS: Mapping[str, Waiver] = MappingProxyType(
    {"change-request": Waiver.SURGEON, "move-case": Waiver.SURGEON, "add-shift": Waiver.CHARGE_NURSE}
)
"""Who is asked for a change that no rule's waiver covers."""

BOUGHT = frozenset({"add-unit", "add-equipment", "add-feature", "add-staff", "add-nurses", "set-param"})
"""What is bought, built or hired: the director's, whoever may set the rule aside."""

AT_ONCE = 10
"""Points of a second change; they grow with the square of how many there are beside the first."""

NEVER = 1e6
"""Points of an atom that nothing opens."""


def costs_of(clinic: Clinic) -> Mapping[str, float]:
    """Change type -> points at this clinic."""
    return {**COSTS, **clinic.costs}


def cost(changes: Sequence[Change], granted_by: str | None, costs: Mapping[str, float]) -> float:
    """The points of all changes together, of asking once, and of bringing several about at the same time."""
    total = sum(costs[change.type] + A_MINUTE.get(change.type, 0) * _minutes(change) for change in changes)
    return round(total + GRANTED.get(granted_by or "", 8) + at_once(len(changes)), 2)


def at_once(changes: int) -> float:
    """The points of several changes that must all come true: a pair is a phone call more, eight are a project."""
    return AT_ONCE * max(0, changes - 1) ** 2


def _minutes(change: Change) -> int:
    window = change.window if isinstance(change, AddShift | AddStaff | AddNurses | SetHours) else None
    return window[1] - window[0] if window else 0


def least(rule: BaseRule, costs: Mapping[str, float]) -> float:
    """The points that ending one violation of this rule takes at least."""
    return min((costs[type_] for type_ in rule.opened_by), default=NEVER)


def granted(rule: BaseRule, changes: Iterable[Change]) -> str:
    """Who must grant the changes that end a violation of this rule."""
    return most_senior(_asked_for(rule, change) for change in changes) or Waiver.DIRECTOR


def _asked_for(rule: BaseRule, change: Change) -> str:
    if change.type in BOUGHT:
        return Waiver.DIRECTOR
    if change.type == "override-rule" or rule.waivable_by is not None:
        return rule.waivable_by or Waiver.DIRECTOR
    return ASKS.get(change.type, Waiver.DIRECTOR)


def most_senior(grants: Iterable[str]) -> str | None:
    """Who must be asked where several would."""
    return max(grants, key=lambda who: GRANTED.get(who, 8), default=None)
