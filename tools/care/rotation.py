"""Another key: what can be sealed anew is, in one transaction; the trail keeps its signatures, and their key sealed."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from tools.context import Context, Permission
from tools.errors import ToolError
from tools.records import tables as t
from tools.records import trail
from tools.records.documents import patient_from, patient_row
from tools.records.keys import Keys
from tools.records.proposing import bound, stored_from
from tools.records.ring import place
from tools.records.sealing import WORDS, seal_anew, sealed
from tools.records.writer import Writer

FORGOTTEN: tuple[Table, ...] = (t.replays, t.undos, t.sign_in_attempts, t.oidc_flows)
"""Short-lived rows under the old key: answers to repeat, what a minute can undo, locks, sign-ins away."""


@dataclass(frozen=True)
class Rotated:
    """How much was sealed anew."""

    patients: int
    proposals: int
    transcripts: int


def rotated(ctx: Context, secret: bytes, fresh: bytes) -> Rotated:
    """Puts everything under the `fresh` secret instead of `secret`; from its commit on only the fresh one opens it.

    Raises `ToolError`: "forbidden", or "invalid" where `secret` isn't the database's or `fresh` is the same.
    """
    ctx.require(Permission.CARE)
    old, new = ctx.store.keys, Keys(fresh)
    if Keys(secret).check() != old.check() or new.check() == old.check():
        raise ToolError("invalid", "The new key is the old one. Maybe make a fresh one.", "key")
    ctx.store.access.flush()

    def work(writer: Writer) -> Rotated:
        connection, clinic = writer.connection, writer.clinic_id
        # Whoever enters something in the trail waits here, and finds afterwards that its key is the old one.
        connection.execute(select(t.meta.c.clinic).where(t.meta.c.clinic == clinic).with_for_update())
        patients = _patients(connection, clinic, old, new)
        proposals = _proposals(connection, clinic, old, new)
        for table in WORDS:
            if table not in FORGOTTEN and table is not t.proposals:
                seal_anew(connection, table, clinic, old, new)
        transcripts = _transcripts(connection, clinic, old, new)
        for table in FORGOTTEN:
            connection.execute(delete(table).where(table.c.clinic == clinic))
        _old_keys(connection, clinic, old, new, secret, ctx.now())
        _meta(connection, clinic, new, fresh)
        done = Rotated(patients, proposals, transcripts)
        trail.append(
            connection, clinic, new, ctx.principal, ctx.now(), "key-rotated", [clinic], None, asdict(done)
        )
        return done

    return ctx.store.write(work)


def _patients(connection: Connection, clinic: str, old: Keys, new: Keys) -> int:
    c = t.patients.c
    rows = connection.execute(select(c.ref, c.sealed).where(c.clinic == clinic)).all()
    for row in rows:
        sealed = patient_row(patient_from(row.ref, row.sealed, clinic, old), clinic, new)
        values = {name: sealed[name] for name in ("sealed", "mrn_index", "birth_index")}
        connection.execute(update(t.patients).where(c.clinic == clinic, c.ref == row.ref).values(values))
    return len(rows)


def _proposals(connection: Connection, clinic: str, old: Keys, new: Keys) -> int:
    c = t.proposals.c
    rows = connection.execute(select(t.proposals).where(c.clinic == clinic)).all()
    for row in rows:
        own = (c.clinic == clinic, c.id == row.id)
        try:
            proposal = stored_from(row, clinic, old)
        except ToolError:  # made by a process that had still an older key: nobody can confirm it
            connection.execute(delete(t.proposals).where(*own))
            continue
        words = {"content": proposal.content, "shown": proposal.shown}
        values: dict[str, Any] = sealed(new, t.proposals, {"clinic": clinic, "id": row.id}, words)
        values["sealed"] = new.seal(proposal.private, "proposals", clinic, row.id)
        if row.bound == bound(old, proposal):  # what was tampered with stays so
            values["bound"] = bound(new, proposal)
        connection.execute(update(t.proposals).where(*own).values(values))
    return len(rows)


def _transcripts(connection: Connection, clinic: str, old: Keys, new: Keys) -> int:
    c = t.transcripts.c
    rows = connection.execute(select(c.id, c.principal, c.sealed).where(c.clinic == clinic)).all()
    for row in rows:
        kept_at = ("transcript", clinic, row.id, row.principal)
        sealed = new.seal(old.open(row.sealed, *kept_at), *kept_at)
        connection.execute(
            update(t.transcripts).where(c.clinic == clinic, c.id == row.id).values(sealed=sealed)
        )
    return len(rows)


def _old_keys(connection: Connection, clinic: str, old: Keys, new: Keys, secret: bytes, at: Any) -> None:
    """Seals the old secrets under the new one, and adds the one that goes now."""
    c = t.old_keys.c
    rows = connection.execute(select(c.number, c.sealed).where(c.clinic == clinic)).all()
    for row in rows:
        sealed = new.seal(old.open(row.sealed, *place(clinic, row.number)), *place(clinic, row.number))
        connection.execute(
            update(t.old_keys).where(c.clinic == clinic, c.number == row.number).values(sealed=sealed)
        )
    number = len(rows) + 1
    ends: Mapping[str, int] = {
        name: trail.head(connection, clinic, chain, lock=True).seq for name, chain in trail.CHAINS.items()
    }
    row_of_now = {
        "clinic": clinic,
        "number": number,
        "audit_until": ends["audit"],
        "access_until": ends["access"],
        "sealed": new.seal(base64.b64encode(secret).decode(), *place(clinic, number)),
        "at": at,
    }
    connection.execute(insert(t.old_keys), row_of_now)


def _meta(connection: Connection, clinic: str, new: Keys, fresh: bytes) -> None:
    c = t.meta.c
    keeps_its_own = connection.execute(select(c.demo_key).where(c.clinic == clinic)).scalar_one() is not None
    values: dict[str, Any] = {"key_check": new.check()} | ({"demo_key": fresh} if keeps_its_own else {})
    connection.execute(update(t.meta).where(c.clinic == clinic).values(values))
