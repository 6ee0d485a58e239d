"""From one violation to the typed changes that would end it, and who may grant them.

A rule's own `relaxations` come first; the table here serves the rules of the catalogue. A rule that nobody may waive is
opened by a real resource only; one that may be waived and has nothing better is overridden.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from solver.book import Facts
from solver.changes import (
    AddEquipment,
    AddFeature,
    AddShift,
    AddStaff,
    AddUnit,
    Change,
    MoveCase,
    OverrideRule,
    ReleaseBlock,
    RemoveLeave,
    SetHours,
)
from solver.clinic import SURGEON, Case, Window
from solver.request import Violation
from solver.reserve import Kind, Reservation
from solver.rules.base import BaseRule

BUYS = "director"
"""Who grants what has to be bought, built or hired."""


@dataclass(frozen=True)
class Relaxation:
    """Changes that would end one violation, and the least role that may grant them."""

    changes: tuple[Change, ...]
    granted_by: str


@dataclass(frozen=True)
class Broken:
    """A violation by a planned case, with the facts that hold the plan."""

    rule: BaseRule
    violation: Violation
    case: Case
    facts: Facts

    @property
    def subject(self) -> str:
        return self.violation.subject

    @property
    def date(self) -> dt.date:
        return self.facts.date(self.case)

    def wall(self, start: int, end: int) -> Window | None:
        """Instants as wall minutes of the case's date; None where they leave that date."""
        frame = self.facts.calendar.frame(self.date)
        if not frame.origin <= start < end <= frame.end:
            return None
        first, last = self.facts.calendar.wall(start), self.facts.calendar.wall(end)
        until = last.hour * 60 + last.minute
        return first.hour * 60 + first.minute, until or 24 * 60

    def taken(self) -> list[Reservation]:
        """What the case takes of the resource that the violation is about."""
        return [r for r in self.facts.of_case(self.case) if r.resource == self.subject]

    def needed(self) -> Window | None:
        """The wall minutes that this resource, or else the case, is needed for."""
        taken = self.taken()
        start = min((r.start for r in taken), default=self.case.start)
        return self.wall(start, max((r.end for r in taken), default=self.case.end))


def relaxations(broken: Broken) -> list[Relaxation]:
    """Every change, each enough alone, that would end the violation; empty where nothing real does."""
    rule = broken.rule
    changes = list(rule.relaxations(broken.violation, broken.case, broken.facts) or ())
    if not changes:
        changes = [change for change in _REMEDIES.get(rule.id, _nothing)(broken) if change is not None]
    if not changes and rule.waivable_by is not None:
        changes = [OverrideRule(rule.id, "correction")]
    return [Relaxation((change,), rule.waivable_by or BUYS) for change in changes]


Remedy = Callable[[Broken], Iterable[Change | None]]


def _nothing(_: Broken) -> Iterator[Change]:
    return iter(())


def _hours(broken: Broken) -> Iterator[Change | None]:
    """The hours of that weekday, widened until the case fits."""
    needed = broken.wall(broken.case.start, broken.case.end)
    week = (
        broken.rule.clinic.hours
        if broken.subject == "clinic"
        else broken.rule.clinic.rooms[broken.subject].hours
    )
    yield _widened(broken, week.get(broken.date.weekday(), ()), needed)


def _bay(broken: Broken) -> Iterator[Change | None]:
    if broken.violation.facts.get("why") == "full":
        yield AddUnit(broken.subject)
    else:
        hours = broken.rule.clinic.bays[broken.subject].hours.get(broken.date.weekday(), ())
        yield _widened(broken, hours, broken.needed())


def _widened(broken: Broken, hours: Iterable[Window], needed: Window | None) -> Change | None:
    if needed is None:
        return None
    all_ = [*hours, needed]
    window = (min(start for start, _ in all_), max(end for _, end in all_))
    return SetHours(broken.subject, broken.date.weekday(), window)


def _shift(broken: Broken) -> Iterator[Change | None]:
    needed = broken.needed()
    yield AddShift(broken.subject, broken.date, needed) if needed else None


def _leave(broken: Broken) -> Iterator[Change]:
    yield RemoveLeave(broken.subject, broken.date, broken.date)


def _block(broken: Broken) -> Iterator[Change]:
    start = broken.violation.facts.get("start")
    yield ReleaseBlock(broken.subject, dt.date.fromisoformat(start[:10]) if start else broken.date)


def _equipment(broken: Broken) -> Iterator[Change]:
    yield AddEquipment(broken.case.room, broken.violation.facts["equipment"])


def _feature(broken: Broken) -> Iterator[Change]:
    yield AddFeature(broken.case.room, broken.violation.facts["feature"])


def _unit(broken: Broken) -> Iterator[Change]:
    yield AddUnit(broken.subject)


def _unit_or_waiver(broken: Broken) -> Iterator[Change]:
    yield OverrideRule(broken.rule.id, "correction")
    yield AddUnit(broken.subject)


def _other_case(broken: Broken) -> Iterator[Change]:
    """Whatever is in the way, elsewhere: where to is for the solver to say."""
    case = broken.violation.facts.get("case")
    if case and case in broken.rule.clinic.cases_by_id:
        yield MoveCase(case)


def _person(broken: Broken) -> Iterator[Change | None]:
    """Someone else in the role; for a surgeon nobody else will do, and the other case moves."""
    roles = {r.role for r in broken.taken()}
    if SURGEON in roles:
        yield from _other_case(broken)
    else:
        yield from _hired(broken, roles)


def _place(broken: Broken) -> Iterator[Change | None]:
    yield from _hired(broken, {broken.subject})


def _operator(broken: Broken) -> Iterator[Change | None]:
    needs = broken.facts.mode(broken.case).needs
    yield from _hired(
        broken, {need.role for need in needs if need.operates == broken.subject} or {broken.subject}
    )


def _hired(broken: Broken, roles: set[str]) -> Iterator[Change | None]:
    needs = [
        n for n in broken.facts.mode(broken.case).needs
        if n.kind is Kind.PERSON and n.role in roles and n.key != SURGEON
    ]  # fmt: skip
    for role in sorted({need.role for need in needs}):
        mine = [need for need in needs if need.role == role]
        window = broken.wall(
            broken.case.start + min(n.begin for n in mine), broken.case.start + max(n.end for n in mine)
        )
        held = tuple(sorted({c for need in mine for c in need.certifications}))
        yield AddStaff(role, broken.date, window, held) if window else None


_REMEDIES: Mapping[str, Remedy] = {
    "facility-hours": _hours,
    "room-hours": _hours,
    "pacu-bay": _bay,
    "surgeon-days": _shift,
    "staff-shift": _shift,
    "leave": _leave,
    "block": _block,
    "room-occupancy": _other_case,
    "room-equipment": _equipment,
    "room-feature": _feature,
    "equipment-pool": _unit,
    "equipment-maintenance": _unit,
    "equipment-move": _unit_or_waiver,
    "tray-set": _unit,
    "tray-reprocessing": _unit,
    "person-occupancy": _person,
    "staff-certification": _person,
    "staff-hours": _person,
    "circulator": _place,
    "scrub": _place,
    "first-assist": _place,
    "anesthesia-provider": _place,
    "equipment-operator": _operator,
}
