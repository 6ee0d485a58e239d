"""The tool that imports a spreadsheet: every fault at once, and all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from tools.breaks import Break, breaks
from tools.clinic_file import ClinicFileError, Fault, load
from tools.context import Context, Permission
from tools.edits.applying import Key
from tools.edits.contract import BreakOut
from tools.edits.drafting import held_records
from tools.edits.saving import lock_records
from tools.importing.bookings import booking, team_columns
from tools.importing.columns import column_of
from tools.importing.contract import CellFault, ImportRequest, ImportResult
from tools.importing.hours import date_columns
from tools.importing.placing import placed_bookings
from tools.importing.readers import READERS
from tools.importing.rows import Faults, Read, by_columns
from tools.importing.table import NotATable, Sheet, sheet
from tools.importing.world import World
from tools.importing.writing import Placed, bookings_written, records_written
from tools.invalid import path
from tools.progress import over
from tools.records.documents import file_values, record_rows
from tools.records.writer import Writer
from tools.registry import tool
from tools.worklist import flag

TRIES = 3
"""How often a sheet is thought through anew because somebody else wrote meanwhile."""


class _Stale(Exception):
    """Somebody wrote between the thinking and the writing: what was found out may be so no more."""


@dataclass(frozen=True)
class _Ready:
    """A sheet thought through at a revision of the store: what would be written, or every fault."""

    revision: int
    world: World
    read: Read | None
    faults: Faults
    changed: Mapping[Key, dict[str, Any]]
    placed: Placed
    hit: Sequence[Break]

    def created(self, kind: str) -> list[str]:
        """Ids of what is new."""
        if kind == "bookings":
            return [one.case.id for one in self.placed.bookings]
        return [id_ for each, id_ in self.changed if (each, id_) not in self.world.held]


@tool(permission=Permission.EDIT, effect="write")
def import_csv(ctx: Context, body: ImportRequest) -> ImportResult:
    """Imports staff, shifts, certifications, rooms, procedures or live bookings from a spreadsheet's text.

    Nothing is stored unless every row can be. Bookings that clash are kept and flagged in the worklist.
    """
    for _ in range(TRIES):
        # The thinking takes far longer than the writing, and locks nobody out.
        ready = _ready(ctx, body)
        if ready.faults.found or body.dry_run:
            return _answer(ctx, body, ready)
        with suppress(_Stale):
            return ctx.store.write(partial(_written, ctx, body, ready))
    return ctx.store.write(partial(_at_once, ctx, body))


def _at_once(ctx: Context, body: ImportRequest, writer: Writer) -> ImportResult:
    """Both within the lock: for a book that changes faster than a sheet can be thought through."""
    lock_records(writer)
    own = replace(ctx, store=writer)
    ready = _ready(own, body)
    return _answer(own, body, ready) if ready.faults.found else _written(ctx, body, ready, writer)


def _ready(ctx: Context, body: ImportRequest) -> _Ready:
    state, faults = ctx.store.state(), Faults()
    world = World(state.clinic, held_records(ctx.store))
    read = _read(body, world, faults)
    changed: Mapping[Key, dict[str, Any]] = {}
    placed, hit = Placed(), list[Break]()
    if read is not None and body.kind == "bookings":
        rows = over("Reading rows", read.rows)
        found = [one for one in (booking(row, world) for row in rows) if one]
        placed, hit = placed_bookings(ctx, found, faults)
    elif read is not None:
        for row in over("Reading rows", read.rows):
            READERS[body.kind](row, world)
        changed, after = _checked(world, read, faults)
        if changed and not faults.found:
            as_of = Calendar(after.timezone).of(ctx.now())
            hit = breaks(state.clinic, replace(after, cases=state.clinic.cases), as_of)
    return _Ready(state.revision, world, read, faults, changed, placed, hit)


def _written(ctx: Context, body: ImportRequest, ready: _Ready, writer: Writer) -> ImportResult:
    lock_records(writer)
    if writer.revision() != ready.revision:
        raise _Stale
    own, reason = replace(ctx, store=writer), f"import of {body.kind}"
    if body.kind == "bookings":
        bookings_written(writer, ready.placed)
    elif ready.changed:
        records_written(own, writer, ready.world.held, ready.changed, reason)
    flagged = flag(writer, ready.hit, reason, ctx.principal, ctx.now())
    changed, held = ready.changed, ready.world.held
    objects = ready.created(body.kind) if body.kind == "bookings" else ["/".join(key) for key in changed]
    before = {"/".join(key): held[key].body for key in changed if key in held}
    after: dict[str, Any] = {"rows": len(ready.read.rows) if ready.read else 0, "flagged": flagged}
    after["records"] = {"/".join(key): each for key, each in changed.items()}
    writer.audit(ctx.principal, ctx.now(), f"import-{body.kind}", objects, {"records": before}, after)
    return _answer(own, body, ready, flagged)


def _answer(ctx: Context, body: ImportRequest, ready: _Ready, flagged: Sequence[str] = ()) -> ImportResult:
    if ready.faults.found:
        return _result(body, "refused", ready.read, ready.faults)
    made = _result(body, "ready" if body.dry_run else "imported", ready.read, ready.faults)
    created = ready.created(body.kind)
    clinic = ctx.store.clinic()
    cases = (*clinic.cases, *(one.case for one in ready.placed.bookings))
    return made.model_copy(update={
        "created": created,
        "changed": [id_ for _, id_ in ready.changed if id_ not in created],
        "exceptions": _told(ready.hit, cases),
        "flagged": list(flagged),
    })  # fmt: skip


def _read(body: ImportRequest, world: World, faults: Faults) -> Read | None:
    try:
        table = sheet(body.text, lambda cell: column_of(body.kind, cell) is not None)
    except NotATable as error:
        faults.add(error.line, None, None, str(error))
        return None
    read = by_columns(table, body.kind, body.dates, faults, _own_columns(body, table, world, faults))
    if not read.rows:
        faults.add(
            table.head_line, None, None, "There is no row below the headers. Maybe another file was meant."
        )
    return read


def _own_columns(body: ImportRequest, table: Sheet, world: World, faults: Faults) -> dict[str, str]:
    """Headers that are a sheet's own: roles of a team, or the dates of a roster."""
    if body.kind == "bookings":
        return team_columns(table.header, world)
    if body.kind == "shifts":
        return date_columns(table.header, body.dates, table.head_line, faults)
    return {}


def _checked(world: World, read: Read, faults: Faults) -> tuple[Mapping[Key, dict[str, Any]], Clinic]:
    """The changed records as the clinic file writes them, and the clinic then, without its cases.

    Faults between records go back to their lines.
    """
    if not world.changed:
        return {}, world.clinic
    values = file_values((kind, id_, each) for (kind, id_), each in world.bodies().items())
    try:
        loaded = load(values)
    except ClinicFileError as error:
        wrong = {one.line for one in faults.found}
        for fault in error.faults:
            _back(fault, world, read, faults, wrong)
        return {}, world.clinic
    canonical = {(row["kind"], row["id"]): row["body"] for row in record_rows(loaded)}
    held = {key: one.body for key, one in world.held.items()}
    return {key: canonical[key] for key in world.changed if canonical[key] != held.get(key)}, loaded.clinic


def _back(fault: Fault, world: World, read: Read | None, faults: Faults, wrong: set[int]) -> None:
    """A fault of the records as one of the line that made it; a line that is wrong already says it better."""
    key = (str(fault.place[0]), str(fault.place[1])) if len(fault.place) > 1 else ("", "")
    line = world.lines.get(key, 1)
    if line in wrong:
        return
    name = path(fault.place[2:])
    header = next((each for each, column in read.columns.items() if column == name), None) if read else None
    faults.add(line, header, None, f"{key[1]} {name}: {fault.said}.".strip())


def _told(hit: Sequence[Break], cases: Iterable[Case]) -> list[BreakOut]:
    order = {case.id: (case.start, case.id) for case in cases}
    return [BreakOut(**vars(one)) for one in sorted(hit, key=lambda one: order.get(one.case, (0, "")))]


def _result(body: ImportRequest, status: Any, read: Read | None, faults: Faults) -> ImportResult:
    found: list[CellFault] = faults.sorted()
    return ImportResult(
        status=status,
        kind=body.kind,
        rows=len(read.rows) if read else 0,
        columns=dict(read.columns) if read else {},
        ignored=list(read.ignored) if read else [],
        faults=found,
        created=[],
        changed=[],
        exceptions=[],
    )
