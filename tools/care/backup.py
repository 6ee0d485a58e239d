"""A whole clinic as one file, engine-neutral: every row as it is, what is sealed stays sealed, signed at its end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import Connection, Table

from tools.audit import note
from tools.care.coding import FORMAT, encoded, line
from tools.context import Context, Permission
from tools.records import tables as t
from tools.records.engine import snapshot
from tools.records.keys import Keys
from tools.records.schema import schema_of
from tools.records.store import Store

_PAGE = 500


@dataclass(frozen=True)
class Taken:
    """What a backup holds: rows by table."""

    rows: dict[str, int]

    @property
    def cases(self) -> int:
        """How many cases are in it."""
        return self.rows["cases"]


def backup(ctx: Context, out: BinaryIO) -> Taken:
    """Writes the clinic as it is at one moment; raises `ToolError("forbidden")`.

    It holds users, password hashes and sealed identities; without the database's key it opens nothing.
    """
    ctx.require(Permission.CARE)
    ctx.store.access.flush()
    digest, rows = hashlib.sha256(), dict[str, int]()
    with snapshot(ctx.store.engine) as connection:
        for written in _lines(connection, ctx, rows):
            digest.update(written)
            out.write(written)
    out.write(line({"end": signature(ctx.store.keys, digest.hexdigest())}))
    note(ctx, "backup-taken", [ctx.store.clinic_id], {"rows": sum(rows.values())})
    return Taken(rows)


def signature(keys: Keys, digest: str) -> str:
    """What a backup ends with: it shows that nothing is missing and that nobody changed it."""
    return keys.bind({"backup": digest}).hex()


def _lines(connection: Connection, ctx: Context, rows: dict[str, int]) -> Iterator[bytes]:
    store = ctx.store
    yield line({
        "slotwright-backup": FORMAT,
        "schema": schema_of(connection),
        "clinic": store.clinic_id,
        "at": ctx.now().isoformat(timespec="seconds"),
    })  # fmt: skip
    for table in t.metadata.sorted_tables:
        rows[table.name] = 0
        yield line({"table": table.name, "columns": [column.name for column in table.columns]})
        for row in _rows(connection, table, store):
            rows[table.name] += 1
            yield line(encoded(row))


def _rows(connection: Connection, table: Table, store: Store) -> Iterator[tuple[object, ...]]:
    """A table's rows of this clinic in the order of its key, a page at a time."""
    key = list(table.primary_key.columns)
    query = table.select().where(table.c.clinic == store.clinic_id).order_by(*key)
    at = 0
    while True:
        page = connection.execute(query.limit(_PAGE).offset(at)).all()
        yield from (tuple(row) for row in page)
        if len(page) < _PAGE:
            return
        at += _PAGE
