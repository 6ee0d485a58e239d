"""When the clinic is open at all, and how soon a case may be booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from solver.clinic import Case, Instant, frozen
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Kind
from solver.rules.base import BaseRule, listed
from solver.rules.remedy import Way, hours
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class FacilityHours(BaseRule):
    """The clinic is open from wheels-in to wheels-out."""

    id, title, owner = "facility-hours", "Facility hours", "administrator"
    remedies = (hours,)
    waivable_by = Waiver.DIRECTOR
    kinds = (Kind.ROOM,)
    by_room = False
    couples = ("wheels-in", "wheels-out", "weekday")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        windows = self.hours_near(day.date, self.clinic.hours, candidate.mode.minutes)
        open_ = day.frame.inside(0, candidate.mode.minutes, windows)
        yield self.atom("clinic"), day.frame.full & ~open_

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            date = facts.date(case)
            windows = self.hours_near(date, self.clinic.hours, case.minutes)
            if not any(start <= case.start and case.end <= end for start, end in windows):
                hours = [list(window) for window in self.clinic.hours.get(date.weekday(), ())]
                yield self.broken("clinic", day=date.isoformat(), hours=hours)

    def say(self, violation: Violation) -> str:
        day, hours = self.day_name(violation.facts["day"]), violation.facts["hours"]
        if not hours:
            return f"The clinic is closed on {day}."
        open_ = " and ".join(f"{self.clock(start)} to {self.clock(end)}" for start, end in hours)
        return f"The clinic is open {open_} on {day}."


class Holiday(BaseRule):
    """No elective case runs on a holiday."""

    id, title, owner = "holiday", "Holiday", "administrator"
    waivable_by = Waiver.DIRECTOR
    kinds = (Kind.ROOM,)
    by_room = False
    couples = ("date",)

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        for holiday in self.clinic.holidays:
            if 0 <= (holiday.date - day.date).days <= 1:
                span = self.calendar.window(holiday.date, (0, 1440))
                yield (
                    self.atom(holiday.date.isoformat()),
                    day.frame.overlapping(0, candidate.mode.minutes, span),
                )

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        names = {holiday.date: holiday.name for holiday in self.clinic.holidays}
        for case in plan.cases:
            for date in self.calendar.dates(case.start, case.end):
                if date in names:
                    yield self.broken(date.isoformat(), name=names[date], day=date.isoformat())

    def set_aside(self, subjects: Sequence[str] = ()) -> str:
        days = f" ({listed(self.day_name(subject) for subject in subjects)})" if subjects else ""
        return f"open on the holiday{'s' if len(subjects) > 1 else ''}{days} for this case"

    def say(self, violation: Violation) -> str:
        name = violation.facts["name"] or "a holiday"
        return f"{self.day_name(violation.facts['day'])} is {name}: the clinic is closed."


class Notice(BaseRule):
    """A case is booked at least the procedure's lead time ahead, and never in the past.

    An add-on or urgent request waives the lead time, not the clock.
    """

    id, title, owner = "notice", "Booking notice", "scheduling office"
    waivable_by = Waiver.DIRECTOR
    kinds = (Kind.ROOM,)
    by_room = False
    couples = ("booking time", "wheels-in", "procedure")
    defaults = frozen({"min_hours": 0})
    at_booking = True

    def earliest(self, procedures: Iterable[str], urgency: str, as_of: Instant, day: dt.date) -> Instant:
        if urgency != "elective":
            return as_of
        leads = [self.clinic.procedures[procedure].lead_time_hours for procedure in procedures]
        return as_of + 60 * max(int(self.params_on(day)["min_hours"]), *leads)

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        first = self.earliest(candidate.mode.procedures, request.urgency, day.facts.as_of, day.date)
        yield self.atom(candidate.mode.procedures[0]), day.frame.starts(day.frame.origin, first - 1)

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            first = self.earliest(case.procedures, plan.urgency, facts.as_of, facts.date(case))
            if case.start < first:
                yield self.broken(
                    case.procedure,
                    past=case.start < facts.as_of,
                    start=self.iso(case.start),
                    first=self.iso(first),
                )

    def relaxations(self, violation: Violation, case: Case, facts: Facts) -> tuple[Way, ...]:
        """The lead time may be set aside; the clock may not."""
        return () if violation.facts["past"] else super().relaxations(violation, case, facts)

    def set_aside(self, subjects: Sequence[str] = ()) -> str:
        return "booked at shorter notice for this case"

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        first = f"{self.clock(facts['first'])} on {self.day_name(facts['first'])}"
        if facts["past"]:
            return f"{self.clock(facts['start'])} on {self.day_name(facts['start'])} is in the past."
        return f"{facts['name']} needs notice: the earliest wheels-in is {first}."


class StartStep(BaseRule):
    """Cases start on the clinic's start step, counted from midnight on the wall clock."""

    id, title, owner = "start-step", "Start step", "scheduling office"
    waivable_by = Waiver.CHARGE_NURSE
    kinds = (Kind.ROOM,)
    by_room = False
    couples = ("wheels-in",)
    at_booking = True
    bound = True

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        step = self.calendar.step_mask(day.date, self.clinic.start_step_minutes)
        yield self.atom("clinic"), day.frame.full & ~step

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            if self._off_step(case):
                yield self.broken("clinic", start=self.iso(case.start), step=self.clinic.start_step_minutes)

    def _off_step(self, case: Case) -> bool:
        wall = self.calendar.wall(case.start)
        return (wall.hour * 60 + wall.minute) % self.clinic.start_step_minutes != 0

    def say(self, violation: Violation) -> str:
        step, start = violation.facts["step"], self.clock(violation.facts["start"])
        return f"Cases start every {step} minutes on the clock; {start} is between two starts."


RULES = (FacilityHours, Holiday, Notice, StartStep)
