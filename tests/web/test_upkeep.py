"""A server deletes what is kept no longer by itself, and goes on serving when it can't."""

from __future__ import annotations

import datetime as dt
from threading import Event

import pytest
from sqlalchemy import insert

from tests.web.cli.conftest import SMALL
from tools.care.retention import DEFAULT
from tools.clinic_file import load
from tools.records import tables as t
from tools.records.store import Store
from web import upkeep

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)


def undone(store: Store) -> int:
    """How many changes are still kept to be undone."""
    with store.reading() as connection:
        return len(connection.execute(t.undos.select()).all())


@pytest.fixture
def store() -> Store:
    """A clinic in memory with one change that can't be undone any more."""
    made = Store.memory(load(SMALL), as_of=NOW)
    row = {"clinic": made.clinic_id, "proposal": "p", "principal": "ann", "at": NOW, "changes": {}}
    made.write(lambda writer: writer.connection.execute(insert(t.undos), row))
    return made


def test_it_is_done_while_serving(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Soon after the start for the first time; the thread ends with the server."""
    monkeypatch.setattr(upkeep, "SOON", dt.timedelta(0))
    stopping, done = Event(), Event()

    def clock() -> dt.datetime:
        done.set()
        return NOW + dt.timedelta(days=2)

    thread = upkeep.begin(store, clock, DEFAULT, stopping)
    assert done.wait(30)
    stopping.set()
    thread.join(30)
    assert not thread.is_alive()
    assert undone(store) == 0


def test_a_failure_is_logged_by_its_kind(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is raised, and no word of the fault is told."""

    def broken(*_: object) -> None:
        raise RuntimeError("Jo Example")

    monkeypatch.setattr(upkeep, "forgotten_in_time", broken)
    upkeep.once(store, NOW, DEFAULT)
    told = capsys.readouterr()
    assert "RuntimeError" in told.out + told.err
    assert "Jo Example" not in told.out + told.err
    assert undone(store) == 1
