"""The worklist: cases that a change, a fact or an old book left against a rule, until a person has dealt with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import func, insert, select, update

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from tools.breaks import Break, standing
from tools.context import Context, Permission, Principal
from tools.contract import Input, Output
from tools.edits.contract import Id, Reason
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.sealing import opened, sealed
from tools.records.writer import Writer
from tools.registry import tool

SIDE = "laterality"
"""What an import flags on a sided case whose side its file doesn't tell: no rule of the catalogue can know it."""


ANY = ""
"""The subject of an entry that stands for all of a case's clashes with one rule, as an import makes them."""


class WorklistRequest(Input):
    """Which entries: those to be worked off, those that were, or both."""

    state: Literal["open", "resolved", "all"] = "open"
    case: Id | None = Field(None, description="Only this case's.")
    cases: list[Id] | None = Field(
        None, max_length=2000, description="Only those of these cases, as of a board."
    )


class WorkItem(Output):
    """A case against a rule. `still` is whether the rule finds it today; moving or cancelling the case ends that."""

    id: str
    case: str
    rule: str
    subject: str
    text: str
    cause: str
    state: Literal["open", "resolved"]
    still: bool
    room: str | None = None
    start: str | None = Field(None, description="Wheels-in of the case, ISO 8601 with offset.")
    status: str | None = Field(None, description="The case's.")
    opened_at: str
    opened_by: str
    resolved_at: str | None = None
    resolved_by: str | None = None
    note: str | None = None


class Worklist(Output):
    """Entries in order of their cases' start; no patient."""

    items: list[WorkItem]


class CountRequest(Input):
    """Nothing to say: the whole worklist is meant."""


class WorklistCount(Output):
    """How much is open: cases, and the entries about them."""

    cases: int
    entries: int


class ResolveRequest(Input):
    """An entry that has been dealt with."""

    id: Id
    note: Reason = Field(description="What was done about it.")


@tool(permission=Permission.SCHEDULE, effect="read")
def worklist(ctx: Context, body: WorklistRequest) -> Worklist:
    """Lists the cases that stand against a rule since a change, a fact or an import, and what became of each."""
    c = t.worklist.c
    query = select(t.worklist).where(c.clinic == ctx.store.clinic_id)
    if body.state != "all":
        query = query.where(c.resolved == (body.state == "resolved"))
    if body.case is not None:
        query = query.where(c.case_id == body.case)
    if body.cases is not None:
        query = query.where(c.case_id.in_(body.cases))
    with ctx.store.reading() as connection:
        found = connection.execute(query.order_by(c.opened_at, c.id)).all()
    rows = [opened(ctx.store.keys, t.worklist, row) for row in found]
    clinic = ctx.store.clinic()
    still = _still(ctx, clinic, rows)
    items = [_item(row, clinic, (row.case_id, row.rule, row.subject) in still) for row in rows]
    return Worklist(items=sorted(items, key=lambda item: (item.start or "", item.case, item.rule)))


@tool(permission=Permission.SCHEDULE, effect="read")
def count_worklist(ctx: Context, _: CountRequest) -> WorklistCount:
    """Counts what is open in the worklist, without asking the rules again: for a number that every page shows."""
    c = t.worklist.c
    own = (c.clinic == ctx.store.clinic_id) & c.resolved.is_(False)
    query = select(func.count(c.case_id.distinct()), func.count()).where(own)
    with ctx.store.reading() as connection:
        cases, entries = connection.execute(query).one()
    return WorklistCount(cases=cases, entries=entries)


@tool(permission=Permission.CONFIRM, effect="write")
def resolve_exception(ctx: Context, body: ResolveRequest) -> WorkItem:
    """Notes that an entry of the worklist has been dealt with, by whom and how. The entry stays on record."""
    now = ctx.now()

    def work(writer: Writer) -> None:
        c = t.worklist.c
        own = (c.clinic == writer.clinic_id) & (c.id == body.id)
        found = writer.connection.execute(select(t.worklist).where(own).with_for_update()).first()
        if found is None:
            said = f"There is no entry {body.id[:60]!r} in the worklist. Maybe list it again."
            raise ToolError("not-found", said, "id")
        row = opened(writer.keys, t.worklist, found)
        if row.resolved:
            raise ToolError("conflict", f"{row.resolved_by} resolved it already: {row.note}", "id")
        values = {"resolved": True, "resolved_at": now, "resolved_by": ctx.principal.id, "note": body.note}
        words = sealed(writer.keys, t.worklist, vars(row), values)
        writer.connection.execute(update(t.worklist).where(own).values(words))
        after = {"state": "resolved", "note": body.note}
        writer.audit(
            ctx.principal, now, "resolve-exception", [body.id, row.case_id], {"state": "open"}, after
        )
        writer.bump()

    ctx.store.write(work)
    found = worklist(ctx, WorklistRequest(state="resolved"))
    return next(item for item in found.items if item.id == body.id)


def flag(writer: Writer, breaks: Iterable[Break], cause: str, who: Principal, at: dt.datetime) -> list[str]:
    """Puts breaks into the worklist and gives the entries' ids; one that is open already stays as it is."""
    known = _open(writer)
    flagged, rows = [], []
    for one in breaks:
        key = (one.case, one.rule, one.subject)
        if key not in known:
            known[key] = writer.new_id("work")
            rows.append(_row(writer, known[key], one, cause, who, at))
        flagged.append(known[key])
    if rows:
        writer.connection.execute(insert(t.worklist), rows)
    return list(dict.fromkeys(flagged))


def _open(writer: Writer) -> dict[tuple[str, str, str], str]:
    c = t.worklist.c
    query = select(c.id, c.case_id, c.rule, c.subject).where(
        c.clinic == writer.clinic_id, c.resolved.is_(False)
    )
    return {(row.case_id, row.rule, row.subject): row.id for row in writer.connection.execute(query)}


def _row(writer: Writer, id_: str, one: Break, cause: str, who: Principal, at: dt.datetime) -> dict[str, Any]:
    row = {
        "clinic": writer.clinic_id,
        "id": id_,
        "case_id": one.case,
        "rule": one.rule,
        "subject": one.subject,
        "text": one.text,
        "cause": cause,
        "resolved": False,
        "opened_at": at,
        "opened_by": who.id,
    }
    return sealed(writer.keys, t.worklist, row, row)


def _still(ctx: Context, clinic: Clinic, rows: Iterable[SimpleNamespace]) -> set[tuple[str, str, str]]:
    """What of the entries the rules find in the book as it stands."""
    named = {row.case_id for row in rows}
    cases = [case for case in clinic.cases if case.id in named and case.occupies]
    found = standing(clinic, Calendar(clinic.timezone).of(ctx.now()), cases, excused=False)
    sides = ctx.store.state().sides
    coming = {case.id for case in cases if case.id not in sides}
    lacking = {(row.case_id, SIDE, row.subject) for row in rows if row.rule == SIDE and row.case_id in coming}
    of_any = {(one.case, one.rule, ANY) for one in found}
    return {(one.case, one.rule, one.subject) for one in found} | of_any | lacking


def _item(row: SimpleNamespace, clinic: Clinic, still: bool) -> WorkItem:
    case = clinic.cases_by_id.get(row.case_id)
    return WorkItem(
        id=row.id,
        case=row.case_id,
        rule=row.rule,
        subject=row.subject,
        text=row.text,
        cause=row.cause,
        state="resolved" if row.resolved else "open",
        still=still,
        **(_where(case, clinic) if case else {}),
        opened_at=_iso(row.opened_at, clinic),
        opened_by=row.opened_by,
        resolved_at=_iso(row.resolved_at, clinic) if row.resolved_at else None,
        resolved_by=row.resolved_by,
        note=row.note,
    )


def _where(case: Case, clinic: Clinic) -> Mapping[str, Any]:
    start = Calendar(clinic.timezone).wall(case.start)
    return {"room": case.room, "start": start.isoformat(), "status": case.status}


def _iso(moment: dt.datetime, clinic: Clinic) -> str:
    calendar = Calendar(clinic.timezone)
    return calendar.wall(calendar.of(moment)).isoformat()
