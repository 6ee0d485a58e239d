"""Who looked: the chain of reads of patients' data and of model calls; and the keys that older entries need."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, Table

from tools.records.tables.base import Moment, json_column, key_column, metadata, text_column

access = Table(
    "access",
    metadata,
    key_column("clinic"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text_column("principal"),
    text_column("role"),
    text_column("action"),
    json_column("objects"),
    Column("sealed", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)
"""The same columns as `audit`: one kind of entry, two chains, so that readers don't queue up with writers."""

access_heads = Table(
    "access_heads",
    metadata,
    key_column("clinic"),
    Column("seq", BigInteger, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

old_keys = Table(
    "old_keys",
    metadata,
    key_column("clinic"),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("audit_until", BigInteger, nullable=False),
    Column("access_until", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
)
"""A key that was rotated out, sealed under its successor, and the last entry of each chain that it signed."""
