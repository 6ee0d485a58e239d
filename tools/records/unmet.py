"""Keeping what found no slot, once a conversation, and reading it again by period."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from tools.context import Context
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.keys import canonical
from tools.records.store import Store

UNSAID = "not kept"
"""What stands for the words of an override, which may be about a patient."""


@dataclass(frozen=True)
class Unmet:
    """One request that had no slot when it was asked; `conflict` are (rule, subject) pairs."""

    id: str
    at: dt.datetime
    role: str
    minutes: int
    request: Mapping[str, Any]
    conflict: tuple[tuple[str, str], ...]


def keep(ctx: Context, request: Mapping[str, Any], minutes: int, conflict: Sequence[tuple[str, str]]) -> None:
    """Keeps a request without its patient and the words of its overrides; a store that only reads keeps nothing."""
    bare = {key: value for key, value in request.items() if key not in ("patient", "overrides", "limit")}
    if request.get("overrides"):
        bare["overrides"] = [{"rule": each["rule"], "reason": UNSAID} for each in request["overrides"]]
    asked_in = ctx.conversation or f"{ctx.now().date()}"
    id_ = hashlib.sha256(canonical([ctx.principal.id, asked_in, bare])).hexdigest()[:32]
    row = {
        "clinic": ctx.store.clinic_id, "id": id_, "at": ctx.now(), "role": str(ctx.principal.role),
        "minutes": minutes, "request": bare, "conflict": [list(atom) for atom in conflict],
    }  # fmt: skip
    c = t.unmet.c

    def work(writer: Any) -> None:
        writer.connection.execute(delete(t.unmet).where(c.clinic == row["clinic"], c.id == id_))
        writer.connection.execute(insert(t.unmet), row)

    try:
        ctx.store.write(work)
    except ToolError:
        return


def between(store: Store, first: dt.datetime, last: dt.datetime) -> list[Unmet]:
    """What found no slot from `first` until before `last`, oldest first."""
    c = t.unmet.c
    query = select(t.unmet).where(c.clinic == store.clinic_id, c.at >= first, c.at < last)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(c.at, c.id)).all()
    return [
        Unmet(
            row.id,
            row.at,
            row.role,
            row.minutes,
            row.request,
            tuple((rule, subject) for rule, subject in row.conflict),
        )
        for row in rows
    ]
