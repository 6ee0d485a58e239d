"""Rules about two cases in one room: what lies between them beside turnover and set-up."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from solver.clinic import Case, Clinic, RuleSetting, frozen
from solver.request import Violation
from solver.reserve import Mode
from solver.rules.base import Scope
from solver.rules.room import Turnover
from solver.rules.starts import Asked, StartRule, Stretch

if TYPE_CHECKING:
    from solver.book import Facts


class PairRule(StartRule):
    """A rule about two cases in one room, which knows what turnover lies between them anyway."""

    scope = Scope.PAIR

    def __init__(self, clinic: Clinic, setting: RuleSetting | None = None) -> None:
        super().__init__(clinic, setting)
        self._turnover = Turnover(clinic, clinic.rules.get("turnover"))

    def over(self, clinic: Clinic) -> Self:
        rule = super().over(clinic)
        rule._turnover = self._turnover.over(clinic)
        return rule

    def between(self, first: Mode, second: Mode, day: dt.date) -> int:
        """Minutes of turnover and set-up between two cases."""
        return self._turnover.gap(first, second, day) if self._turnover.level.binds else 0

    def clean_after(self, other: Case, asked: Asked, day: dt.date, facts: Facts, clean: int) -> Stretch:
        """Too soon behind another case for an extra clean after it."""
        needed = self.between(facts.mode(other), asked.mode, day) + clean
        said = {"clean": clean, "before": False, "end": self.iso(other.end), "start": self.iso(other.start)}
        return Stretch(asked.room, other.start + 1, other.end + needed, frozen(said))

    def clean_before(self, other: Case, asked: Asked, day: dt.date, facts: Facts, clean: int) -> Stretch:
        """Too close before another case for an extra clean in between."""
        needed = self.between(asked.mode, facts.mode(other), day) + clean
        said = {"clean": clean, "before": True, "end": self.iso(other.end), "start": self.iso(other.start)}
        return Stretch(asked.room, other.start - needed - asked.mode.minutes + 1, other.start, frozen(said))

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        other = (
            f"before the case that starts at {self.clock(facts['start'])}"
            if facts["before"]
            else f"after the case that ends at {self.clock(facts['end'])}"
        )
        return f"{facts['name']} needs an extra clean of {facts['clean']} minutes {other}."
