"""Anesthesia: who gives it, and that the procedure may be done under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from solver.clinic import ANESTHESIOLOGIST, frozen
from solver.grid import Mask
from solver.request import Atom, Patient, Plan, Request, Violation
from solver.reserve import Kind, Mode, Need, Reservation
from solver.rules.base import BaseRule, Level, Scope, listed
from solver.rules.nursing import PersonRule, PlaceFilled
from solver.rules.pool import Use, full
from solver.rules.remedy import anesthesia, colleague, override
from solver.rules.shapes import COUNT, ID, ID_BY_ID
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.assign import Place, TeamModel
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class AnesthesiaProvider(PlaceFilled):
    """An anesthesia provider for every case that is not under local alone."""

    id, title, owner = "anesthesia-provider", "Anesthesia provider", "anesthesia group"
    roles = (ANESTHESIOLOGIST,)
    couples = ("procedure", "anesthesia", "person")


class AnesthesiaType(PersonRule):
    """The anesthesia asked for is one that every procedure can be done under, and the provider certified for it.

    Which certification an anesthesia asks for is listed here; one that isn't listed asks for none.
    """

    # In the clinic file: `certification`.

    id, title, owner = "anesthesia-type", "Anesthesia type", "anesthesia group"
    remedies = (anesthesia,)
    kinds = (Kind.ROOM, Kind.PERSON)
    by_room = False
    couples = ("procedure", "anesthesia", "person")
    defaults = frozen({"certification": frozen()})
    shapes = frozen({"certification": ID_BY_ID})

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        if candidate.need.kind is Kind.PERSON:
            if self._lacking(candidate.unit, candidate.need, candidate.mode, day.date):
                yield self.atom(candidate.unit), day.frame.full
            return
        for procedure in candidate.mode.procedures:
            if not self._possible(procedure, candidate.mode.anesthesia):
                yield self.atom(procedure), day.frame.full

    def _lacking(self, person: str, need: Need, mode: Mode, day: dt.date) -> str | None:
        """The certification that this provider would need for the anesthesia and doesn't hold."""
        held, record = (
            self.params_on(day)["certification"].get(mode.anesthesia),
            self.clinic.staff.get(person),
        )
        lacks = need.role == ANESTHESIOLOGIST and record is not None and not record.certified(held, day)
        return held if lacks else None

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, need, taken in self.people(plan, facts):
            case = facts.book.cases[taken.case]
            held = self._lacking(person.id, need, facts.mode(case), facts.date(case))
            if held:
                yield self.broken(person.id, anesthesia=case.anesthesia, certification=held)
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
        if "certification" in facts:
            return f"{facts['name']} has no {facts['certification']} certification for {facts['anesthesia']}."
        options = listed(facts["options"], "or")
        return f"{facts['name']} is done under {options}, not under {facts['anesthesia']}."


class PediatricAnesthesia(PersonRule):
    """A child's anesthesia provider and circulator hold the site's certifications for children.

    Each has its own certification; where none is named none is asked for. A child is whoever is under the age
    that is set, or is marked as one.
    """

    # In the clinic file: `certification`, `nurse_certification`, `under_years`, the flag `child`.

    id, title, owner = "pediatric-anesthesia", "Pediatric anesthesia", "medical director"
    remedies = (colleague,)
    couples = ("patient age", "person", "date")
    defaults = frozen({"under_years": 12, "certification": None, "nurse_certification": None})
    shapes = frozen({"certification": ID, "nurse_certification": ID})

    @property
    def idle(self) -> bool:
        return not (self.ever("certification") or self.ever("nurse_certification"))

    def _lacking(self, person: str, need: Need, day: dt.date) -> str | None:
        params, record = self.params_on(day), self.clinic.staff.get(person)
        asked = {ANESTHESIOLOGIST: params["certification"], "circulator": params["nurse_certification"]}
        held = asked.get(need.role)
        return held if record and not record.certified(held, day) else None

    def _child(self, patient: Patient | None, flags: Iterable[str], day: dt.date) -> bool:
        young = (
            patient is not None
            and patient.age is not None
            and patient.age < self.params_on(day)["under_years"]
        )
        return young or "child" in flags

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        flags = (request.patient.flags if request.patient else None) or ()
        if self._child(request.patient, flags, day.date) and self._lacking(
            candidate.unit, candidate.need, day.date
        ):
            yield self.atom(candidate.unit), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        known = (plan.patient.flags if plan.patient else None) or ()
        for person, need, taken in self.people(plan, facts):
            case = facts.book.cases[taken.case]
            day = facts.date(case)
            held = self._lacking(person.id, need, day)
            if held and self._child(plan.patient, {*known, *case.patient_flags}, day):
                yield self.broken(person.id, role=need.role, certification=held)

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        return () if patient and patient.age is not None else ("age",)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']} ({facts['role']}) has no {facts['certification']} certification for children."
        )


class AnesthesiaSupervision(PersonRule):
    """Someone in medical direction covers no more rooms at once than are allowed (42 CFR 415.110: four).

    A place in the team may be marked as one that directs, beside the place of the person who stays in the room.
    A place without the mark takes its person alone, as ever.
    """

    # In the clinic file: places with `supervises: true`; `most_rooms`.

    id, title, owner = "anesthesia-supervision", "Medical direction", "anesthesia group"
    remedies = (colleague,)
    scope = Scope.DAY
    couples = ("person", "number of rooms", "wheels-in", "wheels-out")
    defaults = frozen({"most_rooms": 4})
    shapes = frozen({"most_rooms": COUNT})

    @property
    def idle(self) -> bool:
        return not supervised(self)

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame = candidate.need, day.frame
        if not need.supervises:
            return
        held = day.facts.book.near(candidate.unit, frame.origin, frame.end + max(need.end, 0))
        mask = 0
        for busy in full([Use(r.start, r.end) for r in held if r.supervises], self._most(day.date)):
            mask |= frame.overlapping(need.begin, need.end, busy)
        yield self.atom(candidate.unit), mask

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        """Rooms of several new cases count together, with those in the book."""
        for person, places in directing(model):
            held = model.facts.book.near(person, min(p.begin for p in places), max(p.end for p in places))
            covered = [r for r in held if r.supervises]
            for moment in {*(p.begin for p in places), *(r.start for r in covered)}:
                here = [p for p in places if p.begin <= moment < p.end]
                if len(here) > 1:
                    most = min(self._most(self.calendar.date(p.slot.start)) for p in here)
                    taken = sum(r.start <= moment < r.end for r in covered)
                    model.at_most(here, max(0, most - taken), on(self.atom(person)))

    def _most(self, day: dt.date) -> int:
        return int(self.params_on(day)["most_rooms"])

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, need, taken in self.people(plan, facts):
            if need.supervises:
                most = self._most(facts.date(facts.book.cases[taken.case]))
                others = [Use(r.start, r.end) for r in _beside(taken, facts) if r.supervises]
                busy = [(s, e) for s, e in full(others, most) if s < taken.end and taken.start < e]
                if busy:
                    start, end = self.iso(busy[0][0]), self.iso(busy[-1][1])
                    cases = [r.case for r in _beside(taken, facts) if r.supervises]
                    yield self.broken(person.id, most=most, start=start, end=end, cases=cases)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        rooms = "1 room" if facts["most"] == 1 else f"{facts['most']} rooms"
        return f"{facts['name']} already covers {rooms} {self.span(facts)}, the most allowed."


class StaggeredInduction(PersonRule):
    """Rooms under one medical direction start some minutes apart, so that one person is at each induction.

    It advises unless the site makes it hard.
    """

    # In the clinic file: `minutes`.

    id, title, owner = "staggered-induction", "Staggered inductions", "anesthesia group"
    remedies = (override, colleague)
    default_level = Level.SOFT
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.DAY
    couples = ("person", "wheels-in")
    defaults = frozen({"minutes": 10})

    @property
    def idle(self) -> bool:
        return not supervised(self)

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame, mask = candidate.need, day.frame, 0
        apart = int(self.params_on(day.date)["minutes"])
        near = day.facts.book.near(candidate.unit, frame.origin - apart, frame.end + need.end + apart)
        for held in near if need.supervises and apart else ():
            if held.supervises:
                mask |= frame.overlapping(
                    need.begin, need.begin + 1, (held.start - apart + 1, held.start + apart)
                )
        yield self.atom(candidate.unit), mask

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        """New cases under one direction start apart from each other too."""
        for person, places in directing(model):
            for one, other in combinations(places, 2):
                days = (self.calendar.date(place.slot.start) for place in (one, other))
                apart = max(int(self.params_on(day)["minutes"]) for day in days)
                if one.slot is not other.slot and abs(one.begin - other.begin) < apart:
                    model.forbid_both(one, other, on(self.atom(person)))

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, need, taken in self.people(plan, facts):
            apart = int(self.params_on(facts.date(facts.book.cases[taken.case]))["minutes"])
            near = (
                facts.book.near(person.id, taken.start - apart, taken.end + apart) if need.supervises else ()
            )
            for held in near:
                if held is not taken and held.supervises and abs(held.start - taken.start) < apart:
                    yield self.broken(person.id, minutes=apart, at=self.iso(held.start), case=held.case)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']} has another induction at {self.clock(facts['at'])}; "
            f"two are {facts['minutes']} minutes apart."
        )


def directing(model: TeamModel) -> Iterator[tuple[str, list[Place]]]:
    """(person, places) for everyone who could be in medical direction of several new cases."""
    for person, places in model.places_by_person():
        theirs = [place for place in places if place.need.supervises]
        if len(theirs) > 1:
            yield person, theirs


def supervised(rule: BaseRule) -> bool:
    """Whether any procedure of the clinic has a place of medical direction."""
    return any(need.supervises for each in rule.clinic.procedures.values() for need in each.team)


def _beside(taken: Reservation, facts: Facts) -> list[Reservation]:
    return [r for r in facts.book.near(taken.resource, taken.start, taken.end) if r is not taken]


RULES: tuple[type[BaseRule], ...] = (
    AnesthesiaProvider, AnesthesiaType, PediatricAnesthesia, AnesthesiaSupervision, StaggeredInduction,
)  # fmt: skip
