"""Writing an import, thought through before: records, patients, cases with lanes where they clash, and history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import insert, select, update

from solver.clinic import Case, Clinic
from tools.clinic_file import Identity
from tools.context import Context
from tools.edits.applying import Body, Key
from tools.edits.drafting import Held
from tools.edits.resettling import lay_out, resettle
from tools.edits.saving import add_history, write_records
from tools.importing.bookings import Booking
from tools.records import tables as t
from tools.records.documents import case_row, patient_row
from tools.records.occupancy import takings
from tools.records.writer import Writer


@dataclass(frozen=True)
class Placed:
    """Bookings ready to be written: numbered, with their patients, and the rules that each stands against."""

    bookings: tuple[Booking, ...] = ()
    first: int = 0
    """The position of the first in the book."""
    fresh: tuple[Identity, ...] = ()
    rules: Mapping[str, list[str]] = field(default_factory=dict)


def records_written(
    ctx: Context, writer: Writer, held: Mapping[Key, Held], changed: Mapping[Key, Body], reason: str
) -> None:
    """Puts the records in, each with its history."""
    before = writer.clinic()
    write_records(writer, held, changed)
    resettle(writer, before, writer.clinic())
    revision = writer.bump()
    for key, body in changed.items():
        old = held.get(key)
        add_history(writer, key, {
            "revision": revision,
            "version": (old.version if old else 0) + 1,
            "op": "change" if old else "create",
            "at": ctx.now(),
            "principal": ctx.principal.id,
            "reason": reason,
            "from_date": None,
            "before": old.body if old else None,
            "after": body,
        })  # fmt: skip


def bookings_written(writer: Writer, placed: Placed) -> None:
    """Puts the patients and the cases in, clashes on record as their exceptions."""
    before, cases = writer.clinic(), [one.case for one in placed.bookings]
    if placed.fresh:
        rows = [patient_row(one, writer.clinic_id, writer.keys) for one in placed.fresh]
        writer.connection.execute(insert(t.patients), [{"clinic": writer.clinic_id, **row} for row in rows])
    _insert(writer, placed)
    _excuse(writer, before, {id_: more for id_, more in placed.rules.items() if id_ in before.cases_by_id})
    touched = {one.pool for case in cases for one in takings(case, before)}
    lay_out(writer, writer.clinic(), touched)


def _insert(writer: Writer, placed: Placed) -> None:
    rows = []
    for number, one in enumerate(placed.bookings, start=placed.first):
        case = replace(one.case, exceptions=tuple(dict.fromkeys(placed.rules.get(one.case.id, ()))))
        rows.append({"clinic": writer.clinic_id, **case_row(case, one.laterality, number, writer.bump())})
    if rows:
        writer.connection.execute(insert(t.cases), rows)


def _excuse(writer: Writer, before: Clinic, rules: Mapping[str, list[str]]) -> None:
    """Cases of the book that a new one clashes with have it on record too."""
    c = t.cases.c
    for id_, more in rules.items():
        case: Case = before.cases_by_id[id_]
        own = (c.clinic == writer.clinic_id) & (c.id == id_)
        body = writer.connection.execute(select(c.body).where(own)).scalar_one()
        exceptions = list(dict.fromkeys([*case.exceptions, *more]))
        values = {"body": body | {"exceptions": exceptions}, "revision": writer.bump()}
        writer.connection.execute(update(t.cases).where(own).values(version=c.version + 1, **values))
