"""One-time links: how the first admin comes to be, and how anyone gets a password without telling it to anyone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from tools.accounts import attempts, passwords, tokens
from tools.accounts.policy import DEFAULT, Policy
from tools.accounts.users import add, change, has_admin, new_id, row_of, sign_out_all, user, user_from
from tools.context import Principal, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.store import Store
from tools.records.writer import Writer

FIRST, PASSWORD = "first-admin", "password"


@dataclass(frozen=True)
class Link:
    """What a link is for: the first admin, or a password for a user."""

    purpose: str
    principal: str | None


def first_admin(store: Store, now: dt.datetime, policy: Policy = DEFAULT) -> str | None:
    """The token of a link that makes the first admin, and ends earlier ones; None once there is an admin."""
    return None if has_admin(store) else store.write(lambda writer: made(writer, FIRST, None, now, policy))


def made(writer: Writer, purpose: str, principal: str | None, now: dt.datetime, policy: Policy) -> str:
    """A new link's token; an earlier one for the same purpose and person works no more."""
    c, token = t.one_time_links.c, tokens.fresh()
    same = (c.purpose == purpose) & (c.principal.is_(None) if principal is None else c.principal == principal)
    gone = (c.clinic == writer.clinic_id) & (same | (c.expires_at <= now))
    writer.connection.execute(delete(t.one_time_links).where(gone))
    row = {
        "clinic": writer.clinic_id,
        "digest": tokens.digest(token),
        "purpose": purpose,
        "principal": principal,
        "expires_at": now + policy.link,
    }
    writer.connection.execute(insert(t.one_time_links), row)
    return token


def link(store: Store, token: str, now: dt.datetime) -> Link:
    """What a token is for, without using it up; raises `ToolError("expired")`."""
    c = t.one_time_links.c
    query = select(c.purpose, c.principal).where(
        c.clinic == store.clinic_id, c.digest == tokens.digest(token), c.expires_at > now
    )
    with store.reading() as connection:
        row = connection.execute(query).first()
    if row is None:
        said = "This link was used, replaced or is too old. Maybe ask for another one."
        raise ToolError("expired", said)
    return Link(row.purpose, row.principal)


def make_first_admin(
    store: Store, token: str, user_id: str, name: str, password: str, now: dt.datetime
) -> Principal:
    """The first admin, by the link that `serve` printed; raises `ToolError`, and the link stays good then."""
    who = Principal(new_id(user_id), name.strip()[:120] or user_id, Role.ADMIN)
    passwords.refuse_weak(password, who.id, who.name)
    kept = passwords.hashed(password)

    def work(writer: Writer) -> None:
        _used(writer, token, FIRST, now)
        if has_admin(writer):
            raise ToolError("conflict", "There is an admin already. Maybe sign in, or ask them for a link.")
        add(writer, {"id": who.id, "name": who.name, "role": str(who.role), "password": kept}, now)
        writer.audit(who, now, "user-added", [who.id], None, {"role": str(who.role)})

    store.write(work)
    return who


def set_password(store: Store, token: str, password: str, now: dt.datetime) -> Principal:
    """A user's new password by their link, which ends all their sign-ins; raises `ToolError`."""
    known = link(store, token, now)
    who = user(store, known.principal or "").principal
    passwords.refuse_weak(password, who.id, who.name)
    kept = passwords.hashed(password)

    def work(writer: Writer) -> None:
        _used(writer, token, PASSWORD, now)
        row = row_of(writer.connection, writer.clinic_id, who.id)
        if row is None or not user_from(row).active:
            raise ToolError("forbidden", "This person has no access any more. Maybe ask an admin.")
        change(writer, who.id, password=kept)
        sign_out_all(writer, who.id)
        attempts.forget(writer, who.id)
        writer.audit(who, now, "password-set", [who.id], None, None)

    store.write(work)
    return who


def _used(writer: Writer, token: str, purpose: str, now: dt.datetime) -> None:
    """Uses the link up; of two at once, one finds it gone."""
    if link(writer, token, now).purpose != purpose:
        raise ToolError("expired", "This link is for something else. Maybe ask for another one.")
    c = t.one_time_links.c
    own = delete(t.one_time_links).where(c.clinic == writer.clinic_id, c.digest == tokens.digest(token))
    if writer.connection.execute(own.returning(c.digest)).first() is None:
        raise ToolError("expired", "This link was used just now. Maybe ask for another one.")
