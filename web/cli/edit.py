"""edit: the clinic's records from the command line."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.context import Role
from tools.errors import ToolError
from web.cli.answer import Answer
from web.cli.options import Source
from web.cli.source import opened

if TYPE_CHECKING:
    from tools.context import Context


@dataclass(frozen=True)
class Change:
    """What is to change; none of it only shows the record."""

    set_: Annotated[
        list[str],
        typer.Option(
            "--set", metavar="KEY=VALUE", help="As the clinic file writes it; null takes the key out."
        ),
    ] = ()  # type: ignore[assignment]  # Typer makes a list of it
    add: Annotated[
        list[str], typer.Option("--add", metavar="KEY=ITEM", help="An item more in a list, such as a leave.")
    ] = ()  # type: ignore[assignment]
    create: Annotated[bool, typer.Option("--create", help="A new record with what --set says.")] = False
    end: Annotated[bool, typer.Option("--end", help="No more of it from the day that --from names.")] = False
    from_: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="For a rule's params and for --end.")
    ] = None
    version: Annotated[
        int | None, typer.Option(metavar="N", help="The version looked at; the present one if left out.")
    ] = None
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; needed for any change.")] = None
    yes: Annotated[bool, typer.Option("--yes", help="Confirm a policy edit, whatever it breaks.")] = False


def edit(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="clinic, ranking, rooms, equipment, trays, bays, staff, procedures, blocks, rules or readiness.",
        ),
    ],
    source: Source,
    change: Change,
    record: Annotated[str | None, typer.Argument(metavar="ID", help="Which record.")] = None,
) -> Answer:
    """Show or change the clinic's records.

    Leave, closures and maintenance are saved at once and flag the cases that they hit. Anything else lists the
    bookings that it would break, and is written with --yes.
    """
    ctx = opened(source, Role.DIRECTOR)
    if not (change.set_ or change.add or change.create or change.end):
        return _shown(ctx, kind, record)
    payload = _payload(ctx, kind, record, change)
    result = _call(ctx, "edit_record", payload | {"preview": not change.yes})
    if change.yes and result["status"] == "proposed":
        result = _call(ctx, "confirm_edit", {"proposal": result["proposal"], "key": secrets.token_hex(8)})
    elif not change.yes and result["status"] == "previewed" and _at_once(kind, result):
        result = _call(ctx, "edit_record", payload)
    return Answer(result, "\n".join(_said(result)))


def _call(ctx: Context, tool: str, payload: dict[str, Any]) -> dict[str, Any]:
    from tools.registry import staffed

    return staffed().call(tool, ctx, payload).model_dump(mode="json", by_alias=True)


def _shown(ctx: Context, kind: str, record: str | None) -> Answer:
    from tools.clinic_file import dumped

    found = _call(ctx, "list_records", {"kind": kind} | ({"id": record} if record else {}))
    text = "\n".join(
        f"# {one['kind']}/{one['id']}, version {one['version']}\n{dumped(one['body'])}"
        for one in found["records"]
    )
    return Answer(found, text or f"There are no {kind}.")


def _payload(ctx: Context, kind: str, record: str | None, change: Change) -> dict[str, Any]:
    payload: dict[str, Any] = {"kind": kind, "body": {}, "add": {}}
    payload |= {"id": record} if record else {}
    payload["op"] = "create" if change.create else "end" if change.end else "change"
    for text in change.set_:
        key, value = _pair(text, "set")
        payload["body"][key] = value
    for text in change.add:
        key, value = _pair(text, "add")
        payload["add"].setdefault(key, []).append(value)
    payload |= {"reason": change.reason} if change.reason else {}
    payload |= {"from_date": _day(change.from_)} if change.from_ else {}
    if not change.create:
        known = _call(ctx, "list_records", {"kind": kind} | ({"id": record} if record else {}))["records"]
        payload["version"] = change.version or (known[0]["version"] if known else None)
    return payload


def _pair(text: str, option: str) -> tuple[str, Any]:
    from tools.clinic_file.syntax import parse

    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        said = f"--{option} {text[:60]!r} is no KEY=VALUE. Maybe --{option} 'hours={{tue: \"08:00-17:00\"}}'"
        raise ToolError("invalid", said, option)
    return key.strip(), parse(f"value: {value}").values["value"]


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise ToolError("invalid", f"--from {text[:60]!r} is not a date. Maybe 2026-04-01.", "from") from None


def _at_once(kind: str, result: dict[str, Any]) -> bool:
    """Whether it only notes facts: those wait for nobody's yes."""
    from tools.edits.kinds import facts_of

    before, after = result["before"] or {}, result["after"] or {}
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return result["op"] == "change" and changed <= facts_of(kind)


def _said(result: dict[str, Any]) -> list[str]:
    hit = [f"  {one['case']}: {one['text']}" for one in result["breaks"]]
    if result["status"] == "unchanged":
        return [f"{result['kind']}/{result['id']} is so already (version {result['version']})."]
    if result["status"] == "previewed":
        way = "Nothing is changed yet. Add --yes to confirm."
        return [result["summary"], *hit, way]
    flagged = f" {len(result['flagged'])} entries in the worklist." if result["flagged"] else ""
    return [f"{result['summary']} Saved, version {result['version']}.{flagged}", *hit]
