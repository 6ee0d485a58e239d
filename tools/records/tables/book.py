"""Records, the book of cases with what they occupy, offers, proposals and the audit trail."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from tools.records.tables.base import (
    BigId,
    Moment,
    instant_column,
    json_column,
    key_column,
    metadata,
    number_column,
    text_column,
)

LANES = 1_000_000_000
"""A reservation takes all lanes, 0 to this one; an accepted old clash takes a lane of its own."""

meta = Table(
    "meta",
    metadata,
    key_column("clinic"),
    Column("demo", Boolean, nullable=False),
    number_column("revision"),
    number_column("records_revision"),
    Column("key_check", LargeBinary, nullable=False),
    Column("demo_key", LargeBinary),
    Column("created_at", Moment, nullable=False),
    Column("words_sealed", Boolean),
)
"""`words_sealed` is null until the free text that an earlier version kept as it was typed is sealed, once."""

scopes = Table("scopes", metadata, key_column("clinic"), key_column("scope"), number_column("revision"))

records = Table(
    "records",
    metadata,
    key_column("clinic"),
    key_column("kind"),
    key_column("id"),
    number_column("position"),
    number_column("version"),
    json_column("body"),
)

patients = Table(
    "patients",
    metadata,
    key_column("clinic"),
    key_column("ref"),
    number_column("version"),
    Column("sealed", LargeBinary, nullable=False),
    Column("mrn_index", LargeBinary),
    Column("birth_index", LargeBinary),
    UniqueConstraint("clinic", "mrn_index"),
    Index(None, "clinic", "birth_index"),
)

cases = Table(
    "cases",
    metadata,
    key_column("clinic"),
    key_column("id"),
    number_column("position"),
    number_column("version"),
    number_column("revision"),
    text_column("procedure"),
    text_column("surgeon"),
    text_column("room"),
    instant_column("start_at"),
    instant_column("end_at"),
    text_column("status"),
    Column("patient", Text),
    Column("follows", Text),
    Column("laterality", Text),
    Column("pinned", Boolean, nullable=False),
    json_column("body"),
    CheckConstraint("start_at < end_at", name="in_order"),
    Index(None, "clinic", "revision"),
    Index(None, "clinic", "start_at"),
)

units = Table(
    "units",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    text_column("clinic"),
    text_column("kind"),
    text_column("resource"),
    number_column("unit"),
    UniqueConstraint("clinic", "kind", "resource", "unit"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    text_column("clinic"),
    text_column("case_id"),
    Column("unit_id", BigId, nullable=False),
    text_column("role"),
    text_column("room"),
    instant_column("start_at"),
    instant_column("end_at"),
    number_column("lane_from"),
    number_column("lane_to"),
    CheckConstraint("start_at < end_at", name="in_order"),
    CheckConstraint("lane_from <= lane_to", name="lanes_in_order"),
    ForeignKeyConstraint(["clinic", "case_id"], ["cases.clinic", "cases.id"]),
    ForeignKeyConstraint(["unit_id"], ["units.id"]),
    Index(None, "unit_id", "end_at"),
    Index(None, "clinic", "case_id"),
)
"""One row: a unit is physically taken. No two rows of a unit may overlap in time and lane; see guards.py."""

holds = Table(
    "holds",
    metadata,
    key_column("clinic"),
    key_column("case_id"),
    text_column("principal"),
    Column("until", Moment, nullable=False),
    ForeignKeyConstraint(["clinic", "case_id"], ["cases.clinic", "cases.id"]),
    Index(None, "clinic", "until"),
)
"""Until when a held case keeps its time; the row goes with the hold."""

undos = Table(
    "undos",
    metadata,
    key_column("clinic"),
    key_column("proposal"),
    text_column("principal"),
    Column("at", Moment, nullable=False),
    json_column("changes"),
    Index(None, "clinic", "principal", "at"),
)
"""What a confirmed change would take to be undone: for a minute, and only while nothing came after it."""

offers = Table(
    "offers",
    metadata,
    key_column("clinic"),
    key_column("id"),
    text_column("label"),
    text_column("letter"),
    text_column("principal"),
    Column("conversation", Text),
    number_column("revision"),
    Column("created_at", Moment, nullable=False),
    json_column("request"),
    json_column("body"),
    json_column("plan"),
    Index(None, "clinic", "conversation"),
)

proposals = Table(
    "proposals",
    metadata,
    key_column("clinic"),
    key_column("id"),
    text_column("action"),
    text_column("principal"),
    Column("conversation", Text),
    text_column("state"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    json_column("content"),
    json_column("shown"),
    Column("sealed", LargeBinary),
    Column("bound", LargeBinary, nullable=False),
)

replays = Table(
    "replays",
    metadata,
    key_column("clinic"),
    key_column("principal"),
    key_column("route"),
    key_column("key"),
    Column("digest", LargeBinary, nullable=False),
    json_column("answer"),
    Column("created_at", Moment, nullable=False),
)

audit = Table(
    "audit",
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

audit_heads = Table(
    "audit_heads",
    metadata,
    key_column("clinic"),
    Column("seq", BigInteger, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)
