"""The people in the room: that every place is filled, by someone certified, on shift, and in one place at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar

from solver.clinic import ANESTHESIOLOGIST, SURGEON, Staff
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import NOBODY, Kind, Need, Reservation
from solver.rules.base import BaseRule, Scope
from solver.rules.remedy import back_from_leave, colleague, filled, shift
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.assign import TeamModel
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class PersonRule(BaseRule):
    """A rule about one person in one place of the team."""

    kinds: ClassVar[tuple[Kind, ...]] = (Kind.PERSON,)

    def person(self, candidate: Candidate) -> Staff | None:
        return self.clinic.staff.get(candidate.unit)

    def people(self, plan: Plan, facts: Facts) -> Iterable[tuple[Staff, Need, Reservation]]:
        """Every person of the plan with the place they fill and when."""
        for case in plan.cases:
            needs = {need.key: need for need in facts.mode(case).needs if need.kind is Kind.PERSON}
            for taken in facts.of_case(case):
                if taken.need in needs and taken.resource in self.clinic.staff:
                    yield self.clinic.staff[taken.resource], needs[taken.need], taken


class PersonOccupancy(PersonRule):
    """One place for a person at a time, whatever their roles."""

    id, title, owner = "person-occupancy", "Person occupancy", "OR manager"
    remedies = (colleague,)
    scope = Scope.PAIR
    exact = False
    couples = ("person", "role", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame, mask = candidate.need, day.frame, 0
        for held in day.facts.book.near(
            candidate.unit, frame.origin + min(need.begin, 0), frame.end + max(need.end, 0)
        ):
            if need.supervises and held.supervises:
                continue  # how many rooms one may cover is the supervision's own rule
            mask |= frame.overlapping(need.begin, need.end, (held.start, held.end))
        yield self.atom(candidate.unit), mask

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        """Two places that meet in time take two people, unless they are medical direction of two cases."""
        for person, places in model.places_by_person():
            for one, other in combinations(places, 2):
                covers = one.need.supervises and other.need.supervises and one.slot is not other.slot
                if one.meets(other) and not covers:
                    model.forbid_both(one, other, on(self.atom(person)))

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            seen: set[tuple[str, str]] = set()
            for taken in facts.of_case(case):
                if taken.kind is not Kind.PERSON:
                    continue
                for held in facts.book.near(taken.resource, taken.start, taken.end):
                    covers = taken.supervises and held.supervises and held.case != taken.case
                    if held is not taken and not covers and (taken.resource, held.case) not in seen:
                        seen.add((taken.resource, held.case))
                        yield self._clash(taken, held)

    def _clash(self, taken: Reservation, held: Reservation) -> Violation:
        return self.broken(
            taken.resource, role=taken.role, case=held.case, same=held.case == taken.case,
            start=self.iso(held.start), end=self.iso(held.end),
            room=held.room, room_name=self.clinic.name_of(held.room),
        )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["same"]:
            return f"{facts['name']} would be needed twice in this case."
        return f"{facts['name']} ({facts['role']}) is in {facts['room_name']} {self.span(facts)}."


class OnLeave(PersonRule):
    """Nobody on leave is booked; leave is whole days, both ends included."""

    id, title, owner = "leave", "Leave", "staff member"
    remedies = (back_from_leave,)
    waivable_by = Waiver.DIRECTOR
    couples = ("person", "date")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        person, need, frame = self.person(candidate), candidate.need, day.frame
        if person is None or not person.leave:
            return
        mask = 0
        for date in self.calendar.dates(frame.origin + need.begin, frame.end + need.end - 1):
            if person.leave_on(date):
                mask |= frame.overlapping(need.begin, need.end, self.calendar.window(date, (0, 1440)))
        yield self.atom(person.id), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, _, taken in self.people(plan, facts):
            for date in self.calendar.dates(taken.start, taken.end):
                leave = person.leave_on(date)
                if leave:
                    first, last = leave.first.isoformat(), leave.last.isoformat()
                    yield self.broken(person.id, day=date.isoformat(), first=first, last=last)
                    break

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["first"] == facts["last"]:
            return f"{facts['name']} is on leave on {self.day_name(facts['day'])}."
        return (
            f"{facts['name']} is on leave from {self.day_name(facts['first'])} "
            f"to {self.day_name(facts['last'])}."
        )


class StaffShift(PersonRule):
    """A shift covers the minutes a person is needed; surgeons' days are the surgeon's own rule."""

    id, title, owner = "staff-shift", "Staff shift", "nurse manager"
    remedies = (shift,)
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.UNIT
    couples = ("person", "role", "weekday", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        person, need = self.person(candidate), candidate.need
        if person and need.key != SURGEON:
            windows = self.open_near(day.date, person.windows_on, need.end)
            there = day.frame.inside(need.begin, need.end, windows)
            yield self.atom(person.id), day.frame.full & ~there

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, need, taken in self.people(plan, facts):
            if need.key == SURGEON:
                continue
            case = facts.book.cases[taken.case]
            date = facts.date(case)
            windows = self.open_near(date, person.windows_on, taken.end - case.start)
            if not any(start <= taken.start and taken.end <= end for start, end in windows):
                hours = [list(window) for window in person.windows_on(date)]
                yield self.broken(person.id, role=need.role, day=date.isoformat(), hours=hours)

    def say(self, violation: Violation) -> str:
        facts, day = violation.facts, self.day_name(violation.facts["day"])
        if not facts["hours"]:
            return f"{facts['name']} ({facts['role']}) has no shift on {day}."
        hours = " and ".join(f"{self.clock(start)} to {self.clock(end)}" for start, end in facts["hours"])
        return (
            f"{facts['name']} ({facts['role']}) is on shift {hours} on {day}, which does not cover the case."
        )


class StaffCertification(PersonRule):
    """The certification a place asks for is valid on the day of surgery."""

    id, title, owner = "staff-certification", "Staff certification", "nurse manager"
    remedies = (colleague,)
    scope = Scope.UNIT
    couples = ("person", "role", "procedure", "date")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        person = self.person(candidate)
        if person and not all(person.certified(c, day.date) for c in candidate.need.certifications):
            yield self.atom(person.id), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, need, taken in self.people(plan, facts):
            date = facts.date(facts.book.cases[taken.case])
            for certification in need.certifications:
                if not person.certified(certification, date):
                    ended = [c.last for c in person.certifications if c.id == certification and c.last]
                    yield self.broken(
                        person.id, role=need.role, certification=certification, day=date.isoformat(),
                        ended=max(ended).isoformat() if ended else None,
                    )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["ended"] and facts["ended"] < facts["day"]:
            ended = self.day_name(facts["ended"])
            held = f"{facts['name']}'s {facts['certification']} certification"
            return f"{held} ends on {ended}, before the day of surgery."
        return f"{facts['name']} ({facts['role']}) has no {facts['certification']} certification."


class PlaceFilled(BaseRule):
    """Every place of these roles is filled by someone who holds the role."""

    kinds = (Kind.PERSON,)
    remedies = (filled,)
    roles: ClassVar[tuple[str, ...]] = ()
    couples = ("procedure", "role", "person")

    def covers(self, need: Need) -> bool:
        return need.role in self.roles and need.operates is None

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        if self.covers(candidate.need) and candidate.unit == NOBODY:
            yield self.atom(candidate.need.role), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            places = [need for need in facts.mode(case).needs if self.covers(need)]
            people = {taken.need: taken.resource for taken in facts.of_case(case)}
            asked = Counter(need.role for need in places)
            filled = Counter(n.role for n in places if self._holds(people.get(n.key, NOBODY), n.role))
            for role, wanted in sorted(asked.items()):
                if filled[role] < wanted:
                    yield self.broken(role, asked=wanted, filled=filled[role])

    def _holds(self, person: str, role: str) -> bool:
        return person in self.clinic.staff and self.clinic.staff[person].has_role(role)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        places = "place" if facts["asked"] == 1 else "places"
        return (
            f"The case needs {facts['asked']} {violation.subject} {places}; {facts['filled']} can be filled."
        )


class Circulator(PlaceFilled):
    """A circulating nurse for every running room."""

    id, title, owner = "circulator", "Circulator", "nurse manager"
    roles = ("circulator",)


class Scrub(PlaceFilled):
    """A scrub for every running room, more where the procedure asks."""

    id, title, owner = "scrub", "Scrub", "nurse manager"
    roles = ("scrub",)


class FirstAssist(PlaceFilled):
    """Assistants, co-surgeons and every other place that a procedure names."""

    id, title, owner = "first-assist", "First assist and other places", "surgical services"

    def covers(self, need: Need) -> bool:
        known = need.key == SURGEON or need.role in (ANESTHESIOLOGIST, "circulator", "scrub", "vendor")
        return need.kind is Kind.PERSON and not known and need.operates is None


RULES = (
    PersonOccupancy, OnLeave, StaffShift, StaffCertification, Circulator, Scrub, FirstAssist,
)  # fmt: skip
