"""What a write transaction may do: the same reads, seen from inside it, and the writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from solver.clinic import Case
from solver.grid import Calendar
from tools.clinic_file import Identity
from tools.context import Principal
from tools.errors import ToolError
from tools.records import tables as t
from tools.records import trail
from tools.records.documents import case_from, case_row, folded, patient_row
from tools.records.occupancy import Taking, Units, free, repack, takings
from tools.records.state import State
from tools.records.states import step
from tools.records.store import Store

SPELLING = (
    "Maybe check the identifiers; if it is the same patient, correct the name or birth date on the page of one of "
    "their cases."
)


class Writer(Store):
    """The store inside one write transaction. Lock first, then read, decide and write."""

    def __init__(self, store: Store, connection: Connection, state: State | None) -> None:
        super().__init__(store.engine, store.clinic_id, store.keys, store.demo)
        self.access = store.access  # entered after this transaction, not within it
        self.connection = connection
        self._state = state
        self._revision: int | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The transaction's own connection: what it wrote is seen, and what others did meanwhile is not lost."""
        yield self.connection

    def lock(self, scopes: Iterable[str]) -> None:
        """Locks and bumps the revisions of days and weeks, in order: rules over them can't be broken by two at once.

        The clinic's own scope is shared by all bookings; a change of its records would take it alone.
        """
        names = ["clinic", *sorted(set(scopes))]
        self._ensure(names)
        c = t.scopes.c
        own = select(c.scope).where(c.clinic == self.clinic_id)
        self.connection.execute(own.where(c.scope == "clinic").with_for_update(read=True)).all()
        rest = own.where(c.scope.in_(names[1:])).order_by(c.scope).with_for_update()
        self.connection.execute(rest).all()
        bumped = update(t.scopes).where(c.clinic == self.clinic_id, c.scope.in_(names[1:]))
        self.connection.execute(bumped.values(revision=c.revision + 1))

    def _ensure(self, names: Sequence[str]) -> None:
        rows = [{"clinic": self.clinic_id, "scope": name, "revision": 0} for name in names]
        dialect = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        for row in rows:  # one by one and sorted: two writers insert in the same order
            self.connection.execute(dialect.insert(t.scopes).values(row).on_conflict_do_nothing())

    def bump(self) -> int:
        """The revision that this transaction makes; other writers wait from here until it ends."""
        if self._revision is None:
            c = t.meta.c
            query = update(t.meta).where(c.clinic == self.clinic_id).values(revision=c.revision + 1)
            self._revision = int(self.connection.execute(query.returning(c.revision)).scalar_one())
        return self._revision

    def case(self, case_id: str) -> Case:
        """A case as it stands in this transaction, locked until its end; raises `ToolError("not-found")`."""
        return self._case(case_id, lock=True)

    def glance(self, case_id: str) -> Case:
        """The same, not locked: to know which days to lock first. Who locks a case before its days can deadlock."""
        return self._case(case_id, lock=False)

    def _case(self, case_id: str, *, lock: bool) -> Case:
        c = t.cases.c
        query = select(t.cases).where(c.clinic == self.clinic_id, c.id == case_id)
        query = query.with_for_update() if lock else query
        row = self.connection.execute(query).first()
        if row is None:
            raise ToolError(
                "not-found", f"There is no case {case_id[:60]!r}. Maybe look it up in the schedule."
            )
        return case_from(row)

    def next_case(self) -> tuple[str, int]:
        """(id, position) of a new case; the revision's lock keeps two writers from getting the same."""
        self.bump()
        c = t.cases.c
        query = select(func.coalesce(func.max(c.position), 0)).where(c.clinic == self.clinic_id)
        position = int(self.connection.execute(query).scalar_one()) + 1
        name = f"case-{position:04d}"
        taken = select(c.id).where(c.clinic == self.clinic_id, c.id == name)
        return (self.new_id("case") if self.connection.execute(taken).first() else name), position

    def add_case(self, case: Case, laterality: str | None, position: int) -> None:
        """Writes a case and what it takes. Raises IntegrityError where a unit is taken already."""
        row = case_row(case, laterality, position, self.bump())
        self.connection.execute(insert(t.cases), {"clinic": self.clinic_id, **row})
        units = Units(self.connection, self.clinic_id)
        repack(self.connection, self.clinic(), case, units)

    def put_cases(self, changed: Sequence[tuple[Case, str | None]]) -> None:
        """Other times, people, facts or states of cases that are there, each with its side.

        All of them give back what they took before any takes anew, so that two may exchange places. Raises
        IntegrityError where a unit is taken already, `ToolError("conflict")` for a step of states that there isn't.
        """
        moved = []
        for case, laterality in changed:
            before = self.case(case.id)
            step(case.id, before.status, case.status)
            self._put(case, laterality)
            if takings(before, self.clinic()) != takings(case, self.clinic()):
                free(self.connection, self.clinic_id, case.id)
                moved.append(case)
        units = Units(self.connection, self.clinic_id)
        for case in moved:
            repack(self.connection, self.clinic(), case, units)

    def _put(self, case: Case, laterality: str | None) -> None:
        c = t.cases.c
        row = case_row(case, laterality, 0, self.bump())
        values = {key: value for key, value in row.items() if key not in ("id", "position", "version")}
        self.connection.execute(
            update(t.cases)
            .where(c.clinic == self.clinic_id, c.id == case.id)
            .values(**values, version=c.version + 1)
        )

    def calendar(self) -> Calendar:
        """The clinic's calendar."""
        return Calendar(self.clinic().timezone)

    def set_status(self, case_id: str, status: str) -> None:
        """Another state of a case; one that doesn't occupy gives back what it took."""
        step(case_id, self.case(case_id).status, status)
        c = t.cases.c
        change = {"status": status, "revision": self.bump(), "version": c.version + 1}
        self.connection.execute(
            update(t.cases).where(c.clinic == self.clinic_id, c.id == case_id).values(**change)
        )
        if not self.case(case_id).occupies:
            free(self.connection, self.clinic_id, case_id)

    def patient_ref(self, identity: Identity) -> str:
        """The reference of a patient: the one on record, or a new one that is recorded now.

        Raises `ToolError("conflict")` where the record number belongs to somebody else.
        """
        known = self.known_patient(identity)
        if known is None:
            fresh = Identity(self.new_id("patient"), identity.name, identity.mrn, identity.birth_date)
            row = patient_row(fresh, self.clinic_id, self.keys)
            self.connection.execute(insert(t.patients), {"clinic": self.clinic_id, **row})
            return fresh.ref
        same_number(identity, known)
        return known.ref

    def correct_patient(self, identity: Identity, version: int) -> None:
        """Another spelling of a patient who is on record; raises `ToolError("conflict")` for another version."""
        row = patient_row(identity, self.clinic_id, self.keys)
        c = t.patients.c
        values = {name: row[name] for name in ("sealed", "mrn_index", "birth_index")}
        query = update(t.patients).where(
            c.clinic == self.clinic_id, c.ref == identity.ref, c.version == version
        )
        written = self.connection.execute(query.values(**values, version=version + 1).returning(c.ref))
        if written.first() is None:
            said = "Somebody else corrected this patient meanwhile. Maybe look at the case again."
            raise ToolError("conflict", said, "patient")
        self.bump()

    def audit(
        self, who: Principal, at: dt.datetime, action: str, objects: Sequence[str], before: Any, after: Any
    ) -> int:
        """Adds an entry to the trail in this transaction; no patient's identity belongs in it."""
        return trail.append(
            self.connection, self.clinic_id, self.keys, who, at, action, objects, before, after
        )


def same_number(given: Identity, known: Identity) -> None:
    """Raises `ToolError("conflict")` where a record number is given with another name or birth date."""
    for mine, theirs in ((given.name, known.name), (given.birth_date, known.birth_date)):
        if mine and theirs and folded(str(mine)) != folded(str(theirs)):
            said = "This record number belongs to a patient with another name or birth date."
            raise ToolError("conflict", f"{said} {SPELLING}", "patient.mrn")


def scopes_of(taken: Iterable[Taking], calendar: Calendar) -> set[str]:
    """The days that takings touch, and their weeks: "2026-03-10", "2026-W11"."""
    found: set[str] = set()
    for one in taken:
        day = calendar.date(one.start)
        while day <= calendar.date(one.end - 1):
            year, week, _ = day.isocalendar()
            found |= {day.isoformat(), f"{year}-W{week:02d}"}
            day += dt.timedelta(days=1)
    return found
