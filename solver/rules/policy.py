"""Policies of the schedule as a whole: how far ahead, until when, what is kept back; and units that exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from solver.clinic import frozen
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import PHASE_TWO, PREOP, WARD, Kind, Need
from solver.rules.base import BaseRule, Level, Scope, every, listed
from solver.rules.pool import Use, full
from solver.rules.shapes import CLOCK, COUNT, IDS, wall
from solver.rules.starts import FOREVER, Asked, StartRule, Stretch
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class UnitOccupancy(BaseRule):
    """A unit of a pool exists, and is in one use at a time.

    A pool that is short is its own rule's to say; where that one is overridden, soft or off, a pool in which every
    unit is in use still has none to give.
    """

    id, title, owner = "unit-occupancy", "Unit occupancy", "OR manager"
    unopened = "A unit in use isn't given twice: a pool that is short is its own rule's to say, and to open."
    kinds = (Kind.EQUIPMENT, Kind.TRAY, Kind.BAY)
    scope = Scope.PAIR
    couples = ("unit", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame, mask = candidate.need, day.frame, 0
        if self._spoken_for(need, request):
            return
        held = day.facts.book.near(
            candidate.unit, frame.origin + min(need.begin, 0), frame.end + max(need.end, 0)
        )
        uses = [Use(r.start, r.end - r.tail) for r in held]
        for busy in full(uses, self._owned(candidate.unit) - need.units + 1):
            mask |= frame.overlapping(need.begin, need.end - need.tail, busy)
        yield self.atom(candidate.unit), mask

    def _spoken_for(self, need: Need, request: Request) -> bool:
        """Whether the pool's own rule binds."""
        own = _POOLS.get(need.role) or _POOLS[need.kind]
        setting = self.clinic.rules.get(own)
        overridden = any(override.rule == own for override in request.overrides)
        return not overridden and (setting is None or setting.level not in ("off", "soft"))

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        uses = [use for units in plan.units for use in units]
        for use in uses:
            owned = self._owned(use.resource)
            if not 1 <= use.unit <= owned:
                yield self.broken(
                    use.resource, unit=use.unit, units=owned, start=self.iso(use.start), end=self.iso(use.end)
                )
        for one, other in combinations(uses, 2):
            same = (one.resource, one.unit) == (other.resource, other.unit)
            if same and one.start < other.end and other.start < one.end:
                yield self.broken(
                    one.resource, unit=one.unit, start=self.iso(other.start), end=self.iso(other.end)
                )

    def _owned(self, resource: str) -> int:
        for table in (self.clinic.equipment, self.clinic.trays, self.clinic.bays):
            if resource in table:
                return int(table[resource].units)
        return 0

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if "units" in facts:
            taken = every(facts["units"], "unit is", "units are")
            return f"{facts['name']}: {taken} in use {self.span(facts)}, and there is no other."
        return f"{facts['name']} unit {facts['unit']} is in use {self.span(facts)}."


_POOLS: Mapping[str, str] = {
    Kind.EQUIPMENT: "equipment-pool", Kind.TRAY: "tray-set", Kind.BAY: "pacu-bay", PREOP: "preop-bay",
    PHASE_TWO: "phase-two", WARD: "inpatient-bed",
}  # fmt: skip
"""Kind of need, or role of a bay, -> the rule that counts its pool."""


class Horizon(StartRule):
    """An elective case is booked at most so many days ahead; without a number there is no horizon."""

    # In the clinic file: `days`.

    id, title, owner = "horizon", "Booking horizon", "scheduling office"
    waivable_by = Waiver.DIRECTOR
    by_room = False
    couples = ("booking date", "date")
    defaults = frozen({"days": None})
    shapes = frozen({"days": COUNT})
    at_booking = True

    @property
    def idle(self) -> bool:
        return not self.ever("days")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        days = self.params_on(day)["days"]
        if days is not None and asked.elective:
            last = self.calendar.date(facts.as_of) + dt.timedelta(days=days)
            since = self.midnight(last + dt.timedelta(days=1))
            yield Stretch("clinic", since, FOREVER, frozen({"most_days": days, "last": last.isoformat()}))

    def set_aside(self, subjects: Sequence[str] = ()) -> str:
        return "booked further ahead than usual for this case"

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"Cases are booked at most {facts['most_days']} days ahead: until {self.day_name(facts['last'])}."
        )


class Freeze(StartRule):
    """Some days before the day of surgery, from an hour on, that day's elective schedule is closed.

    Without a number of days there is no freeze. An add-on or urgent request isn't held by it. The hours in
    which booked cases are locked against swaps are a setting of the clinic, another thing.
    """

    # In the clinic file: `days_before`, `after`; the setting is `freeze_hours`.

    id, title, owner = "freeze", "Schedule freeze", "OR manager"
    waivable_by = Waiver.DIRECTOR
    by_room = False
    couples = ("booking time", "date")
    defaults = frozen({"days_before": None, "after": "14:00"})
    shapes = frozen({"days_before": COUNT, "after": CLOCK})
    at_booking = True

    @property
    def idle(self) -> bool:
        return all(each.get("days_before") is None for each in (self.params, *(d.params for d in self.dated)))

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        params = self.params_on(day)
        if params["days_before"] is None or not asked.elective:
            return
        closing = day - dt.timedelta(days=params["days_before"])
        if facts.as_of >= self.calendar.instant(closing, wall(params["after"])):
            yield self.whole(
                day, "clinic", day=day.isoformat(), closing=closing.isoformat(), after=params["after"]
            )

    def set_aside(self, subjects: Sequence[str] = ()) -> str:
        return "the closed schedule opened for this case"

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        since = f"{self.clock(wall(facts['after']))} on {self.day_name(facts['closing'])}"
        return f"The elective schedule of {self.day_name(facts['day'])} is closed since {since}."


class EmergencyReserve(StartRule):
    """Elective cases leave some rooms free at every moment, for emergencies; at 0 none are kept back."""

    # In the clinic file: `rooms`.

    id, title, owner = "emergency-reserve", "Rooms kept for emergencies", "OR manager"
    default_level = Level.SOFT
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.DAY
    by_room = False
    couples = ("room", "wheels-in", "wheels-out", "number of rooms in use")
    defaults = frozen({"rooms": 0})
    shapes = frozen({"rooms": COUNT})

    @property
    def idle(self) -> bool:
        return not self.ever("rooms")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        kept, length = int(self.params_on(day)["rooms"]), asked.mode.minutes
        if not kept or not asked.elective:
            return
        frame = facts.calendar.frame(day)
        running = [
            Use(r.start, r.end)
            for room in self.clinic.rooms
            for r in facts.book.near(room, frame.origin, frame.end + length)
            if r.kind is Kind.ROOM and r.case != asked.case
        ]
        for start, end in full(running, len(self.clinic.rooms) - kept):
            said = {"kept": kept, "day": day.isoformat()}
            yield Stretch("clinic", start - length + 1, end, frozen(said))

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        rooms = "1 room is" if facts["kept"] == 1 else f"{facts['kept']} rooms are"
        return f"{rooms} kept free for emergencies on {self.day_name(facts['day'])}, and this would take one."


class EmergencyPower(StartRule):
    """Cases under these kinds of anesthesia go to a room with emergency power; none unless listed."""

    # In the clinic file: `anesthesia`; the room's feature `emergency-power`.

    id, title, owner = "emergency-power", "Emergency power", "facilities"
    default_level = Level.SOFT
    waivable_by = Waiver.CHARGE_NURSE
    couples = ("anesthesia", "room")
    defaults = frozen({"anesthesia": (), "room_feature": "emergency-power"})
    shapes = frozen({"anesthesia": IDS})

    @property
    def idle(self) -> bool:
        return not self.ever("anesthesia")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        params = self.params_on(day)
        feature = params["room_feature"]
        if (
            asked.mode.anesthesia in params["anesthesia"]
            and feature not in self.clinic.rooms[asked.room].features
        ):
            rooms = [room.name for room in self.clinic.rooms.values() if feature in room.features]
            yield self.whole(day, asked.room, anesthesia=asked.mode.anesthesia, room_names=rooms)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        other = f": {listed(facts['room_names'])}" if facts["room_names"] else ""
        return f"{facts['name']} has no emergency power; cases under {facts['anesthesia']} go where there is{other}."


RULES = (UnitOccupancy, Horizon, Freeze, EmergencyReserve, EmergencyPower)
