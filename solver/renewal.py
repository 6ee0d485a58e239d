"""A snapshot brought up to date: a booking recompiles only the days that it reaches.

The book is changed case by case instead of being made anew. A compiled day is kept where neither a changed case nor
the clock can have changed what any rule forbids on it; the rest is compiled when a request next looks at it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields, replace
from weakref import ref

from solver.book import Book, Facts
from solver.clinic import Case, Clinic, Instant
from solver.reserve import reservations
from solver.snapshot import DaySnapshot, Snapshot

MOST_CHANGES = 64
"""Changed cases up to which the book is changed case by case; beyond, making it anew is as fast."""

WEEK = dt.timedelta(days=8)
"""How far rest and weekly hours reach beyond a case, in either direction."""


def renewed(snapshot: Snapshot, clinic: Clinic, as_of: Instant) -> Snapshot:
    """What `Snapshot.of(clinic, as_of)` would answer, warm where nothing has changed since `snapshot`."""
    if not _same_records(snapshot.clinic, clinic):
        return Snapshot.of(clinic, as_of)
    old, new = snapshot.facts.book.cases, {case.id: case for case in clinic.cases if case.occupies}
    gone = [case for case in old.values() if new.get(case.id) != case]
    come = [case for case in new.values() if old.get(case.id) != case]
    if len(gone) + len(come) > MOST_CHANGES:
        return Snapshot.of(clinic, as_of)
    made = Snapshot(
        Facts(clinic, _changed(snapshot.facts.book, clinic, gone, come), as_of), snapshot.catalogue
    )
    if _steady(snapshot, as_of):
        _keep(made, snapshot, [*gone, *come])
    return made


def _same_records(old: Clinic, new: Clinic) -> bool:
    """Whether nothing but cases has changed."""
    names = (field.name for field in fields(Clinic) if field.name != "cases")
    return all(getattr(old, name) == getattr(new, name) for name in names)


def _changed(book: Book, clinic: Clinic, gone: Iterable[Case], come: list[Case]) -> Book:
    for case in gone:
        book = book.without(case.id)
    return book.adding(clinic, come) if come else book


def _steady(snapshot: Snapshot, as_of: Instant) -> bool:
    """Whether no rule but the notice of early days can tell the two instants apart.

    Block releases, horizons and lead times in days turn at midnight; a freeze may turn at any minute.
    """
    facts = snapshot.facts
    same_date = facts.calendar.date(facts.as_of) == facts.calendar.date(as_of)
    freezes = any(rule.id == "freeze" for rule in snapshot.catalogue.rules)
    return as_of == facts.as_of or (same_date and not freezes)


def _keep(made: Snapshot, old: Snapshot, changed: list[Case]) -> None:
    """Takes over the days that lie beyond the notice and out of reach of every changed case."""
    reached = _reached(old, changed)
    noticed = max(old.facts.as_of, made.facts.as_of) + _notice(old)
    waiting = made.facts.as_of != old.facts.as_of
    for (date, replaces), day in old.days.items():
        if replaces is None and date not in reached and not (waiting and day.frame.origin < noticed):
            made.days[date, None] = _moved(day, made.facts)


def _notice(snapshot: Snapshot) -> int:
    """The longest notice, in minutes, that any procedure or parameter asks for."""
    clinic = snapshot.clinic
    hours = [procedure.lead_time_hours for procedure in clinic.procedures.values()]
    for rule in snapshot.catalogue.rules:
        if rule.id == "notice":
            hours += [
                int(p.get("min_hours", 0)) for p in (rule.params, *(each.params for each in rule.dated))
            ]
    return 60 * max(hours, default=0)


def _reached(snapshot: Snapshot, changed: list[Case]) -> set[dt.date]:
    """The dates on which a changed case may have changed a mask."""
    clinic, calendar = snapshot.clinic, snapshot.facts.calendar
    far = WEEK + _longest(clinic)
    reached: set[dt.date] = set()
    for case in changed:
        taken = reservations(case, clinic)
        first = calendar.date(min((r.start for r in taken), default=case.start)) - far
        last = calendar.date(max((r.end for r in taken), default=case.end)) + far
        reached |= {first + dt.timedelta(days=n) for n in range((last - first).days + 1)}
    return reached


def _longest(clinic: Clinic) -> dt.timedelta:
    """The longest that a new case can look ahead: its stays and trays, or the gap between two stages."""
    minutes = [tray.reprocessing_minutes for tray in clinic.trays.values()]
    gaps = [0]
    for procedure in clinic.procedures.values():
        recovery = max(procedure.recovery.minutes.values(), default=0) if procedure.recovery else 0
        stays = (procedure.preop, procedure.phase_two, procedure.ward)
        minutes.append(recovery + sum(stay.minutes for stay in stays if stay))
        gaps.append(procedure.stage_gap_days or 0)
    return max(dt.timedelta(minutes=max(minutes, default=0)), dt.timedelta(days=max(gaps)))


def _moved(day: DaySnapshot, facts: Facts) -> DaySnapshot:
    """The same masks over other facts; nothing of the old book is held on to."""
    made = DaySnapshot(
        facts, day.frame, day.catalogue, day.roles, {}, day.active, {}, day.standings, day.common
    )
    made.fillings.update({key: replace(filling, home=ref(made)) for key, filling in day.fillings.items()})
    return made
