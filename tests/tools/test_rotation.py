"""Another key: everything opens with it, nothing with the old one, and the trail stays whole."""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import LargeBinary, select, text

from tests.tools.records.conftest import KEY
from tests.web.cli.conftest import SMALL
from tools.care.backup import backup
from tools.care.restore import restore
from tools.care.rotation import FORGOTTEN, rotated
from tools.clinic_file import Identity, load
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records import proposing, trail
from tools.records import tables as t
from tools.records.keys import Keys, secret_of
from tools.records.proposing import StoredProposal
from tools.records.sealing import WORDS
from tools.records.store import Store
from tools.records.transcripts import Kept, keep, words

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
OLD = secret_of(KEY)
ROOT = Principal("root", "Root", Role.ADMIN)
JO = Identity("", "Jo Example", "T1000001", dt.date(1980, 2, 3))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    """An empty database of either engine."""
    return (
        f"sqlite:///{tmp_path}/c.db" if request.param == "sqlite" else str(request.getfixturevalue("pg_url"))
    )


@pytest.fixture
def ctx(url: str) -> Iterator[Context]:
    """A clinic with two patients, an open proposal, and entries in both chains."""
    store = Store.create(url, load(SMALL), at=NOW, key=KEY)
    ctx = Context(store, ROOT, lambda: NOW)
    store.write(lambda writer: writer.patient_ref(JO))
    store.write(lambda writer: proposing.save(writer, PROPOSAL))
    store.write(lambda writer: writer.audit(ROOT, NOW, "edit", ["x"], {"a": 1}, {"a": 2}))
    store.access.note(trail.Note("ann", "scheduler", NOW, "patient-read", ("patient-1",)))
    yield ctx
    store.close()


PROPOSAL = StoredProposal(
    "proposal-1", "book", "ann", None, NOW, NOW + dt.timedelta(minutes=10), {"offer": "o"}, {"id": "proposal-1"},
    {"name": "Jo Example"},
)  # fmt: skip


def turned(ctx: Context, url: str, old: bytes = OLD) -> tuple[Store, bytes]:
    """The clinic under another key, opened with it."""
    fresh = Keys.fresh()
    rotated(ctx, old, fresh)
    return Store.open(url, base64.b64encode(fresh).decode()), fresh


def test_everything_opens_with_the_new_key(ctx: Context, url: str) -> None:
    """Identities, look-up by number, proposals bound to their content, and both chains' entries from before."""
    known = ctx.store.export(patients=True)["patients"]
    before = ctx.store.audit_entries()
    store, _ = turned(ctx, url)
    assert store.export(patients=True)["patients"] == known
    count = len(known)
    store.write(lambda writer: writer.patient_ref(JO))
    assert len(store.export(patients=True)["patients"]) == count  # found again, not recorded twice
    opened = store.write(lambda writer: proposing.taken_up(writer, "proposal-1", "ann"))
    assert opened.private == {"name": "Jo Example"}
    assert store.audit_entries()[: len(before)] == before
    assert store.audit_entries()[-1].action == "key-rotated"
    with store.reading() as connection:
        for chain in trail.CHAINS.values():
            verdict = trail.check(connection, store.clinic_id, store.keys, chain)
            assert verdict.fault is None
            assert verdict.entries > 0
    store.close()


def test_conversations_open_with_the_new_key(ctx: Context, url: str) -> None:
    """What was said is sealed anew, too."""
    kept = Kept("talk-1", "ann", NOW, NOW, NOW + dt.timedelta(days=1), 1)
    keep(ctx.store, kept, {"said": "hello"}, None)
    store, _ = turned(ctx, url)
    assert words(store, "talk-1", NOW) == (kept, {"said": "hello"})
    store.close()


def test_nothing_opens_with_the_old_key(ctx: Context, url: str) -> None:
    """The old key opens neither the database nor any identity or proposal in it."""
    store, _ = turned(ctx, url)
    with pytest.raises(ToolError, match="not the key"):
        Store.open(url, KEY)
    old = Keys(OLD)
    with store.reading() as connection:
        for table, name in ((t.patients, "ref"), (t.proposals, "id")):
            for row in connection.execute(select(table)).mappings():
                with pytest.raises(ToolError, match="doesn't open"):
                    old.open(row["sealed"], table.name, store.clinic_id, row[name])
    store.close()


def test_a_process_with_the_old_key_writes_no_more(ctx: Context, url: str) -> None:
    """Whoever was started before is told to start again, and nothing is sealed under the old key."""
    before = Store.open(url, KEY)
    store, _ = turned(ctx, url)
    with pytest.raises(ToolError, match="rotated meanwhile"):
        before.write(lambda writer: writer.audit(ROOT, NOW, "edit", ["y"], None, None))
    assert store.audit_broken_at() is None
    for each in (before, store):
        each.close()


def test_a_stolen_old_key_signs_nothing_new(ctx: Context, url: str) -> None:
    """An entry after the rotation that is signed with the old key is found; so is a changed one from before."""
    store, _ = turned(ctx, url)
    last = len(store.audit_entries())
    engine = store.engine
    drop = {
        "sqlite": ["DROP TRIGGER audit_no_update"],
        "postgresql": ["DROP TRIGGER audit_no_change ON audit"],
    }[engine.dialect.name]
    old = Keys(OLD)
    with engine.begin() as connection:
        for statement in drop:
            connection.execute(text(statement))
        rows = connection.execute(select(t.audit).order_by(t.audit.c.seq)).mappings().all()
        forged = {**rows[-1], "principal": "nobody"}
        mac = old.chain(rows[-2]["mac"], trail._signed(dict(forged), trail.AUDIT))
        connection.execute(t.audit.update().where(t.audit.c.seq == last).values(principal="nobody", mac=mac))
        connection.execute(t.audit_heads.update().values(mac=mac))
    assert store.audit_broken_at() == last
    store.close()


def test_keys_are_rotated_again_and_again(ctx: Context, url: str) -> None:
    """After three rotations the entries of all four keys are whole, and the first identities open."""
    store, secret = turned(ctx, url)
    for _ in range(2):
        again = Context(store, ROOT, lambda: NOW)
        store, secret = turned(again, url, secret)
        again.store.close()
    assert store.audit_broken_at() is None
    assert [entry.action for entry in store.audit_entries()].count("key-rotated") == 3
    assert {each["name"] for each in store.export(patients=True)["patients"]} == {
        "Test Patient",
        "Jo Example",
    }
    store.close()


def test_a_backup_of_a_rotated_database_restores(ctx: Context, url: str, tmp_path: Any) -> None:
    """The old keys travel sealed in it."""
    store, secret = turned(ctx, url)
    out = io.BytesIO()
    backup(Context(store, ROOT, lambda: NOW), out)
    key = base64.b64encode(secret).decode()
    restore(out, f"sqlite:///{tmp_path}/other.db", key)
    other = Store.open(f"sqlite:///{tmp_path}/other.db", key)
    assert other.audit_broken_at() is None
    for each in (other, store):
        each.close()


def test_a_proposal_that_was_tampered_with_stays_refused(ctx: Context, url: str) -> None:
    """Rotating doesn't sign what was changed behind our back."""
    with ctx.store.engine.begin() as connection:
        connection.execute(t.proposals.update().values(action="cancel"))
    store, _ = turned(ctx, url)
    with pytest.raises(ToolError, match="changed after it was shown"):
        store.write(lambda writer: proposing.taken_up(writer, "proposal-1", "ann"))
    store.close()


def test_the_same_key_and_a_wrong_key_are_refused(ctx: Context, url: str) -> None:
    """Nothing is done, and the database opens as before."""
    for old, fresh in ((OLD, OLD), (Keys.fresh(), Keys.fresh())):
        with pytest.raises(ToolError):
            rotated(ctx, old, fresh)
    with pytest.raises(ToolError, match="32 are needed"):
        rotated(ctx, OLD, b"short")
    Store.open(url, KEY).close()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_admin_rotates(ctx: Context, role: Role) -> None:
    """Anybody else is refused."""
    with pytest.raises(ToolError) as caught:
        rotated(Context(ctx.store, Principal("x", "X", role), ctx.now), OLD, Keys.fresh())
    assert caught.value.code == "forbidden"


HANDLED = {
    "patients",
    "proposals",
    "transcripts",
    "old_keys",
    *(table.name for table in (*FORGOTTEN, *WORDS)),
}
UNKEYED = {
    "audit", "audit_heads", "access", "access_heads",  # keep their epoch's key
    "meta",  # the check itself
    "api_keys", "one_time_links", "sign_ins",  # plain hashes of random tokens
}  # fmt: skip


def test_no_table_under_the_key_is_forgotten() -> None:
    """A new table with sealed or keyed bytes has to be rotated too, or be named here with the reason why not."""
    keyed = {
        table.name
        for table in t.metadata.sorted_tables
        if any(isinstance(column.type, LargeBinary) for column in table.columns)
    } | {table.name for table in (*WORDS, t.undos)}  # sealed text in columns of text
    assert keyed == HANDLED | UNKEYED


def test_three_keys_come_of_one_secret() -> None:
    """Encryption, look-up and the chain have a key each: none tells of another, and each differs by secret."""
    keys, other = Keys(OLD), Keys(Keys.fresh())
    made = [keys._index, keys._chain, keys._bind, other._index, other._chain, other._bind]
    assert len(set(made)) == 6
    assert keys.index("mrn", "x") != keys.bind(["mrn", "x"]) != keys.chain(b"", {"mrn": "x"})
