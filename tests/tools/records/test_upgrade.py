"""A database of an earlier version is brought up to date with everything that is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, insert, inspect, select

from tests.tools.records.conftest import KEY, NOW
from tests.tools.records.scan import everything
from tools.clinic_file import Loaded
from tools.context import Context, Principal, Role
from tools.edits.contract import EditRequest, ListRecords
from tools.edits.editing import edit_record
from tools.edits.listing import list_records
from tools.records import proposing, trail
from tools.records import tables as t
from tools.records.engine import engine_for
from tools.records.schema import MIGRATIONS, migrate
from tools.records.sealing import WORDS, opened
from tools.records.store import Store
from tools.worklist import WorklistRequest, worklist

PLANTED = "Zebulon Quartermain"
ANN = Principal("ann", "Ann", Role.SCHEDULER)
SCHEMAS = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def old_rows(store: Store, old: Engine) -> dict[str, list[dict[str, Any]]]:
    """The rows of today's database as an earlier schema has them: its own tables and columns, words in clear."""
    shape = MetaData()
    shape.reflect(old)
    found = {}
    with store.engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            if table.name in shape.tables:
                columns = [column for column in table.columns if column.name in shape.tables[table.name].c]
                rows = connection.execute(select(*columns)).all()
                clear = table in WORDS and "words_sealed" not in shape.tables["meta"].c
                found[table.name] = [
                    vars(opened(store.keys, table, row)) if clear else dict(row._mapping) for row in rows
                ]
    return found


def filled(engine: Engine, rows: dict[str, list[dict[str, Any]]]) -> None:
    """The rows in the earlier schema."""
    with engine.execution_options(writes=True).begin() as connection:
        for table in t.metadata.sorted_tables:
            if rows.get(table.name):
                connection.execute(insert(table), rows[table.name])


def spoken(store: Store) -> None:
    """A fact, an edit of a rule that waits to be confirmed, and a cause in the worklist, each with a name in it."""
    ctx = Context(store, Principal("dee", "Dee", Role.DIRECTOR), lambda: NOW)
    away = {"leave": [{"from": "2026-03-09", "to": "2026-03-20", "reason": PLANTED}]}
    for body in (
        {"kind": "staff", "id": "dr-a", "add": away, "reason": PLANTED},
        {
            "kind": "rules",
            "id": "turnover",
            "version": 1,
            "body": {"level": "soft"},
            "reason": PLANTED,
        },
    ):
        edit_record(ctx, EditRequest.model_validate(body))


def words_of(store: Store) -> list[Any]:
    """What people said, wherever it is kept."""
    ctx = Context(store, Principal("dee", "Dee", Role.DIRECTOR), lambda: NOW)
    asked = ListRecords.model_validate({"kind": "staff", "history": True})
    with store.reading() as connection:
        ids = connection.execute(select(t.proposals.c.id)).scalars().all()
    proposals = [proposing.shown(store, each, "dee") for each in ids]
    assert len(proposals) == 1
    told = [item.model_dump() for item in worklist(ctx, WorklistRequest()).items]
    assert PLANTED in str(told)
    return [list_records(ctx, asked).model_dump(), told, proposals]


@pytest.mark.parametrize("schema", SCHEMAS)
def test_an_earlier_database_is_upgraded_with_its_data(
    url: str, loaded: Loaded, tmp_path: Path, schema: str
) -> None:
    """From each earlier schema: clinic, cases, identities and the trail are there, and it can be written."""
    now = Store.create(f"sqlite:///{tmp_path}/now.db", loaded, at=NOW, key=KEY)
    now.write(lambda writer: writer.audit(ANN, NOW, "edit", ["x"], None, None))
    spoken(now)
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
    if schema >= "0004":
        assert words_of(store) == words_of(now)
    assert PLANTED not in everything(store.engine)
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
