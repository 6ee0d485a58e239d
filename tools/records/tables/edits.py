"""Changes of the clinic's records, and the worklist of cases that a change or a load left against a rule."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from tools.records.tables.base import (
    Moment,
    json_column,
    key_column,
    metadata,
    number_column,
    text_column,
)

record_changes = Table(
    "record_changes",
    metadata,
    key_column("clinic"),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    key_column("kind"),
    key_column("id"),
    number_column("version"),
    text_column("op"),
    Column("at", Moment, nullable=False),
    text_column("principal"),
    text_column("reason"),
    Column("from_date", Text),
    json_column("before"),
    json_column("after"),
    Index(None, "clinic", "kind", "id"),
)
"""One row a change of a record, beside the audit's entry: what an editor may read without the audit's permission."""

worklist = Table(
    "worklist",
    metadata,
    key_column("clinic"),
    key_column("id"),
    text_column("case_id"),
    text_column("rule"),
    text_column("subject"),
    text_column("text"),
    text_column("cause"),
    Column("resolved", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    text_column("opened_by"),
    Column("resolved_at", Moment),
    Column("resolved_by", Text),
    Column("note", Text),
    Index(None, "clinic", "resolved"),
    Index(None, "clinic", "case_id"),
)
"""One row a case and what it stands against; resolved by a person, never deleted."""
