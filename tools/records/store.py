"""The store: one clinic's records behind one small interface, on SQLite or PostgreSQL."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from threading import RLock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, func, insert, select

from solver.clinic import Clinic
from solver.request import Plan
from tools.clinic_file import Identity, Loaded, exported, load
from tools.errors import ToolError
from tools.records import tables as t
from tools.records import trail
from tools.records.access import AccessLog
from tools.records.documents import may_be, patient_from, patient_indexes
from tools.records.engine import MEMORY, bound, engine_for, is_memory, letting_go, retried
from tools.records.keys import Keys
from tools.records.plans import plan_from, plan_values
from tools.records.sealing import opened, sealed
from tools.records.state import State, read_state, revisions

if TYPE_CHECKING:
    from tools.records.writer import Writer

T = TypeVar("T")

Source = str | bytes | Mapping[str, Any] | Loaded

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another


@dataclass(frozen=True)
class StoredOffer:
    """A slot that was shown, as it was shown, with the plan behind it."""

    id: str
    label: str
    principal: str
    conversation: str | None
    revision: int
    """The store's revision that the offer was found at."""
    created_at: dt.datetime
    request: Mapping[str, Any]
    """The `tools.contract.Request` that was asked, as JSON."""
    body: Mapping[str, Any]
    """The `tools.contract.Offer` that was shown, as JSON."""
    plan: Plan


class Store:
    """What tools may ask of the records. Reading needs nothing; every change goes through `write`."""

    def __init__(self, engine: Engine, clinic_id: str, keys: Keys, demo: bool) -> None:
        self.engine, self.clinic_id, self.keys, self.demo = engine, clinic_id, keys, demo
        self._state: State | None = None
        # One connection serves all threads of a database in memory: transactions take turns.
        self._turn = RLock() if is_memory(engine) else nullcontext()

    @classmethod
    def memory(
        cls,
        source: Source,
        *,
        as_of: dt.datetime | None = None,
        accept_existing: bool = False,
        demo: bool = True,
    ) -> Store:
        """A clinic in memory, with a key that ends with it.

        `source` is a clinic file's text or values; with `as_of` its cases are checked (see `clinic_file.load`).
        `demo` False for a file that somebody brings: its words go to no remote model without an agreement.
        """
        from tools.records.founding import found

        if not isinstance(source, Loaded):
            source = load(source, as_of=as_of, accept_existing=accept_existing)
        return found(engine_for(MEMORY), source, Keys.fresh(), demo=demo, at=as_of)

    def copied(self) -> Store:
        """A clinic in memory once more, as it is now and apart from this one, with the same key."""
        engine = engine_for(MEMORY)
        mine, theirs = self.engine.raw_connection(), engine.raw_connection()
        with self._turn:
            mine.driver_connection.backup(theirs.driver_connection)  # type: ignore[union-attr]
        return Store(bound(engine, self.clinic_id), self.clinic_id, self.keys, self.demo)

    @classmethod
    def open(cls, url: str, key: str | None = None) -> Store:
        """The clinic in a database, migrated to this version; `key` is the text of `SLOTWRIGHT_KEY`.

        Raises `ToolError`: "not-found" where there is no clinic yet, "unavailable" for a missing or another key.
        """
        from tools.records.founding import opened

        engine = engine_for(url)
        with letting_go(engine):
            return opened(engine, key)

    @classmethod
    def create(cls, url: str, loaded: Loaded, *, at: dt.datetime, key: str) -> Store:
        """A new clinic in an empty database; raises `ToolError("conflict")` where there is one already."""
        from tools.records.founding import created

        engine = engine_for(url)
        with letting_go(engine):
            return created(engine, loaded, key, at)

    @classmethod
    def create_demo(cls, url: str, today: dt.date) -> Store:
        """The demo clinic in a database that is marked as such and keeps its own key; opened where it is there."""
        from tools.records.founding import demo

        engine = engine_for(url)
        with letting_go(engine):
            return demo(engine, today)

    @cached_property
    def access(self) -> AccessLog:
        """Who looked: notes that are entered in the access chain a moment later."""

        def enter(notes: list[trail.Note]) -> None:
            def work(writer: Writer) -> int:
                connection = writer.connection
                return trail.append_all(connection, self.clinic_id, self.keys, trail.ACCESS, notes)

            Store.write(self, work)  # a look at another time, which writes nothing else, is still a look

        return AccessLog(enter)

    def close(self) -> None:
        """Enters what is still to be entered and lets go of the database's connections."""
        if "access" in vars(self):
            self.access.flush()
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for reads that belong together."""
        with self._turn, self.engine.connect() as connection:
            yield connection

    def write(self, work: Callable[[Writer], T]) -> T:
        """Runs `work` in one write transaction: all of it is committed, or nothing.

        Run again, a few times, where the engine says that it may succeed; so `work` keeps no state of its own.
        """
        from tools.records.writer import Writer

        def once() -> T:
            with self._turn, self.engine.connect() as plain:
                connection = plain.execution_options(writes=True)
                with connection.begin():
                    return work(Writer(self, connection, self._state))

        return retried(once)

    def state(self) -> State:
        """The clinic with what the solver has no use for, cached by revision."""
        with self.reading() as connection:
            self._state = read_state(connection, self.clinic_id, self.keys, self._state)
            return self._state

    def clinic(self) -> Clinic:
        """The clinic as it stands: the same object until something changes."""
        return self.state().clinic

    def revision(self) -> int:
        """Counts every committed change of the clinic's records and cases."""
        with self.reading() as connection:
            return revisions(connection, self.clinic_id)[0]

    def new_id(self, kind: str) -> str:
        """A fresh id such as "offer-7k2m9qxt4c"."""
        return f"{kind}-{''.join(secrets.choice(_LETTERS) for _ in range(10))}"

    def next_letter(self, conversation: str | None) -> str:
        """The letter of a conversation's next list of offers: "A" ... "Z", "AA"; labels are A1, A2 ..."""
        if conversation is None:
            return "A"
        offers = t.offers.c
        query = select(func.count(offers.letter.distinct())).where(
            offers.clinic == self.clinic_id, offers.conversation == conversation
        )
        with self.reading() as connection:
            return _letter(connection.execute(query).scalar_one())

    def save_offers(self, offers: Sequence[StoredOffer]) -> None:
        """Keeps offers so that they can be proposed by id."""
        rows = [self._offer_row(offer) for offer in offers]
        if rows:
            self.write(lambda writer: self._keep(writer.connection, rows))

    def _keep(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        trail.refuse_old_key(connection, self.clinic_id, self.keys)
        connection.execute(insert(t.offers), rows)

    def _offer_row(self, offer: StoredOffer) -> dict[str, Any]:
        row = {
            "clinic": self.clinic_id,
            "id": offer.id,
            "label": offer.label,
            "letter": offer.label.rstrip("0123456789"),
            "principal": offer.principal,
            "conversation": offer.conversation,
            "revision": offer.revision,
            "created_at": offer.created_at,
            "request": dict(offer.request),
            "body": dict(offer.body),
            "plan": plan_values(offer.plan),
        }
        return sealed(self.keys, t.offers, row, row)

    def offer(self, offer_id: str) -> StoredOffer:
        """A kept offer; raises `ToolError("not-found")`."""
        c = t.offers.c
        query = select(t.offers).where(c.clinic == self.clinic_id, c.id == offer_id)
        with self.reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            said = f"There is no offer {offer_id[:60]!r}. Maybe search again and take one from there."
            raise ToolError("not-found", said, "offer")
        return _offer_from(opened(self.keys, t.offers, row))

    def patient(self, ref: str) -> Identity | None:
        """Who a patient is; who may ask is for the tool to check."""
        c = t.patients.c
        query = select(c.sealed).where(c.clinic == self.clinic_id, c.ref == ref)
        with self.reading() as connection:
            sealed = connection.execute(query).scalar_one_or_none()
        return None if sealed is None else patient_from(ref, sealed, self.clinic_id, self.keys)

    def known_patient(self, identity: Identity) -> Identity | None:
        """The patient on record with this number, or with this name and birth date."""
        found = (one for name in ("mrn_index", "birth_index") for one in self._patients_by(name, identity))
        return next((one for one in found if may_be(identity, one)), None)

    def namesakes(self, identity: Identity) -> list[Identity]:
        """Everybody on record with this name and birth date, under whatever number."""
        return list(self._patients_by("birth_index", identity))

    def _patients_by(self, name: str, identity: Identity) -> Iterator[Identity]:
        c, index = t.patients.c, patient_indexes(identity, self.clinic_id, self.keys)[name]
        if index is None:
            return
        query = select(c.ref, c.sealed).where(c.clinic == self.clinic_id, c[name] == index).order_by(c.ref)
        with self.reading() as connection:
            rows = connection.execute(query).all()
        yield from (patient_from(one.ref, one.sealed, self.clinic_id, self.keys) for one in rows)

    def patient_version(self, ref: str) -> int:
        """How often a patient was written; one that isn't there has 0."""
        c = t.patients.c
        query = select(c.version).where(c.clinic == self.clinic_id, c.ref == ref)
        with self.reading() as connection:
            return int(connection.execute(query).scalar_one_or_none() or 0)

    def version(self, case_id: str) -> int:
        """How often a case was written; one that isn't there has 0."""
        c = t.cases.c
        query = select(c.version).where(c.clinic == self.clinic_id, c.id == case_id)
        with self.reading() as connection:
            return int(connection.execute(query).scalar_one_or_none() or 0)

    def laterality(self, case_id: str) -> str | None:
        """The side of a case, where it has one."""
        return self.state().sides.get(case_id)

    def aliases(self) -> Mapping[str, tuple[str, ...]]:
        """Equipment id -> what else people call it."""
        return self.state().base.aliases

    def export(self, patients: bool = False) -> dict[str, Any]:
        """The clinic file of what is here now; identities only on request."""
        state = self.state()
        known: list[Identity] = []
        if patients:
            with self.reading() as connection:
                c = t.patients.c
                query = select(c.ref, c.sealed).where(c.clinic == self.clinic_id).order_by(c.ref)
                rows = connection.execute(query).all()
            known = [patient_from(row.ref, row.sealed, self.clinic_id, self.keys) for row in rows]
        whole = replace(state.base, clinic=state.clinic, laterality=state.sides, patients=tuple(known))
        return exported(whole, patients=patients)

    def audit_entries(self) -> list[trail.Entry]:
        """The audit trail from its beginning."""
        with self.reading() as connection:
            return list(trail.entries(connection, self.clinic_id, self.keys))

    def audit_broken_at(self) -> int | None:
        """The number of the first audit entry that was tampered with, or None."""
        with self.reading() as connection:
            return trail.broken_at(connection, self.clinic_id, self.keys)


def _offer_from(row: SimpleNamespace) -> StoredOffer:
    return StoredOffer(
        row.id, row.label, row.principal, row.conversation, row.revision, row.created_at, row.request, row.body,
        plan_from(row.plan),
    )  # fmt: skip


def _letter(count: int) -> str:
    letters = ""
    while count >= 0:
        letters = chr(ord("A") + count % 26) + letters
        count = count // 26 - 1
    return letters
