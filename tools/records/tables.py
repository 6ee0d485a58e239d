"""The tables, one schema for SQLite and PostgreSQL.

Times of the schedule are whole minutes since 1970 in UTC, like the solver's instants: they compare and index the
same on both engines. Moments of the log (created, expires, audit) are aware datetimes, kept as milliseconds. Every
table starts with the clinic, so that row-level security can be laid over it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

LANES = 1_000_000_000
"""A reservation takes all lanes, 0 to this one; an accepted old clash takes a lane of its own."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Moment(TypeDecorator[dt.datetime]):
    """An aware datetime, kept as milliseconds since 1970 in UTC; a naive one is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuses a naive datetime: nobody could say later which instant it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone. Maybe use datetime.now(UTC)")
        return (value - _EPOCH) // dt.timedelta(milliseconds=1)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        """The moment in UTC."""
        return None if value is None else _EPOCH + dt.timedelta(milliseconds=int(value))


BigId = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts up by itself there

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _key(name: str) -> Column[str]:
    return Column(name, Text, primary_key=True)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _instant(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


def _json(name: str) -> Column[Any]:
    return Column(name, JSON, nullable=False)


meta = Table(
    "meta",
    metadata,
    _key("clinic"),
    Column("demo", Boolean, nullable=False),
    _number("revision"),
    _number("records_revision"),
    Column("key_check", LargeBinary, nullable=False),
    Column("demo_key", LargeBinary),
    Column("created_at", Moment, nullable=False),
)

scopes = Table("scopes", metadata, _key("clinic"), _key("scope"), _number("revision"))

records = Table(
    "records",
    metadata,
    _key("clinic"),
    _key("kind"),
    _key("id"),
    _number("position"),
    _number("version"),
    _json("body"),
)

patients = Table(
    "patients",
    metadata,
    _key("clinic"),
    _key("ref"),
    _number("version"),
    Column("sealed", LargeBinary, nullable=False),
    Column("mrn_index", LargeBinary),
    Column("birth_index", LargeBinary),
    UniqueConstraint("clinic", "mrn_index"),
    Index(None, "clinic", "birth_index"),
)

cases = Table(
    "cases",
    metadata,
    _key("clinic"),
    _key("id"),
    _number("position"),
    _number("version"),
    _number("revision"),
    _text("procedure"),
    _text("surgeon"),
    _text("room"),
    _instant("start_at"),
    _instant("end_at"),
    _text("status"),
    Column("patient", Text),
    Column("follows", Text),
    Column("laterality", Text),
    Column("pinned", Boolean, nullable=False),
    _json("body"),
    CheckConstraint("start_at < end_at", name="in_order"),
    Index(None, "clinic", "revision"),
    Index(None, "clinic", "start_at"),
)

units = Table(
    "units",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _text("clinic"),
    _text("kind"),
    _text("resource"),
    _number("unit"),
    UniqueConstraint("clinic", "kind", "resource", "unit"),
)

reservations = Table(
    "reservations",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    _text("clinic"),
    _text("case_id"),
    Column("unit_id", BigId, nullable=False),
    _text("role"),
    _text("room"),
    _instant("start_at"),
    _instant("end_at"),
    _number("lane_from"),
    _number("lane_to"),
    CheckConstraint("start_at < end_at", name="in_order"),
    CheckConstraint("lane_from <= lane_to", name="lanes_in_order"),
    ForeignKeyConstraint(["clinic", "case_id"], ["cases.clinic", "cases.id"]),
    ForeignKeyConstraint(["unit_id"], ["units.id"]),
    Index(None, "unit_id", "end_at"),
    Index(None, "clinic", "case_id"),
)
"""One row: a unit is physically taken. No two rows of a unit may overlap in time and lane; see guards.py."""

offers = Table(
    "offers",
    metadata,
    _key("clinic"),
    _key("id"),
    _text("label"),
    _text("letter"),
    _text("principal"),
    Column("conversation", Text),
    _number("revision"),
    Column("created_at", Moment, nullable=False),
    _json("request"),
    _json("body"),
    _json("plan"),
    Index(None, "clinic", "conversation"),
)

proposals = Table(
    "proposals",
    metadata,
    _key("clinic"),
    _key("id"),
    _text("action"),
    _text("principal"),
    Column("conversation", Text),
    _text("state"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    _json("content"),
    _json("shown"),
    Column("sealed", LargeBinary),
    Column("bound", LargeBinary, nullable=False),
)

replays = Table(
    "replays",
    metadata,
    _key("clinic"),
    _key("principal"),
    _key("route"),
    _key("key"),
    Column("digest", LargeBinary, nullable=False),
    _json("answer"),
    Column("created_at", Moment, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    _key("clinic"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    _text("principal"),
    _text("role"),
    _text("action"),
    _json("objects"),
    Column("sealed", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    _key("clinic"),
    Column("seq", BigInteger, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)
