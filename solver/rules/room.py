"""Rooms: when they are open, who is in them, what has to happen between two cases, and what they are built for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from solver.clinic import Case, frozen
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Kind, Mode
from solver.rules.base import BaseRule, Scope, listed, mid_sentence
from solver.rules.remedy import built, equipped, hours, other_case, override, reopened
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class RoomHours(BaseRule):
    """A room's hours bound wheels-in to wheels-out; set-up and turnover may lie outside them."""

    id, title, owner = "room-hours", "Room hours", "OR manager"
    remedies = (hours,)
    waivable_by = Waiver.DIRECTOR
    kinds = (Kind.ROOM,)
    couples = ("room", "wheels-in", "wheels-out", "weekday")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        minutes = candidate.mode.minutes
        hours = self.hours_near(day.date, self.clinic.rooms[candidate.unit].hours, minutes)
        open_ = day.frame.inside(0, minutes, hours)
        yield self.atom(candidate.unit), day.frame.full & ~open_

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            date = facts.date(case)
            week = self.clinic.rooms[case.room].hours
            windows = self.hours_near(date, week, case.minutes)
            if not any(start <= case.start and case.end <= end for start, end in windows):
                hours = [list(window) for window in week.get(date.weekday(), ())]
                yield self.broken(case.room, day=date.isoformat(), hours=hours)

    def say(self, violation: Violation) -> str:
        facts, day = violation.facts, self.day_name(violation.facts["day"])
        if not facts["hours"]:
            return f"{facts['name']} does not run on {day}."
        open_ = " and ".join(f"{self.clock(start)} to {self.clock(end)}" for start, end in facts["hours"])
        return f"{facts['name']} runs {open_} on {day}, and the case has to fit inside."


class RoomClosed(BaseRule):
    """A closed room takes no case; a closure for safety is never waived."""

    id, title, owner = "room-closed", "Room closed", "facilities"
    remedies = (reopened,)
    kinds = (Kind.ROOM,)
    couples = ("room", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        for closure in self.clinic.rooms[candidate.unit].closures:
            mask = day.frame.overlapping(0, candidate.mode.minutes, (closure.start, closure.end))
            yield self.atom(candidate.unit), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for closure in self.clinic.rooms[case.room].closures:
                if case.start < closure.end and closure.start < case.end:
                    start, end = self.iso(closure.start), self.iso(closure.end)
                    yield self.broken(case.room, start=start, end=end, reason=closure.reason)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        reason = f" ({facts['reason']})" if facts["reason"] else ""
        if facts["start"][:10] == facts["end"][:10]:
            return f"{facts['name']} is closed {self.span(facts)} on {self.day_name(facts['start'])}{reason}."
        until = f"{self.clock(facts['end'])} on {self.day_name(facts['end'])}"
        return f"{facts['name']} is closed from {self.day_name(facts['start'])} until {until}{reason}."


class RoomOccupancy(BaseRule):
    """One patient a room, from wheels-in to wheels-out."""

    id, title, owner = "room-occupancy", "Room occupancy", "OR manager"
    remedies = (other_case,)
    kinds = (Kind.ROOM,)
    scope = Scope.PAIR
    couples = ("room", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        reach = day.frame.end + candidate.mode.minutes
        mask = 0
        for held in day.facts.book.near(candidate.unit, day.frame.origin, reach):
            mask |= day.frame.overlapping(0, candidate.mode.minutes, (held.start, held.end))
        yield self.atom(candidate.unit), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for held in facts.book.near(case.room, case.start, case.end):
                if held.case != case.id:
                    start, end = self.iso(held.start), self.iso(held.end)
                    yield self.broken(case.room, start=start, end=end, case=held.case)

    def say(self, violation: Violation) -> str:
        return f"{violation.facts['name']} is in use {self.span(violation.facts)}."


class Turnover(BaseRule):
    """Between two cases in a room: turnover of the first plus set-up of the second, and more between specialties."""

    id, title, owner = "turnover", "Turnover and set-up", "OR nurse manager"
    remedies = (override, other_case)
    waivable_by = Waiver.CHARGE_NURSE
    kinds = (Kind.ROOM,)
    scope = Scope.PAIR
    couples = ("room", "consecutive cases", "procedure", "specialty")
    defaults = frozen({"specialty_change_minutes": 10})

    def gap(self, first: Mode, second: Mode, day: dt.date | None = None) -> int:
        """Minutes between wheels-out of the first and wheels-in of the second, as the parameters hold on that day."""
        params = self.params_on(day) if day else self.params
        changes = first.service and second.service and first.service != second.service
        extra = int(params["specialty_change_minutes"]) if changes else 0
        return first.turnover + second.setup + extra

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        mode, frame, mask = candidate.mode, day.frame, 0
        margin = 24 * 60
        for held in day.facts.book.near(candidate.unit, frame.origin - margin, frame.end + margin):
            other = day.facts.mode(day.facts.book.cases[held.case])
            kept_clear = (
                held.start - self.gap(mode, other, day.date),
                held.end + self.gap(other, mode, day.date),
            )
            inside = frame.overlapping(0, mode.minutes, (held.start, held.end))
            mask |= frame.overlapping(0, mode.minutes, kept_clear) & ~inside
        yield self.atom(candidate.unit), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        margin = 24 * 60
        for case in plan.cases:
            for held in facts.book.near(case.room, case.start - margin, case.end + margin):
                if held.case != case.id:
                    yield from self._too_close(case, facts.book.cases[held.case], facts)

    def _too_close(self, case: Case, other: Case, facts: Facts) -> Iterable[Violation]:
        first, second = (case, other) if case.start <= other.start else (other, case)
        between = second.start - first.end
        needed = self.gap(facts.mode(first), facts.mode(second), facts.date(case))
        if 0 <= between < needed:
            yield self.broken(
                case.room, needed=needed, between=between, case=other.id,
                before=first.id == case.id, start=self.iso(other.start), end=self.iso(other.end),
            )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        other = (
            f"the case that starts at {self.clock(facts['start'])}"
            if facts["before"]
            else f"the case that ends at {self.clock(facts['end'])}"
        )
        return (
            f"{facts['name']} needs {facts['needed']} minutes of turnover and set-up "
            f"{'before' if facts['before'] else 'after'} {other}; this would leave {facts['between']}."
        )


class RoomEquipment(BaseRule):
    """Fixed equipment stands where it stands: the case goes to a room that has it."""

    id, title, owner = "room-equipment", "Fixed room equipment", "biomedical engineering"
    remedies = (equipped,)
    kinds = (Kind.ROOM,)
    couples = ("procedure", "room", "equipment")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        if set(candidate.mode.fixed) - set(self.clinic.rooms[candidate.unit].equipment):
            yield self.atom(candidate.unit), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            here = self.clinic.rooms[case.room].equipment
            for item in facts.mode(case).fixed:
                if item not in here:
                    yield self.broken(case.room, **self._where(item))

    def _where(self, item: str) -> dict[str, Any]:
        rooms = sorted(room.id for room in self.clinic.rooms.values() if item in room.equipment)
        names = [self.clinic.rooms[room].name for room in rooms]
        return {
            "equipment": item, "equipment_name": self.clinic.name_of(item), "rooms": rooms, "room_names": names,
        }  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        what, names = mid_sentence(facts["equipment_name"]), facts["room_names"]
        if not names:
            return f"No room has the {what}."
        if len(names) == 1:
            return f"Only {names[0]} has the {what}; {facts['name']} does not."
        return f"{facts['name']} has no {what}: it stands in {listed(names)}."


class RoomFeature(BaseRule):
    """What a room is built for: lead lining, laminar flow, floor space."""

    id, title, owner = "room-feature", "Room feature", "facilities"
    remedies = (built,)
    kinds = (Kind.ROOM,)
    couples = ("procedure", "equipment", "room")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        if set(candidate.mode.features) - set(self.clinic.rooms[candidate.unit].features):
            yield self.atom(candidate.unit), day.frame.full

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for feature in facts.mode(case).features:
                if feature not in self.clinic.rooms[case.room].features:
                    rooms = [r.name for r in self.clinic.rooms.values() if feature in r.features]
                    yield self.broken(case.room, feature=feature, room_names=rooms)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        have = f"{listed(facts['room_names'])} {'is' if len(facts['room_names']) == 1 else 'are'}"
        other = f"; {have}" if facts["room_names"] else ", and no room is"
        return f"{facts['name']} is not {facts['feature']}, which this case needs{other}."


RULES = (RoomHours, RoomClosed, RoomOccupancy, Turnover, RoomEquipment, RoomFeature)
