"""Conversations in the records: sealed, bound to whose they are, and gone when their time is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select

from tools.records import tables as t
from tools.records.store import Store


@dataclass(frozen=True)
class Cost:
    """What one turn cost. `micros`: millionths of the currency of the configured prices; None without prices."""

    model: str
    status: str
    milliseconds: int
    read: int = 0
    written: int = 0
    cache_read: int = 0
    cache_written: int = 0
    micros: int | None = None


@dataclass(frozen=True)
class Kept:
    """A transcript's row; its words stay sealed until `words` opens them."""

    id: str
    principal: str
    begun_at: dt.datetime
    saved_at: dt.datetime
    expires_at: dt.datetime
    turns: int


def keep(store: Store, kept: Kept, body: Any, cost: Cost | None) -> None:
    """Writes a conversation and its last turn's cost over what was there, and forgets what has expired."""
    sealed = store.keys.seal(body, *_place(store, kept.id, kept.principal))

    def work(writer: Any) -> None:
        connection: Connection = writer.connection
        forget(connection, store.clinic_id, kept.saved_at)
        c = t.transcripts.c
        connection.execute(delete(t.transcripts).where(c.clinic == store.clinic_id, c.id == kept.id))
        connection.execute(
            insert(t.transcripts), [{"clinic": store.clinic_id, **vars(kept), "sealed": sealed}]
        )
        if cost is not None:
            _note(connection, store.clinic_id, kept, cost)

    store.write(work)


def note(store: Store, kept: Kept, cost: Cost) -> None:
    """Writes what a conversation's last turn cost, and no word of it: budgets count what no transcript keeps too."""
    store.write(lambda writer: _note(writer.connection, store.clinic_id, kept, cost))


def spent(store: Store, first: dt.datetime, user: str) -> tuple[int, int]:
    """(the user's, everyone's) tokens of the turns that ended since `first`, whatever process they ran in."""
    c = t.turns.c
    tokens = c.tokens_read + c.tokens_written + c.cache_read + c.cache_written
    own = func.sum(case((c.principal == user, tokens), else_=0))
    query = select(own, func.sum(tokens)).where(c.clinic == store.clinic_id, c.at >= first)
    with store.reading() as connection:
        row = connection.execute(query).one()
    return int(row[0] or 0), int(row[1] or 0)


def _note(connection: Connection, clinic: str, kept: Kept, cost: Cost) -> None:
    c = t.turns.c
    here = (c.clinic == clinic, c.conversation == kept.id, c.number == kept.turns)
    connection.execute(delete(t.turns).where(*here))
    row = {
        "clinic": clinic, "conversation": kept.id, "number": kept.turns, "at": kept.saved_at,
        "principal": kept.principal, "model": cost.model, "status": cost.status, "milliseconds": cost.milliseconds,
        "tokens_read": cost.read, "tokens_written": cost.written, "cache_read": cost.cache_read,
        "cache_written": cost.cache_written, "cost_micros": cost.micros,
    }  # fmt: skip
    connection.execute(insert(t.turns), [row])


def forget(connection: Connection, clinic: str, now: dt.datetime) -> int:
    """Deletes the conversations whose time is over; what their turns cost stays. Answers how many went."""
    c = t.transcripts.c
    return connection.execute(delete(t.transcripts).where(c.clinic == clinic, c.expires_at <= now)).rowcount


def listed(store: Store, now: dt.datetime, principal: str | None = None, most: int = 100) -> Sequence[Kept]:
    """The conversations that are still kept, the last one first; of one principal, or of all."""
    c = t.transcripts.c
    query = select(t.transcripts).where(c.clinic == store.clinic_id, c.expires_at > now)
    if principal is not None:
        query = query.where(c.principal == principal)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(c.saved_at.desc(), c.id).limit(most)).all()
    return [_kept(row) for row in rows]


def words(store: Store, id_: str, now: dt.datetime) -> tuple[Kept, Any] | None:
    """A conversation with what was said; None where it isn't kept, or not any more."""
    c = t.transcripts.c
    query = select(t.transcripts).where(c.clinic == store.clinic_id, c.id == id_, c.expires_at > now)
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    kept = _kept(row)
    return kept, store.keys.open(row.sealed, *_place(store, kept.id, kept.principal))


def _kept(row: Any) -> Kept:
    return Kept(row.id, row.principal, row.begun_at, row.saved_at, row.expires_at, row.turns)


def _place(store: Store, id_: str, principal: str) -> tuple[str, ...]:
    return ("transcript", store.clinic_id, id_, principal)
