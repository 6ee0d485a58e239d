"""backup and restore: a whole clinic as one file, and back into an empty database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from tools.context import Role
from tools.errors import ToolError
from web.cli.answer import Answer, quiet_logs
from web.cli.options import Source
from web.cli.source import opened

FILE = typer.Argument(metavar="FILE", help="The backup.")


def backup(file: Annotated[str, FILE], source: Source) -> Answer:
    """Write everything that a database holds into one file, as it is at one moment.

    What is sealed stays sealed: keep the key elsewhere. It restores into SQLite and PostgreSQL alike.
    """
    from tools.care.backup import backup as write

    ctx = opened(source, Role.ADMIN)
    place = Path(file)
    part = place.with_name(f"{place.name}.part")
    try:
        with _private(part) as out:
            taken = write(ctx, out)
            os.fsync(out.fileno())
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
    body = {"output": file, "cases": taken.cases, "rows": taken.rows}
    return Answer(
        body, f"Wrote {file}: {sum(taken.rows.values())} rows, {taken.cases} cases. Keep its key elsewhere."
    )


def restore(
    file: Annotated[str, FILE],
    db: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The empty database to fill: sqlite:///path or postgresql://..."),
    ] = None,
    key_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The key of the database that it is of; else SLOTWRIGHT_KEY."),
    ] = None,
) -> Answer:
    """Fill an empty database with a backup: all of it, or nothing."""
    from tools.care.restore import restore as fill
    from web.cli.database import restored_key
    from web.cli.records import NO_DATABASE

    quiet_logs()
    url = db or os.environ.get("SLOTWRIGHT_DB")
    if not url:
        raise ToolError("invalid", NO_DATABASE, "db")
    with _read(file) as kept, restored_key(url, key_file) as key:
        header = fill(kept, url, key)
    body = {"clinic": header.clinic, "at": header.at, "schema": header.schema}
    return Answer(
        body, f"Restored {header.clinic} as it was at {header.at}. Maybe check it: slotwright audit verify"
    )


def _private(place: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    except OSError as error:
        raise _unusable(str(place), "written", error) from None


def _read(name: str) -> BinaryIO:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise _unusable(name, "read", error) from None


def _unusable(name: str, done: str, error: OSError) -> ToolError:
    reason = (error.strerror or type(error).__name__).lower()
    return ToolError("invalid", f"{name} can't be {done}: {reason}. Maybe check the path.", "file")
