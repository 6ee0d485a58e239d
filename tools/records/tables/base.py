"""What every table is made of: the columns, the names of constraints, and how moments are kept.

Times of the schedule are whole minutes since 1970 in UTC, like the solver's instants: they compare and index the
same on both engines. Moments of the log (created, expires, audit) are aware datetimes, kept as milliseconds. Every
table starts with the clinic, so that row-level security can be laid over it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Dialect, Integer, MetaData, Text, TypeDecorator

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


def key_column(name: str) -> Column[str]:
    """Part of the primary key."""
    return Column(name, Text, primary_key=True)


def text_column(name: str) -> Column[str]:
    """Text that must be there."""
    return Column(name, Text, nullable=False)


def number_column(name: str) -> Column[int]:
    """A whole number that must be there."""
    return Column(name, Integer, nullable=False)


def instant_column(name: str) -> Column[int]:
    """Whole minutes since 1970 in UTC, as the solver counts."""
    return Column(name, BigInteger, nullable=False)


def json_column(name: str) -> Column[Any]:
    """JSON that must be there."""
    return Column(name, JSON, nullable=False)
