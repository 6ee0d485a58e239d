"""On PostgreSQL no transaction sees or writes another clinic's rows, whatever its query says."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, insert, make_url, text, update
from sqlalchemy.exc import DBAPIError

from tests.tools.records.conftest import KEY, NOW
from tools.accounts import people
from tools.care.backup import backup
from tools.clinic_file import Loaded
from tools.context import Context, Principal, Role
from tools.records import guards
from tools.records import tables as t
from tools.records.store import Store

ROOT = Path(__file__).parents[3]
NUMBERS = itertools.count(1)
ANN = Principal("ann", "Ann", Role.SCHEDULER)
ADMIN = Principal("root", "Root", Role.ADMIN)


@pytest.fixture
def store(pg_url: str, loaded: Loaded) -> Iterator[Store]:
    """The small clinic, loaded by the tables' owner."""
    made = Store.create(pg_url, loaded, at=NOW, key=KEY)
    yield made
    made.close()


@pytest.fixture
def app_url(store: Store, pg_url: str) -> Iterator[str]:
    """The database as the role that the documentation makes, by the documentation's own statements."""
    name = f"slotwright_app_{next(NUMBERS)}"
    block = re.search(r"```sql\n(.*?)```", (ROOT / "docs/postgres.md").read_text(), re.DOTALL)
    assert block
    with store.engine.begin() as connection:
        for statement in block[1].replace("slotwright_app", name).split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
    yield make_url(pg_url).set(username=name).render_as_string(hide_password=False)
    with store.engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {name}"))
        connection.execute(text(f"DROP ROLE {name}"))


@pytest.fixture
def raw(app_url: str) -> Iterator[Engine]:
    """A plain connection of that role, with none of our code on it."""
    engine = create_engine(app_url)
    yield engine
    engine.dispose()


def seen(engine: Engine, clinic: str | None) -> dict[str, int]:
    """How many rows of each table a transaction of a clinic sees; tables without any are left out."""
    with engine.begin() as connection:
        if clinic is not None:
            connection.execute(text("SELECT set_config('slotwright.clinic', :c, true)"), {"c": clinic})
        counts = {
            table.name: int(connection.execute(text(f"SELECT count(*) FROM {table.name}")).scalar_one())
            for table in t.metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}


def test_every_table_is_isolated(store: Store) -> None:
    """Each has row-level security that binds its owner too, and a policy for reading and writing."""
    with store.engine.connect() as connection:
        done = set(connection.execute(text(guards._ISOLATED)).scalars())
        assert done == set(t.metadata.tables)
        for row in connection.execute(
            text("SELECT * FROM pg_policies WHERE policyname = 'own_clinic'")
        ).mappings():
            assert row["cmd"] == "ALL"
            assert "slotwright.clinic" in row["qual"]
            assert row["with_check"] == row["qual"]


def test_every_table_begins_with_its_clinic() -> None:
    """A table without the column couldn't be isolated."""
    assert {table.name for table in t.metadata.sorted_tables if table.columns.keys()[0] != "clinic"} <= {
        "units",
        "reservations",
    }
    assert all("clinic" in table.c and not table.c.clinic.nullable for table in t.metadata.sorted_tables)


def test_the_role_cannot_bypass(raw: Engine) -> None:
    """It is no superuser, owns nothing, and has no right to bypass."""
    with raw.connect() as connection:
        row = connection.execute(text("SELECT * FROM pg_roles WHERE rolname = current_user")).mappings().one()
        owned = connection.execute(text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user"))
        assert owned.scalar_one() == 0
    rights = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolinherit")
    assert not any(row[right] for right in rights)


@pytest.mark.parametrize("clinic", [None, "", "other", "smal_", "%"])
def test_another_clinic_sees_nothing(store: Store, raw: Engine, clinic: str | None) -> None:
    """Another clinic's transaction, or nobody's, finds every table empty; the clinic's own finds its rows."""
    assert seen(raw, clinic) == {}
    assert {"cases", "records", "audit", "patients"} <= set(seen(raw, store.clinic_id))


def test_a_setting_ends_with_its_transaction(store: Store, raw: Engine) -> None:
    """The next transaction on the same session, as behind a pooler, is nobody's again."""
    with raw.connect() as connection:
        with connection.begin():
            connection.execute(
                text("SELECT set_config('slotwright.clinic', :c, true)"), {"c": store.clinic_id}
            )
            assert connection.execute(text("SELECT count(*) FROM cases")).scalar_one()
        with connection.begin():
            assert connection.execute(text("SELECT count(*) FROM cases")).scalar_one() == 0


def test_another_clinic_writes_nothing(store: Store, raw: Engine) -> None:
    """It can't add a row in the clinic's name, nor hand it one; its updates and deletes meet no row."""
    before = store.export(patients=True)
    meta: dict[str, Any] = {
        "clinic": store.clinic_id, "demo": False, "revision": 1, "records_revision": 1, "key_check": b"",
        "created_at": NOW,
    }  # fmt: skip
    scope = {"clinic": store.clinic_id, "scope": "2026-03-10", "revision": 1}
    statements = [
        insert(t.scopes).values(scope),
        insert(t.meta).values(meta),
        update(t.cases).values(status="cancelled"),
        t.patients.delete(),
        t.records.delete(),
    ]
    for statement in statements:
        with raw.connect() as connection, connection.begin():
            connection.execute(text("SELECT set_config('slotwright.clinic', 'other', true)"))
            if statement.is_insert:
                with pytest.raises(DBAPIError, match="row-level security"):
                    connection.execute(statement)
            else:
                assert connection.execute(statement).rowcount == 0
    assert store.export(patients=True) == before


def test_a_row_cannot_be_handed_to_another_clinic(store: Store, raw: Engine) -> None:
    """A clinic's own transaction can't move its row to another."""
    with raw.connect() as connection, connection.begin():
        connection.execute(text("SELECT set_config('slotwright.clinic', :c, true)"), {"c": store.clinic_id})
        with pytest.raises(DBAPIError, match="row-level security"):
            connection.execute(t.records.update().values(clinic="other"))


def test_the_server_works_as_that_role(store: Store, app_url: str) -> None:
    """Opened without any right to change the schema it reads, writes, audits and verifies."""
    mine = Store.open(app_url, KEY)
    assert mine.clinic() == store.clinic()
    assert mine.export(patients=True) == store.export(patients=True)
    mine.write(lambda writer: writer.lock({"2026-03-10"}))
    mine.write(lambda writer: writer.audit(ANN, NOW, "edit", ["x"], None, None))
    assert mine.audit_broken_at() is None
    assert store.audit_entries()[-1].objects == ("x",)
    kept = io.BytesIO()
    assert backup(Context(mine, ADMIN, lambda: NOW), kept).rows["patients"] == 1
    ctx = Context(mine, ADMIN, lambda: NOW)
    people.added(ctx, "rita", "Rita", "admin")
    assert [each.id for each in people.listed(ctx)] == ["rita"]
    mine.close()


@pytest.mark.parametrize("table", ["audit", "access"])
def test_that_role_cannot_touch_the_trail(store: Store, raw: Engine, table: str) -> None:
    """It has no right to update, delete or truncate an entry, or to take the guards off."""
    for statement in (
        f"UPDATE {table} SET action = 'x'",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"DROP TRIGGER {table}_no_change ON {table}",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"DROP POLICY own_clinic ON {table}",
    ):
        with raw.connect() as connection, connection.begin():
            connection.execute(
                text("SELECT set_config('slotwright.clinic', :c, true)"), {"c": store.clinic_id}
            )
            with pytest.raises(DBAPIError, match="permission denied|must be owner"):
                connection.execute(text(statement))


def test_two_clinics_in_one_database_stay_apart(store: Store, raw: Engine) -> None:
    """Rows of a second clinic are there, and the first one's queries without any WHERE don't see them."""
    with store.engine.begin() as connection:  # as the superuser, whom nothing binds
        connection.execute(insert(t.scopes), {"clinic": "other", "scope": "2026-03-10", "revision": 1})
    assert seen(raw, "other") == {"scopes": 1}
    assert "scopes" not in seen(raw, store.clinic_id)


def test_only_its_owner_says_which_schema_this_is(store: Store, app_url: str, raw: Engine) -> None:
    """A host that grants everything on every table to everyone still lets nobody write the version; all may read it."""
    role = make_url(app_url).username
    with store.engine.begin() as connection:
        connection.execute(text(f"GRANT ALL ON alembic_version TO {role}"))
    with raw.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
        assert connection.execute(text("UPDATE alembic_version SET version_num = '0001'")).rowcount == 0
        assert connection.execute(text("DELETE FROM alembic_version")).rowcount == 0
    with pytest.raises(DBAPIError, match="row-level security"), raw.begin() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
