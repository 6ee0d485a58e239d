"""Slots that are held for a while: until when, and for whom. A hold that is over frees its time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from tools.context import Principal, Role
from tools.records import tables as t
from tools.records.occupancy import takings
from tools.records.states import CANCELLED, HELD
from tools.records.store import Store
from tools.records.writer import Writer, scopes_of

CLOCK = Principal("clock", "The clock", Role.INTEGRATION)
"""Under whose name the trail has a hold's end."""


@dataclass(frozen=True)
class Hold:
    """A held case: who holds it, and until when."""

    case: str
    principal: str
    until: dt.datetime


def note(writer: Writer, hold: Hold) -> None:
    """Writes down until when a case is held."""
    drop(writer, hold.case)
    row = {"clinic": writer.clinic_id, "case_id": hold.case, "principal": hold.principal, "until": hold.until}
    writer.connection.execute(insert(t.holds), row)


def drop(writer: Writer, case: str) -> None:
    """A case is held no more: it was booked or given up."""
    c = t.holds.c
    writer.connection.execute(delete(t.holds).where(c.clinic == writer.clinic_id, c.case_id == case))


def hold_of(store: Store, case: str) -> Hold | None:
    """The hold of a case; None where it isn't held for a time."""
    return next((hold for hold in _holds(store) if hold.case == case), None)


def holds(store: Store) -> dict[str, Hold]:
    """Every hold, by its case."""
    return {hold.case: hold for hold in _holds(store)}


def expire(store: Store, now: dt.datetime) -> list[str]:
    """Frees what was held until `now` or before, in a transaction of its own; answers which cases."""
    if not _due(store, now):
        return []
    return store.write(lambda writer: expire_within(writer, now))


def expire_within(writer: Writer, now: dt.datetime) -> list[str]:
    """The same inside a transaction, so that what is decided in it doesn't see a hold that is over."""
    gone: list[str] = []
    due = _due(writer, now)
    if not due:
        return gone
    clinic = writer.clinic()
    there = [clinic.cases_by_id[hold.case] for hold in due if hold.case in clinic.cases_by_id]
    # All of their days at once: what is locked after the first change waits for whoever waits for this one.
    writer.lock(scopes_of((one for case in there for one in takings(case, clinic)), writer.calendar()))
    for hold in due:
        known = clinic.cases_by_id.get(hold.case)
        if known is not None and writer.case(hold.case).status == HELD:
            writer.set_status(hold.case, CANCELLED)
            writer.audit(CLOCK, now, "hold-expired", [hold.case], {"status": HELD}, {"status": CANCELLED})
            gone.append(hold.case)
        drop(writer, hold.case)
    return gone


def _due(store: Store, now: dt.datetime) -> list[Hold]:
    return _holds(store, now)


def _holds(store: Store, until: dt.datetime | None = None) -> list[Hold]:
    c = t.holds.c
    query = select(c.case_id, c.principal, c.until).where(c.clinic == store.clinic_id).order_by(c.case_id)
    if until is not None:
        query = query.where(c.until <= until)
    with store.reading() as connection:
        return [Hold(row.case_id, row.principal, row.until) for row in connection.execute(query)]
