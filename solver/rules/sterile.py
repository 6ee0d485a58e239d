"""Instrument trays: a set is gone from wheels-in until it is sterile again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.clinic import Instant, frozen
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Kind, Reservation
from solver.rules.base import BaseRule, Scope, every
from solver.rules.pool import Use, full
from solver.rules.remedy import steriliser, unit
from solver.rules.shapes import COUNT
from solver.rules.starts import Asked, StartRule, Stretch

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


def _in_hand(held: Iterable[Reservation]) -> list[Use]:
    """The uses without their reprocessing: the sets that are open on a table."""
    return [Use(r.start, r.end - r.tail) for r in held]


def _gone(held: Iterable[Reservation]) -> list[Use]:
    return [Use(r.start, r.end) for r in held]


def _trays(held: Iterable[Reservation]) -> Iterable[Reservation]:
    """One use of each tray; the others of a case that opens two sets are uses beside it."""
    return {r.resource: r for r in held if r.kind is Kind.TRAY}.values()


class TraySet(BaseRule):
    """No more sets open at once than the clinic owns."""

    id, title, owner = "tray-set", "Tray sets", "sterile processing"
    remedies = (unit,)
    kinds = (Kind.TRAY,)
    scope = Scope.PAIR
    couples = ("tray", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, mask = candidate.need, 0
        held = day.facts.book.near(candidate.unit, day.frame.origin, day.frame.end + need.end)
        for busy in full(_in_hand(held), self.clinic.trays[candidate.unit].units - need.units + 1):
            mask |= day.frame.overlapping(need.begin, need.end - need.tail, busy)
        yield self.atom(candidate.unit), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for taken in _trays(facts.of_case(case)):
                if short_in_hand(self, taken, facts):
                    yield self._short(taken, facts)

    def _short(self, taken: Reservation, facts: Facts) -> Violation:
        others = [r for r in facts.book.near(taken.resource, taken.start, taken.end) if r is not taken]
        in_hand = [r for r in others if r.start < taken.end - taken.tail and taken.start < r.end - r.tail]
        return self.broken(
            taken.resource, units=self.clinic.trays[taken.resource].units,
            start=self.iso(min(r.start for r in in_hand)), end=self.iso(max(r.end - r.tail for r in in_hand)),
            cases=[r.case for r in in_hand],
        )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return f"{facts['name']}: {every(facts['units'], 'set is', 'sets are')} in use {self.span(facts)}."


class TrayReprocessing(BaseRule):
    """A used set is ready again only after reprocessing: its tail outlives the case."""

    id, title, owner = "tray-reprocessing", "Tray reprocessing", "sterile processing"
    remedies = (unit,)
    kinds = (Kind.TRAY,)
    scope = Scope.PAIR
    couples = ("tray", "wheels-in", "wheels-out", "reprocessing")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame, gone, open_ = candidate.need, day.frame, 0, 0
        units = self.clinic.trays[candidate.unit].units - need.units + 1
        held = day.facts.book.near(candidate.unit, frame.origin, frame.end + need.end)
        for busy in full(_gone(held), units):
            gone |= frame.overlapping(need.begin, need.end, busy)
        for busy in full(_in_hand(held), units):
            open_ |= frame.overlapping(need.begin, need.end - need.tail, busy)
        yield self.atom(candidate.unit), gone & ~open_

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for taken in _trays(facts.of_case(case)):
                if not short_in_hand(self, taken, facts):
                    yield from self._short(taken, facts)

    def _short(self, taken: Reservation, facts: Facts) -> Iterable[Violation]:
        others = [r for r in facts.book.near(taken.resource, taken.start, taken.end) if r is not taken]
        units = self.clinic.trays[taken.resource].units
        if any(start < taken.end and taken.start < end for start, end in full(_gone(others), units)):
            yield self.broken(
                taken.resource, units=units, minutes=taken.tail, cases=[r.case for r in others],
                start=self.iso(min(r.start for r in others)), end=self.iso(max(r.end for r in others)),
            )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']}: {every(facts['units'], 'set is', 'sets are')} in use or being reprocessed "
            f"({facts['minutes']} minutes) {self.span(facts)}."
        )


def short_in_hand(rule: BaseRule, taken: Reservation, facts: Facts) -> bool:
    """Whether every set is open on another table at some minute of this case."""
    near = facts.book.near(taken.resource, taken.start, taken.end)
    busy = full(_in_hand(r for r in near if r is not taken), rule.clinic.trays[taken.resource].units)
    return any(start < taken.end - taken.tail and taken.start < end for start, end in busy)


class SteriliserLoad(StartRule):
    """The sets that come out of the rooms find a place in a steriliser.

    There are so many machines, and each takes so many sets at once. A set takes its place when it is
    decontaminated after wheels-out, for as long as a cycle runs. Without a number of machines none are counted;
    the minutes are planning values of the site.
    """

    # In the clinic file: `machines`, `sets_per_load`, `decontamination_minutes`, `cycle_minutes`.

    id, title, owner = "steriliser-load", "Steriliser load", "sterile processing"
    remedies = (steriliser,)
    scope = Scope.PAIR
    by_room = False
    couples = ("tray", "wheels-out", "number of sets")
    defaults = frozen(
        {"machines": None, "sets_per_load": 6, "decontamination_minutes": 75, "cycle_minutes": 90}
    )
    shapes = frozen({"machines": COUNT, "sets_per_load": COUNT})

    @property
    def idle(self) -> bool:
        return not self.ever("machines")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        params = self.params_on(day)
        mine = sum(need.units for need in asked.mode.needs if need.kind is Kind.TRAY)
        if not params["machines"] or not mine:
            return
        begin = asked.mode.minutes + int(params["decontamination_minutes"])
        end = begin + int(params["cycle_minutes"])
        frame, places = facts.calendar.frame(day), params["machines"] * params["sets_per_load"]
        loads = list(
            self._loads(asked, frame.origin, frame.end + end, facts, end - begin, begin - asked.mode.minutes)
        )
        for start, until in full(loads, places - mine + 1):
            said = {
                "places": places, "sets": mine, "machines": params["machines"],
                "start": self.iso(max(start, frame.origin)),
            }  # fmt: skip
            yield Stretch("clinic", start - end + 1, until - begin, frozen(said))

    def _loads(
        self, asked: Asked, first: Instant, last: Instant, facts: Facts, cycle: int, decontamination: int
    ) -> Iterable[Use]:
        for tray in self.clinic.trays:
            for held in facts.book.near(tray, first - cycle - decontamination, last):
                if held.case != asked.case:
                    begin = held.end - held.tail + decontamination
                    yield Use(begin, begin + cycle)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        sets = "1 set" if facts["sets"] == 1 else f"{facts['sets']} sets"
        full_ = every(facts["places"], "one is", "are")
        return f"The sterilisers have no place for {sets} after the case: {full_} taken."


RULES: tuple[type[BaseRule], ...] = (TraySet, TrayReprocessing, SteriliserLoad)
