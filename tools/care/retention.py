"""What is kept no longer: rows whose purpose is over go once the days that the clinic has set are over.

The book, its records and the audit trail stay; identities stay unless the clinic sets an end for them too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, delete, func, select

from solver.grid import Calendar
from tools.context import Context, Permission, Principal
from tools.records import tables as t
from tools.records.holds import CLOCK
from tools.records.store import Store
from tools.records.writer import Writer

A_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Retention:
    """How long things are kept after their purpose is over; `patients` None keeps identities for good."""

    offers: dt.timedelta = 30 * A_DAY
    proposals: dt.timedelta = 30 * A_DAY
    """What was proposed, the patient's sealed identity with it, and the answers to repeat."""
    figures: dt.timedelta = 730 * A_DAY
    """Requests that found no slot and what turns cost: reports count them."""
    patients: dt.timedelta | None = None
    """Identities, from the end of a patient's last case on."""


DEFAULT = Retention()


def forgotten(ctx: Context, kept: Retention = DEFAULT) -> dict[str, int]:
    """Deletes what is kept no longer and answers how many rows went, by table; raises `ToolError("forbidden")`."""
    ctx.require(Permission.CARE)
    return _forgotten(ctx.store, ctx.principal, ctx.now(), kept)


def forgotten_in_time(store: Store, now: dt.datetime, kept: Retention = DEFAULT) -> dict[str, int]:
    """The same, in the clock's own name: for a server that does it by itself."""
    return _forgotten(store, CLOCK, now, kept)


def _forgotten(store: Store, who: Principal, now: dt.datetime, kept: Retention) -> dict[str, int]:
    def work(writer: Writer) -> dict[str, int]:
        gone = {table.name: _gone(writer, table, old) for table, old in _over(writer.clinic_id, now, kept)}
        gone = {name: rows for name, rows in gone.items() if rows}
        if gone:
            writer.audit(who, now, "retention", [writer.clinic_id], None, gone)
        return gone

    return store.write(work)


def _gone(writer: Writer, table: Table, old: ColumnElement[bool]) -> int:
    own = delete(table).where(table.c.clinic == writer.clinic_id, old)
    return writer.connection.execute(own).rowcount


def _over(clinic: str, now: dt.datetime, kept: Retention) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Each table of which something goes, and which of its rows."""
    yield t.offers, t.offers.c.created_at < now - kept.offers
    yield t.proposals, t.proposals.c.expires_at < now - kept.proposals
    yield t.replays, t.replays.c.created_at < now - kept.proposals
    yield t.unmet, t.unmet.c.at < now - kept.figures
    yield t.turns, t.turns.c.at < now - kept.figures
    yield t.undos, t.undos.c.at < now - A_DAY
    for table in (t.transcripts, t.sign_ins, t.one_time_links, t.oidc_flows):
        yield table, table.c.expires_at <= now
    a = t.sign_in_attempts.c
    yield t.sign_in_attempts, (a.last_at < now - A_DAY) & (a.locked_until.is_(None) | (a.locked_until < now))
    if kept.patients is not None:
        yield t.patients, t.patients.c.ref.in_(_long_gone(clinic, now - kept.patients))


def _long_gone(clinic: str, before: dt.datetime) -> ColumnElement[str]:
    """References of those whose last case ended before a moment."""
    c = t.cases.c
    had = select(c.patient).where(c.clinic == clinic, c.patient.is_not(None)).group_by(c.patient)
    return had.having(func.max(c.end_at) < Calendar("UTC").of(before)).scalar_subquery()
