"""Anesthesia: who gives it, and that the procedure may be done under it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.clinic import ANESTHESIOLOGIST
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Kind
from solver.rules.base import BaseRule, listed
from solver.rules.nursing import PlaceFilled

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class AnesthesiaProvider(PlaceFilled):
    """An anesthesia provider for every case that is not under local alone."""

    id, title, owner = "anesthesia-provider", "Anesthesia provider", "anesthesia group"
    roles = (ANESTHESIOLOGIST,)
    couples = ("procedure", "anesthesia", "person")


class AnesthesiaType(BaseRule):
    """The anesthesia asked for is one that every procedure of the case can be done under."""

    id, title, owner = "anesthesia-type", "Anesthesia type", "anesthesia group"
    kinds = (Kind.ROOM,)
    couples = ("procedure", "anesthesia")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        for procedure in candidate.mode.procedures:
            if not self._possible(procedure, candidate.mode.anesthesia):
                yield self.atom(procedure), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for procedure in case.procedures:
                if not self._possible(procedure, case.anesthesia):
                    record = self.clinic.procedures[procedure]
                    options = [record.anesthesia_default, *record.anesthesia_options]
                    yield self.broken(
                        procedure, anesthesia=case.anesthesia, options=list(dict.fromkeys(options))
                    )

    def _possible(self, procedure: str, anesthesia: str) -> bool:
        record = self.clinic.procedures[procedure]
        return anesthesia == record.anesthesia_default or anesthesia in record.anesthesia_options

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        options = listed(facts["options"], "or")
        return f"{facts['name']} is done under {options}, not under {facts['anesthesia']}."


RULES = (AnesthesiaProvider, AnesthesiaType)
