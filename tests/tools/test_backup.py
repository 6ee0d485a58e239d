"""A backup restores into either engine, whole, and only with its key."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.tools.records.conftest import KEY
from tests.web.cli.conftest import SMALL
from tools.accounts import people
from tools.care.backup import backup
from tools.care.restore import restore
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.proposals import confirm
from tools.records import tables as t
from tools.records.demo import demo_clinic
from tools.records.engine import engine_for
from tools.records.keys import Keys
from tools.records.store import Store
from tools.registry import default

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
ROOT = Principal("root", "Root", Role.ADMIN)
SEARCH = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-10", "date_to": "2026-03-12",
}  # fmt: skip
PATIENT = {"name": "Jo Example", "mrn": "T1000001", "birth_date": "1980-02-03"}


@dataclass
class Places:
    """Empty databases of both engines."""

    folder: Path
    postgres: Callable[[], str]
    number: int = 0

    def empty(self, engine: str) -> str:
        """The address of one."""
        self.number += 1
        return self.postgres() if engine == "postgresql" else f"sqlite:///{self.folder}/{self.number}.db"


@pytest.fixture
def places(tmp_path: Path, pg_database: Callable[[], str]) -> Places:
    """Where to make databases."""
    return Places(tmp_path, pg_database)


def everything(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table."""
    found = {}
    with engine.connect() as connection:
        for table in t.metadata.sorted_tables:
            rows = connection.execute(select(table).order_by(*table.primary_key.columns)).all()
            found[table.name] = [tuple(row) for row in rows]
    return found


def booked(ctx: Context, number: int) -> str:
    """The id of a case that was booked."""
    found: Any = default().call("find_slots", ctx, SEARCH)
    patient = PATIENT | {"mrn": f"T90{number:05}"}
    body = {"action": "book", "offer": found.offers[0].id, "patient": patient, "laterality": "left"}
    proposal: Any = default().call("propose", ctx, body)
    return confirm(ctx, proposal.id, proposal.id).case.id


def lived_in(url: str) -> Context:
    """The demo clinic under a key of its own, after bookings, with users, a sign-in's worth of rows and looks."""
    store = Store.create(url, load(demo_clinic(NOW.date())), at=NOW, key=KEY)
    ctx = Context(store, Principal("dora", "Dora", Role.DIRECTOR), lambda: NOW)
    booked(ctx, 1)
    admin = Context(store, Principal("root", "Root", Role.ADMIN), lambda: NOW)
    people.added(admin, "rita", "Rita", "admin")
    return ctx


def taken(ctx: Context) -> io.BytesIO:
    """A backup."""
    out = io.BytesIO()
    backup(replace(ctx, principal=ROOT), out)
    return out


ENGINES = ["sqlite", "postgresql"]


@pytest.mark.parametrize("source", ENGINES)
@pytest.mark.parametrize("target", ENGINES)
def test_a_backup_restores_into_either_engine(places: Places, source: str, target: str) -> None:
    """Every row is there as it was, the chain verifies, identities open, and the book goes on with new bookings."""
    ctx = lived_in(places.empty(source))
    kept = taken(ctx)
    before = everything(ctx.store.engine)
    url = places.empty(target)
    header = restore(kept, url, KEY)
    assert header.clinic == ctx.store.clinic_id
    store = Store.open(url, KEY)
    after = everything(store.engine)
    del before["access"], before["access_heads"], after["access"], after["access_heads"]
    assert after == before
    assert store.clinic() == ctx.store.clinic()
    assert store.export(patients=True) == ctx.store.export(patients=True)
    assert store.audit_broken_at() is None
    again = Context(store, ctx.principal, ctx.now)
    case = booked(again, 2)
    assert case in store.clinic().cases_by_id
    assert store.audit_broken_at() is None
    for each in (store, ctx.store):
        each.close()


@pytest.fixture
def ctx(places: Places) -> Iterator[Context]:
    """A small clinic under a key."""
    store = Store.create(places.empty("sqlite"), load(SMALL), at=NOW, key=KEY)
    yield Context(store, Principal("root", "Root", Role.ADMIN), lambda: NOW)
    store.close()


def refused(kept: io.BytesIO, places: Places, key: str | None = KEY) -> ToolError:
    """The error of a restore that leaves no clinic behind."""
    url = places.empty("sqlite")
    with pytest.raises(ToolError) as caught:
        restore(kept, url, key)
    with pytest.raises(ToolError, match="no clinic yet"):
        Store.open(url, KEY)
    return caught.value


def test_a_backup_holds_no_identity_in_clear(ctx: Context) -> None:
    """What is sealed in the database is sealed in the file; the key isn't in it."""
    text = taken(ctx).getvalue().decode()
    for word in ("Test Patient", "T0000001", "1970-01-01", KEY):
        assert word not in text


def test_a_changed_backup_is_refused(ctx: Context, places: Places) -> None:
    """One changed, added or missing line anywhere: nothing is restored."""
    lines = taken(ctx).getvalue().splitlines(keepends=True)
    assert b"case-1" in b"".join(lines)
    edited = [line.replace(b"or-1", b"or-9") for line in lines]
    for changed in (edited, lines[:5] + lines[6:], [*lines[:-1], lines[-2], lines[-1]]):
        assert "was changed" in str(refused(io.BytesIO(b"".join(changed)), places))
    assert "cut off" in str(refused(io.BytesIO(b"".join(lines[:-1])), places))


def test_a_file_that_is_none_is_refused(places: Places) -> None:
    """Text, JSON, nothing: one plain sentence."""
    for content in (b"", b"hello\n", b"[1]\n", b"{}\n", b"\xff\xfe"):
        assert "no backup" in str(refused(io.BytesIO(content), places))


def test_a_newer_versions_backup_is_refused(ctx: Context, places: Places) -> None:
    """Its schema isn't known here."""
    header, _, rest = taken(ctx).getvalue().partition(b"\n")
    newer = json.dumps(json.loads(header) | {"schema": "9999"}).encode()
    assert "newer version" in str(refused(io.BytesIO(newer + b"\n" + rest), places))


def test_only_its_own_key_restores_it(ctx: Context, places: Places) -> None:
    """Without a key, or with another, nothing is written."""
    import base64

    kept = taken(ctx)
    assert "SLOTWRIGHT_KEY" in str(refused(kept, places, None))
    assert "isn't the key" in str(refused(kept, places, base64.b64encode(Keys.fresh()).decode()))


def test_a_clinic_is_never_overwritten(ctx: Context, places: Places) -> None:
    """A database that holds a clinic is refused, and stays as it is."""
    kept, url = taken(ctx), places.empty("sqlite")
    restore(kept, url, KEY)
    before = everything(engine_for(url))
    with pytest.raises(ToolError, match="already"):
        restore(kept, url, KEY)
    assert everything(engine_for(url)) == before


def test_a_demos_backup_needs_no_key(places: Places) -> None:
    """A demo keeps its key with its made-up data, and so does its backup."""
    store = Store.create_demo(places.empty("sqlite"), NOW.date())
    ctx = Context(store, Principal("root", "Root", Role.ADMIN), lambda: NOW)
    url = places.empty("sqlite")
    restore(taken(ctx), url, None)
    other = Store.open(url)
    assert other.clinic() == store.clinic()
    for each in (store, other):
        each.close()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_not_everybody_takes_a_backup(ctx: Context, role: Role) -> None:
    """Backups are an admin's."""
    other = Context(ctx.store, Principal("x", "X", role), ctx.now)
    with pytest.raises(ToolError) as caught:
        backup(other, io.BytesIO())
    assert caught.value.code == "forbidden"
