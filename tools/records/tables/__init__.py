"""The tables, one schema for SQLite and PostgreSQL: a module a subject, all reached from here."""

from tools.records.tables.accounts import (
    api_keys,
    oidc_flows,
    one_time_links,
    sign_in_attempts,
    sign_ins,
    users,
)
from tools.records.tables.base import BigId, Moment, metadata
from tools.records.tables.book import (
    LANES,
    audit,
    audit_heads,
    cases,
    holds,
    meta,
    offers,
    patients,
    proposals,
    records,
    replays,
    reservations,
    scopes,
    undos,
    units,
)
from tools.records.tables.edits import record_changes, worklist
from tools.records.tables.talk import transcripts, turns
from tools.records.tables.unmet import unmet
from tools.records.tables.watch import access, access_heads, old_keys

__all__ = [
    "LANES",
    "BigId",
    "Moment",
    "access",
    "access_heads",
    "api_keys",
    "audit",
    "audit_heads",
    "cases",
    "holds",
    "meta",
    "metadata",
    "offers",
    "oidc_flows",
    "old_keys",
    "one_time_links",
    "patients",
    "proposals",
    "record_changes",
    "records",
    "replays",
    "reservations",
    "scopes",
    "sign_in_attempts",
    "sign_ins",
    "transcripts",
    "turns",
    "undos",
    "units",
    "unmet",
    "users",
    "worklist",
]
