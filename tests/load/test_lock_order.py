"""Whatever is done to the book, its days are locked first, then its cases, then the revision: nothing can deadlock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from tests.load.conftest import NOW, clinic_text
from tests.load.writer import proposed
from tests.tools.records.conftest import KEY
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.proposals import confirm
from tools.records.store import Store
from tools.registry import default

BLOCK = (
    '\nblocks:\n  - {id: mine, owner: dr-1, room: or-1, day: tue, hours: "15:00-17:00", release_days: 1}\n'
)


@pytest.fixture
def ctx(pg_url: str) -> Iterator[Context]:
    """A director at the crowd's clinic on the engine that locks rows."""
    store = Store.create(pg_url, load(clinic_text(3) + BLOCK), at=NOW, key=KEY)
    yield Context(store, Principal("dee", "Dee", Role.DIRECTOR), lambda: NOW)
    store.close()


@contextmanager
def locks(store: Store) -> Iterator[list[str]]:
    """What is locked meanwhile, in order: "scopes", "cases", and "meta" where the revision is made."""
    seen: list[str] = []

    def said(_: Any, __: Any, statement: str, *___: Any) -> None:
        plain = " ".join(statement.split())
        if plain.endswith("FOR UPDATE") and (table := re.search(r" FROM (scopes|cases) ", plain)):
            seen.append(table[1])
        elif plain.startswith("UPDATE meta SET revision"):
            seen.append("meta")

    event.listen(store.engine, "before_cursor_execute", said)
    yield seen
    event.remove(store.engine, "before_cursor_execute", said)


def carried_out(ctx: Context, proposal: str) -> str:
    """Confirms a proposal, with its locks in order; answers the case that it was about."""
    with locks(ctx.store) as seen:
        made = confirm(ctx, proposal, proposal)
    assert seen[0] == "scopes", seen
    assert "scopes" not in seen[seen.index("meta") :], seen
    return made.case.id if made.case else ""


def asked(ctx: Context, **body: Any) -> str:
    """The id of a proposal."""
    made: Any = default().call("propose", ctx, body)
    return str(made.id)


def offer(ctx: Context, at: str, **more: Any) -> str:
    """An offer of one exact start."""
    body = {
        "procedure": "carpal-tunnel", "surgeon": "dr-1", "room": "or-1", "date_from": "2026-03-10",
        "date_to": "2026-03-10", "at": f"2026-03-10T{at}", **more,
    }  # fmt: skip
    found: Any = default().call("check_slot", ctx, body)
    assert found.offer, found.violations
    return str(found.offer.id)


def test_every_action_locks_in_one_order(ctx: Context) -> None:
    """Book, move, edit, cancel, hold, book the held, release, and undo: days, then cases, then the revision."""
    case = carried_out(ctx, proposed(ctx, 1, "07:30", 1))
    carried_out(ctx, asked(ctx, action="move", case=case, offer=offer(ctx, "10:00", replaces=case)))
    carried_out(ctx, asked(ctx, action="edit", case=case, duration_minutes=45))
    other = {"name": "Test Other", "mrn": "T7", "birth_date": "1971-01-01"}
    carried_out(ctx, asked(ctx, action="edit", case=case, patient=other))
    carried_out(ctx, asked(ctx, action="cancel", case=case))
    carried_out(ctx, asked(ctx, action="undo"))
    held = carried_out(ctx, asked(ctx, action="hold", offer=offer(ctx, "12:30")))
    carried_out(ctx, asked(ctx, action="book", case=held, patient=other))
    carried_out(ctx, asked(ctx, action="release-block", block="mine", date="2026-03-17"))
    carried_out(ctx, asked(ctx, action="undo"))
