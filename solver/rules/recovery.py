"""Recovery: a PACU bay from wheels-out for the stay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Kind, Reservation
from solver.rules.base import BaseRule, Scope
from solver.rules.pool import Use, full

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class PacuBay(BaseRule):
    """A free bay for the whole stay, inside the bay's hours: how late a case may end depends on its recovery."""

    id, title, owner = "pacu-bay", "PACU bay", "PACU manager"
    waivable_by = "charge nurse"
    kinds = (Kind.BAY,)
    scope = Scope.PAIR
    couples = ("wheels-out", "anesthesia", "recovery stay", "bay")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame, bay = candidate.need, day.frame, self.clinic.bays[candidate.unit]
        windows = self.hours_near(day.date, bay.hours, need.end)
        mask = frame.full & ~frame.inside(need.begin, need.end, windows)
        held = day.facts.book.near(candidate.unit, frame.origin, frame.end + need.end)
        for busy in full([Use(r.start, r.end) for r in held], bay.units):
            mask |= frame.overlapping(need.begin, need.end, busy)
        yield self.atom(candidate.unit), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for taken in facts.of_case(case):
                if taken.kind is Kind.BAY:
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
            yield self.broken(bay.id, why="full", units=bay.units, start=start, end=end)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["why"] == "full":
            return f"{facts['name']}: all {facts['units']} bays are taken {self.span(facts)}."
        if not facts["hours"]:
            return f"{facts['name']} is closed on {self.day_name(facts['day'])}."
        close = self.clock(facts["hours"][-1][1])
        return (
            f"The {facts['minutes']}-minute recovery stay would run until {self.clock(facts['end'])}; "
            f"{facts['name']} is open until {close}."
        )


RULES = (PacuBay,)
