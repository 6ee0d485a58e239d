"""Conversations with the assistant: what was said, sealed; and what each turn cost, which names nobody's words."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table

from tools.records.tables.base import Moment, key_column, metadata, number_column, text_column

transcripts = Table(
    "transcripts",
    metadata,
    key_column("clinic"),
    key_column("id"),
    text_column("principal"),
    Column("begun_at", Moment, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    number_column("turns"),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_transcripts_principal", "clinic", "principal", "saved_at"),
    Index("ix_transcripts_expires_at", "clinic", "expires_at"),
)

turns = Table(
    "turns",
    metadata,
    key_column("clinic"),
    key_column("conversation"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    text_column("principal"),
    text_column("model"),
    text_column("status"),
    number_column("milliseconds"),
    number_column("tokens_read"),
    number_column("tokens_written"),
    number_column("cache_read"),
    number_column("cache_written"),
    Column("cost_micros", BigInteger, nullable=True),
    Index("ix_turns_at", "clinic", "at"),
)
"""`cost_micros`: millionths of the currency that the configured prices are in; null where none are configured."""
