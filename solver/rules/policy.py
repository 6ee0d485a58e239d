"""Consistency of what a plan says it uses, whatever the rules of the other families."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING

from solver.request import Plan, Violation
from solver.rules.base import BaseRule, Scope

if TYPE_CHECKING:
    from solver.book import Facts


class UnitOccupancy(BaseRule):
    """A unit of a pool exists, and is in one use at a time."""

    id, title, owner = "unit-occupancy", "Unit occupancy", "OR manager"
    scope = Scope.PAIR
    couples = ("unit", "wheels-in", "wheels-out")

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        uses = [use for units in plan.units for use in units]
        for use in uses:
            if not 1 <= use.unit <= self._owned(use.resource):
                yield self.broken(
                    use.resource, unit=use.unit, start=self.iso(use.start), end=self.iso(use.end)
                )
        for one, other in combinations(uses, 2):
            same = (one.resource, one.unit) == (other.resource, other.unit)
            if same and one.start < other.end and other.start < one.end:
                yield self.broken(
                    one.resource, unit=one.unit, start=self.iso(other.start), end=self.iso(other.end)
                )

    def _owned(self, resource: str) -> int:
        for table in (self.clinic.equipment, self.clinic.trays, self.clinic.bays):
            if resource in table:
                return int(table[resource].units)
        return 0

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return f"{facts['name']} unit {facts['unit']} is in use {self.span(facts)}."


RULES = (UnitOccupancy,)
