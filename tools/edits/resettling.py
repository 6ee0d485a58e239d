"""What cases take, laid out anew where a change of the records makes it another stretch or leaves fewer units.

Without it a shorter stay in recovery would leave rows that refuse the bookings it makes room for. Cases that now
share a unit get lanes of their own: the change flags them, and what is free around them stays bookable.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import delete, select

from solver.clinic import Case, Clinic
from tools.records import tables as t
from tools.records.documents import pools
from tools.records.occupancy import Pool, Taking, Units, assigned, laned, takings, write
from tools.records.writer import Writer

_SOURCES = ("procedures", "equipment", "trays", "bays", "rules")


def resettle(writer: Writer, before: Clinic, after: Clinic) -> None:
    """Brings the rows of every pool that is taken otherwise, or has lost units, to the clinic as it is now."""
    if all(getattr(before, name) == getattr(after, name) for name in _SOURCES):
        return
    lay_out(writer, after, _lost(before, after) | _moved(before, after))


def lay_out(writer: Writer, clinic: Clinic, touched: set[Pool]) -> None:
    """Packs everything that the cases take of these pools, in place of the rows that there are."""
    if not touched:
        return
    cases = [case for case in clinic.cases if case.occupies]
    by_pool: dict[Pool, list[Taking]] = defaultdict(list)
    for case in cases:
        for one in takings(case, clinic):
            if one.pool in touched:
                by_pool[one.pool].append(one)
    placed = [one for pool, taken in sorted(by_pool.items()) for one in assigned(pool, taken, clinic)]
    _forget(writer, touched)
    units = Units(writer.connection, writer.clinic_id)
    write(writer.connection, writer.clinic_id, laned(placed, frozenset(case.id for case in cases)), units)


def _lost(before: Clinic, after: Clinic) -> set[Pool]:
    left = {(kind, resource): units for kind, resource, units in pools(after)}
    return {
        (kind, resource) for kind, resource, units in pools(before) if left.get((kind, resource), 0) < units
    }


def _moved(before: Clinic, after: Clinic) -> set[Pool]:
    touched: set[Pool] = set()
    for case in after.cases:
        old, new = _taken(case, before), _taken(case, after)
        touched |= {one.pool for one in old ^ new}
    return touched


def _taken(case: Case, clinic: Clinic) -> set[Taking]:
    return set(takings(case, clinic)) if case.occupies else set()


def _forget(writer: Writer, touched: set[Pool]) -> None:
    u = t.units.c
    for kind, resource in sorted(touched):
        own = select(u.id).where(u.clinic == writer.clinic_id, u.kind == kind, u.resource == resource)
        writer.connection.execute(delete(t.reservations).where(t.reservations.c.unit_id.in_(own)))
