"""Writing an import: records, patients, cases with lanes where they clash, the worklist and the trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from sqlalchemy import insert, select, update

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from tools.breaks import Break, breaks
from tools.context import Context
from tools.edits.applying import Body, Key
from tools.edits.drafting import Held
from tools.edits.resettling import lay_out, resettle
from tools.edits.saving import add_history, write_records
from tools.errors import ToolError
from tools.importing.bookings import PENDING, Booking
from tools.importing.rows import Faults
from tools.records import tables as t
from tools.records.documents import case_row
from tools.records.occupancy import takings
from tools.records.writer import Writer
from tools.worklist import SIDE


def records_written(
    ctx: Context, writer: Writer, held: Mapping[Key, Held], changed: Mapping[Key, Body], reason: str
) -> list[Break]:
    """Puts the records in, and gives what the book stands against since."""
    before = writer.clinic()
    write_records(writer, held, changed)
    after = writer.clinic()
    resettle(writer, before, after)
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
    return breaks(before, after, Calendar(after.timezone).of(ctx.now()))


def bookings_written(
    ctx: Context, writer: Writer, found: Sequence[Booking], faults: Faults
) -> tuple[list[str], list[Break]]:
    """Puts the cases in, clashes on record as their exceptions; (ids of the cases, what they stand against)."""
    before = writer.clinic()
    numbered = _numbered(writer, found)
    placed = [_with_patient(writer, one, faults) for one in numbered]
    cases = [one.case for one in placed]
    clashing = breaks(
        before, replace(before, cases=(*before.cases, *cases)), Calendar(before.timezone).of(ctx.now())
    )
    rules: dict[str, list[str]] = {}
    for one in clashing:
        rules.setdefault(one.case, []).append(one.rule)
    _insert(writer, placed, rules)
    _excuse(writer, before, {id_: more for id_, more in rules.items() if id_ in before.cases_by_id})
    touched = {one.pool for case in cases for one in takings(case, before)}
    lay_out(writer, writer.clinic(), touched)
    return [case.id for case in cases], [*clashing, *_sideless(placed, before)]


def _numbered(writer: Writer, found: Sequence[Booking]) -> list[Booking]:
    """The bookings with ids; those of the file keep theirs."""
    _, position = writer.next_case()
    taken = {case.id for case in writer.clinic().cases} | {one.case.id for one in found}
    free = (id_ for id_ in (f"case-{number:04d}" for number in count(position)) if id_ not in taken)
    return [
        replace(one, case=replace(one.case, id=next(free))) if one.case.id.startswith(PENDING) else one
        for one in found
    ]


def _with_patient(writer: Writer, one: Booking, faults: Faults) -> Booking:
    if one.identity is None:
        return one
    try:
        ref = writer.patient_ref(one.identity)
    except ToolError as error:
        faults.add(one.line, "patient", None, error.message)
        return one
    return replace(one, case=replace(one.case, patient=ref))


def _insert(writer: Writer, placed: Iterable[Booking], rules: Mapping[str, list[str]]) -> None:
    _, position = writer.next_case()
    for number, one in enumerate(placed, start=position):
        case = replace(one.case, exceptions=tuple(dict.fromkeys(rules.get(one.case.id, ()))))
        row = case_row(case, one.laterality, number, writer.bump())
        writer.connection.execute(insert(t.cases), {"clinic": writer.clinic_id, **row})


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


def _sideless(placed: Iterable[Booking], clinic: Clinic) -> list[Break]:
    return [
        Break(one.case.id, SIDE, one.case.procedure, "The side is not on record, and the procedure is sided.")
        for one in placed
        if one.laterality is None
        and one.case.status in ("booked", "held")
        and any(clinic.procedures[procedure].sided for procedure in one.case.procedures)
    ]
