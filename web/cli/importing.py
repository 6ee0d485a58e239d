"""import: another system's spreadsheet into a clinic's database."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from tools.context import Role
from tools.errors import ToolError
from web.cli.answer import BAD_INPUT, Answer
from web.cli.options import Source
from web.cli.source import opened

SHOWN = 40
"""How many faults and clashes are written out; `--json` has all of them."""


def import_(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="staff, shifts, certifications, rooms, procedures or bookings."),
    ],
    file: Annotated[str, typer.Argument(metavar="FILE", help="A spreadsheet saved as CSV.")],
    source: Source,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    dates: Annotated[
        str | None,
        typer.Option(metavar="ORDER", help="mdy or dmy, where the file's dates could be either."),
    ] = None,
) -> Answer:
    """Import a spreadsheet.

    All of it comes in, or nothing, and then every fault is listed with its line and column. Bookings that clash are
    kept and flagged in the worklist.
    """
    from tools.registry import staffed

    ctx = opened(source, Role.DIRECTOR)
    payload: dict[str, Any] = {"kind": kind, "text": _text(file), "dry_run": dry_run}
    with _shown():
        result = staffed().call("import_csv", ctx, payload | ({"dates": dates} if dates else {}))
    body = result.model_dump(mode="json")
    if body["status"] != "refused":
        return Answer(body, "\n".join(_done(body)))
    count = len(body["faults"])
    complaint = f"{file} has {count} fault{'s' if count > 1 else ''}, and nothing was imported."
    return Answer(body, "\n".join(_faults(body)), BAD_INPUT, complaint)


@contextmanager
def _shown() -> Iterator[None]:
    """A bar on a terminal's stderr, of the stage that the import is in."""
    from rich.console import Console
    from rich.progress import Progress

    from tools.progress import watched

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        stages: dict[str, Any] = {}

        def told(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bar.add_task(stage)
            bar.update(stages[stage], completed=done, total=total)

        with watched(told):
            yield


def _text(name: str) -> str:
    from tools.importing.table import NotATable, decoded

    try:
        return decoded(Path(name).read_bytes())
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ToolError("invalid", f"{name} can't be read: {reason}. Maybe check the path.", "file") from None
    except NotATable as error:
        raise ToolError("invalid", f"{name}: {error}", "file") from None


def _faults(body: Mapping[str, Any]) -> list[str]:
    lines = [
        f"line {one['line']}{', ' + one['column'] if one['column'] else ''}: {one['message']}"
        for one in body["faults"]
    ]
    return [*lines[:SHOWN], *_more(lines), *_read_as(body)]


def _done(body: Mapping[str, Any]) -> list[str]:
    dry = body["status"] == "ready"
    new, old = len(body["created"]), len(body["changed"])
    what = "Nothing was stored; it would come in" if dry else "Imported"
    lines = [f"{what}: {body['rows']} rows, {new} new, {old} changed."]
    if body["exceptions"]:
        where = "would be flagged" if dry else "are flagged in the worklist"
        cases = len({one["case"] for one in body["exceptions"]})
        lines.append(f"{cases} bookings stand against a rule and {where}:")
        told = [f"  {one['case']}: {one['text']}" for one in body["exceptions"]]
        lines += [*told[:SHOWN], *_more(told)]
    return [*lines, *_read_as(body)]


def _more(lines: list[str]) -> list[str]:
    return [f"and {len(lines) - SHOWN} more; --json has them all"] if len(lines) > SHOWN else []


def _read_as(body: Mapping[str, Any]) -> list[str]:
    read = [f"{header} as {column}" for header, column in body["columns"].items()]
    lines = [f"Columns: {', '.join(read)}."] if read else []
    return lines + ([f"Left out: {', '.join(body['ignored'])}."] if body["ignored"] else [])
