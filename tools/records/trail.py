"""The audit trail: one chain of signed entries a clinic, written in the transaction of the change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from tools.context import Principal
from tools.records import tables as t
from tools.records.keys import Keys

_START = b"\x00" * 32


@dataclass(frozen=True)
class Entry:
    """Who did what to which objects, and their values before and after (without any patient's identity)."""

    seq: int
    at: dt.datetime
    principal: str
    role: str
    action: str
    objects: tuple[str, ...]
    before: Any
    after: Any


def append(
    connection: Connection,
    clinic: str,
    keys: Keys,
    principal: Principal,
    at: dt.datetime,
    action: str,
    objects: Sequence[str],
    before: Any,
    after: Any,
) -> int:
    """Adds an entry to the chain and gives its number; the head's row is what writers queue up at."""
    heads = t.audit_heads
    query = select(heads.c.seq, heads.c.mac).where(heads.c.clinic == clinic).with_for_update()
    head = connection.execute(query).first()
    seq, mac = (head.seq + 1, head.mac) if head else (1, _START)
    row = {
        "clinic": clinic,
        "seq": seq,
        "at": at,
        "principal": principal.id,
        "role": str(principal.role),
        "action": action,
        "objects": list(objects),
        "sealed": keys.seal({"before": before, "after": after}, "audit", clinic, str(seq)),
    }
    row["mac"] = keys.chain(mac, _signed(row))
    connection.execute(insert(t.audit), row)
    if head:
        new = update(heads).where(heads.c.clinic == clinic).values(seq=seq, mac=row["mac"])
        connection.execute(new)
    else:
        connection.execute(insert(heads), {"clinic": clinic, "seq": seq, "mac": row["mac"]})
    return seq


def entries(connection: Connection, clinic: str, keys: Keys) -> Iterator[Entry]:
    """The trail from its beginning, values opened."""
    for row in _rows(connection, clinic):
        values = keys.open(row.sealed, "audit", clinic, str(row.seq))
        objects = tuple(row.objects)
        yield Entry(
            row.seq, row.at, row.principal, row.role, row.action, objects, values["before"], values["after"]
        )


def broken_at(connection: Connection, clinic: str, keys: Keys) -> int | None:
    """The number of the first entry that was edited, removed or moved, or None for a whole chain.

    A chain that was cut at its end and whose head was set back too can't be told from a shorter one.
    """
    expected, mac = 1, _START
    for row in _rows(connection, clinic):
        if row.seq != expected or row.mac != keys.chain(mac, _signed(dict(row._mapping))):
            return expected
        expected, mac = expected + 1, row.mac
    heads = t.audit_heads
    head = connection.execute(select(heads.c.seq, heads.c.mac).where(heads.c.clinic == clinic)).first()
    whole = (head.seq, head.mac) == (expected - 1, mac) if head else expected == 1
    return None if whole else expected


def _rows(connection: Connection, clinic: str) -> Iterator[Row[*tuple[Any, ...]]]:
    query = select(t.audit).where(t.audit.c.clinic == clinic).order_by(t.audit.c.seq)
    return iter(connection.execute(query))


def _signed(row: dict[str, Any]) -> dict[str, Any]:
    at: dt.datetime = row["at"]
    milliseconds = (at - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(milliseconds=1)
    signed = {key: row[key] for key in ("clinic", "seq", "principal", "role", "action", "objects")}
    return signed | {"at": milliseconds, "sealed": row["sealed"].hex()}
