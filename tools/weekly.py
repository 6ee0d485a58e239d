"""What the clinic bought this for, week by week: clashes that came up, and the time from a request to its booking."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import Field
from sqlalchemy import Connection, select

from solver.grid import Calendar
from tools.context import Context, Permission
from tools.contract import Input, Output
from tools.records import tables as t
from tools.records.sealing import opened
from tools.records.store import Store
from tools.registry import tool

MOST_WEEKS = 53


class Weeks(Input):
    """How many weeks, the one of `until` included."""

    until: dt.date = Field(description="A day of the last week, clinic time.")
    weeks: int = Field(8, ge=1, le=MOST_WEEKS)


class Week(Output):
    """One week from Monday. Seconds are None where nothing was booked."""

    monday: dt.date
    clashes: int = Field(description="Booked cases that came to stand against a rule.")
    resolved: int = Field(description="Of them, those with nothing left to deal with.")
    bookings: int
    median_seconds: int | None
    slowest_seconds: int | None = Field(description="Nine in ten bookings were at least as fast.")


class Weekly(Output):
    """Week by week, oldest first."""

    weeks: list[Week]


@tool(permission=Permission.REPORTS, effect="read")
def weekly(ctx: Context, body: Weeks) -> Weekly:
    """Counts the clashes that came up in each week, and how long it took from asking for a case to its booking."""
    calendar = Calendar(ctx.store.clinic().timezone)
    last = body.until - dt.timedelta(days=body.until.weekday())
    mondays = [last - dt.timedelta(weeks=n) for n in reversed(range(body.weeks))]
    first, after = (_midnight(calendar, day) for day in (mondays[0], last + dt.timedelta(weeks=1)))
    clashes = _by_week(calendar, _clashes(ctx.store, first, after))
    waits = _by_week(calendar, _waits(ctx.store, first, after))
    return Weekly(weeks=[_week(monday, clashes[monday], waits[monday]) for monday in mondays])


def _midnight(calendar: Calendar, day: dt.date) -> dt.datetime:
    return calendar.wall(calendar.instant(day, 0))


def _by_week(calendar: Calendar, events: Iterable[tuple[dt.datetime, Any]]) -> dict[dt.date, list[Any]]:
    found: dict[dt.date, list[Any]] = defaultdict(list)
    for at, what in events:
        day = calendar.date(calendar.of(at))
        found[day - dt.timedelta(days=day.weekday())].append(what)
    return found


def _week(monday: dt.date, clashes: Sequence[tuple[str, bool]], waits: Sequence[int]) -> Week:
    open_ = {case for case, resolved in clashes if not resolved}
    cases = {case for case, _ in clashes}
    ordered = sorted(waits)
    return Week(
        monday=monday,
        clashes=len(cases),
        resolved=len(cases - open_),
        bookings=len(ordered),
        median_seconds=ordered[(len(ordered) - 1) // 2] if ordered else None,
        slowest_seconds=ordered[-(-9 * len(ordered) // 10) - 1] if ordered else None,
    )


def _clashes(
    store: Store, first: dt.datetime, after: dt.datetime
) -> list[tuple[dt.datetime, tuple[str, bool]]]:
    """When each entry of the worklist was opened: its case, and whether it has been dealt with."""
    c = t.worklist.c
    query = select(c.opened_at, c.case_id, c.resolved)
    own = query.where(c.clinic == store.clinic_id, c.opened_at >= first, c.opened_at < after)
    with store.reading() as connection:
        return [(row.opened_at, (row.case_id, row.resolved)) for row in connection.execute(own)]


def _waits(store: Store, first: dt.datetime, after: dt.datetime) -> list[tuple[dt.datetime, int]]:
    """When each booking was confirmed, and the seconds since its procedure was first asked for in that talk."""
    c = t.audit.c
    query = select(c.at, c.objects).where(c.clinic == store.clinic_id, c.action == "book")
    with store.reading() as connection:
        booked = connection.execute(query.where(c.at >= first, c.at < after)).all()
        asked = _asked(connection, store, first - dt.timedelta(weeks=1))
    made = [(row.at, asked.get(row.objects[0])) for row in booked]
    return [(at, max(0, round((at - since).total_seconds()))) for at, since in made if since]


def _asked(connection: Connection, store: Store, since: dt.datetime) -> Mapping[str, dt.datetime]:
    """Proposal id -> when its procedure was first searched for: in its conversation, or by its own search."""
    o, p = t.offers.c, t.proposals.c
    found = connection.execute(
        select(o.clinic, o.id, o.conversation, o.created_at, o.request).where(
            o.clinic == store.clinic_id, o.created_at >= since
        )
    )
    offers = [opened(store.keys, t.offers, row) for row in found]
    first: dict[tuple[str, str], dt.datetime] = {}
    for row in offers:
        for key in _searches(row.id, row.conversation, row.request):
            first[key] = min(first.get(key, row.created_at), row.created_at)
    by_id = {row.id: row for row in offers}
    proposals = connection.execute(
        select(p.clinic, p.id, p.created_at, p.content).where(
            p.clinic == store.clinic_id, p.action == "book", p.created_at >= since
        )
    )
    booked = (opened(store.keys, t.proposals, row) for row in proposals)
    return {row.id: _since(row, by_id, first) for row in booked}


def _searches(offer: str, conversation: str | None, request: Mapping[str, Any]) -> list[tuple[str, str]]:
    talk = [(conversation, str(request.get("procedure")))] if conversation else []
    return [("offer", offer), *talk]


def _since(row: Any, offers: Mapping[str, Any], first: Mapping[tuple[str, str], dt.datetime]) -> dt.datetime:
    offer = offers.get(row.content.get("offer", ""))
    if offer is None:  # booked from a hold
        return row.created_at  # type: ignore[no-any-return]
    return min(first[key] for key in _searches(offer.id, offer.conversation, offer.request))
