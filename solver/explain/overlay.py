"""A snapshot with changes laid over it, warm where they don't reach: nothing is written, and little compiled twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from solver.book import Book, Facts
from solver.changes import (
    AddNurses,
    AddShift,
    AddStaff,
    AddUnit,
    Change,
    ChangeRequest,
    MoveCase,
    OverrideRule,
    RemoveLeave,
    SetHours,
    SetParam,
    SetRecord,
    apply,
)
from solver.clinic import Clinic
from solver.grid import Mask
from solver.request import Override, Request
from solver.reserve import Kind, Mode, Need
from solver.rules import Catalogue
from solver.snapshot import DaySnapshot, Filling, Snapshot


def overlaid(snapshot: Snapshot, changes: tuple[Change, ...], request: Request) -> Snapshot:
    """The clinic with the changes, as of the same instant.

    Masks are kept for the candidates that no change bears on; raises `UnknownTarget` for a record that isn't there.
    """
    clinic = apply(snapshot.clinic, changes)
    if any(isinstance(change, SetRecord) for change in changes):  # it may be about what booked cases take
        return Snapshot.of(clinic, snapshot.facts.as_of)
    facts = Facts(clinic, _book(snapshot, clinic, changes), snapshot.facts.as_of)
    catalogue = _catalogue(snapshot, clinic, changes)
    touched = _touched(snapshot, changes)
    waived = frozenset(change.rule for change in changes if isinstance(change, OverrideRule))
    return _Laid(facts, catalogue, under=snapshot, touched=touched, before=request.overrides, waived=waived)


def _catalogue(snapshot: Snapshot, clinic: Clinic, changes: tuple[Change, ...]) -> Catalogue:
    """The rules over the changed records; made anew only where their own settings changed."""
    if clinic is snapshot.clinic or all(isinstance(change, MoveCase) for change in changes):
        return snapshot.catalogue  # rules read cases in the book alone
    same = clinic.rules is snapshot.clinic.rules and clinic.timezone == snapshot.clinic.timezone
    return snapshot.catalogue.over(clinic) if same else Catalogue.of(clinic)


def _book(snapshot: Snapshot, clinic: Clinic, changes: tuple[Change, ...]) -> Book:
    """The same book, with the cases that move at their new places."""
    book = snapshot.facts.book
    for case in dict.fromkeys(change.case for change in changes if isinstance(change, MoveCase)):
        moved = clinic.cases_by_id[case]
        taking = [moved] if moved.occupies else []  # one that was cancelled takes nothing
        book = book.without(case).adding(clinic, taking)
    return book


def _touched(snapshot: Snapshot, changes: tuple[Change, ...]) -> frozenset[str] | None:
    """The candidates whose masks may differ; None where any might. Rules about rooms read the most, so all rooms do."""
    units: set[str] = set()
    for change in changes:
        match change:
            case OverrideRule() | ChangeRequest():
                continue
            case SetParam():
                return None
            case MoveCase(case=case, team=team):
                units |= {taken.resource for taken in snapshot.facts.book.by_case.get(case, ())}
                units |= {member.resource for member in team or ()}
            case AddShift(staff=one) | RemoveLeave(staff=one) | AddNurses(bay=one):
                units.add(one)
            case AddUnit(resource=one) | SetHours(resource=one):
                units.add(one)
            case AddStaff():
                units.add("")
            case _:
                pass
        units.update(snapshot.clinic.rooms)
    return frozenset(units)


@dataclass
class _Laid(Snapshot):
    """A snapshot over another one."""

    under: Snapshot | None = None
    touched: frozenset[str] | None = None
    before: tuple[Override, ...] = ()
    waived: frozenset[str] = frozenset()

    def day(self, date: dt.date, replaces: str | None = None) -> DaySnapshot:
        key = (date, replaces)
        if key not in self.days and self.under is not None and self.touched is not None:
            plain = super().day(date, replaces)
            self.days[key] = _LaidDay(
                plain.facts, plain.frame, plain.catalogue, plain.roles, under=self.under.day(date, replaces),
                touched=self.touched, before=self.before, waived=self.waived,
            )  # fmt: skip
        return super().day(date, replaces)


@dataclass
class _LaidDay(DaySnapshot):
    """A day that takes what it can from the day below when a need is first looked at."""

    under: DaySnapshot = field(kw_only=True)
    touched: frozenset[str] = field(kw_only=True)
    before: tuple[Override, ...] = field(kw_only=True)
    waived: frozenset[str] = field(kw_only=True)
    asked: tuple[Request, Request] | None = None
    aside: dict[Kind, frozenset[str]] = field(default_factory=dict)

    def filling(self, request: Request, mode: Mode, need: Need, room: str) -> Filling:
        known = len(self.fillings)
        made = super().filling(request, mode, need, room)
        if len(self.fillings) != known:
            self._take(made, self.under.filling(self._then(request), mode, need, room))
        return made

    def everywhere(self, request: Request, mode: Mode) -> Mask:
        if self.touched or self._asides(Kind.ROOM):
            return super().everywhere(request, mode)
        return self.under.everywhere(self._then(request), mode)

    def _then(self, request: Request) -> Request:
        """The request as it was put to the day below."""
        if self.asked is None or self.asked[0] is not request:
            same = request.overrides == self.before
            self.asked = request, request if same else replace(request, overrides=self.before)
        return self.asked[1]

    def _asides(self, kind: Kind) -> frozenset[str]:
        """The rules now set aside that say something of such a need."""
        if kind not in self.aside:
            below = self.under.narrowing((), kind) if self.waived else ()
            self.aside[kind] = self.waived & {rule.id for rule in below}
        return self.aside[kind]

    def _take(self, made: Filling, held: Filling) -> None:
        """The masks of the candidates that no change bears on, without the rules that are now set aside."""
        waived = self._asides(held.need.kind)
        for unit in held.units:
            if unit in self.touched:
                continue
            causes = held.causes.get(unit)
            if causes is None:
                if unit in held.masks and not waived:
                    made.masks[unit] = held.masks[unit]
            elif waived and any(atom.rule in waived for atom, _ in causes):
                made.causes[unit] = tuple(each for each in causes if each[0].rule not in waived)
            else:
                made.causes[unit], made.masks[unit] = causes, held.allowed(unit)
