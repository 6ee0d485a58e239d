"""Keys that were rotated out, kept sealed under the present one: the trail's older entries are signed with them."""

from __future__ import annotations

import base64

from sqlalchemy import Connection, select

from tools.records import tables as t
from tools.records.keys import Epoch, Keys


def with_older(connection: Connection, clinic: str, secret: bytes) -> Keys:
    """The keys of a secret, together with those that came before it."""
    keys = Keys(secret)
    query = select(t.old_keys).where(t.old_keys.c.clinic == clinic).order_by(t.old_keys.c.number)
    rows = connection.execute(query).all()
    return Keys(secret, [
        Epoch(
            Keys(base64.b64decode(keys.open(row.sealed, *place(clinic, row.number)))),
            {"audit": row.audit_until, "access": row.access_until},
        )
        for row in rows
    ])  # fmt: skip


def place(clinic: str, number: int) -> tuple[str, ...]:
    """Where an old key is sealed for."""
    return "old_keys", clinic, str(number)
