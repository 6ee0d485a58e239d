"""Proposals and idempotent answers as rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from tools.errors import ToolError
from tools.records import tables as t
from tools.records import trail
from tools.records.keys import Keys, canonical
from tools.records.sealing import opened, sealed
from tools.records.store import Store
from tools.records.writer import Writer


@dataclass(frozen=True)
class StoredProposal:
    """A proposal as it was shown: sealed at rest. `private` holds identities; `content` and `shown` hold none."""

    id: str
    action: str
    principal: str
    conversation: str | None
    created_at: dt.datetime
    expires_at: dt.datetime
    content: Mapping[str, Any]
    shown: Mapping[str, Any]
    private: Any = None
    state: str = "open"


def save(writer: Writer, proposal: StoredProposal) -> None:
    """Keeps a proposal, signed over its exact content."""
    clinic, keys = writer.clinic_id, writer.keys
    row = {
        "clinic": clinic,
        "id": proposal.id,
        "action": proposal.action,
        "principal": proposal.principal,
        "conversation": proposal.conversation,
        "state": proposal.state,
        "created_at": proposal.created_at,
        "expires_at": proposal.expires_at,
        "content": dict(proposal.content),
        "shown": dict(proposal.shown),
        "sealed": keys.seal(proposal.private, "proposals", clinic, proposal.id),
        "bound": bound(keys, proposal),
    }
    trail.refuse_old_key(writer.connection, clinic, keys)
    writer.connection.execute(insert(t.proposals), sealed(keys, t.proposals, row, row))


def shown(store: Store, proposal_id: str, principal: str) -> dict[str, Any]:
    """What a principal's own proposal showed; raises `ToolError("not-found")`."""
    with store.reading() as connection:
        row = _row(connection, store.clinic_id, proposal_id, principal)
    return dict(opened(store.keys, t.proposals, row).shown)


def own(store: Store, proposal_id: str, principal: str) -> StoredProposal:
    """A principal's own proposal with what is sealed of it; raises `ToolError("not-found")`."""
    with store.reading() as connection:
        row = _row(connection, store.clinic_id, proposal_id, principal)
    return stored_from(row, store.clinic_id, store.keys)


def carried_out(store: Store, conversation: str, principal: str) -> dict[str, str]:
    """What a principal confirmed of the cards of one conversation: proposal id -> its summary, oldest first."""
    c = t.proposals.c
    query = (
        select(t.proposals)
        .where(
            c.clinic == store.clinic_id, c.conversation == conversation, c.principal == principal,
            c.state == "confirmed",
        )
        .order_by(c.created_at, c.id)
    )  # fmt: skip
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return {row.id: str(opened(store.keys, t.proposals, row).shown["summary"]) for row in rows}


def taken_up(writer: Writer, proposal_id: str, principal: str) -> StoredProposal:
    """A principal's own proposal, locked until the transaction ends; a second confirmation waits here.

    Raises `ToolError`: "not-found", or "unavailable" where its content isn't what was shown.
    """
    row = _row(writer.connection, writer.clinic_id, proposal_id, principal, lock=True)
    proposal = stored_from(row, writer.clinic_id, writer.keys)
    if row.bound != bound(writer.keys, proposal):
        said = "This proposal was changed after it was shown. Maybe propose it anew."
        raise ToolError("unavailable", said)
    return proposal


def stored_from(row: Row[*tuple[Any, ...]], clinic: str, keys: Keys) -> StoredProposal:
    """The proposal of a row, opened; raises `ToolError("unavailable")` for another key."""
    plain = opened(keys, t.proposals, row)
    return StoredProposal(
        row.id, row.action, row.principal, row.conversation, row.created_at, row.expires_at, plain.content,
        plain.shown, keys.open(row.sealed, "proposals", clinic, row.id), row.state,
    )  # fmt: skip


def used(writer: Writer, proposal_id: str) -> None:
    """Marks a proposal as carried out: it can't be again."""
    c = t.proposals.c
    query = update(t.proposals).where(c.clinic == writer.clinic_id, c.id == proposal_id)
    writer.connection.execute(query.values(state="confirmed"))


def replayed(writer: Writer, principal: str, route: str, key: str, body: Any) -> dict[str, Any] | None:
    """The answer that this key was given before; raises `ToolError("invalid")` where it asked something else."""
    c = t.replays.c
    query = select(t.replays).where(
        c.clinic == writer.clinic_id, c.principal == principal, c.route == route, c.key == key
    )
    row = writer.connection.execute(query).first()
    if row is None:
        return None
    if row.digest != writer.keys.bind(body):
        said = "This idempotency key was used for something else. Maybe send a fresh random one."
        raise ToolError("invalid", said, "Idempotency-Key")
    return dict(opened(writer.keys, t.replays, row).answer)


def remember(
    writer: Writer,
    principal: str,
    route: str,
    key: str,
    body: Any,
    answer: Mapping[str, Any],
    at: dt.datetime,
) -> None:
    """Keeps the answer for the next time the key comes."""
    row = {
        "clinic": writer.clinic_id,
        "principal": principal,
        "route": route,
        "key": key,
        "digest": writer.keys.bind(body),
        "answer": dict(answer),
        "created_at": at,
    }
    writer.connection.execute(insert(t.replays), sealed(writer.keys, t.replays, row, row))


def bound(keys: Keys, proposal: StoredProposal) -> bytes:
    """The signature of a proposal's exact content, identities included."""
    content = [proposal.id, proposal.action, proposal.principal, proposal.content, proposal.private]
    return keys.bind(canonical(content).decode())


def _row(
    connection: Connection, clinic: str, proposal_id: str, principal: str, lock: bool = False
) -> Row[*tuple[Any, ...]]:
    c = t.proposals.c
    query = select(t.proposals).where(
        c.clinic == clinic, c.id == proposal_id, c.principal == principal
    )  # another's proposal is answered like one that doesn't exist
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        said = f"You have no proposal {proposal_id[:60]!r}. Maybe propose it anew."
        raise ToolError("not-found", said, "proposal")
    return row
