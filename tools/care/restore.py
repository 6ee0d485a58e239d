"""A backup into an empty database of either engine, as it was, and only whole."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, Table, insert, inspect, select, text

from tools.care.backup import signature
from tools.care.coding import FORMAT, decoded
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.engine import bound, engine_for, opening
from tools.records.keys import VARIABLE, Keys, secret_of
from tools.records.schema import known_schemas, migrate
from tools.records.sealing import seal_earlier

_BATCH = 500
NO_BACKUP = "This is no backup of Slotwright. Maybe another file."


@dataclass(frozen=True)
class Header:
    """What a backup says of itself."""

    schema: str
    clinic: str
    at: str


def restore(file: BinaryIO, url: str, key: str | None) -> Header:
    """Fills an empty database with a backup; raises `ToolError`, and then nothing was written.

    `key` is the key of the database that the backup was taken of; a demo's backup holds its own.
    """
    header = _header(file)
    _refuse_broken(file, key)
    engine = engine_for(url)
    try:
        _refuse_full(engine)
        migrate(engine, header.schema)
        with bound(engine, header.clinic).execution_options(writes=True).begin() as connection:
            _fill(connection, file)
        migrate(engine)
        seal_earlier(bound(engine, header.clinic), header.clinic, _keys(file, key))
    finally:
        engine.dispose()
    return header


def _header(file: BinaryIO) -> Header:
    file.seek(0)
    read = _read(file.readline())
    if not isinstance(read, dict) or "slotwright-backup" not in read:
        raise ToolError("invalid", NO_BACKUP, "file")
    if read["slotwright-backup"] != FORMAT or read["schema"] not in known_schemas():
        said = "This backup was made by a newer version. Maybe restore it with that version."
        raise ToolError("invalid", said, "file")
    return Header(read["schema"], read["clinic"], read["at"])


def _refuse_broken(file: BinaryIO, key: str | None) -> None:
    """Follows the file to its end: it must be signed, whole, with the key that is given."""
    file.seek(0)
    digest, end = hashlib.sha256(), b""
    for each in file:
        digest.update(end)
        end = each
    read = _read(end)
    if not isinstance(read, dict) or "end" not in read:
        raise ToolError("invalid", "This backup is cut off: its end is missing. Maybe copy it anew.", "file")
    if not hmac.compare_digest(signature(_keys(file, key), digest.hexdigest()), str(read["end"])):
        said = f"This backup was changed, or {VARIABLE} isn't the key of the database that it is of."
        raise ToolError("invalid", f"{said} Maybe look for the right one.", "file")


def _keys(file: BinaryIO, key: str | None) -> Keys:
    """The keys of the database that was backed up: the site's own, or those that a demo keeps with its data."""
    if key is not None:
        return Keys(secret_of(key))
    file.seek(0)
    for table, rows in _batches(file):
        if table is t.meta and rows[0].get("demo_key"):
            return Keys(rows[0]["demo_key"])
    said = f"This backup is encrypted. Maybe set {VARIABLE} to the key of the database that it is of."
    raise ToolError("unavailable", said)


def _refuse_full(engine: Engine) -> None:
    with opening(engine).connect() as connection:
        if inspect(connection).has_table(t.meta.name) and connection.execute(select(t.meta.c.clinic)).first():
            raise ToolError(
                "conflict", "This database holds a clinic already. Maybe name an empty one.", "db"
            )


def _fill(connection: Connection, file: BinaryIO) -> None:
    file.seek(0)
    for table, rows in _batches(file):
        connection.execute(insert(table), rows)
    if connection.dialect.name == "postgresql":
        for table in (t.units, t.reservations):
            _count_on(connection, table)


def _batches(file: BinaryIO) -> Iterator[tuple[Table, list[Any]]]:
    table, columns, rows = None, [], list[Any]()
    for each in file:
        read = _read(each)
        if table is not None and rows and (isinstance(read, dict) or len(rows) == _BATCH):
            yield table, rows
            rows = []
        if isinstance(read, list) and table is not None:
            rows.append(decoded(read, columns, table))
        elif isinstance(read, dict) and "table" in read:
            table, columns = t.metadata.tables[read["table"]], read["columns"]


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows after the restored ones."""
    connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608  # our own table's name
            f"coalesce((SELECT max(id) FROM {table.name}), 0) + 1, false)"
        )
    )


def _read(each: bytes) -> Any:
    try:
        return json.loads(each)
    except ValueError:
        raise ToolError("invalid", NO_BACKUP, "file") from None
