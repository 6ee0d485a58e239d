"""The tool that imports a spreadsheet: every fault at once, and all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solver.clinic import Clinic
from tools.breaks import Break
from tools.clinic_file import ClinicFileError, Fault, load
from tools.context import Context, Permission
from tools.edits.applying import Key
from tools.edits.contract import BreakOut
from tools.edits.drafting import held_records
from tools.edits.saving import lock_records
from tools.importing.bookings import Booking, booking, team_columns
from tools.importing.columns import column_of
from tools.importing.contract import CellFault, ImportRequest, ImportResult
from tools.importing.hours import date_columns
from tools.importing.readers import READERS
from tools.importing.rows import Faults, Read, by_columns
from tools.importing.table import NotATable, Sheet, sheet
from tools.importing.world import World
from tools.importing.writing import bookings_written, records_written
from tools.invalid import path
from tools.records.documents import file_values, record_rows
from tools.records.writer import Writer
from tools.registry import tool
from tools.worklist import flag


class _Undone(Exception):
    """Ends the transaction without a trace: a dry run, or faults that were found while writing."""

    def __init__(self, result: ImportResult) -> None:
        super().__init__("undone")
        self.result = result


@tool(permission=Permission.EDIT, effect="write")
def import_csv(ctx: Context, body: ImportRequest) -> ImportResult:
    """Imports staff, shifts, certifications, rooms, procedures or live bookings from a spreadsheet's text.

    Nothing is stored unless every row can be. Bookings that clash are kept and flagged in the worklist.
    """
    try:
        return ctx.store.write(lambda writer: _imported(replace(ctx, store=writer), writer, body))
    except _Undone as undone:
        return undone.result


def _imported(ctx: Context, writer: Writer, body: ImportRequest) -> ImportResult:
    lock_records(writer)
    faults = Faults()
    world = World(writer.clinic(), held_records(writer))
    read = _read(body, world, faults)
    found: list[Booking] = []
    if read is not None and body.kind == "bookings":
        found = [one for one in (booking(row, world) for row in read.rows) if one]
    elif read is not None:
        for row in read.rows:
            READERS[body.kind](row, world)
    changed = {} if body.kind == "bookings" else _checked(world, read, faults)
    if read is None or faults.found:
        raise _Undone(_result(body, "refused", read, faults))
    result = _written(ctx, writer, body, (read, world, found, changed), faults)
    if faults.found or body.dry_run:
        raise _Undone(result)
    return result


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


def _checked(world: World, read: Read | None, faults: Faults) -> dict[Key, dict[str, Any]]:
    """The changed records as the clinic file writes them; faults between records go back to their lines."""
    if not world.changed:
        return {}
    values = file_values((kind, id_, each) for (kind, id_), each in world.bodies().items())
    try:
        loaded = load(values)
    except ClinicFileError as error:
        wrong = {one.line for one in faults.found}
        for fault in error.faults:
            _back(fault, world, read, faults, wrong)
        return {}
    canonical = {(row["kind"], row["id"]): row["body"] for row in record_rows(loaded)}
    held = {key: one.body for key, one in world.held.items()}
    return {key: canonical[key] for key in world.changed if canonical[key] != held.get(key)}


def _back(fault: Fault, world: World, read: Read | None, faults: Faults, wrong: set[int]) -> None:
    """A fault of the records as one of the line that made it; a line that is wrong already says it better."""
    key = (str(fault.place[0]), str(fault.place[1])) if len(fault.place) > 1 else ("", "")
    line = world.lines.get(key, 1)
    if line in wrong:
        return
    name = path(fault.place[2:])
    header = next((each for each, column in read.columns.items() if column == name), None) if read else None
    faults.add(line, header, None, f"{key[1]} {name}: {fault.said}.".strip())


def _written(
    ctx: Context,
    writer: Writer,
    body: ImportRequest,
    parts: tuple[Read, World, list[Booking], Mapping[Key, dict[str, Any]]],
    faults: Faults,
) -> ImportResult:
    read, world, found, changed = parts
    reason = f"import of {body.kind}"
    created = [id_ for kind, id_ in changed if (kind, id_) not in world.held]
    if body.kind == "bookings":
        created, hit = bookings_written(ctx, writer, found, faults)
    else:
        hit = records_written(ctx, writer, world.held, changed, reason) if changed else []
    flagged = flag(writer, hit, reason, ctx.principal, ctx.now())
    objects = created if body.kind == "bookings" else ["/".join(key) for key in changed]
    before = {"/".join(key): world.held[key].body for key in changed if key in world.held}
    after: dict[str, Any] = {"rows": len(read.rows), "flagged": flagged}
    after["records"] = {"/".join(key): each for key, each in changed.items()}
    writer.audit(ctx.principal, ctx.now(), f"import-{body.kind}", objects, {"records": before}, after)
    status = "refused" if faults.found else "ready" if body.dry_run else "imported"
    made = _result(body, status, read, faults)
    if faults.found:
        return made
    more = [id_ for _, id_ in changed if id_ not in created]
    told = {"created": created, "changed": more, "exceptions": _told(hit, writer.clinic())}
    return made.model_copy(update=told | ({} if body.dry_run else {"flagged": flagged}))


def _told(hit: list[Break], clinic: Clinic) -> list[BreakOut]:
    order = {case.id: (case.start, case.id) for case in clinic.cases}
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
