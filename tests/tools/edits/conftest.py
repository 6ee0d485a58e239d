"""A small clinic in a database of either engine, and the people who change its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.clinic_file.conftest import TEXT
from tests.tools.records.conftest import KEY, NOW
from tools import registry
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.records.store import Store

Call = Callable[..., dict[str, Any]]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The small clinic in a database of either engine."""
    url = (
        f"sqlite:///{tmp_path}/clinic.db" if request.param == "sqlite" else request.getfixturevalue("pg_url")
    )
    made = Store.create(url, load(TEXT), at=NOW, key=KEY)
    yield made
    made.close()


def context(store: Store, role: Role = Role.DIRECTOR, now: dt.datetime = NOW, name: str = "dora") -> Context:
    """Somebody's hands on a store."""
    return Context(store, Principal(name, name.title(), role), lambda: now)


@pytest.fixture
def call(store: Store) -> Call:
    """Calls a tool as a director, unless another role is named: `call("edit_record", kind=..., ...)`."""

    def made(tool: str, role: Role = Role.DIRECTOR, **payload: Any) -> dict[str, Any]:
        ctx = context(store, role)
        return registry.staffed().call(tool, ctx, payload).model_dump(mode="json", by_alias=True)

    return made
