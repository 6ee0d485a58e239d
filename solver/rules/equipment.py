"""Mobile equipment: pools that move between rooms, their maintenance, and who operates them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.clinic import Case, Equipment
from solver.grid import Mask, bits
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Kind, Need, Reservation
from solver.rules.base import BaseRule, Scope
from solver.rules.nursing import PlaceFilled
from solver.rules.pool import Use, clashing, full, units_needed
from solver.rules.remedy import override, unit
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot

REACH = 24 * 60
"""Minutes around a use within which other uses of its pool can bear on it."""


def uses_of(held: Iterable[Reservation]) -> list[Use]:
    """The reservations as uses of interchangeable units."""
    return [Use(r.start, r.end, r.room) for r in held]


def out_of_use(record: Equipment) -> list[Use]:
    """A use of nobody's for each unit and window of maintenance; all units unless the window says how many."""
    return [
        Use(out.start, out.end)
        for out in record.maintenance
        for _ in range(record.units if out.units is None else min(out.units, record.units))
    ]


class EquipmentPool(BaseRule):
    """No more units in use at once than there are."""

    id, title, owner = "equipment-pool", "Equipment pool", "OR manager"
    remedies = (unit,)
    kinds = (Kind.EQUIPMENT,)
    scope = Scope.PAIR
    couples = ("equipment", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame = candidate.need, day.frame
        held = day.facts.book.near(candidate.unit, frame.origin, frame.end + need.end)
        mask = 0
        for busy in full(uses_of(held), self.clinic.equipment[candidate.unit].units):
            mask |= frame.overlapping(need.begin, need.end, busy)
        yield self.atom(candidate.unit), mask

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for taken in facts.of_case(case):
                if taken.kind is Kind.EQUIPMENT:
                    yield from self._short(taken, facts)

    def _short(self, taken: Reservation, facts: Facts) -> Iterable[Violation]:
        units = self.clinic.equipment[taken.resource].units
        others = [r for r in facts.book.near(taken.resource, taken.start, taken.end) if r is not taken]
        if any(start < taken.end and taken.start < end for start, end in full(uses_of(others), units)):
            rooms = sorted({self.clinic.name_of(r.room) for r in others})
            first, last = min(r.start for r in others), max(r.end for r in others)
            yield self.broken(
                taken.resource, units=units, in_use=len(others), room_names=rooms,
                start=self.iso(first), end=self.iso(last), cases=[r.case for r in others],
            )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        used = f"{min(facts['in_use'], facts['units'])} of {facts['units']} in use"
        return f"{facts['name']}: {used} {self.span(facts)} ({', '.join(facts['room_names'])})."


class EquipmentMove(BaseRule):
    """Time to move and clean a unit between two rooms."""

    id, title, owner = "equipment-move", "Equipment move time", "OR manager"
    remedies = (override, unit)
    waivable_by = Waiver.CHARGE_NURSE
    kinds = (Kind.EQUIPMENT,)
    scope = Scope.PAIR
    couples = ("equipment", "room", "consecutive uses")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        record, need, frame = self.clinic.equipment[candidate.unit], candidate.need, day.frame
        if record.move_minutes == 0:
            return
        held = uses_of(day.facts.book.near(candidate.unit, frame.origin - REACH, frame.end + REACH))
        held += out_of_use(record)
        # Were every use followed by a move, a start that still fits needs no closer look.
        moved = [Use(use.start, use.end + record.move_minutes) for use in held]
        tight = 0
        for busy in full(moved, record.units):
            tight |= frame.overlapping(need.begin, need.end + record.move_minutes, busy)
        mask = 0
        for bit in bits(tight & frame.full):
            start = frame.instant(bit)
            if self._only_moving(record, Use(start + need.begin, start + need.end, candidate.room), held):
                mask |= 1 << bit
        yield self.atom(candidate.unit), mask

    def _only_moving(self, record: Equipment, use: Use, others: list[Use]) -> bool:
        """Whether no unit can be there in time, though the pool would have one were there nothing to move."""
        tied = clashing(others, use, record.move_minutes)
        if any(s < use.end and use.start < e for s, e in full(tied, record.units)):
            return False
        return units_needed(tied, record.move_minutes) >= record.units

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for taken in facts.of_case(case):
                if taken.kind is Kind.EQUIPMENT:
                    yield from self._late(taken, facts)

    def _late(self, taken: Reservation, facts: Facts) -> Iterable[Violation]:
        record = self.clinic.equipment[taken.resource]
        near = facts.book.near(taken.resource, taken.start - REACH, taken.end + REACH)
        others = [r for r in near if r is not taken]
        use = Use(taken.start, taken.end, taken.room)
        if record.move_minutes and self._only_moving(record, use, uses_of(others) + out_of_use(record)):
            closest = min(others, key=lambda r: (max(r.start - taken.end, taken.start - r.end), r.case))
            yield self.broken(
                taken.resource, minutes=record.move_minutes, case=closest.case,
                room=closest.room, room_name=self.clinic.name_of(closest.room),
                start=self.iso(closest.start), end=self.iso(closest.end),
            )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']} is in {facts['room_name']} {self.span(facts)} "
            f"and takes {facts['minutes']} minutes to move."
        )


class EquipmentMaintenance(BaseRule):
    """Units under maintenance can't be used; all of the pool unless the window says how many."""

    id, title, owner = "equipment-maintenance", "Equipment maintenance", "biomedical engineering"
    remedies = (unit,)
    kinds = (Kind.ROOM,)
    by_room = False
    couples = ("equipment", "wheels-in", "wheels-out")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        for need in self._used(candidate.mode.equipment, candidate.mode.minutes):
            record = self.clinic.equipment[need.key]
            held = day.facts.book.near(need.key, day.frame.origin, day.frame.end + need.end)
            mask = 0
            for busy in self._busy(record, uses_of(held)):
                mask |= day.frame.overlapping(0, need.end, busy)
            yield self.atom(need.key), mask

    def _used(self, equipment: Iterable[str], minutes: int) -> list[Need]:
        return [Need(item, Kind.EQUIPMENT, item, 0, minutes) for item in equipment]

    def _busy(self, record: Equipment, uses: list[Use]) -> list[tuple[int, int]]:
        """The stretches of maintenance that leave no unit over, all windows and uses taken together."""
        return [
            (max(start, out.start), min(end, out.end))
            for start, end in full([*uses, *out_of_use(record)], record.units)
            for out in record.maintenance
            if start < out.end and out.start < end
        ]

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for case in plan.cases:
            for item in facts.mode(case).equipment:
                record = self.clinic.equipment[item]
                near = facts.book.near(item, case.start, case.end)
                busy = self._busy(record, uses_of(r for r in near if r.case != case.id))
                if any(start < case.end and case.start < end for start, end in busy):
                    yield self._out(record, case)

    def _out(self, record: Equipment, case: Case) -> Violation:
        out = next(o for o in record.maintenance if o.start < case.end and case.start < o.end)
        return self.broken(record.id, start=self.iso(out.start), end=self.iso(out.end), reason=out.reason)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        reason = f" ({facts['reason']})" if facts["reason"] else ""
        day = f" on {self.day_name(facts['start'])}" if self.one_day(facts) else ""
        return f"{facts['name']} is under maintenance {self.span(facts)}{day}{reason}."


class EquipmentOperator(PlaceFilled):
    """Equipment that needs an operator has one for the whole case."""

    id, title, owner = "equipment-operator", "Equipment operator", "radiation safety officer"
    couples = ("equipment", "role", "person")

    def covers(self, need: Need) -> bool:
        return need.operates is not None


RULES = (EquipmentPool, EquipmentMove, EquipmentMaintenance, EquipmentOperator)
