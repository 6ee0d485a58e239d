"""The PostgreSQL that tests get is a real one, and nobody else's."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import create_engine, text


def _version(url: str) -> int:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return int(connection.execute(text("SHOW server_version_num")).scalar_one())
    finally:
        engine.dispose()


def test_pg_url_opens_a_recent_server(pg_url: str) -> None:
    """SQLAlchemy opens `pg_url` as it is and meets PostgreSQL 18."""
    assert _version(pg_url) // 10000 == 18


def test_databases_do_not_share_tables(pg_database: Callable[[], str]) -> None:
    """A table made in one database is unknown in the next."""
    one, other = (url.replace("+psycopg", "") for url in (pg_database(), pg_database()))
    with psycopg.connect(one) as connection:
        connection.execute("CREATE TABLE cases (id int)")
    with psycopg.connect(other) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT * FROM cases")
