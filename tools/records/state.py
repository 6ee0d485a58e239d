"""The clinic as it is read from the rows: built whole once, then brought up to date by what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

from sqlalchemy import Connection, select

from solver.clinic import Case, Clinic
from tools.clinic_file import Loaded
from tools.records import tables as t
from tools.records.documents import case_from, loaded_from
from tools.records.keys import Keys
from tools.records.sealing import opened


@dataclass(frozen=True)
class State:
    """A clinic at a revision. `base` has no cases: it stays the same object until a record changes."""

    revision: int
    records_revision: int
    base: Loaded
    cases: Mapping[str, Case]
    sides: Mapping[str, str]
    clinic: Clinic = field(init=False)

    def __post_init__(self) -> None:
        clinic = replace(self.base.clinic, cases=tuple(self.cases.values()))
        object.__setattr__(self, "clinic", clinic)


def read_state(connection: Connection, clinic_id: str, keys: Keys, known: State | None) -> State:
    """The newest state; only cases that changed since `known` are read, and `known` itself if nothing did.

    Another writer may commit between two reads, so the revision is looked at again after them.
    """
    while True:
        revision, records_revision = revisions(connection, clinic_id)
        if known is not None and known.revision == revision:
            return known
        fresh = known is None or known.records_revision != records_revision
        base = _base(connection, clinic_id, keys) if known is None or fresh else known.base
        since = -1 if known is None or fresh else known.revision
        cases, sides = _cases(connection, clinic_id, since)
        if known is not None and not fresh:
            cases, sides = {**known.cases, **cases}, {**known.sides, **sides}
        if revisions(connection, clinic_id)[0] == revision:
            return State(revision, records_revision, base, cases, sides)


def revisions(connection: Connection, clinic_id: str) -> tuple[int, int]:
    """(revision, revision of the records without the cases)."""
    meta = t.meta.c
    query = select(meta.revision, meta.records_revision).where(meta.clinic == clinic_id)
    row = connection.execute(query).one()
    return row.revision, row.records_revision


def _base(connection: Connection, clinic_id: str, keys: Keys) -> Loaded:
    return loaded_from((row.kind, row.id, row.body) for row in record_rows_of(connection, clinic_id, keys))


def record_rows_of(connection: Connection, clinic_id: str, keys: Keys) -> Iterator[SimpleNamespace]:
    """Every record of the clinic with its body opened, in the order of the clinic file."""
    c = t.records.c
    query = select(t.records).where(c.clinic == clinic_id).order_by(c.kind, c.position)
    return (opened(keys, t.records, row) for row in connection.execute(query))


def _cases(connection: Connection, clinic_id: str, since: int) -> tuple[dict[str, Case], dict[str, str]]:
    c = t.cases.c
    query = select(t.cases).where(c.clinic == clinic_id, c.revision > since).order_by(c.position)
    rows = connection.execute(query).all()
    return {row.id: case_from(row) for row in rows}, {
        row.id: row.laterality for row in rows if row.laterality
    }
