"""The book and the records as they were: the audit trail read backwards, one change at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from solver.clinic import Case, Clinic, TeamMember
from solver.grid import Calendar
from tools.clinic_file import load
from tools.context import Context
from tools.edits.drafting import held_records
from tools.records.documents import file_values
from tools.records.trail import Entry

Records = Mapping[tuple[str, str], Any]

HOLD_OVER = "hold-expired"
"""The entry of a hold's end: it names its case among its objects alone."""


@dataclass(frozen=True)
class Recorded:
    """The clinic's records at one moment; the clinic of them is read once, however many books share it."""

    bodies: Records

    @cached_property
    def clinic(self) -> Clinic:
        """As the solver reads them, without any case."""
        return load(file_values((kind, id_, body) for (kind, id_), body in self.bodies.items())).clinic


@dataclass(frozen=True)
class Book:
    """The clinic's records and cases at one moment."""

    recorded: Recorded
    cases: Mapping[str, Case]

    def clinic(self) -> Clinic:
        """The clinic as the solver reads it."""
        return replace(self.recorded.clinic, cases=tuple(self.cases.values()))


@dataclass(frozen=True)
class Step:
    """One change of the book or the records, with both as they were before and after it."""

    entry: Entry
    before: Book
    after: Book


def steps_back(ctx: Context, since: dt.datetime) -> Iterator[Step]:
    """The changes since then, the newest first; entries that changed neither book nor records are left out."""
    clinic = ctx.store.clinic()
    calendar = Calendar(clinic.timezone)
    bodies = {key: held.body for key, held in held_records(ctx.store).items()}
    book = Book(Recorded(bodies), {case.id: case for case in clinic.cases})
    for entry in reversed([each for each in ctx.store.audit_entries() if each.at > since]):
        before = _before(book, entry, calendar)
        if before is not book:
            yield Step(entry, before, book)
        book = before


def _before(book: Book, entry: Entry, calendar: Calendar) -> Book:
    """The book as it was before a change; what an entry doesn't tell stays as it is."""
    before, after = entry.before, entry.after
    if entry.action == "import-bookings":
        return _without(book, entry.objects)
    if isinstance(before, Mapping) and "records" in before:
        new = after.get("records", ()) if isinstance(after, Mapping) else ()
        return _recorded(book, dict.fromkeys(new) | dict(before["records"]))
    if isinstance(before, Mapping) and "block" in before:
        return _with_block(_cases_before(book, entry, calendar), before)
    return _cases_before(book, entry, calendar)


def _without(book: Book, ids: Sequence[str]) -> Book:
    left = {id_: case for id_, case in book.cases.items() if id_ not in ids}
    return book if len(left) == len(book.cases) else replace(book, cases=left)


def _recorded(book: Book, changed: Mapping[str, Any]) -> Book:
    """With the records that were changed as they were; a key is "kind/id", and None wasn't there."""
    old = {(key.partition("/")[0], key.partition("/")[2]): body for key, body in changed.items()}
    if not old:
        return book
    bodies = {key: body for key, body in {**book.recorded.bodies, **old}.items() if body is not None}
    return replace(book, recorded=Recorded(bodies))


def _with_block(book: Book, state: Mapping[str, Any]) -> Book:
    """With one day of a block released, or not, as it was."""
    key = ("blocks", str(state["block"]))
    body = book.recorded.bodies.get(key)
    if body is None:
        return book
    days = {str(day) for day in body.get("released") or ()} - {str(state["date"])}
    released = sorted(days | ({str(state["date"])} if state["released"] else set()))
    return _recorded(book, {"/".join(key): {**body, "released": released}})


def _cases_before(book: Book, entry: Entry, calendar: Calendar) -> Book:
    cases = dict(book.cases)
    after = entry.after.get("cases", ()) if isinstance(entry.after, Mapping) else entry.after or ()
    told = isinstance(after, Sequence) and not isinstance(after, str)
    ids = [str(each["id"]) for each in after if isinstance(each, Mapping)] if told else []
    ids = ids or (list(entry.objects) if entry.action == HOLD_OVER else [])
    olds = entry.before if isinstance(entry.before, list) else [entry.before] * len(ids)
    for id_, old in zip(ids, olds, strict=False):
        if id_ in cases and old is None:
            del cases[id_]
        elif id_ in cases:
            cases[id_] = _restored(cases[id_], old, calendar)
    return book if cases == book.cases else replace(book, cases=cases)


def _restored(case: Case, old: Mapping[str, Any], calendar: Calendar) -> Case:
    """The case with what the trail has of it."""
    if "start" not in old:
        return replace(case, status=str(old.get("status", case.status)))
    start, end = (calendar.of(dt.datetime.fromisoformat(old[edge])) for edge in ("start", "end"))
    team = tuple(TeamMember(member["role"], member["resource"]) for member in old["team"])
    return replace(
        case, surgeon=old["surgeon"], room=old["room"], start=start, minutes=end - start, team=team,
        anesthesia=old["anesthesia"], status=old["status"],
    )  # fmt: skip
