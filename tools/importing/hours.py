"""Hours and shifts: weekly columns, rows of one day, rosters of dates."""

from __future__ import annotations

from collections.abc import Iterable

from solver.clinic import DAYS
from tools.edits.applying import Body
from tools.importing import cells
from tools.importing.cells import CellError
from tools.importing.rows import Faults, Row
from tools.importing.world import World

ON = "on:"
"""How the column of a roster's date begins."""


def shifts(row: Row, world: World) -> None:
    """A shift of one person, on weekdays or a date; a weekday that the file names replaces the person's own."""
    person = row.need("person", world.person)
    window = window_of(row)
    day = row.date("date")
    weekdays = row.read("days", cells.days)
    if person is None or (window is None and not _has_week(row) and not _roster(row)):
        _missing(row, person, "hours")
        return
    body = world.change(("staff", person), row.line)
    week_of(row, body, "shifts")
    for column in _roster(row):
        hours = None if _off(row, column) else row.read(column, cells.window)
        _on(body, column.removeprefix(ON), hours)
    if window is None:
        return
    if day is not None:
        _on(body, day.isoformat(), window)
    elif weekdays:
        for each in weekdays:
            _add_window(row, body, each, window, world)
    elif not row.has("date") and not row.has("days"):
        row.fault("days", "The weekday or the date is missing. Maybe fill one of them.")


def date_columns(headers: Iterable[str], order: str | None, line: int, faults: Faults) -> dict[str, str]:
    """Headers that are dates, as a roster has them: header -> "on:2026-12-07"; one that could be two is a fault."""
    found = {}
    for header in headers:
        if cells.yearless(header):
            faults.add(
                line, header, header, f"{header!r} is a date without its year. Maybe write 2026-03-10."
            )
            continue
        try:
            found[header] = f"{ON}{cells.date(header, order).isoformat()}"
        except CellError as error:
            if " can be " in f" {error}" and header:
                faults.add(line, header, header, f"{header!r} {error}")
    return found


def window_of(row: Row) -> str | None:
    """The hours of a row, in one cell or in two."""
    if row.has("hours"):
        return None if _off(row, "hours") else row.read("hours", cells.window)
    if _off(row, "start", "end"):
        return None
    if row.has("start") and "end" not in row.headers:
        return row.read("start", cells.window)
    start, end = row.read("start", cells.clock), row.read("end", cells.clock)
    if start is None or end is None:
        if row.has("start") != row.has("end"):
            row.fault(
                "end" if row.has("start") else "start", "One end of the hours is missing. Maybe fill it."
            )
        return None
    try:
        return cells.joined(start, end)
    except CellError as error:
        row.fault("end", str(error))
        return None


def week_of(row: Row, body: Body, name: str) -> None:
    """A column for each weekday: hours, or that there are none."""
    for day in DAYS:
        text = row.text(day)
        if text is None:
            continue
        week = body.setdefault(name, {})
        if text.lower() in cells.OFF:
            week.pop(day, None)
            continue
        parts = [row.read(day, lambda _, part=part: cells.window(part)) for part in cells.items(text)]  # type: ignore[misc]
        windows = [part for part in parts if part]
        if windows:
            week[day] = windows[0] if len(windows) == 1 else windows


def _off(row: Row, *columns: str) -> bool:
    """Whether one of the cells says that somebody doesn't work."""
    return any((row.text(column) or "?").lower() in cells.OFF for column in columns)


def _has_week(row: Row) -> bool:
    return any(row.has(day) for day in DAYS)


def _missing(row: Row, person: str | None, column: str) -> None:
    off = _off(row, "hours", "start", "end")
    if (
        person is not None
        and not off
        and not row.has("hours")
        and not row.has("start")
        and not row.has("end")
    ):
        row.fault(column, "The hours are missing. Maybe fill start and end.")


def _add_window(row: Row, body: Body, day: str, window: str, world: World) -> None:
    """The first row of a person's weekday replaces what there was; further ones are added."""
    named = world.weekdays.setdefault(id(body), set())
    week = body.setdefault("shifts", {})
    held = week.get(day, []) if day in named else []
    windows = [*([held] if isinstance(held, str) else held)]
    if window in windows:
        row.faults.add(row.line, None, None, f"{day} {window} is there twice. Maybe remove one of the rows.")
        return
    named.add(day)
    week[day] = window if not windows else [*windows, window]


def _roster(row: Row) -> list[str]:
    return [column for column in row.cells if column.startswith(ON)]


def _on(body: Body, day: str, window: str | None) -> None:
    """A shift on a date, beside the weekly ones; a day off adds none."""
    shift = {"date": day, "hours": window}
    if window is not None and shift not in body.get("shifts_on", []):
        body["shifts_on"] = [*body.get("shifts_on", []), shift]
