"""The audit trail shows that it was tampered with, and where."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from tools.clinic_file import Loaded
from tools.context import Principal, Role
from tools.records.store import Store

ANN = Principal("ann", "Ann", Role.SCHEDULER)
NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)


@pytest.fixture
def store(loaded: Loaded) -> Store:
    """A trail of five entries whose triggers a thief of the file has taken off."""
    store = Store.memory(loaded)
    for n in range(4):
        store.write(lambda writer, n=n: writer.audit(ANN, NOW, "book", [f"case-{n}"], None, {"n": n}))  # type: ignore[misc]
    with store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("DROP TRIGGER audit_no_delete"))
    return store


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit SET action = 'cancel' WHERE seq = 3", 3),
        ("UPDATE audit SET principal = 'bob' WHERE seq = 2", 2),
        ("UPDATE audit SET at = at + 1 WHERE seq = 5", 5),
        ("UPDATE audit SET sealed = (SELECT sealed FROM audit WHERE seq = 2) WHERE seq = 4", 4),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 5", 5),
        ("DELETE FROM audit", 1),
        ("UPDATE audit SET seq = CASE seq WHEN 4 THEN 6 ELSE 4 END WHERE seq > 3 AND seq <> 5", 4),
    ],
)
def test_a_changed_trail_is_found_at_its_entry(store: Store, statement: str, at: int) -> None:
    """An entry that was edited, removed or moved is named by its number."""
    with store.engine.begin() as connection:
        connection.execute(text(statement))
    assert store.audit_broken_at() == at


def test_a_whole_trail_tells_who_did_what(store: Store) -> None:
    """An untouched trail is whole, and its entries give back who, what and the values."""
    assert store.audit_broken_at() is None
    last = store.audit_entries()[-1]
    assert (last.seq, last.principal, last.role, last.action) == (5, "ann", "scheduler", "book")
    assert (last.objects, last.before, last.after, last.at) == (("case-3",), None, {"n": 3}, NOW)
