"""The names of patients on record: for what must recognize them to guard the way out, and for their initials."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, func, select

from tools.records import tables as t
from tools.records.documents import patient_from
from tools.records.state import revisions
from tools.records.store import Store


@dataclass(frozen=True)
class _Known:
    """The names as of a revision and a number of patients; they stay in this process and out of every `repr`."""

    revision: int
    count: int
    names: Mapping[tuple[str, int], str] = field(repr=False)
    """(reference, version) -> name: a patient who was corrected has another version."""

    def full(self) -> tuple[str, ...]:
        """Those that are more than a surname."""
        return tuple(name for name in self.names.values() if " " in name.strip())


_KNOWN: WeakKeyDictionary[Store, _Known] = WeakKeyDictionary()


def known_names(store: Store) -> tuple[str, ...]:
    """Every patient's full name as it is recorded; each is opened once, not at every call.

    Whoever was corrected since has another version, so that what was opened before stays right.
    """
    kept = _KNOWN.get(store) or _Known(-1, 0, {})
    with store.reading() as connection:
        revision, count = revisions(connection, store.clinic_id)[0], _count(connection, store.clinic_id)
        if (revision, count) != (kept.revision, kept.count):
            kept = _KNOWN[store] = _Known(revision, count, _names(connection, store, kept.names))
    return kept.full()


def _count(connection: Connection, clinic: str) -> int:
    query = select(func.count()).select_from(t.patients).where(t.patients.c.clinic == clinic)
    return int(connection.execute(query).scalar_one())


def _names(
    connection: Connection, store: Store, known: Mapping[tuple[str, int], str]
) -> dict[tuple[str, int], str]:
    """(reference, version) -> name, of the patients there are now; only those that aren't known yet are opened."""
    c = t.patients.c
    there = connection.execute(select(c.ref, c.version).where(c.clinic == store.clinic_id)).all()
    names = {(ref, version): known[ref, version] for ref, version in there if (ref, version) in known}
    fresh = select(c.ref, c.version, c.sealed).where(c.clinic == store.clinic_id)
    if names:
        fresh = fresh.where(c.ref.in_([ref for ref, version in there if (ref, version) not in names]))
    for row in connection.execute(fresh).all():
        name = patient_from(row.ref, row.sealed, store.clinic_id, store.keys).name
        names[row.ref, row.version] = name or ""
    return names


def names_of(store: Store, refs: Collection[str]) -> dict[str, str]:
    """Patient reference -> full name, of those that are asked for and have one; raises `ToolError` without the key."""
    c = t.patients.c
    query = select(c.ref, c.sealed).where(c.clinic == store.clinic_id, c.ref.in_(refs))
    with store.reading() as connection:
        rows = connection.execute(query).all()
    known = (patient_from(row.ref, row.sealed, store.clinic_id, store.keys) for row in rows)
    return {patient.ref: patient.name for patient in known if patient.name}
