"""Bringing a database to this version's schema: at once in memory, by migration everywhere else."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from tools.records import guards
from tools.records.engine import is_memory
from tools.records.tables import metadata

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
