"""A clinic on either engine with one admin and one scheduler, and a clock that tests turn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.clinic_file.conftest import TEXT
from tests.tools.records.conftest import KEY
from tools.accounts import links, people
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.records.store import Store

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
ADMIN = Principal("root", "Rita Root", Role.ADMIN)
SECRET = "correct horse battery staple"
OTHER = "wrong donkey charger paperclip"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/clinic.db"
    return str(request.getfixturevalue("pg_url"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """The small clinic, not a demo, with nobody in it."""
    made = Store.create(url, load(TEXT), at=NOW, key=KEY)
    yield made
    made.close()


@pytest.fixture
def admin(store: Store) -> Context:
    """The first admin, made by the one-time link."""
    token = links.first_admin(store, NOW)
    assert token
    links.make_first_admin(store, token, "root", "Rita Root", SECRET, NOW)
    return Context(store, ADMIN, lambda: NOW)


@pytest.fixture
def ann(admin: Context) -> Principal:
    """A scheduler who has chosen her password by her link."""
    token = people.added(admin, "ann", "Ann Lee", "scheduler")
    return links.set_password(admin.store, token, SECRET, NOW)
