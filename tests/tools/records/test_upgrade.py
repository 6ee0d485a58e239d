"""A database of an earlier version is brought up to date with everything that is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, insert, inspect, select

from tests.tools.records.conftest import KEY, NOW
from tools.clinic_file import Loaded
from tools.context import Principal, Role
from tools.records import tables as t
from tools.records import trail
from tools.records.engine import engine_for
from tools.records.schema import MIGRATIONS, migrate
from tools.records.store import Store

ANN = Principal("ann", "Ann", Role.SCHEDULER)
SCHEMAS = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def old_rows(store: Store, old: Engine) -> dict[str, list[dict[str, Any]]]:
    """The rows of today's database as an earlier schema has them: its own tables and columns alone."""
    shape = MetaData()
    shape.reflect(old)
    found = {}
    with store.engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            if table.name in shape.tables:
                columns = [column for column in table.columns if column.name in shape.tables[table.name].c]
                found[table.name] = [dict(row) for row in connection.execute(select(*columns)).mappings()]
    return found


def filled(engine: Engine, rows: dict[str, list[dict[str, Any]]]) -> None:
    """The rows in the earlier schema."""
    with engine.execution_options(writes=True).begin() as connection:
        for table in t.metadata.sorted_tables:
            if rows.get(table.name):
                connection.execute(insert(table), rows[table.name])


@pytest.mark.parametrize("schema", SCHEMAS)
def test_an_earlier_database_is_upgraded_with_its_data(
    url: str, loaded: Loaded, tmp_path: Path, schema: str
) -> None:
    """From each earlier schema: clinic, cases, identities and the trail are there, and it can be written."""
    now = Store.create(f"sqlite:///{tmp_path}/now.db", loaded, at=NOW, key=KEY)
    now.write(lambda writer: writer.audit(ANN, NOW, "edit", ["x"], None, None))
    engine = engine_for(url)
    migrate(engine, schema)
    rows = old_rows(now, engine)
    assert {"cases", "patients", "records", "audit", "reservations"} <= {
        name for name, each in rows.items() if each
    }
    filled(engine, rows)
    store = Store.open(url, KEY)
    assert store.clinic() == now.clinic()
    assert store.export(patients=True) == now.export(patients=True)
    assert store.audit_entries() == now.audit_entries()
    assert store.audit_broken_at() is None
    store.access.note(trail.Note("ann", "scheduler", NOW, "patient-read", ()))
    store.access.flush()
    store.write(lambda writer: writer.audit(ANN, NOW, "edit", ["y"], None, None))
    assert store.audit_broken_at() is None
    assert set(t.metadata.tables) <= set(inspect(store.engine).get_table_names())
    for each in (store, now):
        each.close()
    engine.dispose()


def test_the_revisions_are_one_line() -> None:
    """Each schema follows one other: there is one newest."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(SCHEMAS) == len(list(MIGRATIONS.glob("versions/0*.py")))
