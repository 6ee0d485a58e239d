"""The patient: one place at a time, and the limits of what this site takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from solver.clinic import frozen
from solver.grid import Mask
from solver.request import Atom, Patient, Plan, Request, Violation
from solver.reserve import Kind
from solver.rules.base import BaseRule, Scope
from solver.rules.remedy import other_case
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class PatientOccupancy(BaseRule):
    """A patient has one case at a time."""

    id, title, owner = "patient-occupancy", "Patient occupancy", "scheduling office"
    remedies = (other_case,)
    kinds = (Kind.ROOM,)
    scope = Scope.PAIR
    by_room = False
    couples = ("patient", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        ref = request.patient.ref if request.patient else None
        mask = 0
        for other in day.facts.book.cases.values() if ref else ():
            if other.patient == ref:
                mask |= day.frame.overlapping(0, candidate.mode.minutes, (other.start, other.end))
        yield self.atom("patient"), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for other in facts.book.cases.values() if case.patient else ():
                same = other.patient == case.patient and other.id != case.id
                if same and other.start < case.end and case.start < other.end:
                    start, end = self.iso(other.start), self.iso(other.end)
                    yield self.broken("patient", start=start, end=end, case=other.id)

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        return () if patient and patient.ref else ("patient",)

    def say(self, violation: Violation) -> str:
        return f"The patient already has a case {self.span(violation.facts)}."


class PatientLimits(BaseRule):
    """Age, ASA class, BMI and weight that this site takes; each limit is the site's own, and may be left out."""

    id, title, owner = "patient-limits", "Patient limits", "medical director"
    waivable_by = Waiver.MEDICAL_DIRECTOR
    kinds = (Kind.ROOM,)
    by_room = False
    couples = ("patient age", "ASA class", "BMI", "weight")
    defaults = frozen({"min_age": 0.5, "max_asa": 3, "max_bmi": 50, "max_weight_kg": 159})

    limits = (
        ("age", "min_age", "Age {seen:g} is under this site's limit of {limit:g} years."),
        ("asa", "max_asa", "ASA class {seen} is over this site's limit of {limit}."),
        ("bmi", "max_bmi", "BMI {seen:g} is over this site's limit of {limit:g}."),
        ("weight_kg", "max_weight_kg", "{seen:g} kg is over this site's limit of {limit:g} kg."),
    )

    def beyond(self, patient: Patient | None, day: dt.date) -> list[tuple[str, Any, Any]]:
        """(fact, value seen, limit) for every limit of that day that the patient is beyond."""
        found, params = [], self.params_on(day)
        for fact, param, _ in self.limits:
            seen, limit = getattr(patient, fact, None), params[param]
            if seen is not None and limit is not None:
                over = seen < limit if param.startswith("min") else seen > limit
                found += [(fact, seen, limit)] if over else []
        return found

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        for fact, _, _ in self.beyond(request.patient, day.date):
            yield self.atom(fact), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for fact, seen, limit in self.beyond(plan.patient, facts.date(case)):
                yield self.broken(fact, seen=seen, limit=limit)

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        for fact, param, _ in self.limits:
            limited = any(value is not None for value in self.values(param))
            if getattr(patient, fact, None) is None and limited:
                yield fact

    def say(self, violation: Violation) -> str:
        sentence = next(text for fact, _, text in self.limits if fact == violation.subject)
        return sentence.format(**violation.facts)


RULES = (PatientOccupancy, PatientLimits)
