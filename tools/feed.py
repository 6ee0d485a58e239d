"""What changed since a revision: for screens that show the book while others write it. It names no patient."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field
from sqlalchemy import Connection, select

from solver.grid import Calendar
from tools.context import Context, Permission
from tools.contract import Input, Output
from tools.records import tables as t
from tools.records.state import revisions
from tools.registry import tool

MOST = 500
"""More changed cases than a screen would redraw one by one."""


class Since(Input):
    """The revision that is known; none asks for the present one alone."""

    since: int | None = Field(None, ge=0, le=2**31 - 1, description="The revision that the screen shows")


class Changed(Output):
    """One thing that changed, and where the book has to be drawn again for it."""

    kind: Literal["case", "records"] = Field(description="records: the clinic's rooms, staff, rules, ...")
    id: str | None = Field(None, description="The case's id")
    status: str | None = Field(None, description="The case's state now")
    days: list[str] = Field([], description="The clinic's dates that it is on now")
    revision: int


class Changes(Output):
    """What changed since a revision. When `whole` is false, more than this changed: draw everything again."""

    revision: int
    whole: bool
    changes: list[Changed]


@tool(permission=Permission.SCHEDULE, effect="read")
def get_changes(ctx: Context, body: Since) -> Changes:
    """Tells what changed in the book since a revision: the cases by id with the days they are on now."""
    zone = ctx.store.clinic().timezone
    with ctx.store.reading() as connection:
        now, records = revisions(connection, ctx.store.clinic_id)
        since = now if body.since is None else body.since
        cases = _cases(connection, ctx.store.clinic_id, since, Calendar(zone))
    changed = [Changed(kind="records", revision=records)] if records > since else []
    # A revision from the future is another database's, or one that was restored.
    whole = since <= now and len(cases) <= MOST
    return Changes(revision=now, whole=whole, changes=changed + cases[:MOST])


def _cases(connection: Connection, clinic: str, since: int, calendar: Calendar) -> list[Changed]:
    c = t.cases.c
    query = select(c.id, c.status, c.start_at, c.end_at, c.revision).where(
        c.clinic == clinic, c.revision > since
    )
    rows = connection.execute(query.order_by(c.revision, c.id).limit(MOST + 1))
    return [
        Changed(
            kind="case",
            id=row.id,
            status=row.status,
            days=days_of(row.start_at, row.end_at, calendar),
            revision=row.revision,
        )
        for row in rows
    ]


def days_of(start: int, end: int, calendar: Calendar) -> list[str]:
    """The clinic's dates that a stretch of time is on."""
    first, last = calendar.date(start), calendar.date(end - 1)
    return [(first + dt.timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
