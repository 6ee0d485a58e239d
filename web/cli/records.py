"""load and export: a whole clinic into a database, and out of it as a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from tools.context import Permission, Role
from tools.errors import ToolError
from web.cli.answer import Answer, quiet_logs
from web.cli.files import read_text
from web.cli.options import Source
from web.cli.source import clock, opened

NO_DATABASE = "No database is named. Maybe add --db sqlite:///clinic.db (or set SLOTWRIGHT_DB)."


def load(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A clinic file, YAML or JSON.")],
    db: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The database to make: sqlite:///path or postgresql://..."),
    ] = None,
    accept_existing: Annotated[
        bool, typer.Option("--accept-existing", help="Keep cases that break a rule, flagged as exceptions.")
    ] = False,
    now: Annotated[str | None, typer.Option(metavar="TIME", hidden=True)] = None,
) -> Answer:
    """Load a clinic file into an empty database.

    All of it is loaded, or nothing, and then every fault is listed with its place.
    """
    from tools.clinic_file import load as read
    from web.cli.database import READS_ONLY, create_database

    quiet_logs()
    if now is not None:
        raise ToolError("forbidden", READS_ONLY, "now")
    url = db or os.environ.get("SLOTWRIGHT_DB")
    if not url:
        raise ToolError("invalid", NO_DATABASE, "db")
    moment = clock(None, "UTC")()
    loaded = read(read_text(file, "file"), as_of=moment, accept_existing=accept_existing)
    store = create_database(url, loaded, moment)
    flagged = {case.id: list(case.exceptions) for case in loaded.clinic.cases if case.exceptions}
    body = {
        "clinic": loaded.clinic.id,
        "cases": len(loaded.clinic.cases),
        "patients": len(loaded.patients),
        "exceptions": flagged,
        "revision": store.revision(),
    }
    return Answer(body, _said(body, loaded.clinic.name))


def export(
    source: Source,
    output: Annotated[str | None, typer.Option(metavar="FILE", help="Where to; stdout if left out.")] = None,
    with_patients: Annotated[
        bool, typer.Option("--with-patients", help="Patients' identities too; they leave their encryption.")
    ] = False,
) -> Answer:
    """Write the clinic as a clinic file.

    `load` reads it back the same; patients' identities are left out unless asked for.
    """
    from tools.audit import note
    from tools.clinic_file import dumped

    ctx = opened(source, Role.DIRECTOR)
    ctx.require(Permission.EXPORT)
    values = ctx.store.export(patients=with_patients)
    if with_patients:
        note(ctx, "patients-exported", [ctx.store.clinic_id], {"patients": len(values.get("patients", []))})
    if output is None:
        return Answer(values, dumped(values))
    _write(output, dumped(values))
    body = {
        "output": output,
        "cases": len(values.get("cases", [])),
        "patients": len(values.get("patients", [])),
    }
    return Answer(body, f"Wrote {output}: {_counted(body)}.")


def _write(name: str, text: str) -> None:
    """A file that only its owner can read, since it may hold identities."""
    try:
        with os.fdopen(
            os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            file.write(text)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise ToolError(
            "invalid", f"{name} can't be written: {reason}. Maybe another folder.", "output"
        ) from None


def _said(body: Mapping[str, Any], name: str) -> str:
    lines = [f"Loaded {name}: {_counted(body)}."]
    if body["exceptions"]:
        lines.append("Kept as exceptions, to be worked off:")
        lines += [f"  {case}: {', '.join(rules)}" for case, rules in body["exceptions"].items()]
    return "\n".join(lines)


def _counted(body: Mapping[str, Any]) -> str:
    return f"{body['cases']} cases, {body['patients']} patients"
