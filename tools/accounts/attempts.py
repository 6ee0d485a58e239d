"""Guessing: every attempt counts before the password is looked at, so that a hundred at once are no way around."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update

from tools.accounts.policy import Policy
from tools.accounts.users import folded, row_added
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.store import Store
from tools.records.writer import Writer


class LockedOut(ToolError):
    """Too many attempts under one name, known or not."""

    def __init__(self, until: dt.timedelta) -> None:
        minutes = max(1, -(-int(until.total_seconds()) // 60))
        said = f"Too many attempts with this name. Maybe try again in {minutes} minutes, or ask an admin for a link."
        super().__init__("forbidden", said)


def counted(writer: Writer, name: str, now: dt.datetime, policy: Policy) -> int:
    """Counts an attempt and gives its number; raises `LockedOut` when no more are taken."""
    c, base = t.sign_in_attempts.c, {"clinic": writer.clinic_id, "who": key_of(writer, name)}
    # The row is there before it is locked, so that the first two attempts at once queue up like all others.
    row_added(writer, t.sign_in_attempts, base | {"failures": 0, "last_at": now, "locked_until": None})
    own = (c.clinic == base["clinic"], c.who == base["who"])
    row = writer.connection.execute(select(t.sign_in_attempts).where(*own).with_for_update()).one()
    if row.locked_until and row.locked_until > now:
        raise LockedOut(row.locked_until - now)
    over = row.locked_until is not None or row.last_at < now - policy.lock
    number = 1 if over else int(row.failures) + 1
    if number > policy.failures:
        raise LockedOut(policy.lock)
    values = {"failures": number, "last_at": now, "locked_until": None}
    writer.connection.execute(update(t.sign_in_attempts).where(*own).values(**values))
    return number


def lock(writer: Writer, name: str, until: dt.datetime) -> None:
    """Takes no more attempts under this name until then."""
    c = t.sign_in_attempts.c
    own = (c.clinic == writer.clinic_id, c.who == key_of(writer, name))
    writer.connection.execute(update(t.sign_in_attempts).where(*own).values(locked_until=until))


def forget(writer: Writer, name: str) -> None:
    """The right password ends the count."""
    c = t.sign_in_attempts.c
    own = (c.clinic == writer.clinic_id, c.who == key_of(writer, name))
    writer.connection.execute(delete(t.sign_in_attempts).where(*own))


def key_of(store: Store, name: str) -> bytes:
    """What stands for a typed name: it might be a password that was typed into the wrong field."""
    return store.keys.index("sign-in", folded(name))
