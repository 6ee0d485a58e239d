"""Free text at rest: what may hold a person's own words is sealed in its column and row, as identities are.

A reason may name a patient, whatever it was asked for. Its column keeps its type, so that every earlier backup can
still be restored; its value is the sealed one as text. `docs/security.md` says what is sealed and what isn't.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Table, and_, delete, select, update
from sqlalchemy.exc import SQLAlchemyError

from tools.errors import ToolError
from tools.records import tables as t
from tools.records.keys import Keys

WORDS: Mapping[Table, tuple[str, ...]] = MappingProxyType({
    t.records: ("body",),
    t.record_changes: ("reason", "before", "after"),
    t.worklist: ("text", "cause", "note"),
    t.offers: ("request",),
    t.proposals: ("content", "shown"),
    t.replays: ("answer",),
})  # fmt: skip
"""Table -> its columns that may hold what somebody typed."""


def sealed(keys: Keys, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as the table keeps them; `key` are those of its primary key, and may be of `values` too."""
    words = [name for name in WORDS[table] if values.get(name) is not None]
    hidden = {name: _text(keys.seal(values[name], *_place(table, name, key))) for name in words}
    return {**values, **hidden}


def opened(keys: Keys, table: Table, row: Row[*tuple[Any, ...]]) -> SimpleNamespace:
    """A row, its primary key among its columns, with the words as they were typed; raises `ToolError`."""
    values = dict(row._mapping)
    for name in WORDS[table]:
        if values.get(name) is not None:
            values[name] = keys.open(_bytes(values[name]), *_place(table, name, values))
    return SimpleNamespace(**values)


def where(table: Table, key: Mapping[str, Any]) -> ColumnElement[bool]:
    """The row of a primary key."""
    return and_(*(column == key[column.name] for column in table.primary_key))


def seal_earlier(engine: Engine, clinic: str, keys: Keys) -> None:
    """Seals, once, what an earlier version kept as it was typed; `engine` is bound to the clinic."""
    meta = t.meta.c
    own = select(meta.words_sealed).where(meta.clinic == clinic)
    with engine.connect() as connection:
        if connection.execute(own).scalar():
            return
    with engine.execution_options(writes=True).begin() as connection:
        if connection.execute(own.with_for_update()).scalar():  # another process was quicker
            return
        for table in WORDS:
            _seal_table(connection, table, clinic, keys)
        connection.execute(update(t.meta).where(meta.clinic == clinic).values(words_sealed=True))
    _wipe(engine)


def seal_anew(connection: Connection, table: Table, clinic: str, old: Keys, new: Keys) -> None:
    """Puts a table's words under another key; an offer that doesn't open is nobody's any more and goes."""
    for row in _rows(connection, table, clinic):
        key = _key(table, row)
        try:
            plain = vars(opened(old, table, row))
        except ToolError:  # kept by a process that had still an older key
            if table is not t.offers:
                raise
            connection.execute(delete(table).where(where(table, key)))
            continue
        words = {name: plain[name] for name in WORDS[table]}
        connection.execute(update(table).where(where(table, key)).values(sealed(new, table, key, words)))


def _seal_table(connection: Connection, table: Table, clinic: str, keys: Keys) -> None:
    for row in _rows(connection, table, clinic):
        key = _key(table, row)
        words = {name: row._mapping[name] for name in WORDS[table]}
        connection.execute(update(table).where(where(table, key)).values(sealed(keys, table, key, words)))


def _rows(connection: Connection, table: Table, clinic: str) -> list[Row[*tuple[Any, ...]]]:
    columns = [*table.primary_key, *(table.c[name] for name in WORDS[table])]
    return list(connection.execute(select(*columns).where(table.c.clinic == clinic)).all())


def _key(table: Table, row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    return {column.name: row._mapping[column.name] for column in table.primary_key}


def _place(table: Table, name: str, key: Mapping[str, Any]) -> tuple[str, ...]:
    return (table.name, name, *(str(key[column.name]) for column in table.primary_key))


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError):  # put there behind our back: it opens as little as a wrong one
        return b""


def _wipe(engine: Engine) -> None:
    """SQLite keeps what was overwritten in its free pages until the file is written anew."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection:
            connection.rollback()
            plain = connection.connection.driver_connection
            assert plain is not None  # noqa: S101  # a connection that was just opened has one
            plain.execute("VACUUM")
            plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except SQLAlchemyError:
        return
