"""Writing an edit: the records, what the units of pools are taken by, the worklist, the history and the trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tools.breaks import Break
from tools.context import Context
from tools.edits.applying import Body, Key
from tools.edits.drafting import Draft, Held
from tools.edits.resettling import resettle
from tools.records import tables as t
from tools.records.occupancy import Units
from tools.records.sealing import sealed
from tools.records.writer import Writer
from tools.worklist import flag

ALONE = "clinic"
"""The scope that every booking shares, and a change of the records takes alone."""


def lock_records(writer: Writer) -> None:
    """Waits for the bookings under way, and keeps others out until the transaction ends."""
    dialect = postgresql if writer.connection.dialect.name == "postgresql" else sqlite
    row = {"clinic": writer.clinic_id, "scope": ALONE, "revision": 0}
    writer.connection.execute(dialect.insert(t.scopes).values(row).on_conflict_do_nothing())
    c = t.scopes.c
    own = select(c.scope).where(c.clinic == writer.clinic_id, c.scope == ALONE)
    writer.connection.execute(own.with_for_update()).all()


def saved(ctx: Context, writer: Writer, draft: Draft) -> list[str]:
    """Writes an edit that was drafted inside this transaction; gives the worklist entries that it made."""
    now, request = ctx.now(), draft.request
    write_records(writer, draft.held, {key: after for key, (_, after) in draft.changes.items()})
    remember(ctx, writer, draft, now)
    resettle(writer, draft.before, draft.after)
    flagged = flag(writer, draft.breaks, _cause(draft), ctx.principal, now)
    before = {"/".join(key): old for key, (old, _) in draft.changes.items()}
    after = {"/".join(key): new for key, (_, new) in draft.changes.items()}
    told = {"records": after, "reason": request.reason, "flagged": flagged}
    if request.from_date:
        told["from"] = request.from_date.isoformat()
    objects = ["/".join(key) for key in draft.changes]
    writer.audit(ctx.principal, now, f"record-{request.op}", objects, {"records": before}, told)
    return flagged


def write_records(writer: Writer, held: Mapping[Key, Held], bodies: Mapping[Key, Body | None]) -> None:
    """Puts records in, each a version on, and takes out those without a body. Every reader sees the clinic anew."""
    for key, body in bodies.items():
        _write(writer, key, held.get(key), body)
    meta = t.meta.c
    own = update(t.meta).where(meta.clinic == writer.clinic_id)
    writer.bump()
    writer.connection.execute(own.values(records_revision=meta.records_revision + 1))
    Units(writer.connection, writer.clinic_id).ensure(writer.clinic())


def _write(writer: Writer, key: Key, held: Held | None, body: Body | None) -> None:
    c = t.records.c
    own = (c.clinic == writer.clinic_id) & (c.kind == key[0]) & (c.id == key[1])
    if body is None:
        writer.connection.execute(delete(t.records).where(own))
    elif held is not None:
        values = {"body": body, "version": held.version + 1}
        writer.connection.execute(update(t.records).where(own).values(_sealed(writer, key, values)))
    else:
        row = {"kind": key[0], "id": key[1], "position": _next(writer, key[0]), "version": 1, "body": body}
        writer.connection.execute(
            insert(t.records), _sealed(writer, key, {"clinic": writer.clinic_id, **row})
        )


def _sealed(writer: Writer, key: Key, values: dict[str, Any]) -> dict[str, Any]:
    place = {"clinic": writer.clinic_id, "kind": key[0], "id": key[1]}
    return sealed(writer.keys, t.records, place, values)


def _next(writer: Writer, kind: str) -> int:
    c = t.records.c
    query = select(func.coalesce(func.max(c.position), -1)).where(
        c.clinic == writer.clinic_id, c.kind == kind
    )
    return int(writer.connection.execute(query).scalar_one()) + 1


def remember(ctx: Context, writer: Writer, draft: Draft, at: dt.datetime) -> None:
    """The history of each record that an edit changes."""
    request, revision = draft.request, writer.bump()
    for key, (before, after) in draft.changes.items():
        held = draft.held.get(key)
        add_history(writer, key, {
            "revision": revision,
            "version": (held.version if held else 0) + 1,
            "op": request.op,
            "at": at,
            "principal": ctx.principal.id,
            "reason": request.reason,
            "from_date": request.from_date.isoformat() if request.from_date else None,
            "before": before,
            "after": after,
        })  # fmt: skip


def add_history(writer: Writer, key: Key, values: Mapping[str, Any]) -> None:
    """One change in the history of a record."""
    row = {"clinic": writer.clinic_id, "kind": key[0], "id": key[1], **values}
    writer.connection.execute(insert(t.record_changes), sealed(writer.keys, t.record_changes, row, row))


def _cause(draft: Draft) -> str:
    kind, id_ = draft.key
    return f"{draft.request.op} of {kind}/{id_}: {draft.request.reason}"[:500]


def same_breaks(shown: list[Break], now: list[Break]) -> bool:
    """Whether nothing more is broken than what was shown."""
    known = {(one.case, one.rule, one.subject) for one in shown}
    return all((one.case, one.rule, one.subject) in known for one in now)
