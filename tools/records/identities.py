"""The names of the patients on record, for the one reader that must recognize them: what guards the way out."""

from __future__ import annotations

from sqlalchemy import select

from tools.records import tables as t
from tools.records.documents import patient_from
from tools.records.store import Store


def known_names(store: Store) -> tuple[str, ...]:
    """Every patient's full name as it is recorded."""
    c = t.patients.c
    query = select(c.ref, c.sealed).where(c.clinic == store.clinic_id)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    known = (patient_from(row.ref, row.sealed, store.clinic_id, store.keys) for row in rows)
    return tuple(patient.name for patient in known if patient.name and " " in patient.name.strip())
