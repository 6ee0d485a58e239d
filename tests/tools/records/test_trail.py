"""The audit trail shows that it was tampered with, and where, on both engines."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import text

from tests.tools.records.conftest import NOW
from tools.context import Principal, Role
from tools.records import trail
from tools.records.keys import Keys
from tools.records.store import Store
from tools.records.trail import ACCESS, AUDIT, CHAINS, Chain, Head, Note

ANN = Principal("ann", "Ann", Role.SCHEDULER)
OFF = {
    "sqlite": ["DROP TRIGGER {0}_no_update", "DROP TRIGGER {0}_no_delete"],
    "postgresql": ["DROP TRIGGER {0}_no_change ON {0}", "DROP TRIGGER {0}_no_truncate ON {0}"],
}
"""How a thief of the database takes the guards off."""


def entered(store: Store, chain: Chain, count: int) -> None:
    """Adds entries in one batch."""
    notes = [Note("ann", "scheduler", NOW, "book", (f"case-{n}",), None, {"n": n}) for n in range(count)]
    store.write(lambda writer: trail.append_all(writer.connection, store.clinic_id, store.keys, chain, notes))


def verdict(store: Store, chain: Chain, anchor: Head | None = None) -> trail.Verdict:
    """What checking the chain shows."""
    with store.reading() as connection:
        return trail.check(connection, store.clinic_id, store.keys, chain, anchor)


def do(store: Store, *statements: str) -> None:
    """Plain SQL, one transaction."""
    with store.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture(params=list(CHAINS))
def chain(request: pytest.FixtureRequest, store: Store) -> Chain:
    """A chain of five entries whose triggers a thief of the database has taken off."""
    chain = CHAINS[request.param]
    entered(store, chain, 4 if chain is AUDIT else 5)
    do(store, *(each.format(chain.name) for each in OFF[store.engine.dialect.name]))
    return chain


TAMPERED = [
    (["UPDATE {0} SET action = 'cancel' WHERE seq = 3"], 3),
    (["UPDATE {0} SET principal = 'bob' WHERE seq = 2"], 2),
    (["UPDATE {0} SET role = 'director' WHERE seq = 2"], 2),
    (["UPDATE {0} SET at = at + 1 WHERE seq = 5"], 5),
    (["UPDATE {0} SET objects = '[\"case-9\"]' WHERE seq = 4"], 4),
    (["UPDATE {0} SET sealed = (SELECT sealed FROM {0} WHERE seq = 2) WHERE seq = 4"], 4),
    (["DELETE FROM {0} WHERE seq = 3"], 3),
    (["DELETE FROM {0} WHERE seq = 3", "UPDATE {0} SET seq = 3 WHERE seq = 4"], 3),
    (["DELETE FROM {0} WHERE seq = 5"], 5),
    (["DELETE FROM {0}"], 1),
    (["UPDATE {0} SET seq = 9 WHERE seq = 4", "UPDATE {0} SET seq = 4 WHERE seq = 5",
      "UPDATE {0} SET seq = 5 WHERE seq = 9"], 4),
    (["INSERT INTO {0} SELECT clinic, 6, at, principal, role, action, objects, sealed, mac FROM {0} WHERE seq = 5"], 6),
    (["DELETE FROM {0}_heads"], 6),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "at"), TAMPERED)
def test_a_changed_trail_is_found_at_its_entry(
    store: Store, chain: Chain, statements: list[str], at: int
) -> None:
    """An entry that was edited, removed, moved or added by raw SQL is named by its number, in either chain."""
    assert verdict(store, chain).fault is None
    do(store, *(statement.format(chain.name) for statement in statements))
    fault = verdict(store, chain).fault
    assert fault is not None
    assert fault.seq == at
    other = ACCESS if chain is AUDIT else AUDIT
    assert verdict(store, other).fault is None


def test_a_cut_tail_shows_against_an_anchor(store: Store, chain: Chain) -> None:
    """Cut off with its head set back, the chain is whole by itself, and the anchored head tells that it isn't."""
    anchor = verdict(store, chain).head
    assert anchor.seq == 5
    name = chain.name
    do(
        store,
        f"DELETE FROM {name} WHERE seq > 3",
        f"UPDATE {name}_heads SET seq = 3, mac = (SELECT mac FROM {name} WHERE seq = 3)",
    )
    assert verdict(store, chain).fault is None
    fault = verdict(store, chain, anchor).fault
    assert fault is not None
    assert fault.seq == 4
    assert "cut off" in fault.text


def test_a_tail_written_anew_shows_against_an_anchor(store: Store, chain: Chain) -> None:
    """Whoever has the key can sign another history; the anchored head isn't in it."""
    anchor = verdict(store, chain).head
    name = chain.name
    do(
        store,
        f"DELETE FROM {name} WHERE seq > 3",
        f"UPDATE {name}_heads SET seq = 3, mac = (SELECT mac FROM {name} WHERE seq = 3)",
    )
    entered(store, chain, 6)
    assert verdict(store, chain).fault is None
    fault = verdict(store, chain, anchor).fault
    assert fault is not None
    assert fault.seq == 5


def test_an_anchor_of_a_shorter_past_holds(store: Store, chain: Chain) -> None:
    """A chain that has grown since it was anchored is whole."""
    anchor = verdict(store, chain).head
    entered(store, chain, 3)
    assert verdict(store, chain, anchor).fault is None
    assert verdict(store, chain, Head(0, bytes(32))).fault is None


def test_entries_of_one_chain_are_none_of_the_other(store: Store) -> None:
    """An entry of reads that is copied among the changes is found, though its signature was ours."""
    entered(store, ACCESS, 1)
    statements = [each.format("audit") for each in OFF[store.engine.dialect.name]]
    do(
        store,
        *statements,
        "DELETE FROM audit",
        "INSERT INTO audit SELECT * FROM access",
        "UPDATE audit_heads SET seq = 1, mac = (SELECT mac FROM access)",
    )
    assert verdict(store, AUDIT).fault is not None


def test_another_key_signs_another_chain(store: Store, chain: Chain) -> None:
    """Nobody without the key can tell a whole chain, or make one."""
    with store.reading() as connection:
        assert trail.broken_at(connection, store.clinic_id, Keys(bytes(range(1, 33))), chain) == 1


@pytest.mark.parametrize("column", ["sealed", "mac", "at", "objects"])
def test_values_of_another_kind_are_a_fault_and_no_crash(store: Store, column: str) -> None:
    """SQLite keeps text where bytes or numbers belong: the entry is named."""
    if store.engine.dialect.name != "sqlite":
        return
    entered(store, AUDIT, 3)
    do(store, "DROP TRIGGER audit_no_update", f"UPDATE audit SET {column} = 'x' WHERE seq = 3")
    fault = verdict(store, AUDIT).fault
    assert fault is not None
    assert fault.seq == 3


def test_a_whole_trail_tells_who_did_what(store: Store) -> None:
    """An untouched trail is whole, and its entries give back who, what and the values."""
    store.write(lambda writer: writer.audit(ANN, NOW, "book", ["case-3"], None, {"n": 3}))
    assert store.audit_broken_at() is None
    last = store.audit_entries()[-1]
    assert dataclasses.astuple(last) == (
        2, NOW, "ann", "scheduler", "book", ("case-3",), None, {"n": 3},
    )  # fmt: skip


def test_the_trail_holds_its_values_sealed(store: Store) -> None:
    """What was changed can't be read from the database without the key."""
    store.write(
        lambda writer: writer.audit(ANN, NOW, "edit", ["case-3"], {"side": "left"}, {"side": "right"})
    )
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT sealed FROM audit")).scalars().all()
    assert not any(b"left" in bytes(row) or b"side" in bytes(row) for row in rows)


def test_a_trail_without_any_entry_is_not_whole(store: Store) -> None:
    """Emptied together with its head it would agree with itself; but a clinic's first entry is its loading."""
    for statement in OFF[store.engine.dialect.name]:
        do(store, statement.format("audit"))
    do(store, "DELETE FROM audit", "DELETE FROM audit_heads")
    found = verdict(store, AUDIT)
    assert found.fault is not None
    assert (found.entries, found.fault.seq) == (0, 1)
    assert verdict(store, ACCESS).fault is None  # nobody has looked yet
