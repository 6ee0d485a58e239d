"""What is kept no longer goes, and nothing else does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from tests.tools.records.conftest import KEY
from tests.web.cli.conftest import SMALL
from tools.accounts import links, people, signin
from tools.care.retention import Retention, forgotten, forgotten_in_time
from tools.clinic_file import Identity, load
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records import proposing
from tools.records import tables as t
from tools.records.proposing import StoredProposal
from tools.records.store import Store
from tools.records.transcripts import Cost, Kept, keep

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ROOT = Principal("root", "Root", Role.ADMIN)
STAYS = frozenset({
    "access", "access_heads", "api_keys", "audit", "audit_heads", "cases", "holds", "meta", "old_keys",
    "record_changes", "records", "reservations", "scopes", "units", "users", "worklist",
})  # fmt: skip
"""The book, its records and its history, who may use it, and what is locked or held just now."""


@pytest.fixture(params=["sqlite", "postgresql"])
def ctx(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Context]:
    """A clinic in which a little of everything has happened."""
    url = (
        f"sqlite:///{tmp_path}/c.db" if request.param == "sqlite" else str(request.getfixturevalue("pg_url"))
    )
    store = Store.create(url, load(SMALL), at=NOW, key=KEY)
    ctx = Context(store, ROOT, lambda: NOW)
    happened(ctx)
    yield ctx
    store.close()


def happened(ctx: Context) -> None:
    """A proposal with its answer, an offer, a request without a slot, a turn, sign-ins and links."""
    store, clinic = ctx.store, ctx.store.clinic_id
    store.write(lambda writer: proposing.save(writer, PROPOSAL))
    store.write(lambda writer: proposing.remember(writer, "ann", "confirm", "k", {}, {"ok": 1}, NOW))
    offer: dict[str, Any] = {
        "clinic": clinic, "id": "offer-1", "label": "A1", "letter": "A", "principal": "ann", "conversation": None,
        "revision": 1, "created_at": NOW, "request": {}, "body": {}, "plan": {},
    }  # fmt: skip
    unmet = {
        "clinic": clinic,
        "id": "u",
        "at": NOW,
        "role": "scheduler",
        "minutes": 60,
        "request": {},
        "conflict": [],
    }
    undo = {"clinic": clinic, "proposal": "proposal-1", "principal": "ann", "at": NOW, "changes": {}}
    for table, row in ((t.offers, offer), (t.unmet, unmet), (t.undos, undo)):
        store.write(lambda writer, table=table, row=row: writer.connection.execute(insert(table), row))  # type: ignore[misc]
    keep(store, Kept("talk-1", "ann", NOW, NOW, NOW + DAY, 1), {"said": "hello"}, Cost("m", "done", 3))
    link = links.first_admin(store, NOW)
    links.make_first_admin(store, str(link), "root", "Root", "correct horse battery staple", NOW)
    people.added(ctx, "ann", "Ann Lee", "scheduler")
    signin.sign_in(store, "root", "correct horse battery staple", NOW)
    with pytest.raises(ToolError):
        signin.sign_in(store, "root", "wrong", NOW)


PROPOSAL = StoredProposal(
    "proposal-1", "book", "ann", None, NOW, NOW + dt.timedelta(minutes=10), {"offer": "o"}, {"id": "proposal-1"},
    {"name": "Jo Example"},
)  # fmt: skip


def counts(store: Store) -> dict[str, int]:
    """How many rows each table has."""
    with store.reading() as connection:
        tables = {table.name: select(func.count()).select_from(table) for table in t.metadata.sorted_tables}
        return {name: int(connection.execute(query).scalar_one()) for name, query in tables.items()}


def test_nothing_goes_before_its_time(ctx: Context) -> None:
    """An hour later every row is there, and the trail has no entry of a deletion."""
    before = counts(ctx.store)
    assert forgotten(replace(ctx, now=lambda: NOW + DAY / 24)) == {}
    assert counts(ctx.store) == before


def test_each_goes_when_its_days_are_over(ctx: Context) -> None:
    """Short-lived ones after a day, offers and proposals after theirs, what reports count after two years."""
    first = forgotten(replace(ctx, now=lambda: NOW + 2 * DAY))
    assert first == {"undos": 1, "transcripts": 1, "sign_ins": 1, "one_time_links": 1, "sign_in_attempts": 1}
    assert forgotten(replace(ctx, now=lambda: NOW + 31 * DAY)) == {"offers": 1, "proposals": 1, "replays": 1}
    assert forgotten(replace(ctx, now=lambda: NOW + 731 * DAY)) == {"unmet": 1, "turns": 1}


def test_the_days_are_the_clinics(ctx: Context) -> None:
    """What is set counts, in either direction."""
    later = replace(ctx, now=lambda: NOW + 31 * DAY)
    assert "proposals" not in forgotten(later, Retention(proposals=60 * DAY))
    assert forgotten(later, Retention(proposals=5 * DAY)) == {"proposals": 1, "replays": 1}


def test_a_deletion_is_on_record(ctx: Context) -> None:
    """The trail is whole and names who deleted how much; by itself it is the clock."""
    forgotten(replace(ctx, now=lambda: NOW + 2 * DAY))
    forgotten_in_time(ctx.store, NOW + 31 * DAY)
    by_hand, by_itself = ctx.store.audit_entries()[-2:]
    assert (by_hand.principal, by_hand.action, by_hand.after["undos"]) == ("root", "retention", 1)
    assert (by_itself.principal, by_itself.after) == ("clock", {"offers": 1, "proposals": 1, "replays": 1})
    assert ctx.store.audit_broken_at() is None


def test_identities_stay_unless_an_end_is_set(ctx: Context) -> None:
    """With one, who has no case since then is nobody any more; the case stays, and so do others."""
    with ctx.store.reading() as connection:
        case = connection.execute(select(t.cases).where(t.cases.c.patient.is_not(None))).first()
    assert case is not None
    later = replace(ctx, now=lambda: NOW + 4000 * DAY)
    ref = ctx.store.write(lambda writer: writer.patient_ref(Identity("", "Jo Example", "T1000001", None)))
    assert "patients" not in forgotten(later)
    assert "patients" not in forgotten(later, Retention(patients=5000 * DAY))
    assert forgotten(later, Retention(patients=1000 * DAY)) == {"patients": 1}
    assert ctx.store.patient(case.patient) is None
    assert ctx.store.patient(ref) is not None  # nobody's last case has ended
    assert case.id in ctx.store.clinic().cases_by_id


def test_who_comes_again_is_kept(ctx: Context) -> None:
    """The last case counts, not the first."""
    kept = Retention(patients=1000 * DAY)
    later = NOW + 4000 * DAY

    def moved(writer: Any) -> None:
        c = t.cases.c
        late = int(later.timestamp()) // 60
        writer.connection.execute(update(t.cases).where(c.patient.is_not(None)).values(end_at=late))

    ctx.store.write(moved)
    assert "patients" not in forgotten(replace(ctx, now=lambda: later), kept)


def test_every_table_is_thought_of(ctx: Context) -> None:
    """A new table is deleted from some day, or named here as one that stays."""
    gone = set[str]()
    for days in (2, 31, 731, 40_000):
        gone |= set(forgotten(replace(ctx, now=lambda days=days: NOW + days * DAY), Retention(patients=DAY)))  # type: ignore[misc]
    assert gone | {"oidc_flows"} | STAYS == set(t.metadata.tables)
    assert not gone & STAYS


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMIN])
def test_it_is_an_admins(ctx: Context, role: Role) -> None:
    """Anybody else is refused, and nothing goes."""
    before = counts(ctx.store)
    with pytest.raises(ToolError, match="may not"):
        forgotten(replace(ctx, principal=Principal("ann", "Ann", role), now=lambda: NOW + 999 * DAY))
    assert counts(ctx.store) == before
