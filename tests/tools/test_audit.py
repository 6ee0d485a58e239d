"""Who may read the trail, what they find in it, and that who looked is found too."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import OperationalError

from tests.web.cli.conftest import SMALL
from tools import audit
from tools.audit import AuditQuery
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records import trail
from tools.records.access import AccessLog
from tools.records.store import Store
from web.spreadsheet import csv_of, inert

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)


@pytest.fixture
def ctx() -> Iterator[Context]:
    """An auditor at a clinic where ann books on the 5th and bob cancels on the 7th, in the small hours."""
    store = Store.memory(load(SMALL), as_of=NOW)
    ann, bob = Principal("ann", "Ann", Role.SCHEDULER), Principal("bob", "Bob", Role.DIRECTOR)
    late = dt.datetime(2026, 3, 8, 4, 30, tzinfo=dt.UTC)  # 23:30 of the 7th in New York
    store.write(
        lambda writer: writer.audit(ann, NOW, "book", ["proposal-1", "case-2"], None, {"room": "or-1"})
    )
    store.write(lambda writer: writer.audit(ann, NOW, "book", ["proposal-2", "case-22"], None, None))
    store.write(lambda writer: writer.audit(bob, late, "cancel", ["case-2"], {"room": "or-1"}, None))
    yield Context(store, Principal("carl", "Carl", Role.AUDITOR), lambda: NOW)
    store.close()


def found(ctx: Context, **query: object) -> list[int]:
    """The numbers of the entries that fit."""
    return [entry.seq for entry in audit.audit_trail(ctx, AuditQuery.model_validate(query)).entries]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, [4, 3, 2, 1]),
        ({"principal": "ann"}, [3, 2]),
        ({"action": "cancel"}, [4]),
        ({"object": "case-2"}, [4, 2]),
        ({"object": "case-"}, []),
        ({"object": "%"}, []),
        ({"date_from": "2026-03-07"}, [4]),
        ({"date_from": "2026-03-07", "date_to": "2026-03-07"}, [4]),
        ({"date_to": "2026-03-06"}, [3, 2, 1]),
        ({"date_from": "2026-03-08"}, []),
        ({"before": 3}, [2, 1]),
        ({"principal": "ann", "object": "case-22"}, [3]),
        ({"chain": "access"}, []),
    ],
)
def test_entries_are_found(ctx: Context, query: dict[str, object], numbers: list[int]) -> None:
    """By who, what, whole id and the clinic's own dates, newest first."""
    assert found(ctx, **query) == numbers


def test_pages_follow_each_other(ctx: Context) -> None:
    """`next` leads on to the end, and each entry comes once."""
    seen: list[int] = []
    before: int | None = None
    while True:
        page = audit.audit_trail(ctx, AuditQuery(limit=3, before=before))
        seen += [entry.seq for entry in page.entries]
        before = page.next
        if before is None:
            break
    assert seen == [4, 3, 2, 1]


def test_an_entry_is_told_whole(ctx: Context) -> None:
    """Who, as what, when by the clinic's clock, what, to which objects, and both values."""
    newest = audit.audit_trail(ctx, AuditQuery(limit=1)).entries[0]
    assert newest.model_dump() == {
        "seq": 4,
        "at": "2026-03-07T23:30:00.000-05:00",
        "principal": "bob",
        "name": "bob",
        "role": "director",
        "action": "cancel",
        "objects": ["case-2"],
        "before": {"room": "or-1"},
        "after": None,
    }


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_but_the_auditor_reads_the_trail(ctx: Context, role: Role) -> None:
    """Every other role is refused the trail and its export; its heads too, but for the admin who keeps the data."""
    from tools.registry import Registry

    other = Context(ctx.store, Principal("x", "X", role), ctx.now)
    registry = Registry.of([audit])
    for name in ("audit_trail", "audit_check"):
        with pytest.raises(ToolError) as caught:
            registry.call(name, other, {})
        assert caught.value.code == "forbidden"
    kept = [] if role is Role.ADMIN else [audit.heads]
    for work in (*kept, lambda who: audit.every(who, AuditQuery())):
        with pytest.raises(ToolError) as caught:
            work(other)
        assert caught.value.code == "forbidden"


def test_dates_in_the_wrong_order_are_refused(ctx: Context) -> None:
    """A span that ends before it starts is told so, with its field."""
    with pytest.raises(ToolError, match="ends before it starts") as caught:
        found(ctx, date_from="2026-03-08", date_to="2026-03-07")
    assert caught.value.field == "date_to"


def test_who_looked_is_entered_in_a_chain_of_its_own(ctx: Context) -> None:
    """Notes are written in one batch, in their order, and the chain of changes doesn't know of them."""
    for n in range(3):
        audit.note(ctx, "patient-read", [f"patient-{n}"])
    audit.note(ctx, "model-call", ["some-model"], {"tokens": 12})
    ctx.store.access.flush()
    page = audit.audit_trail(ctx, AuditQuery(chain="access"))
    assert [entry.objects for entry in page.entries] == [
        ["some-model"], ["patient-2"], ["patient-1"], ["patient-0"],
    ]  # fmt: skip
    assert page.entries[0].after == {"tokens": 12}
    assert found(ctx) == [4, 3, 2, 1]
    checked = audit.audit_check(ctx, audit.AuditCheck())
    assert checked.whole
    assert [each.entries for each in checked.chains] == [4, 4]


def test_notes_are_entered_by_themselves_and_at_closing(ctx: Context) -> None:
    """Nobody has to ask for it: a moment later it is written; closing the store writes what is left."""
    import threading

    written: list[str] = []
    done = threading.Event()
    log = AccessLog(lambda notes: (written.extend(note.action for note in notes), done.set())[0], delay=0.01)
    log.note(trail.Note("ann", "scheduler", NOW, "patient-read", ()))
    assert done.wait(30)
    assert written == ["patient-read"]
    audit.note(ctx, "export", [])
    assert found(ctx, chain="access") == []
    ctx.store.access.flush()
    assert found(ctx, chain="access") == [1]


def test_a_note_that_cannot_be_written_is_kept() -> None:
    """While the database is away nothing is lost: the next batch has it, in order."""
    written: list[str] = []
    away = True

    def enter(notes: list[trail.Note]) -> None:
        if away:
            raise OperationalError("INSERT", {}, Exception("gone"))
        written.extend(note.action for note in notes)

    log = AccessLog(enter, delay=3600)
    log.note(trail.Note("ann", "scheduler", NOW, "first", ()))
    with pytest.raises(OperationalError):
        log.flush()
    away = False
    log.note(trail.Note("ann", "scheduler", NOW, "second", ()))
    log.flush()
    log.flush()
    assert written == ["first", "second"]


def test_a_heads_text_is_read_back() -> None:
    """What `audit anchor` prints is what `audit verify --anchor` takes; anything else is refused."""
    head = trail.Head(17, bytes(range(32)))
    assert audit.head_from(audit.head_text(head)) == head
    for wrong in ("", "17", "17:", "17:zz", "x:" + "00" * 32, "17:" + "00" * 31):
        with pytest.raises(ToolError, match="no anchored head"):
            audit.head_from(wrong)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\uff1d"])
def test_no_cell_is_a_formula(ctx: Context, start: str) -> None:
    """Whatever somebody managed to be called, a spreadsheet shows it and doesn't run it."""
    cell = f"{start}cmd|' /C calc'!A0"
    assert inert(cell) == f"'{cell}"
    who = Principal(cell, "X", Role.SCHEDULER)
    ctx.store.write(lambda writer: writer.audit(who, NOW, "book", [cell], None, None))
    entries = audit.every(ctx, AuditQuery())
    rows = list(csv.reader(io.StringIO(csv_of(entries), newline="")))
    assert rows[1][2] == f"'{cell}"
    assert rows[1][5] == f"'{cell}"
    assert [row[0] for row in rows] == ["seq", "5", "4", "3", "2", "1"]
