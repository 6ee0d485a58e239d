"""API keys: machines under a name of their own, narrowed to scopes, with an end."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from tools.accounts import tokens
from tools.context import GRANTS, Context, Permission, Principal, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.store import Store
from tools.records.writer import Writer

PREFIX = "sw_"
LONGEST_DAYS = 366
SCOPES = {
    permission.name.lower(): permission for permission in Permission if permission in GRANTS[Role.INTEGRATION]
}
"""Scope -> permission: what an integration may be narrowed to."""


@dataclass(frozen=True)
class ApiKey:
    """A key as it is listed; the secret was shown once and isn't known any more."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None

    def good(self, now: dt.datetime) -> bool:
        """Whether it still opens the door."""
        return self.revoked_at is None and now < self.expires_at


def keys(ctx: Context) -> list[ApiKey]:
    """Every key, the ended ones too; raises `ToolError("forbidden")`."""
    ctx.require(Permission.PEOPLE)
    query = select(t.api_keys).where(t.api_keys.c.clinic == ctx.store.clinic_id)
    with ctx.store.reading() as connection:
        return [_key_from(row) for row in connection.execute(query.order_by(t.api_keys.c.created_at))]


def key_added(ctx: Context, name: str, scopes: Iterable[str] = (), days: int = 90) -> str:
    """A new key as the machine sends it, shown this once; no `scopes` means all that integrations may do."""
    ctx.require(Permission.PEOPLE)
    chosen = _scopes(scopes)
    if not 1 <= days <= LONGEST_DAYS:
        raise ToolError("invalid", f"{days} days is no life for a key. Maybe 1 to {LONGEST_DAYS}", "days")
    label = " ".join(name.split())
    if not 1 <= len(label) <= 120 or not label.isprintable():
        raise ToolError("invalid", "A key's name has 1 to 120 characters. Maybe: EMR bridge", "name")
    now, key_id, secret = ctx.now(), ctx.store.new_id("key"), tokens.fresh()
    row = {
        "clinic": ctx.store.clinic_id,
        "id": key_id,
        "digest": tokens.digest(secret),
        "name": label,
        "scopes": chosen,
        "created_by": ctx.principal.id,
        "created_at": now,
        "expires_at": now + dt.timedelta(days=days),
        "revoked_at": None,
    }

    def work(writer: Writer) -> None:
        writer.connection.execute(insert(t.api_keys), row)
        writer.audit(ctx.principal, now, "key-added", [key_id], None, {"scopes": chosen, "days": days})

    ctx.store.write(work)
    return f"{PREFIX}{key_id}_{secret}"


def key_revoked(ctx: Context, key_id: str) -> None:
    """Ends a key at once; raises `ToolError("not-found")`."""
    ctx.require(Permission.PEOPLE)
    c, now = t.api_keys.c, ctx.now()
    own = (c.clinic == ctx.store.clinic_id, c.id == key_id)

    def work(writer: Writer) -> None:
        ended = update(t.api_keys).where(*own, c.revoked_at.is_(None)).values(revoked_at=now)
        if writer.connection.execute(ended.returning(c.id)).first() is None:
            said = f"There is no key {key_id[:60]!r} in use. Maybe list them first."
            raise ToolError("not-found", said, "key")
        writer.audit(ctx.principal, now, "key-revoked", [key_id], None, None)

    ctx.store.write(work)


def machine(store: Store, token: str, now: dt.datetime) -> Principal | None:
    """Whose key this is; None when it is nobody's, ended or revoked."""
    key_id, _, secret = token.removeprefix(PREFIX).partition("_")
    if not token.startswith(PREFIX) or len(token) > 200:
        return None
    query = select(t.api_keys).where(t.api_keys.c.clinic == store.clinic_id, t.api_keys.c.id == key_id)
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None or not hmac.compare_digest(row.digest, tokens.digest(secret)):
        return None
    if not _key_from(row).good(now):
        return None
    scopes = frozenset(SCOPES[scope] for scope in row.scopes if scope in SCOPES)
    return Principal(row.id, row.name, Role.INTEGRATION, scopes)


def _scopes(asked: Iterable[str]) -> list[str]:
    chosen = sorted(set(asked)) or sorted(SCOPES)
    for scope in chosen:
        if scope not in SCOPES:
            said = f"{scope[:60]!r} is no scope of an integration. Maybe one of: {', '.join(SCOPES)}"
            raise ToolError("invalid", said, "scopes")
    return chosen


def _key_from(row: Row[Any]) -> ApiKey:
    return ApiKey(
        row.id, row.name, tuple(row.scopes), row.created_by, row.created_at, row.expires_at, row.revoked_at
    )
