"""People's access: users, who is signed in, one-time links, failed attempts, API keys. No secret is kept in clear."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from tools.records.tables.base import Moment, json_column, metadata, number_column, text_column

users = Table(
    "users",
    metadata,
    text_column("clinic"),
    text_column("id"),
    text_column("name"),
    text_column("role"),
    Column("password", Text),
    Column("issuer", Text),
    Column("subject", Text),
    Column("active", Boolean, nullable=False),
    number_column("version"),
    Column("created_at", Moment, nullable=False),
    PrimaryKeyConstraint("clinic", "id"),
    UniqueConstraint("clinic", "issuer", "subject"),
)
"""`password` is an argon2 hash; `issuer` and `subject` name the person at an identity provider."""

sign_ins = Table(
    "sign_ins",
    metadata,
    text_column("clinic"),
    Column("digest", LargeBinary, nullable=False),
    text_column("principal"),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    PrimaryKeyConstraint("clinic", "digest"),
    ForeignKeyConstraint(["clinic", "principal"], ["users.clinic", "users.id"]),
    Index(None, "clinic", "principal"),
)
"""One row a signed-in browser, by its token's hash; deleting the row signs it out at once."""

one_time_links = Table(
    "one_time_links",
    metadata,
    text_column("clinic"),
    Column("digest", LargeBinary, nullable=False),
    text_column("purpose"),
    Column("principal", Text),
    Column("expires_at", Moment, nullable=False),
    PrimaryKeyConstraint("clinic", "digest"),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    text_column("clinic"),
    Column("who", LargeBinary, nullable=False),
    number_column("failures"),
    Column("last_at", Moment, nullable=False),
    Column("locked_until", Moment),
    PrimaryKeyConstraint("clinic", "who"),
)
"""`who` is a keyed hash of the name that was typed, known or not: a lock tells nobody which names exist."""

api_keys = Table(
    "api_keys",
    metadata,
    text_column("clinic"),
    text_column("id"),
    Column("digest", LargeBinary, nullable=False),
    text_column("name"),
    json_column("scopes"),
    text_column("created_by"),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    PrimaryKeyConstraint("clinic", "id"),
)

oidc_flows = Table(
    "oidc_flows",
    metadata,
    text_column("clinic"),
    Column("digest", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False),
    PrimaryKeyConstraint("clinic", "digest"),
)
"""A sign-in that is away at the identity provider: its verifier and nonce, by the hash of its state."""
