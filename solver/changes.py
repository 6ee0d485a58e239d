"""The vocabulary of changes: what a correction suggests, a what-if tries, and the clinic's staff save.

Each change is one frozen record with a `type`; `apply` returns a new clinic and leaves the old one alone, and `say`
is the change in one clause, without a full stop. `OverrideRule` and `ChangeRequest` alone change the request instead
of the clinic.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal, get_args

from solver.clinic import (
    Block,
    Case,
    Clinic,
    DatedShift,
    Equipment,
    Instant,
    Leave,
    RuleSetting,
    Staff,
    TeamMember,
    Validity,
    Window,
    frozen,
)
from solver.laid import UnknownTarget, found, with_record
from solver.reopening import AddNurses, ChangeRequest, OverrideRule, ReopenRoom, SetRecord, titled
from solver.request import Override, Request
from solver.wording import Wording


@dataclass(frozen=True)
class AddUnit:
    """More units of an equipment, tray or bay pool."""

    resource: str
    units: int = 1
    type: Literal["add-unit"] = "add-unit"

    def apply(self, clinic: Clinic) -> Clinic:
        for table in ("equipment", "trays", "bays"):
            records = getattr(clinic, table)
            if self.resource in records:
                record = records[self.resource]
                new = replace(record, units=record.units + self.units)
                return with_record(clinic, table, _in_use(new, record.units) if table == "equipment" else new)
        known = [*clinic.equipment, *clinic.trays, *clinic.bays]
        raise UnknownTarget("pool", self.resource, known)

    def say(self, clinic: Clinic) -> str:
        name = Wording(clinic).named(self.resource)
        if self.resource in clinic.bays:
            return f"{self.units} more {'bay' if self.units == 1 else 'bays'} in {name}"
        return f"one more {name}" if self.units == 1 else f"{self.units} more of {name}"


def _in_use(pool: Equipment, before: int) -> Equipment:
    """The pool with more units, which a maintenance of all the others leaves in use."""
    windows = (out if out.units is not None else replace(out, units=before) for out in pool.maintenance)
    return replace(pool, maintenance=tuple(windows))


@dataclass(frozen=True)
class AddEquipment:
    """Fixed equipment placed in one more room, or a room feature granted by building it."""

    room: str
    equipment: str
    type: Literal["add-equipment"] = "add-equipment"

    def apply(self, clinic: Clinic) -> Clinic:
        room = found(clinic.rooms, "room", self.room)
        found(clinic.equipment, "equipment", self.equipment)
        more = replace(room, equipment=(*room.equipment, self.equipment))
        return replace(clinic, rooms=frozen({**clinic.rooms, room.id: more}))

    def say(self, clinic: Clinic) -> str:
        words = Wording(clinic)
        return f"{words.named(self.equipment)} in {clinic.name_of(self.room)} too"


@dataclass(frozen=True)
class SetHours:
    """New hours of a weekday (0 is Monday) for a room, a bay or the clinic ("clinic"); None closes it."""

    resource: str
    day: int
    window: Window | None
    type: Literal["set-hours"] = "set-hours"

    def apply(self, clinic: Clinic) -> Clinic:
        if self.resource == "clinic":
            return replace(clinic, hours=self._week(clinic.hours))
        for table in ("rooms", "bays"):
            records = getattr(clinic, table)
            if self.resource in records:
                record = records[self.resource]
                new = replace(record, hours=self._week(record.hours))
                return with_record(clinic, table, new)
        raise UnknownTarget("room or bay", self.resource, [*clinic.rooms, *clinic.bays, "clinic"])

    def _week(self, week: Any) -> Any:
        hours = {day: windows for day, windows in week.items() if day != self.day}
        return frozen(hours | ({self.day: (self.window,)} if self.window else {}))

    def say(self, clinic: Clinic) -> str:
        words = Wording(clinic)
        name, day = clinic.name_of(self.resource), words.weekday(self.day)
        if self.window is None:
            return f"{name} closed on {day}s"
        return f"{name} open {words.span(self.window)} on {day}s"


@dataclass(frozen=True)
class AddShift:
    """A shift of one person on one date, in wall minutes."""

    staff: str
    date: dt.date
    window: Window
    type: Literal["add-shift"] = "add-shift"

    def apply(self, clinic: Clinic) -> Clinic:
        person = found(clinic.staff, "person", self.staff)
        more = (*person.shifts_on, DatedShift(self.date, self.window))
        return with_record(clinic, "staff", replace(person, shifts_on=more))

    def say(self, clinic: Clinic) -> str:
        words = Wording(clinic)
        return f"{clinic.name_of(self.staff)} working {words.span(self.window)} on {words.day(self.date)}"


@dataclass(frozen=True)
class RemoveLeave:
    """One person back at work from `first` to `last`, both included; the rest of the leave stays."""

    staff: str
    first: dt.date
    last: dt.date
    type: Literal["remove-leave"] = "remove-leave"

    def apply(self, clinic: Clinic) -> Clinic:
        person = found(clinic.staff, "person", self.staff)
        kept = tuple(part for leave in person.leave for part in self._outside(leave))
        return with_record(clinic, "staff", replace(person, leave=kept))

    def _outside(self, leave: Leave) -> list[Leave]:
        day = dt.timedelta(days=1)
        before = replace(leave, last=min(leave.last, self.first - day))
        after = replace(leave, first=max(leave.first, self.last + day))
        return [part for part in dict.fromkeys((before, after)) if part.first <= part.last]

    def say(self, clinic: Clinic) -> str:
        words = Wording(clinic)
        until = "" if self.first == self.last else f" to {words.day(self.last)}"
        return f"{clinic.name_of(self.staff)} back from leave on {words.day(self.first)}{until}"


@dataclass(frozen=True)
class ReleaseBlock:
    """One occurrence of a block given up by its owner."""

    block: str
    date: dt.date
    type: Literal["release-block"] = "release-block"

    def apply(self, clinic: Clinic) -> Clinic:
        if self.block not in {block.id for block in clinic.blocks}:
            raise UnknownTarget("block", self.block, [block.id for block in clinic.blocks])
        return replace(clinic, blocks=tuple(self._released(block) for block in clinic.blocks))

    def _released(self, block: Block) -> Block:
        if block.id != self.block:
            return block
        return replace(block, released=(*block.released, self.date))

    def say(self, clinic: Clinic) -> str:
        block = next((block for block in clinic.blocks if block.id == self.block), None)
        owner = (
            f"{clinic.name_of(block.owner)}'s block in {clinic.name_of(block.room)}" if block else self.block
        )
        return f"{owner} released on {Wording(clinic).day(self.date)}"


@dataclass(frozen=True)
class SetParam:
    """Another value of one rule's parameter."""

    rule: str
    param: str
    value: Any
    type: Literal["set-param"] = "set-param"

    def apply(self, clinic: Clinic) -> Clinic:
        setting = clinic.rules.get(self.rule, RuleSetting())
        new = replace(setting, params=frozen({**setting.params, self.param: self.value}))
        return replace(clinic, rules=frozen({**clinic.rules, self.rule: new}))

    def say(self, clinic: Clinic) -> str:  # noqa: ARG002  # as every change says itself
        return f"{titled(self.rule)}: {self.param.replace('_', ' ')} set to {_value(self.value)}"


def _value(value: Any) -> str:
    """A parameter's value as a sentence has it: nothing is "none", several are listed."""
    if value is None or (isinstance(value, Mapping | tuple | list | frozenset) and not value):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(each)}" for key, each in value.items())
    return ", ".join(map(str, value)) if isinstance(value, tuple | list | frozenset) else str(value)


@dataclass(frozen=True)
class MoveCase:
    """A booked case at another time, in another room, or both; `team`, when given, replaces its team."""

    case: str
    start: Instant | None = None
    room: str | None = None
    team: tuple[TeamMember, ...] | None = None
    type: Literal["move-case"] = "move-case"

    def apply(self, clinic: Clinic) -> Clinic:
        found(clinic.cases_by_id, "case", self.case)
        return replace(clinic, cases=tuple(self._moved(case) for case in clinic.cases))

    def _moved(self, case: Case) -> Case:
        if case.id != self.case:
            return case
        start = case.start if self.start is None else self.start
        team = case.team if self.team is None else self.team
        return replace(case, start=start, room=self.room or case.room, team=team)

    def say(self, clinic: Clinic) -> str:
        words, case = Wording(clinic), clinic.cases_by_id[self.case]
        start = case.start if self.start is None else self.start
        what = f"the {words.clock(case.start)} case in {clinic.name_of(case.room)}"
        return f"{what} moved to {words.clock(start)} in {clinic.name_of(self.room or case.room)}"


@dataclass(frozen=True)
class AddFeature:
    """A room built out with a feature: lead lining, laminar flow."""

    room: str
    feature: str
    type: Literal["add-feature"] = "add-feature"

    def apply(self, clinic: Clinic) -> Clinic:
        room = found(clinic.rooms, "room", self.room)
        return with_record(clinic, "rooms", replace(room, features=(*room.features, self.feature)))

    def say(self, clinic: Clinic) -> str:
        return f"{clinic.name_of(self.room)} made {self.feature}"


@dataclass(frozen=True)
class AddStaff:
    """One more person of a role for some hours of one date, certified for what is listed: agency, float or call."""

    role: str
    date: dt.date
    window: Window
    certifications: tuple[str, ...] = ()
    privileges: tuple[str, ...] = ()
    """Procedures that a surgeon who comes in is privileged for."""
    type: Literal["add-staff"] = "add-staff"

    def apply(self, clinic: Clinic) -> Clinic:
        number = next(n for n in count(1) if f"extra-{self.role}-{n}" not in clinic.staff)
        name = f"Extra {self.role}" if number == 1 else f"Extra {self.role} {number}"
        person = Staff(
            f"extra-{self.role}-{number}", name, self.role,
            shifts_on=(DatedShift(self.date, self.window),),
            certifications=tuple(Validity(held) for held in self.certifications),
            privileges=tuple(Validity(procedure) for procedure in self.privileges),
        )  # fmt: skip
        return with_record(clinic, "staff", person)

    def say(self, clinic: Clinic) -> str:
        words = Wording(clinic)
        listed = ", ".join((*self.certifications, *map(clinic.name_of, self.privileges)))
        held = f" ({listed})" if listed else ""
        return f"one more {self.role}{held} {words.span(self.window)} on {words.day(self.date)}"


Change = (
    AddUnit | AddEquipment | AddFeature | SetHours | AddShift | AddStaff | RemoveLeave | ReleaseBlock
    | SetParam | MoveCase | OverrideRule | ReopenRoom | AddNurses | ChangeRequest | SetRecord
)  # fmt: skip

CHANGES: tuple[str, ...] = tuple(one.type for one in get_args(Change))
"""The type of every change."""


def asked(request: Request, changes: tuple[Change, ...]) -> Request:
    """The request with the overrides among the changes added to its own, and asked another way where they say so."""
    for change in changes:
        request = change.asked(request) if isinstance(change, ChangeRequest) else request
    overrides = tuple(Override(c.rule, c.reason) for c in changes if isinstance(c, OverrideRule))
    return replace(request, overrides=tuple(dict.fromkeys((*request.overrides, *overrides))))


def apply(clinic: Clinic, changes: tuple[Change, ...]) -> Clinic:
    """The clinic with the changes laid over it, in order; raises `UnknownTarget` for a record it doesn't have."""
    for change in changes:
        clinic = change.apply(clinic)
    return clinic


__all__ = [
    "CHANGES", "AddEquipment", "AddFeature", "AddNurses", "AddShift", "AddStaff", "AddUnit", "Change",
    "ChangeRequest", "MoveCase", "OverrideRule", "ReleaseBlock", "RemoveLeave", "ReopenRoom", "SetHours", "SetParam",
    "SetRecord", "UnknownTarget", "apply", "asked",
]  # fmt: skip
