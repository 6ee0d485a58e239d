"""The surgeon: what they may do here, when they operate, and how much."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.clinic import SURGEON
from solver.grid import Frame, Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import NOBODY, Kind, Need
from solver.rules.base import WEEKDAYS, BaseRule, Level, listed, mid_sentence
from solver.rules.pauses import PauseRule
from solver.rules.remedy import privileged, shift
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class SurgeonPrivilege(BaseRule):
    """The surgeon is privileged for every procedure of the case on the day of surgery, not on the day of booking."""

    id, title, owner = "surgeon-privilege", "Surgeon privilege", "medical staff office"
    remedies = (privileged,)
    kinds = (Kind.PERSON,)
    couples = ("surgeon", "procedure", "date")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        if candidate.need.key != SURGEON:
            return
        person = self.clinic.staff.get(candidate.unit)
        if person is None or not all(person.privileged(p, day.date) for p in candidate.mode.procedures):
            yield self.atom(candidate.unit), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            person, date = self.clinic.staff.get(case.surgeon), facts.date(case)
            for procedure in case.procedures:
                if person is None or not person.privileged(procedure, date):
                    yield self.broken(
                        case.surgeon, procedure=procedure, day=date.isoformat(),
                        procedure_name=self.clinic.name_of(procedure),
                        others=[self.clinic.name_of(s) for s in self.clinic.surgeons_for(procedure, date)],
                    )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        what, day = mid_sentence(facts["procedure_name"]), self.day_name(facts["day"])
        others = f" {listed(facts['others'])} may do it." if facts["others"] else " Nobody here is."
        who = facts["name"] if violation.subject != NOBODY else "No surgeon"
        return f"{who} is not privileged for {what} on {day}.{others}"


class SurgeonDays(BaseRule):
    """The surgeon's operating days and hours hold wheels-in to wheels-out."""

    id, title, owner = "surgeon-days", "Surgeon's operating days", "surgeon's office"
    remedies = (shift,)
    waivable_by = Waiver.DIRECTOR
    kinds = (Kind.PERSON,)
    couples = ("surgeon", "weekday", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        if candidate.need.key != SURGEON or candidate.unit == NOBODY:
            return
        windows_on = self.clinic.staff[candidate.unit].windows_on
        windows = self.open_near(day.date, windows_on, candidate.mode.minutes)
        there = day.frame.inside(0, candidate.mode.minutes, windows)
        yield self.atom(candidate.unit), day.frame.full & ~there

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            person, date = self.clinic.staff.get(case.surgeon), facts.date(case)
            if person is None:
                continue
            windows = self.open_near(date, person.windows_on, case.minutes)
            if not any(start <= case.start and case.end <= end for start, end in windows):
                yield self.broken(
                    case.surgeon, day=date.isoformat(), hours=[list(w) for w in person.windows_on(date)],
                    weekdays=[WEEKDAYS[day] for day in sorted(person.shifts) if person.shifts[day]],
                )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["hours"]:
            hours = " and ".join(f"{self.clock(start)} to {self.clock(end)}" for start, end in facts["hours"])
            return f"{facts['name']} operates {hours} on {self.day_name(facts['day'])}, and the case has to fit inside."
        if not facts["weekdays"]:
            return f"{facts['name']} has no operating days."
        days = listed([f"{day}s" for day in facts["weekdays"]])
        return f"{facts['name']} operates {days}; {self.day_name(facts['day'])} is not one of those days."


class SurgeonLimits(PauseRule):
    """A surgeon's most cases a day, and the longest from case to case without a pause.

    The most cases are told of each surgeon; how long without a pause, and how long the pause, is the same for
    all, and without a number no pause is asked for. A single case that is longer isn't counted.
    """

    # In the clinic file: a surgeon's `max_cases_day`; `after_minutes`, `minutes`.

    id, title, owner = "surgeon-limits", "Surgeon's limits of a day", "surgeon"
    default_level = Level.WARN
    waivable_by = Waiver.DIRECTOR
    couples = ("surgeon", "date", "number of cases", "consecutive cases")

    def concerns(self, need: Need) -> bool:
        return need.key == SURGEON

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        person = self.clinic.staff.get(candidate.unit)
        if not self.concerns(candidate.need) or person is None:
            return
        yield from super().narrow(request, candidate, day)
        most = person.max_cases_day
        if most is not None and len(self._cases(person.id, day.facts, day.frame)) >= most:
            yield self.atom(person.id), day.frame.full

    def _cases(self, surgeon: str, facts: Facts, day: Frame) -> set[str]:
        near = facts.book.near(surgeon, day.origin, day.end)
        cases = facts.book.cases
        return {r.case for r in near if r.role == SURGEON and day.origin <= cases[r.case].start < day.end}

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        yield from super().check(plan, facts)
        for case in plan.cases:
            person = self.clinic.staff.get(case.surgeon)
            if person is None or person.max_cases_day is None:
                continue
            frame = facts.calendar.frame(facts.date(case))
            cases = self._cases(person.id, facts, frame)
            if len(cases) > person.max_cases_day:
                yield self.broken(
                    person.id,
                    most=person.max_cases_day,
                    booked=len(cases) - 1,
                    day=frame.date.isoformat(),
                    cases=sorted(cases - {case.id}),
                )

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if "pause" in facts:
            return super().say(violation)
        cases = "case" if facts["booked"] == 1 else "cases"
        return (
            f"{facts['name']} already has {facts['booked']} {cases} on {self.day_name(facts['day'])}, "
            f"and takes at most {facts['most']} a day."
        )


RULES = (SurgeonPrivilege, SurgeonDays, SurgeonLimits)
