"""The tables, one schema for SQLite and PostgreSQL: a module a subject, all reached from here."""

from tools.records.tables.base import BigId, Moment, metadata
from tools.records.tables.book import (
    LANES,
    audit,
    audit_heads,
    cases,
    meta,
    offers,
    patients,
    proposals,
    records,
    replays,
    reservations,
    scopes,
    units,
)

__all__ = [
    "LANES",
    "BigId",
    "Moment",
    "audit",
    "audit_heads",
    "cases",
    "meta",
    "metadata",
    "offers",
    "patients",
    "proposals",
    "records",
    "replays",
    "reservations",
    "scopes",
    "units",
]
