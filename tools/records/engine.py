"""Engines and transactions, so that each engine's traps are handled in one place."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    TimeoutError,  # noqa: A004  # the pool's own: nobody gave a connection back in time
)
from sqlalchemy.pool import QueuePool, StaticPool

from tools.errors import Busy, ToolError

T = TypeVar("T")

MEMORY = "sqlite://"
BUSY_MS = 15_000
TRIES = 4
POSTGRES = ("postgresql", "postgres")
"""The second is what some hosts still write."""


class Pool(QueuePool):
    """Connections that are all in use are a database that is busy, told as one."""

    def _do_get(self) -> Any:
        try:
            return super()._do_get()
        except TimeoutError as error:
            raise Busy(BUSY) from error


POOL: dict[str, Any] = {"poolclass": Pool, "pool_size": 10, "max_overflow": 40}
"""As many connections as a server has threads, so that nobody waits for one until it gives up."""
RETRIED = frozenset({"40P01", "40001", "55P03"})
"""Deadlock, serialization failure, lock not available: the same work may succeed at once."""
AWAY_SQLITE = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_PROTOCOL")
BUSY = "The book is busy just now, and nothing was written. Maybe try again in a moment."
CANCELLED = "57014"
"""The host's own limit on how long a statement may take, or may wait for a lock."""
READ_ONLY_POSTGRES, READ_ONLY_SQLITE = "25006", "SQLITE_READONLY"
READ_ONLY = (
    "The book can only be read just now, and nothing was written. "
    "Maybe its disk is full or set to read-only; whoever runs it can see that."
)
AWAY = "The book can't be reached just now, and nothing was written. Maybe try again in a moment."


def engine_for(url: str | URL) -> Engine:
    """An engine for a SQLite file, SQLite in memory ("sqlite://") or PostgreSQL; raises `ToolError("invalid")`.

    A database that is away or busy raises `Busy`, whatever is asked of it.
    """
    engine = _engine(url)
    event.listen(engine, "handle_error", _plainly)
    return engine


def _engine(url: str | URL) -> Engine:
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() in POSTGRES:
        # Transaction poolers hand a session to many clients: prepared statements would meet others'.
        options: dict[str, Any] = {"connect_args": {"prepare_threshold": None}}
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,
            **POOL,
            **options,
        )
        event.listen(engine, "begin", _begin_postgres)
        return engine
    name = parsed.get_backend_name()
    raise ToolError("invalid", f"{name} is not a database this runs on. Maybe sqlite:///clinic.db", "db")


def _parsed(url: str | URL) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, NoSuchModuleError):
        shown = re.sub(r":[^/@]*@", ":***@", str(url))[:60]  # a password stays out of sight
        raise ToolError(
            "invalid", f"{shown!r} is not a database address. Maybe sqlite:///{shown}", "db"
        ) from None


def is_memory(engine: Engine) -> bool:
    """Whether the engine's database lives in this process alone, on one connection."""
    return isinstance(engine.pool, StaticPool)


def _sqlite(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        engine = create_engine(
            url, hide_parameters=True, poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
    else:
        engine = create_engine(url, hide_parameters=True, **POOL)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    for pragma in ("foreign_keys=ON", f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that reads and then writes fails at once when another wrote meanwhile, whatever the timeout.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    """Tells the database whose transaction this is; its policies show no other clinic's rows (see guards.py)."""
    options = connection.get_execution_options()
    # For this transaction alone: behind a pooler the next one on this session is somebody else's.
    if "clinic" in options:
        connection.exec_driver_sql("SELECT set_config('slotwright.clinic', %s, true)", (options["clinic"],))
    if options.get("opening"):
        connection.exec_driver_sql("SELECT set_config('slotwright.opening', 'on', true)")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at one moment, however long it reads."""
    # A transaction of SQLite is one already.
    still = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.execution_options(**still).begin() as connection:
        yield connection


def bound(engine: Engine, clinic: str) -> Engine:
    """The same engine, whose every transaction is one clinic's: the database shows it no other's rows."""
    return engine.execution_options(clinic=clinic)


def opening(engine: Engine) -> Engine:
    """The same engine, for the one question which clinics there are."""
    return engine.execution_options(opening=True)


@contextmanager
def letting_go(engine: Engine) -> Iterator[None]:
    """Closes the engine's connections if what is tried with it fails."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def retried(work: Callable[[], T]) -> T:
    """Runs a whole transaction again when the engine asks for it, a few times with a little patience.

    Raises `Busy` when it asks still.
    """
    for left in reversed(range(TRIES)):
        try:
            return work()
        except Busy as error:
            if not (error.at_once and left):
                raise
            time.sleep(random.uniform(0.01, 0.05) * (TRIES - left))  # noqa: S311  # jitter, not a secret
    raise AssertionError("unreachable")


def _plainly(context: ExceptionContext) -> None:
    """Tells a database that is away or busy in words; everything else is raised as it is."""
    fault = context.sqlalchemy_exception
    if context.is_pre_ping or not isinstance(fault, DBAPIError):
        return  # a pooled connection that died is replaced before anyone notices
    if getattr(fault.orig, "sqlstate", None) in RETRIED:
        raise Busy(BUSY, at_once=True) from fault
    if _read_only(fault):
        raise Busy(READ_ONLY) from fault
    if _locked(fault):
        raise Busy(BUSY) from fault  # the driver has waited for `BUSY_MS` already
    if context.is_disconnect or _unreachable(fault):
        raise Busy(AWAY) from fault


def _locked(fault: DBAPIError) -> bool:
    if getattr(fault.orig, "sqlstate", None) == CANCELLED:
        return True
    name = str(getattr(fault.orig, "sqlite_errorname", ""))
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _read_only(fault: DBAPIError) -> bool:
    name = str(getattr(fault.orig, "sqlite_errorname", ""))
    return getattr(fault.orig, "sqlstate", None) == READ_ONLY_POSTGRES or name.startswith(READ_ONLY_SQLITE)


def _unreachable(fault: DBAPIError) -> bool:
    """Whether the server is not there, is starting or stopping, or has no connection left."""
    state = str(getattr(fault.orig, "sqlstate", None) or "")
    name = str(getattr(fault.orig, "sqlite_errorname", ""))
    if state or name:
        return state.startswith(("08", "53", "57P")) or name.startswith(AWAY_SQLITE)
    return isinstance(fault, OperationalError | InterfaceError)


def is_overlap(error: DBAPIError) -> bool:
    """Whether the last guard refused a reservation."""
    name = getattr(error.orig, "sqlite_errorname", None)
    return getattr(error.orig, "sqlstate", None) == "23P01" or name == "SQLITE_CONSTRAINT_TRIGGER"
