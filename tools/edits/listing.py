"""Looking at the records: kinds, records with their versions, and who changed them."""

from __future__ import annotations

from types import SimpleNamespace

from sqlalchemy import select

from solver.grid import Calendar
from solver.rules import CATALOGUE
from tools.context import Context, Permission
from tools.edits.applying import Body, Key
from tools.edits.contract import ChangeOut, KindOut, ListRecords, RecordOut, RecordsOut
from tools.edits.drafting import Held, held_records
from tools.edits.kinds import MODELS, TITLES, facts_of
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.sealing import opened
from tools.registry import tool

MOST = 200
"""How many changes of a history are shown, the newest."""


@tool(permission=Permission.FACTS, effect="read")
def list_records(ctx: Context, body: ListRecords) -> RecordsOut:
    """Lists the clinic's records of a kind as the clinic file writes them, with the versions that edits name."""
    held = held_records(ctx.store)
    if body.kind is None:
        return RecordsOut(kinds=[_kind(kind, held) for kind in MODELS])
    found = [(key, one) for key, one in held.items() if key[0] == body.kind and body.id in (None, key[1])]
    if body.id is not None and not found and not _ever(ctx, body.kind, body.id):
        said = f"There is no {body.kind}/{body.id[:60]}. Maybe list the kind."
        raise ToolError("not-found", said, "id")
    records = [
        RecordOut(kind=kind, id=id_, name=_name(kind, id_, one.body), version=one.version, body=one.body)
        for (kind, id_), one in found
    ]
    return RecordsOut(records=records, history=_history(ctx, body) if body.history else [])


def _kind(kind: str, held: dict[Key, Held]) -> KindOut:
    return KindOut(
        kind=kind,
        title=TITLES[kind],
        count=sum(1 for key in held if key[0] == kind),
        facts=sorted(facts_of(kind)),
        record_schema=MODELS[kind].model_json_schema(by_alias=True, mode="validation"),
    )


def _name(kind: str, id_: str, body: Body) -> str:
    if kind == "rules":
        return CATALOGUE[id_].title
    return str(body.get("name", id_))


def _ever(ctx: Context, kind: str, id_: str) -> bool:
    return bool(_changes(ctx, kind, id_, 1))


def _history(ctx: Context, body: ListRecords) -> list[ChangeOut]:
    calendar = Calendar(ctx.store.clinic().timezone)
    return [
        ChangeOut(
            kind=row.kind,
            id=row.id,
            version=row.version,
            op=row.op,
            at=calendar.wall(calendar.of(row.at)).isoformat(),
            by=row.principal,
            reason=row.reason,
            from_date=row.from_date,
            before=row.before,
            after=row.after,
        )
        for row in _changes(ctx, str(body.kind), body.id, MOST)
    ]


def _changes(ctx: Context, kind: str, id_: str | None, most: int) -> list[SimpleNamespace]:
    c = t.record_changes.c
    query = select(t.record_changes).where(c.clinic == ctx.store.clinic_id, c.kind == kind)
    if id_ is not None:
        query = query.where(c.id == id_)
    with ctx.store.reading() as connection:
        rows = connection.execute(query.order_by(c.revision.desc(), c.id).limit(most)).all()
    return [opened(ctx.store.keys, t.record_changes, row) for row in rows]
