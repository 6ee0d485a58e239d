"""Bringing a database to this version's schema: at once in memory, by migration everywhere else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from tools.records import guards
from tools.records.engine import is_memory
from tools.records.tables import metadata

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(engine: Engine) -> None:
    """Makes the tables and guards that are missing. Concurrent callers wait for each other."""
    if is_memory(engine):
        create(engine)
    else:
        migrate(engine)


def create(engine: Engine) -> None:
    """The newest schema, straight from the tables' definitions; a test holds that migrating gives the same."""
    with engine.execution_options(writes=True).begin() as connection:
        metadata.create_all(connection)
        guards.put_up(connection)
        guards.isolate(connection)


def known_schemas() -> frozenset[str]:
    """The schemas that this version can migrate from."""
    return frozenset(each.revision for each in _scripts().walk_revisions())


def schema_of(connection: Connection) -> str:
    """The schema that a database has; in memory it is the newest."""
    from alembic.migration import MigrationContext

    present = MigrationContext.configure(connection).get_current_revision()
    return present or str(_scripts().get_current_head())


def _scripts() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(MIGRATIONS))


def migrate(engine: Engine, to: str = "head") -> None:
    """Runs the migrations up to `to` in one transaction."""
    from alembic import command
    from alembic.config import Config

    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(5107)")  # one migrates, others wait
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if to == "head":
            guards.isolate(connection)
            guards.keep_version(connection)
