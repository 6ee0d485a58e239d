"""audit: search the trail, take it out as CSV, and check that nobody touched it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.context import Permission, Role
from tools.errors import ToolError
from web.cli.answer import FAILED, Answer
from web.cli.files import read_text
from web.cli.options import Command, Source
from web.cli.source import opened

if TYPE_CHECKING:
    from tools.audit import AuditEntry, AuditQuery
    from tools.context import Context
    from tools.records.trail import Head


@dataclass(frozen=True)
class Wanted:
    """Which entries."""

    date_from: Annotated[str | None, typer.Option("--from", metavar="DATE", help="The first date.")] = None
    date_to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The last date.")] = None
    principal: Annotated[str | None, typer.Option(metavar="USER", help="Who did it.")] = None
    action: Annotated[str | None, typer.Option(metavar="ACTION", help="What was done: book, cancel, ...")] = (
        None
    )
    object_: Annotated[
        str | None, typer.Option("--object", metavar="ID", help="A case, proposal, user, ...")
    ] = None
    access: Annotated[
        bool, typer.Option("--access", help="Who looked at patients' data, instead of what was changed.")
    ] = False


def search(
    source: Source,
    wanted: Wanted,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=500, help="How many at most.")] = 50,
) -> Answer:
    """Who did what, newest first."""
    from tools.audit import AuditPage, audit_trail

    ctx = _reader(source)
    page: AuditPage = audit_trail(ctx, _query(wanted, limit))
    lines = [_line(entry) for entry in page.entries]
    if page.next is not None:
        lines.append(
            f"There are more. Maybe narrow it, or take all of it: slotwright audit export{_also(wanted)}"
        )
    return Answer(page.model_dump(mode="json"), "\n".join(lines) or "No entry fits.")


def export(
    source: Source,
    wanted: Wanted,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, which is the default.")] = True,  # noqa: ARG001
    output: Annotated[str | None, typer.Option(metavar="FILE", help="Where to; stdout if left out.")] = None,
) -> Answer:
    """Every entry that fits, as CSV, newest first.

    Cells that a spreadsheet would run as a formula begin with an apostrophe.
    """
    from tools.audit import every
    from web.spreadsheet import csv_of

    ctx = _reader(source)
    found = every(ctx, _query(wanted))
    text = csv_of(found)
    if output is None:
        return Answer({"entries": [each.model_dump(mode="json") for each in found]}, text)
    _write(output, text)
    return Answer({"output": output, "entries": len(found)}, f"Wrote {output}: {len(found)} entries.")


def verify(
    source: Source,
    anchor: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|HEAD",
            help="What `audit anchor` wrote, or NUMBER:SIGNATURE of the chain of changes.",
        ),
    ] = None,
) -> Answer:
    """Check that no entry was edited, removed or moved.

    That the newest entries were cut off shows only against an anchored head. Exit 1 says that the trail is broken.
    """
    from tools.audit import verified

    ctx = _auditor(source)
    checked = verified(ctx, _anchors(anchor, ctx.store.clinic_id) if anchor else {})
    lines = [f"{each.chain}: {each.text}" for each in checked.chains]
    if checked.whole:
        return Answer(checked.model_dump(mode="json"), "\n".join(lines))
    broken = " ".join(line for line, each in zip(lines, checked.chains, strict=True) if not each.whole)
    said = f"The audit trail was tampered with. {broken} Maybe compare with a backup."
    return Answer(checked.model_dump(mode="json"), "\n".join(lines), FAILED, said)


def anchor(
    source: Source,
    output: Annotated[str | None, typer.Option(metavar="FILE", help="Where to; stdout if left out.")] = None,
) -> Answer:
    """The newest entry of each chain, to be kept outside the database.

    Later `audit verify --anchor FILE` shows whether anything up to there was cut off.
    """
    from tools.audit import head_text, heads

    ctx = _auditor(source)
    found = {chain: head_text(head) for chain, head in heads(ctx).items()}
    body = {"clinic": ctx.store.clinic_id, "at": ctx.now().isoformat(timespec="seconds"), "heads": found}
    text = json.dumps(body, indent=2)
    if output is None:
        return Answer(body, text)
    _write(output, text + "\n")
    return Answer(body, f"Wrote {output}. Maybe keep it where nobody who can write the database can.")


AUDIT: dict[str, Command] = {"search": search, "export": export, "verify": verify, "anchor": anchor}


def _auditor(source: Source) -> Context:
    return opened(source, Role.AUDITOR)


def _reader(source: Source) -> Context:
    """Somebody who may read entries; a clinic of one admin is told how to get one."""
    ctx = _auditor(source)
    if not ctx.principal.may(Permission.AUDIT):
        who = f"{ctx.principal.name} is signed in as {ctx.principal.role}, which may not {Permission.AUDIT}"
        way = "Maybe ask an auditor, or let an admin make one: slotwright users add USER --role auditor"
        raise ToolError("forbidden", f"{who}. {way}")
    return ctx


def _query(wanted: Wanted, limit: int = 50) -> AuditQuery:
    from pydantic import ValidationError

    from tools.audit import AuditQuery
    from tools.invalid import explain_invalid

    given = {
        "chain": "access" if wanted.access else "audit",
        "date_from": wanted.date_from,
        "date_to": wanted.date_to,
        "principal": wanted.principal,
        "action": wanted.action,
        "object": wanted.object_,
        "limit": limit,
    }
    try:
        return AuditQuery.model_validate(given)
    except ValidationError as error:
        raise explain_invalid(error, AuditQuery) from None


def _line(entry: AuditEntry) -> str:
    return f"{entry.seq}  {entry.at}  {entry.principal} ({entry.role})  {entry.action}  {' '.join(entry.objects)}"


def _also(wanted: Wanted) -> str:
    return " --access" if wanted.access else ""


def _anchors(given: str, clinic: str) -> dict[str, Head]:
    """The heads that a file of `audit anchor` holds, or the one head that is written out."""
    from tools.audit import head_from

    if re.fullmatch(r"\d+:\w*", given):
        return {"audit": head_from(given)}
    kept = _json(read_text(given, "anchor"), given)
    if kept.get("clinic") != clinic:
        said = (
            f"{given} anchors the clinic {kept.get('clinic')!r}, and this is {clinic!r}. Maybe another file."
        )
        raise ToolError("invalid", said, "anchor")
    return {chain: head_from(str(head)) for chain, head in dict(kept.get("heads", {})).items()}


def _json(text: str, name: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError:
        read = None
    if not isinstance(read, dict) or not isinstance(read.get("heads"), dict):
        raise ToolError("invalid", f"{name} isn't what `audit anchor` wrote. Maybe another file.", "anchor")
    return read


def _write(name: str, text: str) -> None:
    from web.cli.records import _write as write_private

    write_private(name, text)
