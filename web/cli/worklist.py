"""worklist: the cases that stand against a rule, and what was done about them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tools.context import Role
from web.cli.answer import Answer
from web.cli.options import Source
from web.cli.source import opened


def worklist(
    source: Source,
    state: Annotated[str, typer.Option(metavar="STATE", help="open, resolved or all.")] = "open",
    resolve: Annotated[
        str | None, typer.Option(metavar="ENTRY", help="Note that this entry has been dealt with.")
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="How; needed with --resolve.")] = None,
) -> Answer:
    """Cases that a change, a fact or an import left against a rule.

    With --resolve, what was done about one of them is kept.
    """
    from tools.registry import staffed

    ctx = opened(source, Role.CHARGE_NURSE)
    if resolve is not None:
        payload = {"id": resolve} | ({"note": note} if note else {})
        done = staffed().call("resolve_exception", ctx, payload).model_dump(mode="json")
        return Answer(done, f"{done['id']} ({done['case']}) is resolved.")
    body = staffed().call("worklist", ctx, {"state": state}).model_dump(mode="json")
    lines = [line for item in body["items"] for line in _lines(item)]
    return Answer(body, "\n".join(lines) or "Nothing is left to work off.")


def _lines(item: dict[str, Any]) -> list[str]:
    still = "" if item["still"] or item["state"] == "resolved" else " (no longer so)"
    when = f", {item['start'][:16].replace('T', ' ')} in {item['room']}" if item["start"] else ""
    lines = [f"{item['id']}  {item['case']}{when}: {item['text']}{still}", f"    since {item['cause']}"]
    if item["state"] == "resolved":
        lines.append(f"    resolved by {item['resolved_by']}: {item['note']}")
    return lines
