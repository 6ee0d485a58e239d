"""Bookings of a sheet laid beside the book: numbered, with their patients, and what each stands against."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from sqlalchemy import func, select

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from tools.breaks import Break, breaks
from tools.context import Context
from tools.importing.bookings import PENDING, Booking
from tools.importing.people import People
from tools.importing.rows import Faults
from tools.importing.writing import Placed
from tools.progress import over
from tools.records import tables as t
from tools.records.store import Store
from tools.worklist import ANY, SIDE


def placed_bookings(ctx: Context, found: Sequence[Booking], faults: Faults) -> tuple[Placed, list[Break]]:
    """What would be written, and what would be flagged: an entry a case and rule. Nothing is written here."""
    before, people = ctx.store.clinic(), People(ctx.store)
    first = _next(ctx.store)
    placed = [
        _with_patient(people, one, faults)
        for one in over("Looking up patients", _numbered(found, before, first))
    ]
    _repeated(placed, before, faults)
    if faults.found:
        return Placed(), []
    after = replace(before, cases=(*before.cases, *(one.case for one in placed)))
    clashing = breaks(before, after, Calendar(before.timezone).of(ctx.now()))
    rules: dict[str, list[str]] = {}
    for one in clashing:
        rules.setdefault(one.case, []).append(one.rule)
    hit = [*_by_rule(clashing), *_sideless(placed, before)]
    return Placed(tuple(placed), first, tuple(people.fresh), rules), hit


def _repeated(placed: Sequence[Booking], clinic: Clinic, faults: Faults) -> None:
    """A patient is in one room at one time once: a sheet imported again would double the book."""
    there = {_who_when(case): case.id for case in clinic.cases if case.status != "cancelled"}
    lines: dict[tuple[object, ...], int] = {}
    for one in placed:
        key = _who_when(one.case)
        if one.case.status == "cancelled" or one.identity is None:
            continue
        if key in there:
            said = (
                f"The booking is in the book already, as {there[key]}. Maybe the sheet was imported before."
            )
            faults.add(one.line, None, None, said)
        elif key in lines:
            said = f"The booking is in line {lines[key]} too. Maybe remove one of the two."
            faults.add(one.line, None, None, said)
        lines.setdefault(key, one.line)


def _who_when(case: Case) -> tuple[object, ...]:
    return case.patient, case.room, case.start, case.procedure


def _next(store: Store) -> int:
    c = t.cases.c
    query = select(func.coalesce(func.max(c.position), 0)).where(c.clinic == store.clinic_id)
    with store.reading() as connection:
        return int(connection.execute(query).scalar_one()) + 1


def _numbered(found: Sequence[Booking], clinic: Clinic, first: int) -> list[Booking]:
    """The bookings with ids; those of the file keep theirs."""
    taken = {case.id for case in clinic.cases} | {one.case.id for one in found}
    free = (id_ for id_ in (f"case-{number:04d}" for number in count(first)) if id_ not in taken)
    return [
        replace(one, case=replace(one.case, id=next(free))) if one.case.id.startswith(PENDING) else one
        for one in found
    ]


def _with_patient(people: People, one: Booking, faults: Faults) -> Booking:
    ref = people.ref(one, faults)
    return one if ref is None else replace(one, case=replace(one.case, patient=ref))


def _by_rule(clashing: Iterable[Break]) -> list[Break]:
    """One break a case and rule: whoever works a list off looks at a case once, however many it meets."""
    by_rule: dict[tuple[str, str], list[Break]] = {}
    for one in clashing:
        by_rule.setdefault((one.case, one.rule), []).append(one)
    return [found[0] if len(found) == 1 else _joined(found) for found in by_rule.values()]


def _joined(found: Sequence[Break]) -> Break:
    first, more = found[0], len(found) - 1
    return replace(first, subject=ANY, text=f"{first.text} And {more} more against this rule.")


def _sideless(placed: Iterable[Booking], clinic: Clinic) -> list[Break]:
    return [
        Break(one.case.id, SIDE, one.case.procedure, "The side is not on record, and the procedure is sided.")
        for one in placed
        if one.laterality is None
        and one.case.status in ("booked", "held")
        and any(clinic.procedures[procedure].sided for procedure in one.case.procedures)
    ]
