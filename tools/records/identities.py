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
    """Who is known as of a revision and a number of patients; they stay in this process and out of every `repr`."""

    revision: int
    count: int
    people: Mapping[tuple[str, int], tuple[str, str]] = field(repr=False)
    """(reference, version) -> (name, record number): a patient who was corrected has another version."""


_KNOWN: WeakKeyDictionary[Store, _Known] = WeakKeyDictionary()


def known_names(store: Store) -> tuple[str, ...]:
    """Every patient's name as it is recorded; each is opened once, not at every call."""
    return tuple(name for name, _ in _known(store).values() if name.strip())


def known_numbers(store: Store) -> tuple[str, ...]:
    """Every patient's record number, as `known_names` has the names."""
    return tuple(number for _, number in _known(store).values() if number.strip())


def _known(store: Store) -> Mapping[tuple[str, int], tuple[str, str]]:
    """Whoever was corrected since has another version, so that what was opened before stays right."""
    kept = _KNOWN.get(store) or _Known(-1, 0, {})
    with store.reading() as connection:
        revision, count = revisions(connection, store.clinic_id)[0], _count(connection, store.clinic_id)
        if (revision, count) != (kept.revision, kept.count):
            kept = _KNOWN[store] = _Known(revision, count, _people(connection, store, kept.people))
    return kept.people


def _count(connection: Connection, clinic: str) -> int:
    query = select(func.count()).select_from(t.patients).where(t.patients.c.clinic == clinic)
    return int(connection.execute(query).scalar_one())


def _people(
    connection: Connection, store: Store, known: Mapping[tuple[str, int], tuple[str, str]]
) -> dict[tuple[str, int], tuple[str, str]]:
    """The patients there are now; only those that aren't known yet are opened."""
    c = t.patients.c
    there = connection.execute(select(c.ref, c.version).where(c.clinic == store.clinic_id)).all()
    people = {(ref, version): known[ref, version] for ref, version in there if (ref, version) in known}
    fresh = select(c.ref, c.version, c.sealed).where(c.clinic == store.clinic_id)
    if people:
        fresh = fresh.where(c.ref.in_([ref for ref, version in there if (ref, version) not in people]))
    for row in connection.execute(fresh).all():
        patient = patient_from(row.ref, row.sealed, store.clinic_id, store.keys)
        people[row.ref, row.version] = (patient.name or "", patient.mrn or "")
    return people


def names_of(store: Store, refs: Collection[str]) -> dict[str, str]:
    """Patient reference -> full name, of those that are asked for and have one; raises `ToolError` without the key."""
    c = t.patients.c
    query = select(c.ref, c.sealed).where(c.clinic == store.clinic_id, c.ref.in_(refs))
    with store.reading() as connection:
        rows = connection.execute(query).all()
    known = (patient_from(row.ref, row.sealed, store.clinic_id, store.keys) for row in rows)
    return {patient.ref: patient.name for patient in known if patient.name}
