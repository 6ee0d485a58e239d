"""The same small clinic in memory, in a SQLite file and in PostgreSQL."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.clinic_file.conftest import TEXT
from tools.clinic_file import Loaded, load
from tools.records.store import Store

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def loaded() -> Loaded:
    """The small clinic of the clinic file's tests."""
    return load(TEXT)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either engine that outlives its connections."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/clinic.db"
    return str(request.getfixturevalue("pg_url"))


@pytest.fixture
def store(url: str, loaded: Loaded) -> Iterator[Store]:
    """The small clinic in a database of either engine."""
    made = Store.create(url, loaded, at=NOW, key=KEY)
    yield made
    made.close()
