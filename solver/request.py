"""What is asked of the solver, and what comes back: plans, violations, offers, explanations, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from solver.clinic import Case, Instant, UnitUse, frozen


class Status(StrEnum):
    """How a search ended. `NOT_PROVEN` is never "no": the budget ran out first."""

    FOUND = "found"
    INFEASIBLE = "infeasible"
    NOT_PROVEN = "not_proven"


@dataclass(frozen=True, order=True)
class Atom:
    """The smallest thing that could be relaxed, and the unit of every explanation."""

    rule: str
    subject: str


@dataclass(frozen=True)
class Patient:
    """What is known of the patient; None is not known, and a rule that needs it says so."""

    ref: str | None = None
    age: float | None = None
    weight_kg: float | None = None
    bmi: float | None = None
    asa: int | None = None
    flags: frozenset[str] | None = None


def patient_of(case: Case) -> Patient:
    """What the book knows of the patient of a case; a case without flags says nothing of them."""
    return Patient(case.patient, flags=frozenset(case.patient_flags) or None)


@dataclass(frozen=True)
class Override:
    """A rule to be set aside, with the reason that goes on record and the role of the person who grants it."""

    rule: str
    reason: str
    role: str | None = None


@dataclass(frozen=True)
class Request:
    """A search for one or more cases between two dates, both included.

    `surgeon` and `room` name the one wanted, `exclude_surgeons` and `exclude_rooms` those that won't do.
    `start_from`, `start_until` bound wheels-in and `end_by` wheels-out, in wall minutes. `at`, when given, asks
    about exactly that start (an instant); `near` prefers the starts closest to it. Rules that
    `overrides` waive do not narrow.
    """

    procedure: str
    date_from: dt.date
    date_to: dt.date
    additional_procedures: tuple[str, ...] = ()
    surgeon: str | None = None
    room: str | None = None
    exclude_surgeons: frozenset[str] = frozenset()
    exclude_rooms: frozenset[str] = frozenset()
    weekdays: frozenset[int] | None = None
    exclude_dates: frozenset[dt.date] = frozenset()
    start_from: int | None = None
    start_until: int | None = None
    end_by: int | None = None
    duration_minutes: int | None = None
    count: int = 1
    arrangement: str = "any"
    after_case: str | None = None
    position: str | None = None
    replaces: str | None = None
    anesthesia: str | None = None
    patient: Patient | None = None
    extra_equipment: tuple[str, ...] = ()
    urgency: str = "elective"
    overrides: tuple[Override, ...] = ()
    allow_swaps: bool = False
    limit: int = 5
    at: Instant | None = None
    near: Instant | None = None

    @property
    def procedures(self) -> tuple[str, ...]:
        return (self.procedure, *self.additional_procedures)

    def days(self) -> list[dt.date]:
        """The dates asked for, in order."""
        span = (self.date_to - self.date_from).days
        dates = (self.date_from + dt.timedelta(days=n) for n in range(span + 1))
        return [day for day in dates if self.wants(day)]

    def allows_room(self, room: str) -> bool:
        return self.room in (None, room) and room not in self.exclude_rooms

    def allows_surgeon(self, surgeon: str) -> bool:
        return self.surgeon in (None, surgeon) and surgeon not in self.exclude_surgeons

    def wants(self, day: dt.date) -> bool:
        return (self.weekdays is None or day.weekday() in self.weekdays) and day not in self.exclude_dates


@dataclass(frozen=True)
class Swap:
    """A person of a booked case exchanged for another, so that a plan fits."""

    case: str
    role: str
    before: str
    after: str


@dataclass(frozen=True)
class Plan:
    """Cases to be added to the book together, the units they use, and the swaps that make room for them."""

    cases: tuple[Case, ...]
    units: tuple[tuple[UnitUse, ...], ...] = ()
    swaps: tuple[Swap, ...] = ()
    patient: Patient | None = None
    urgency: str = "elective"


@dataclass(frozen=True)
class Violation:
    """One rule that a plan breaks, about one subject, with the facts its sentence is made of.

    `facts` hold ids, names and instants, never a patient's identity or condition.
    """

    rule: str
    subject: str
    facts: Mapping[str, Any] = field(default_factory=frozen)

    @property
    def atom(self) -> Atom:
        return Atom(self.rule, self.subject)


@dataclass(frozen=True)
class Unknown:
    """A rule that could not be checked, and which fact it needs."""

    rule: str
    missing: str


@dataclass(frozen=True)
class Offer:
    """A plan that every active rule has passed, with its place in the ranking and why."""

    plan: Plan
    terms: Mapping[str, float]
    key: tuple[Any, ...]
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    not_checked: tuple[Unknown, ...] = ()
    rules_checked: int = 0


@dataclass(frozen=True)
class Alternative:
    """A near miss: an offer for a request that differs from the one asked in the fields named."""

    offer: Offer
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """A member of a conflict, in the rule's own words."""

    atom: Atom
    title: str
    text: str
    facts: Mapping[str, Any] = field(default_factory=frozen)
    resources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blocked:
    """A stretch of a lane that is taken, and by what.

    `kind` is "case", "block", "leave" or "rule", and `record` the id of that case or block, of whoever is on leave, or
    of the rule; "outside" is no obstacle: no start that was asked for reaches that stretch.
    """

    start: Instant
    end: Instant
    cause: str
    kind: str = ""
    record: str = ""


@dataclass(frozen=True)
class Lane:
    """One resource or rule over time, for the picture."""

    label: str
    kind: str
    subject: str
    free: tuple[tuple[Instant, Instant], ...]
    blocked: tuple[Blocked, ...]
    in_conflict: bool


@dataclass(frozen=True)
class Correction:
    """Typed changes that are said to open a slot, and what came of solving again with them."""

    atoms: frozenset[Atom]
    changes: tuple[Any, ...]
    text: str
    cost: float
    granted_by: str | None
    opens: int
    example: Offer | None = None


@dataclass(frozen=True)
class DayReason:
    """The conflict of one day of a longer window."""

    date: dt.date
    conflict: tuple[Reason, ...]


@dataclass(frozen=True)
class Explanation:
    """Why there is no slot. `minimal`: no member of `conflict` can go. `complete`: no cause is left out."""

    status: Status
    conflict: tuple[Reason, ...]
    corrections: tuple[Correction, ...] = ()
    days: tuple[DayReason, ...] = ()
    lanes: tuple[Lane, ...] = ()
    minimal: bool = False
    complete: bool = False
    swaps_allowed: bool = False
    sentences: tuple[str, ...] = ()
    """The conflict for a reader: members that differ only in whom they are about are one sentence."""
    summary: str = ""
    """A longer window in one sentence: how many of its days, and what stands against them."""


@dataclass(frozen=True)
class Found:
    """The answer to a request: offers, or near misses and the reason why there are none."""

    status: Status
    offers: tuple[Offer, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    explanation: Explanation | None = None


@dataclass(frozen=True)
class Checked:
    """The answer about one exact slot: every violated rule, or the verified offer."""

    status: Status
    violations: tuple[Reason, ...] = ()
    offer: Offer | None = None
    alternatives: tuple[Alternative, ...] = ()
