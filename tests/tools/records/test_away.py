"""A database that is away or busy is told in words, harms nothing, and is found again when it is back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from tools.errors import Busy
from tools.records import engine as engines
from tools.records.engine import engine_for, retried


@pytest.fixture
def postgres(pg_database: Callable[[], str]) -> Iterator[Engine]:
    """An engine for an empty PostgreSQL database."""
    engine = engine_for(pg_database())
    yield engine
    engine.dispose()


def one(engine: Engine) -> int:
    """The plainest question."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT 1")).scalar_one())


def ended(engine: Engine) -> None:
    """Ends every other session of the database, as a restarting server does."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_session_ended_under_a_transaction_is_away_and_nothing_is_written(postgres: Engine) -> None:
    """The transaction in hand raises `Busy` and leaves no row; the next one works on a new session."""
    with postgres.begin() as connection:
        connection.execute(text("CREATE TABLE note (said int)"))

    def cut_between() -> None:
        with postgres.begin() as connection:
            connection.execute(text("INSERT INTO note VALUES (1)"))
            ended(postgres)
            connection.execute(text("INSERT INTO note VALUES (2)"))

    with pytest.raises(Busy, match="can't be reached") as seen:
        cut_between()
    assert not seen.value.at_once
    with postgres.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM note")).scalar_one() == 0


def test_a_session_that_died_while_idle_is_replaced_unnoticed(postgres: Engine) -> None:
    """A pooled connection is looked at before use, so a restart between two requests costs neither."""
    assert one(postgres) == 1
    ended(postgres)
    assert one(postgres) == 1


def test_a_server_that_is_not_there_is_away(tmp_path: Path) -> None:
    """No server on the socket: `Busy`, without the driver's words about hosts."""
    engine = engine_for(f"postgresql://someone@/clinic?host={tmp_path}")
    with pytest.raises(Busy, match="^The book can't be reached") as seen:
        one(engine)
    assert str(tmp_path) not in seen.value.message


def test_a_deadlock_is_run_again(postgres: Engine) -> None:
    """What the engine says may succeed at once is tried again, and succeeds."""
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        with postgres.begin() as connection:
            if len(tries) == 1:
                connection.execute(text("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$"))
        return "done"

    assert retried(work) == "done"
    assert len(tries) == 2


def test_a_locked_file_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes the file: `Busy` after one patience, and it works once the lock is gone."""
    monkeypatch.setattr(engines, "BUSY_MS", 50)
    place = tmp_path / "clinic.db"
    engine = engine_for(f"sqlite:///{place}")
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("CREATE TABLE note (said int)"))
    engine.dispose()
    holder = sqlite3.connect(place, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    holder.execute("INSERT INTO note VALUES (1)")

    def work() -> int:
        with engine.execution_options(writes=True).begin() as connection:
            return int(connection.execute(text("SELECT count(*) FROM note")).scalar_one())

    with pytest.raises(Busy, match="busy just now"):
        retried(work)
    holder.execute("COMMIT")
    holder.close()
    assert retried(work) == 1
    engine.dispose()


def test_a_missing_table_is_no_absence(tmp_path: Path) -> None:
    """A fault of ours keeps its own name: only what may pass by waiting is `Busy`."""
    engine = engine_for(f"sqlite:///{tmp_path / 'clinic.db'}")
    with pytest.raises(Exception, match="no such table") as seen, engine.connect() as connection:
        connection.execute(text("SELECT * FROM missing"))
    assert not isinstance(seen.value, Busy)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine of each kind with one table."""
    there = request.param == "sqlite"
    engine = engine_for(
        f"sqlite:///{tmp_path}/clinic.db" if there else request.getfixturevalue("pg_database")()
    )
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("CREATE TABLE note (said int)"))
    yield engine
    engine.dispose()


def test_a_database_that_may_only_be_read_says_so(either: Engine) -> None:
    """Set to read-only, as hosts do when the disk is full: reading goes on, writing is `Busy` and says why."""
    stop = {
        "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
        "postgresql": ("SET TRANSACTION READ ONLY", "SELECT 1"),
    }[either.dialect.name]
    with either.connect() as connection:
        connection.execute(text(stop[0]))
        assert connection.execute(text("SELECT count(*) FROM note")).scalar_one() == 0
        with pytest.raises(Busy, match="can only be read just now, and nothing was written") as seen:
            connection.execute(text("INSERT INTO note VALUES (1)"))
        connection.rollback()
        connection.execute(text(stop[1]))
    assert not seen.value.at_once
    assert one(either) == 1


def test_connections_that_are_all_in_use_are_busy(either: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever finds no connection left is told to try again, and finds one when it is given back."""
    monkeypatch.setattr(either.pool, "_timeout", 0.05)
    monkeypatch.setattr(either.pool, "_max_overflow", 0)
    held = [either.connect() for _ in range(10)]
    with pytest.raises(Busy, match="busy just now"):
        one(either)
    for each in held:
        each.close()
    assert one(either) == 1


def test_a_statement_that_the_host_ends_is_busy(postgres: Engine) -> None:
    """A host's limit on statements ends what waits too long for a lock: `Busy`, as any lock is."""
    with postgres.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = '20ms'"))
        with pytest.raises(Busy, match="busy just now"):
            connection.execute(text("SELECT pg_sleep(5)"))
        connection.rollback()
