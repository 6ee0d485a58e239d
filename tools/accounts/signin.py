"""Signing in and out: server-side sign-ins that can be revoked, by the hash of their token."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from tools.accounts import attempts, passwords, tokens
from tools.accounts.policy import DEFAULT, Policy
from tools.accounts.users import NOBODY, User, change, row_of, sign_out_all, user_from
from tools.context import Principal
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.store import Store
from tools.records.writer import Writer

WRONG = (
    "This name and password don't belong together. Maybe check the Caps Lock key, or ask an admin for a link."
)


@dataclass(frozen=True)
class SignIn:
    """A signed-in person, and when they will be signed out: by doing nothing, or in any case."""

    principal: Principal
    idle_until: dt.datetime
    expires_at: dt.datetime

    def seconds_left(self, now: dt.datetime) -> int:
        """Whole seconds until doing nothing signs out."""
        return max(0, int((min(self.idle_until, self.expires_at) - now).total_seconds()))


def sign_in(
    store: Store, name: str, password: str, now: dt.datetime, policy: Policy = DEFAULT, old: str | None = None
) -> str:
    """The token of a new sign-in; `old` is a token that the browser had before, which ends.

    Raises `ToolError("invalid")` with the same words and the same work for a wrong name as for a wrong password,
    and `LockedOut` after too many attempts.
    """
    known = verified(store, name, password, now, policy)
    principal, token = known.principal, tokens.fresh()

    def work(writer: Writer) -> None:
        row = row_of(writer.connection, writer.clinic_id, known.id, lock=True)
        if (
            row is None or row.version != known.version
        ):  # reset or deactivated since the password was compared
            raise ToolError("invalid", WRONG, "password")
        end(writer, old)
        begin(writer, principal, token, now, policy)
        writer.audit(principal, now, "sign-in", [principal.id], None, None)

    store.write(work)
    return token


def verified(store: Store, name: str, password: str, now: dt.datetime, policy: Policy) -> User:
    """Whose name and password these are; counts, and writes what failed into the trail."""
    number = store.write(lambda writer: attempts.counted(writer, name, now, policy))
    with store.reading() as connection:
        row = row_of(connection, store.clinic_id, name)
    # Nobody, or somebody without access, costs the same work as a wrong password.
    if passwords.matches(row.password if row and row.active else None, password) and row:
        store.write(lambda writer: attempts.forget(writer, name))
        return user_from(row)
    known = [row.id] if row else []
    store.write(lambda writer: _failed(writer, name, known, number, now, policy))
    raise ToolError("invalid", WRONG, "password")


def _failed(
    writer: Writer, name: str, known: list[str], number: int, now: dt.datetime, policy: Policy
) -> None:
    writer.audit(NOBODY, now, "sign-in-failed", known, None, None)
    if number >= policy.failures:
        attempts.lock(writer, name, now + policy.lock)
        writer.audit(NOBODY, now, "sign-in-locked", known, None, None)


def begin(writer: Writer, principal: Principal, token: str, now: dt.datetime, policy: Policy) -> None:
    """Writes a sign-in, and takes away those that have ended by themselves."""
    c = t.sign_ins.c
    gone = (c.expires_at <= now) | (c.seen_at <= now - policy.idle)
    writer.connection.execute(delete(t.sign_ins).where(c.clinic == writer.clinic_id, gone))
    row = {
        "clinic": writer.clinic_id,
        "digest": tokens.digest(token),
        "principal": principal.id,
        "created_at": now,
        "seen_at": now,
        "expires_at": now + policy.absolute,
    }
    writer.connection.execute(insert(t.sign_ins), row)


def end(writer: Writer, token: str | None) -> None:
    """Takes away one sign-in, whoever's it was."""
    if token:
        c = t.sign_ins.c
        own = (c.clinic == writer.clinic_id, c.digest == tokens.digest(token))
        writer.connection.execute(delete(t.sign_ins).where(*own))


def present(
    store: Store, token: str, now: dt.datetime, policy: Policy = DEFAULT, *, active: bool = True
) -> SignIn | None:
    """Who a token belongs to now; None when it is nobody's, ended, revoked, or the person has lost access.

    `active` counts the request as something that the person did; a page that only listens doesn't stay signed in.
    """
    s, u = t.sign_ins.c, t.users.c
    together = t.sign_ins.join(t.users, (s.clinic == u.clinic) & (s.principal == u.id))
    own = (s.clinic == store.clinic_id, s.digest == tokens.digest(token))
    with store.reading() as connection:
        query = select(t.users, s.seen_at, s.expires_at).select_from(together).where(*own)
        row = connection.execute(query).first()
    if row is None or not row.active or row.expires_at <= now or row.seen_at <= now - policy.idle:
        return None
    seen = row.seen_at
    if active and now - seen >= policy.idle / 30:  # a write every half minute, not one a request
        seen = now
        again = update(t.sign_ins).where(*own).values(seen_at=now)
        store.write(lambda writer: writer.connection.execute(again))
    return SignIn(user_from(row).principal, seen + policy.idle, row.expires_at)


def sign_out(store: Store, token: str, who: Principal, now: dt.datetime) -> None:
    """Ends this sign-in at once."""

    def work(writer: Writer) -> None:
        end(writer, token)
        writer.audit(who, now, "sign-out", [who.id], None, None)

    store.write(work)


def change_password(
    store: Store, who: Principal, old: str, new: str, now: dt.datetime, policy: Policy = DEFAULT,
    token: str = "",
) -> None:  # fmt: skip
    """Sets the person's own password and ends all their other sign-ins; `token` is the one that stays.

    Raises `ToolError("invalid")` for a wrong old password or a weak new one.
    """
    passwords.refuse_weak(new, who.id, who.name)
    verified(store, who.id, old, now, policy)
    kept = passwords.hashed(new)

    def work(writer: Writer) -> None:
        change(writer, who.id, password=kept)
        sign_out_all(writer, who.id, but=tokens.digest(token))
        writer.audit(who, now, "password-changed", [who.id], None, None)

    store.write(work)
