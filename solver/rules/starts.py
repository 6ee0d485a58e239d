"""Rules that forbid stretches of starts to one case in one room: said once, read as masks and as a check.

`narrow` and `check` of such a rule can't disagree, because both ask it for the same stretches.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from solver.clinic import Case, Instant, Readiness, frozen
from solver.grid import Mask
from solver.request import Atom, Patient, Plan, Request, Violation
from solver.reserve import Kind, Mode
from solver.rules.base import BaseRule

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot

FOREVER = 1 << 40
"""An instant after everything."""


@dataclass(frozen=True)
class Asked:
    """One case as such a rule sees it, searched for (`case` is None) or planned."""

    mode: Mode
    room: str
    case: str | None
    patient: Patient | None
    ref: str | None
    flags: frozenset[str]
    urgency: str
    follows: str | None
    arrangement: str

    @property
    def elective(self) -> bool:
        return self.urgency == "elective"

    def on_record(self, facts: Facts) -> Readiness | None:
        """What the clinic has on record of the patient; None where the patient or the record isn't known."""
        return facts.clinic.readiness.get(self.ref) if self.ref else None


@dataclass(frozen=True)
class Stretch:
    """Wheels-in from `first` until just before `until` is forbidden, for the reason in `facts`."""

    subject: str
    first: Instant
    until: Instant
    facts: Mapping[str, Any] = field(default_factory=frozen)


def searched(request: Request, candidate: Candidate) -> Asked:
    """The case of a request in one room."""
    patient = request.patient
    flags = patient.flags if patient and patient.flags else frozenset[str]()
    ref = patient.ref if patient else None
    return Asked(
        candidate.mode, candidate.room, None, patient, ref, flags, request.urgency,
        request.after_case, request.arrangement,
    )  # fmt: skip


def planned(case: Case, plan: Plan, facts: Facts) -> Asked:
    """A case of a plan; of one in the book no more is known than what the book keeps."""
    patient = plan.patient
    flags = frozenset(case.patient_flags) | (patient.flags if patient and patient.flags else frozenset())
    ref = case.patient or (patient.ref if patient else None)
    return Asked(
        facts.mode(case),
        case.room,
        case.id,
        patient,
        ref,
        flags,
        plan.urgency,
        case.follows,
        case.arrangement,
    )


class StartRule(BaseRule):
    """A rule that forbids stretches of starts; subclasses say which, and the facts of the sentence."""

    kinds = (Kind.ROOM,)

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        """Every stretch of wheels-in on that day that is forbidden; it may reach beyond the day."""
        return ()

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        masks: dict[Atom, Mask] = {}
        for stretch in self.stretches(searched(request, candidate), day.date, day.facts):
            atom = self.atom(stretch.subject)
            masks[atom] = masks.get(atom, 0) | day.frame.starts(stretch.first, stretch.until - 1)
        return masks.items()

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            told: set[str] = set()
            for stretch in self.stretches(planned(case, plan, facts), facts.date(case), facts):
                if stretch.first <= case.start < stretch.until and stretch.subject not in told:
                    told.add(stretch.subject)
                    yield self.broken(stretch.subject, **stretch.facts)

    def midnight(self, day: dt.date) -> Instant:
        """The instant at which a clinic day begins."""
        return self.calendar.instant(day, 0)

    def whole(self, on: dt.date, subject: str, /, **facts: Any) -> Stretch:
        """The day is forbidden from midnight to midnight."""
        end = self.midnight(on + dt.timedelta(days=1))
        return Stretch(subject, self.midnight(on), end, frozen(facts))


def others_in(asked: Asked, day: dt.date, facts: Facts) -> list[Case]:
    """The other cases with wheels-in in that room on that day, by start."""
    frame = facts.calendar.frame(day)
    held = facts.book.near(asked.room, frame.origin, frame.end)
    return [facts.book.cases[r.case] for r in held if r.case != asked.case and frame.origin <= r.start]
