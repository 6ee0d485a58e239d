"""Bays before and after the case: pre-op, recovery, second phase, ward; and the nurses who look after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from solver.clinic import Bay, Window, frozen
from solver.grid import Mask
from solver.request import Atom, Patient, Plan, Request, Violation
from solver.reserve import PHASE_TWO, PREOP, WARD, Kind, Mode, Reservation
from solver.rules.base import BaseRule, Scope, every
from solver.rules.pool import Use, full
from solver.rules.remedy import bay, nurses
from solver.rules.shapes import COUNT, NUMBER
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class BayStay(BaseRule):
    """A free bay for the whole stay, inside the bay's hours."""

    roles: ClassVar[tuple[str, ...]] = ()
    stay: ClassVar[str] = "recovery stay"
    remedies = (bay,)
    waivable_by = Waiver.CHARGE_NURSE
    kinds = (Kind.BAY,)
    scope = Scope.PAIR
    couples: ClassVar[tuple[str, ...]] = ("wheels-out", "anesthesia", "recovery stay", "bay")

    def covers(self, role: str) -> bool:
        """Whether stays of this role are this rule's."""
        return role in self.roles

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame, bay = candidate.need, day.frame, self.clinic.bays[candidate.unit]
        if not self.covers(need.role):
            return
        windows = self.hours_near(day.date, bay.hours, need.end)
        mask = frame.full & ~frame.inside(need.begin, need.end, windows)
        held = day.facts.book.near(
            candidate.unit, frame.origin + min(need.begin, 0), frame.end + max(need.end, 0)
        )
        for busy in full([Use(r.start, r.end) for r in held], bay.units):
            mask |= frame.overlapping(need.begin, need.end, busy)
        yield self.atom(candidate.unit), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for taken in facts.of_case(case):
                if taken.kind is Kind.BAY and self.covers(taken.role):
                    yield from self._outside_hours(taken, facts.date(case).weekday(), facts)
                    yield from self._full(taken, facts)

    def _outside_hours(self, taken: Reservation, weekday: int, facts: Facts) -> Iterable[Violation]:
        case = facts.book.cases[taken.case]
        week = self.clinic.bays[taken.resource].hours
        hours = week.get(weekday, ())
        windows = self.hours_near(facts.date(case), week, taken.end - case.start)
        if not any(start <= taken.start and taken.end <= end for start, end in windows):
            yield self.broken(
                taken.resource, why="hours", minutes=taken.end - taken.start, day=facts.date(case).isoformat(),
                start=self.iso(taken.start), end=self.iso(taken.end), hours=[list(w) for w in hours],
            )  # fmt: skip

    def _full(self, taken: Reservation, facts: Facts) -> Iterable[Violation]:
        bay = self.clinic.bays[taken.resource]
        others = [r for r in facts.book.near(bay.id, taken.start, taken.end) if r is not taken]
        busy = full([Use(r.start, r.end) for r in others], bay.units)
        meets = [(start, end) for start, end in busy if start < taken.end and taken.start < end]
        if meets:
            start, end = self.iso(meets[0][0]), self.iso(meets[-1][1])
            yield self.broken(
                bay.id, why="full", units=bay.units, start=start, end=end, cases=[r.case for r in others]
            )

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["why"] == "full":
            return f"{facts['name']}: {every(facts['units'], 'bay is', 'bays are')} taken {self.span(facts)}."
        if not facts["hours"]:
            return f"{facts['name']} is closed on {self.day_name(facts['day'])}."
        close = self.clock(facts["hours"][-1][1])
        return (
            f"The {facts['minutes']}-minute {self.stay} would run until {self.clock(facts['end'])}; "
            f"{facts['name']} is open until {close}."
        )


class PacuBay(BayStay):
    """A free bay for the whole stay, inside the bay's hours: how late a case may end depends on its recovery."""

    id, title, owner = "pacu-bay", "PACU bay", "PACU manager"

    def covers(self, role: str) -> bool:
        return role not in (PREOP, PHASE_TWO, WARD)


class PhaseTwo(BayStay):
    """A place in the second phase of recovery, or an extended stay, from the end of the first; no stay is too long.

    The procedure says where and for how long; it is another place than the first phase's. The most hours, where
    a number is set, run from admission, which is the stay before the case or else wheels-in, until the end of
    the second phase: a surgery center's patients leave within 24 hours (42 CFR 416.2).
    """

    # In the clinic file: a procedure's `phase_two: {bay, minutes}`; `most_hours`, None for no limit.

    id, title, owner = "phase-two", "Second-phase recovery", "PACU manager"
    roles, stay = (PHASE_TWO,), "second-phase stay"
    couples = ("wheels-out", "anesthesia", "recovery stay", "bay", "admission")
    defaults = frozen({"most_hours": 24})
    shapes = frozen({"most_hours": NUMBER})

    @property
    def idle(self) -> bool:
        return not any(each.phase_two for each in self.clinic.procedures.values())

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        yield from super().narrow(request, candidate, day)
        if self.covers(candidate.need.role) and self._too_long(candidate.mode, day.date):
            yield self.atom(candidate.unit), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        yield from super().check(plan, facts)
        for case in plan.cases:
            minutes = self._too_long(facts.mode(case), facts.date(case))
            for taken in facts.of_case(case) if minutes else ():
                if taken.kind is Kind.BAY and self.covers(taken.role):
                    most = self.params_on(facts.date(case))["most_hours"]
                    yield self.broken(taken.resource, why="long", minutes=minutes, most=most)

    def _too_long(self, mode: Mode, day: dt.date) -> int:
        """Minutes from admission to the end of the second phase when they are too many, else 0."""
        stays = [need for need in mode.needs if need.kind is Kind.BAY]
        admitted = min((need.begin for need in stays if need.role == PREOP), default=0)
        left = max((need.end for need in stays if self.covers(need.role)), default=0)
        most = self.params_on(day)["most_hours"]
        return left - admitted if most is not None and left - admitted > 60 * most else 0

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["why"] != "long":
            return super().say(violation)
        stay = f"{facts['minutes'] / 60:g} hours"
        return f"From admission to discharge it would be {stay}; the most is {facts['most']:g}."


class PreopBay(BayStay):
    """A pre-op bay from the patient's arrival until wheels-in, where the procedure asks for one."""

    # In the clinic file: a procedure's `preop: {bay, minutes}`.

    id, title, owner = "preop-bay", "Pre-op bay", "pre-op manager"
    roles, stay = (PREOP,), "stay before the case"

    @property
    def idle(self) -> bool:
        return not any(each.preop for each in self.clinic.procedures.values())


class InpatientBed(BayStay):
    """A bed on the ward, step-down or intensive care unit after recovery, where the procedure asks for one."""

    # In the clinic file: a procedure's `ward: {bay, minutes}`.

    id, title, owner = "inpatient-bed", "Inpatient bed", "bed management"
    roles, stay = (WARD,), "stay on the ward"

    @property
    def idle(self) -> bool:
        return not any(each.ward for each in self.clinic.procedures.values())


class PacuNurses(BaseRule):
    """There are enough nurses for the patients in recovery at every minute, where it says how many are on.

    A nurse looks after so many patients at once; a child takes one alone, as does every patient for the first
    minutes that are set. The least number stays until the last discharge.
    """

    # In the clinic file: a bay pool's `nurses`; `patients_per_nurse`, `alone_minutes`, `least`, `child_under`
    # or the flag `child`.

    id, title, owner = "pacu-nurses", "PACU nurses", "PACU manager"
    remedies = (nurses,)
    kinds = (Kind.BAY,)
    scope = Scope.PAIR
    couples = ("bay", "nurses on", "number of patients", "patient age")
    defaults = frozen({"patients_per_nurse": 2, "alone_minutes": 0, "least": 2, "child_under": 12})
    shapes = frozen({"patients_per_nurse": COUNT, "least": COUNT})

    @property
    def idle(self) -> bool:
        return not any(bay.nurses for bay in self.clinic.bays.values())

    def _child(self, patient: Patient | None, flags: Iterable[str], day: dt.date) -> bool:
        young = (
            patient is not None
            and patient.age is not None
            and patient.age < self.params_on(day)["child_under"]
        )
        return young or "child" in flags

    def _parts(self, begin: int, end: int, child: bool, day: dt.date) -> list[tuple[int, int, bool]]:
        """(begin, end, alone) of one stay: with a nurse of its own, and sharing one."""
        alone = end if child else min(end, begin + int(self.params_on(day)["alone_minutes"]))
        return [part for part in ((begin, alone, True), (alone, end, False)) if part[0] < part[1]]

    def _others(
        self, bay: str, span: Window, skip: Reservation | None, facts: Facts
    ) -> list[tuple[int, int, bool]]:
        parts = []
        for held in facts.book.near(bay, *span):
            if held is not skip:
                case = facts.book.cases[held.case]
                child = self._child(None, case.patient_flags, facts.date(case))
                parts += self._parts(held.start, held.end, child, facts.date(case))
        return parts

    def _on(self, bay: Bay, span: Window) -> list[tuple[int, int, int]]:
        """(start, end, nurses) of every window of the bay's nurses."""
        dates = self.calendar.dates(*span)
        windows = (
            (date, on, w) for date in dates for on in bay.nurses for w in on.hours.get(date.weekday(), ())
        )
        return [(*self.calendar.window(date, window), on.count) for date, on, window in windows]

    def _short(
        self, bay: Bay, others: list[tuple[int, int, bool]], span: Window, alone: bool, day: dt.date
    ) -> list[Window]:
        """Stretches of the span in which one more patient, alone or sharing, would have too few nurses."""
        on, params = self._on(bay, span), self.params_on(day)
        edges = {*span, *(edge for part in (*others, *on) for edge in part[:2])}
        moments = sorted(edge for edge in edges if span[0] <= edge <= span[1])
        short = []
        for start, end in pairwise(moments):
            here = [part[2] for part in others if part[0] <= start < part[1]]
            own = sum(here) + alone
            shared = len(here) + 1 - own
            needed = max(own + -(-shared // max(1, int(params["patients_per_nurse"]))), int(params["least"]))
            if needed > sum(count for since, until, count in on if since <= start < until):
                short.append((start, end))
        return short

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame, bay = candidate.need, day.frame, self.clinic.bays[candidate.unit]
        if not bay.nurses:
            return
        flags = (request.patient.flags if request.patient else None) or ()
        span = frame.origin + min(need.begin, 0), frame.end + max(need.end, 0)
        others, mask = self._others(bay.id, span, None, day.facts), 0
        child = self._child(request.patient, flags, day.date)
        for begin, end, alone in self._parts(need.begin, need.end, child, day.date):
            for busy in self._short(bay, others, span, alone, day.date):
                mask |= frame.overlapping(begin, end, busy)
        yield self.atom(bay.id), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        known = (plan.patient.flags if plan.patient else None) or ()
        for case in plan.cases:
            day = facts.date(case)
            child = self._child(plan.patient, {*known, *case.patient_flags}, day)
            for taken in facts.of_case(case):
                if taken.kind is Kind.BAY and self.clinic.bays[taken.resource].nurses:
                    yield from self._unwatched(taken, child, day, facts)

    def _unwatched(self, taken: Reservation, child: bool, day: dt.date, facts: Facts) -> Iterable[Violation]:
        bay, span = self.clinic.bays[taken.resource], (taken.start, taken.end)
        others = self._others(bay.id, span, taken, facts)
        for begin, end, alone in self._parts(taken.start, taken.end, child, day):
            for start, until in self._short(bay, others, span, alone, day):
                if start < end and begin < until:
                    yield self.broken(bay.id, start=self.iso(start), end=self.iso(until))
                    return

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        return () if patient and patient.age is not None else ("age",)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return f"{facts['name']}: too few nurses for one more patient {self.span(facts)}."


RULES: tuple[type[BaseRule], ...] = (PacuBay, PacuNurses, PhaseTwo, PreopBay, InpatientBed)
