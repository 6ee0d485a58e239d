"""Equipment that is safe only with the right room and people: lasers, radiation, robots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from solver.clinic import Clinic, frozen
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Kind, Mode, Reservation
from solver.rules.base import BaseRule, Scope
from solver.rules.nursing import PersonRule
from solver.rules.pairs import PairRule
from solver.rules.remedy import certified, colleague_or_surgeon, other_case
from solver.rules.shapes import ID
from solver.rules.starts import Asked, StartRule, Stretch

if TYPE_CHECKING:
    from solver.assign import TeamModel
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class SomeoneCertified(StartRule):
    """Someone in the team, other than the surgeon, holds a certification; which one of them is the joint choice."""

    exact = False

    def asked_of(self, mode: Mode, day: dt.date) -> Iterable[tuple[str, str]]:
        """(equipment, certification that someone must hold) for a case on that day."""
        return ()

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        for item, certification in self.asked_of(asked.mode, day):
            if not any(person.certified(certification, day) for person in self.clinic.staff.values()):
                yield self.whole(day, item, certification=certification, day=day.isoformat())

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        for slot, served, places in zip(model.slots, model.served, model.places, strict=True):
            day = self.calendar.date(slot.start)
            for item, certification in self.asked_of(slot.mode, day):
                able = [
                    place.chosen
                    for place in places
                    if self._holds(place.need.kind, place.unit, slot.mode.surgeon, certification, day)
                ]
                constraint, literal = model.model.add(sum(able) >= served), on(self.atom(item))
                if literal is not None:
                    constraint.only_enforce_if(literal)

    def _holds(self, kind: Kind, person: str, surgeon: str, certification: str, day: dt.date) -> bool:
        record = self.clinic.staff.get(person)
        beside = kind is Kind.PERSON and person != surgeon and record is not None
        return bool(beside and record and record.certified(certification, day))

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            day = facts.date(case)
            for item, certification in self.asked_of(facts.mode(case), day):
                team = facts.of_case(case)
                if not any(self._holds(r.kind, r.resource, case.surgeon, certification, day) for r in team):
                    yield self.broken(item, certification=certification, day=day.isoformat())

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        day = self.day_name(facts["day"])
        return f"{facts['name']} needs someone with the {facts['certification']} certification in the team on {day}."


class LaserSafety(SomeoneCertified):
    """A laser runs with someone in the team who is certified for laser safety.

    Which equipment is a laser is told of it, as is the room that it has to stand in.
    """

    # In the clinic file: equipment's `laser: true` and `room_feature`.

    id, title, owner = "laser-safety", "Laser safety", "laser safety officer"
    remedies = (certified,)
    couples = ("equipment", "person", "date")
    defaults = frozen({"certification": "laser-safety"})

    @property
    def idle(self) -> bool:
        return not any(item.laser for item in self.clinic.equipment.values())

    def asked_of(self, mode: Mode, day: dt.date) -> Iterable[tuple[str, str]]:
        held = self.params_on(day)["certification"]
        return [(item, held) for item in mode.equipment if self.clinic.equipment[item].laser]


class Radiation(PersonRule):
    """Nobody who has asked not to be is assigned to radiation, and everyone has a badge where the site asks for one.

    Which equipment radiates is told of it. Who has asked is kept without a reason and never inferred. The badge
    is a certification that everybody in the room holds; where none is named none is asked for.
    """

    # In the clinic file: equipment's `radiation: true`; a person's `restrictions: [{id: radiation}]`;
    # `badge`.

    id, title, owner = "radiation", "Radiation", "radiation safety officer"
    remedies = (colleague_or_surgeon,)
    scope = Scope.UNIT
    couples = ("equipment", "person", "date")
    defaults = frozen({"badge": None})
    shapes = frozen({"badge": ID})

    @property
    def idle(self) -> bool:
        return not any(item.radiation for item in self.clinic.equipment.values())

    def _kept_out(self, mode: Mode, person: str, day: dt.date) -> bool:
        record = self.clinic.staff.get(person)
        if record is None or not any(self.clinic.equipment[item].radiation for item in mode.equipment):
            return False
        return record.restricted("radiation", day) or not record.certified(self.params_on(day)["badge"], day)

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        if self._kept_out(candidate.mode, candidate.unit, day.date):
            yield self.atom(candidate.unit), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, _, taken in self.people(plan, facts):
            case = facts.book.cases[taken.case]
            if self._kept_out(facts.mode(case), person.id, facts.date(case)):
                badge = self.params_on(facts.date(case))["badge"]
                asked = {"certification": badge} if badge else {}
                yield self.broken(person.id, role=taken.role, day=facts.date(case).isoformat(), **asked)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']} ({facts['role']}) isn't assigned to radiation on {self.day_name(facts['day'])}."
        )


class Robot(SomeoneCertified, PairRule):
    """A robot has a credentialed assist in the team, and its set-up time in a free room before wheels-in.

    The assist's certification and the minutes of set-up are told of the robot; they come on top of turnover and
    set-up.
    """

    # In the clinic file: equipment's `assist`, `setup_minutes`.

    id, title, owner = "robot", "Robot", "robotics coordinator"
    remedies = (certified, other_case)
    scope = Scope.PAIR
    couples = ("equipment", "room", "person", "consecutive cases")

    @property
    def idle(self) -> bool:
        return not any(item.assist or item.setup_minutes for item in self.clinic.equipment.values())

    def asked_of(self, mode: Mode, day: dt.date) -> Iterable[tuple[str, str]]:
        items = [(item, self.clinic.equipment[item].assist) for item in mode.equipment]
        return [(item, held) for item, held in items if held]

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        yield from super().stretches(asked, day, facts)
        frame, margin = facts.calendar.frame(day), 24 * 60
        for held in facts.book.near(asked.room, frame.origin - margin, frame.end + margin):
            if held.case == asked.case or held.kind is not Kind.ROOM:
                continue
            other = facts.mode(facts.book.cases[held.case])
            item, minutes = _slowest(self.clinic, asked.mode)
            if minutes:
                ready = held.end + self.between(other, asked.mode, day) + minutes
                yield Stretch(item, held.start + 1, ready, self._said(held, minutes))
            item, minutes = _slowest(self.clinic, other)
            if minutes:
                latest = held.start - self.between(asked.mode, other, day) - asked.mode.minutes - minutes
                yield Stretch(item, latest + 1, held.start, self._said(held, minutes))

    def _said(self, held: Reservation, minutes: int) -> Mapping[str, Any]:
        return frozen({"setup": minutes, "case": held.case, "room": held.room})

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        yield from SomeoneCertified.check(self, plan, facts)
        for broken in StartRule.check(self, plan, facts):
            if "setup" in broken.facts:
                yield broken

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if "setup" in facts:
            return (
                f"{facts['name']} takes {facts['setup']} minutes to set up in the room, beside the turnover."
            )
        return SomeoneCertified.say(self, violation)


def _slowest(clinic: Clinic, mode: Mode) -> tuple[str, int]:
    """The piece of equipment that takes longest to set up, and its minutes."""
    items = [(clinic.equipment[item].setup_minutes, item) for item in mode.equipment]
    minutes, item = max(items, default=(0, ""))
    return item, minutes


RULES: tuple[type[BaseRule], ...] = (LaserSafety, Radiation, Robot)
