"""One case against the clinic and the cases that stand: every rule in turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from . import order, places, ready, stays, timing
from .book import Case, Clinic, Finding, Record
from .clock import overlap
from .people import Others, team_findings

NEVER_OVERRIDDEN = {
    "room-occupancy", "person-occupancy", "unit-occupancy", "patient-occupancy", "surgeon-privilege",
    "anesthesia-provider", "anesthesia-type", "circulator", "scrub", "first-assist", "staff-certification",
    "room-equipment", "room-feature", "equipment-pool", "equipment-maintenance", "equipment-operator",
    "tray-set", "tray-reprocessing", "anesthesia-supervision", "pediatric-anesthesia", "laser-safety", "radiation",
    "robot", "steriliser-load", "pacu-nurses", "flip-rooms", "consent", "room-closed",
}  # fmt: skip

ALWAYS = {"request", "duration", "start-step", "unknown"}
"""What makes an offer an answer to the request at all; these are no rules of the clinic."""

ORACLE_RULES = NEVER_OVERRIDDEN | {
    "facility-hours", "holiday", "notice", "room-hours", "room-closed", "turnover", "block", "surgeon-days",
    "surgeon-limits", "leave", "staff-shift", "staff-hours", "equipment-move", "pacu-bay", "first-case",
    "surgeon-arrival", "follows", "back-to-back", "stage-gap", "early-case", "latex-first", "infection-order",
    "staggered-induction", "breaks", "rest", "overtime", "post-call", "phase-two", "preop-bay", "inpatient-bed",
    "implant-lead", "vendor-present", "patient-limits", "fasting", "history-and-physical", "authorisation",
    "anticoagulant", "horizon", "freeze", "emergency-reserve", "emergency-power", "block-release", "start-step",
}  # fmt: skip
"""The rules that are judged here; a refusal that rests on another one can't be."""


class Judge:
    """Judges cases of one request at one moment (`now` an aware UTC datetime)."""

    def __init__(
        self, clinic: Clinic, now: datetime, request: Record, only: frozenset[tuple[str, str]] | None = None
    ) -> None:
        self.clinic, self.now, self.request, self.only = clinic, now, request, only
        self.overridden = {row["rule"] for row in request.get("overrides") or []} - NEVER_OVERRIDDEN

    def binding(self, found: Iterator[Finding] | list[Finding]) -> list[Finding]:
        """The findings of rules that are on and not overridden; with `only`, those of its atoms alone."""
        return [
            row
            for row in found
            if self.clinic.judged(row[0])
            and row[0] not in self.overridden
            and (self.only is None or row[0] in ALWAYS or row[:2] in self.only)
        ]

    def beside_team(self, case: Case, others: list[Case]) -> list[Finding]:
        """Everything wrong whatever the team."""
        return self.binding(self._beside_team(case, others))

    def team(self, case: Case, others: Others) -> list[Finding]:
        """Everything wrong with the people, in the reading of the team that is least wrong."""
        ways = (team_findings(self.clinic, case, way, others) for way in self.clinic.staffings(case))
        return min((self.binding(found) for found in ways), key=len)

    def _beside_team(self, case: Case, others: list[Case]) -> Iterator[Finding]:
        clinic, request = self.clinic, self.request
        yield from timing.start(clinic, case, self.now, request)
        yield from timing.length(clinic, case, request)
        yield from timing.privileges(clinic, case)
        yield from timing.asked(clinic, case, request)
        yield from places.hours(clinic, case)
        yield from places.blocks(clinic, case, clinic.clock.day(self.now))
        yield from places.room_fit(clinic, case)
        yield from places.room_pairs(clinic, case, others)
        yield from places.pools(clinic, case, others)
        yield from places.trays(clinic, case, others)
        yield from stays.bays(clinic, case, others)
        yield from order.order(clinic, case, others)
        yield from order.related(clinic, case, others, request)
        yield from ready.patient(clinic, case, self.now)
        yield from ready.policy(clinic, case, others, self.now, request)
        yield from ready.sterilisers(clinic, case, others)
        yield from _one_patient(case, others)


def _one_patient(case: Case, others: list[Case]) -> Iterator[Finding]:
    for other in others:
        if case.patient is not None and case.patient == other.patient and overlap(case.span, other.span):
            yield "patient-occupancy", "patient", f"is in {other.id} at the same time"
