"""The users of a clinic, as they are read and written inside one transaction."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tools.context import Principal, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.store import Store
from tools.records.writer import Writer

NOBODY = Principal("nobody", "Nobody signed in", Role.INTEGRATION)
"""Who the trail names where it isn't known who tried."""
RESERVED = frozenset({"nobody", "system", "terminal", "demo-director", "clock"})
HUMAN = tuple(role for role in Role if role is not Role.INTEGRATION)
"""Roles that a person may have; machines have keys."""
_ID = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


@dataclass(frozen=True)
class User:
    """A person who may sign in. `provider` tells whether an identity provider vouches for them."""

    id: str
    name: str
    role: Role
    active: bool
    has_password: bool
    provider: bool
    version: int
    created_at: dt.datetime

    @property
    def principal(self) -> Principal:
        """The person as the tools know them."""
        return Principal(self.id, self.name, self.role)


def all_users(store: Store) -> list[User]:
    """Every user by id, those without access too."""
    query = select(t.users).where(t.users.c.clinic == store.clinic_id).order_by(t.users.c.id)
    with store.reading() as connection:
        return [user_from(row) for row in connection.execute(query)]


def has_users(store: Store) -> bool:
    """Whether anyone was ever given access."""
    query = select(t.users.c.id).where(t.users.c.clinic == store.clinic_id).limit(1)
    with store.reading() as connection:
        return connection.execute(query).first() is not None


def has_admin(store: Store) -> bool:
    """Whether anyone can give others access."""
    return any(each.role is Role.ADMIN and each.active for each in all_users(store))


def user(store: Store, user_id: str) -> User:
    """A user by id; raises `ToolError("not-found")`."""
    with store.reading() as connection:
        row = row_of(connection, store.clinic_id, user_id)
    if row is None:
        raise ToolError("not-found", f"There is no user {user_id[:60]!r}. Maybe list them first.", "user")
    return user_from(row)


def row_of(connection: Connection, clinic: str, user_id: str, lock: bool = False) -> Row[Any] | None:
    """The row of a user, whatever they typed as their name; with `lock` nobody changes it meanwhile."""
    query = select(t.users).where(t.users.c.clinic == clinic, t.users.c.id == folded(user_id))
    return connection.execute(query.with_for_update() if lock else query).first()


def user_from(row: Row[Any]) -> User:
    """A user of their row."""
    return User(
        row.id, row.name, Role(row.role), row.active, row.password is not None, row.issuer is not None,
        row.version, row.created_at,
    )  # fmt: skip


def folded(user_id: str) -> str:
    """A user's id as it is kept: capitals and spaces around it say nothing."""
    return user_id.strip().lower()[:120]


def new_id(text: str) -> str:
    """The id of a new user; raises `ToolError("invalid")`."""
    made = folded(text)
    if not _ID.fullmatch(made) or made in RESERVED or made.startswith("key-"):
        said = f"{text[:60]!r} can't be a user's name. Maybe small letters, digits and dots, like ann.lee"
        raise ToolError("invalid", said, "user")
    return made


def add(writer: Writer, made: dict[str, Any], at: dt.datetime) -> None:
    """Writes a new user; raises `ToolError("conflict")` where the id is taken."""
    empty = {"password": None, "issuer": None, "subject": None, "active": True, "version": 1}
    row = empty | made | {"clinic": writer.clinic_id, "created_at": at}
    if not row_added(writer, t.users, row):
        raise ToolError("conflict", f"There is a user {made['id']!r} already. Maybe add a letter.", "user")


def row_added(writer: Writer, table: Table, row: dict[str, Any]) -> bool:
    """Inserts a row unless it is there; of two writers at once, one is told that it is."""
    dialect = postgresql if writer.connection.dialect.name == "postgresql" else sqlite
    wish = dialect.insert(table).values(row).on_conflict_do_nothing()
    # The count of rows is -1 on PostgreSQL; what comes back tells on both.
    return writer.connection.execute(wish.returning(table.c.clinic)).first() is not None


def change(writer: Writer, user_id: str, **values: Any) -> None:
    """Changes a user's row and counts its version."""
    c = t.users.c
    own = update(t.users).where(c.clinic == writer.clinic_id, c.id == user_id)
    writer.connection.execute(own.values(version=c.version + 1, **values))


def sign_out_all(writer: Writer, user_id: str, but: bytes | None = None) -> None:
    """Ends every sign-in of a user, except the one whose token has the hash `but`."""
    c = t.sign_ins.c
    own = delete(t.sign_ins).where(c.clinic == writer.clinic_id, c.principal == user_id)
    writer.connection.execute(own if but is None else own.where(c.digest != but))
