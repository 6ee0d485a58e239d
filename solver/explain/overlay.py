"""A snapshot with changes laid over it, warm where they don't reach: nothing is written, and little compiled twice."""

from __future__ import annotations

from dataclasses import replace

from solver.book import Book, Facts
from solver.changes import (
    AddEquipment,
    AddFeature,
    AddShift,
    AddStaff,
    Change,
    MoveCase,
    OverrideRule,
    ReleaseBlock,
    RemoveLeave,
    apply,
)
from solver.clinic import Clinic
from solver.request import Request
from solver.rules import Catalogue
from solver.snapshot import DaySnapshot, Snapshot


def overlaid(snapshot: Snapshot, changes: tuple[Change, ...], request: Request) -> Snapshot:
    """The clinic with the changes, as of the same instant.

    Masks are kept for the candidates that no change bears on; raises `UnknownTarget` for a record that isn't there.
    """
    clinic = apply(snapshot.clinic, changes)
    facts = Facts(clinic, _book(snapshot, clinic, changes), snapshot.facts.as_of)
    made = Snapshot(facts, Catalogue.of(clinic))
    touched = _touched(snapshot.clinic, changes)
    if touched is not None and clinic is not snapshot.clinic:
        for (date, replaces), day in snapshot.days.items():
            if replaces == request.replaces:
                _warm(made.day(date, replaces), day, touched)
    return made


def _book(snapshot: Snapshot, clinic: Clinic, changes: tuple[Change, ...]) -> Book:
    """The same book, with the cases that move at their new places."""
    book = snapshot.facts.book
    for case in dict.fromkeys(change.case for change in changes if isinstance(change, MoveCase)):
        book = book.without(case).adding(clinic, [clinic.cases_by_id[case]])
    return book


def _touched(clinic: Clinic, changes: tuple[Change, ...]) -> frozenset[str] | None:
    """The candidates whose masks may differ; None where any might."""
    units: set[str] = set()
    for change in changes:
        match change:
            case AddShift(staff=person) | RemoveLeave(staff=person):
                units.add(person)
            case AddEquipment(room=room) | AddFeature(room=room):
                units.add(room)
            case ReleaseBlock(block=block):
                units |= {each.room for each in clinic.blocks if each.id == block}
            case AddStaff():
                units.add("")
            case OverrideRule():
                pass
            case _:
                return None
    return frozenset(units)


def _warm(new: DaySnapshot, old: DaySnapshot, touched: frozenset[str]) -> None:
    for key, filling in old.fillings.items():
        units = new.candidates(filling.need, filling.mode, filling.room)
        kept = {unit: masks for unit, masks in filling.masks.items() if unit not in touched}
        new.fillings[key] = replace(filling, day=new, units=units, masks=kept, union=0, seen=0)
