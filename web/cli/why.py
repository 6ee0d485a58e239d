"""explain and what-if: why there is no slot, what would open one, and what changes would do. Nothing is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.errors import ToolError
from web.cli.answer import Answer
from web.cli.options import Source
from web.cli.request import Asked, from_file
from web.cli.search import exit_of
from web.cli.source import opened

if TYPE_CHECKING:
    from rich.console import Console


def explain(
    asked: Asked,
    source: Source,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="About exactly this start, clinic wall time.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="With --at: what took it since then, from the audit trail."),
    ] = None,
) -> Answer:
    """Say why a request has no slot, and what would open one.

    The smallest conflict, day by day, and the cheapest changes, solved again. A request with a slot gets its offers.
    With --at and --since: which booking or change took a slot that was free at that time.
    """
    from tools.registry import default, staffed
    from web.terminal import answers
    from web.terminal.page import Page

    payload = asked.payload() | ({"at": at} if at is not None else {})
    ctx = opened(source)
    if since is not None:
        if at is None:
            raise ToolError("invalid", "--since asks about one start. Maybe add --at.", "at")
        told = staffed().call("why_changed", ctx, payload | {"since": since}).model_dump(mode="json")
        return Answer(told, "\n".join([told["summary"], *told["reasons"]]))
    body = default().call("explain", ctx, payload).model_dump(mode="json", by_alias=True)
    page = Page(ctx)

    return Answer(body, lambda console: answers.draw_found(console, page, body), exit_of(body["status"]))


def what_if(
    asked: Asked,
    source: Source,
    change: Annotated[
        list[str] | None,
        typer.Option(
            metavar="JSON", help='A change, like {"type": "add-unit", "resource": "c-arm"}; repeatable.'
        ),
    ] = None,
) -> Answer:
    """Try changes of the clinic's records on a request.

    What it finds as things stand, and what it would find with the changes. --request may hold {"request", "changes"}.
    """
    from tools.registry import default
    from web.terminal import answers
    from web.terminal.page import Page

    payload = _whole(asked, [_change(text) for text in change or ()])
    ctx = opened(source)
    body = default().call("what_if", ctx, payload).model_dump(mode="json", by_alias=True)
    page = Page(ctx)

    def draw(console: Console) -> None:
        for said in body["changes"]:
            console.print(f"Supposing: {said}.", highlight=False)
        for heading, found in (("As things stand:", body["before"]), ("With the changes:", body["after"])):
            console.print(heading)
            answers.draw_found(console, page, found)
        console.print("Only tried: nothing was written, and these slots can't be booked.")

    return Answer(body, draw, exit_of(body["after"]["status"]))


def _whole(asked: Asked, changes: list[Any]) -> dict[str, Any]:
    """The tool's input: a file may hold the whole of it, or only the request."""
    given = asked.payload()
    if asked.request is not None and isinstance(given.get("request"), dict):
        inner = {name: value for name, value in given.items() if name not in ("request", "changes")}
        return {"request": given["request"] | inner, "changes": [*given.get("changes", []), *changes]}
    return {"request": given, "changes": changes}


def _change(text: str) -> Any:
    if not text.lstrip().startswith("{"):
        return from_file(text)
    try:
        return json.loads(text)
    except ValueError as error:
        raise ToolError(
            "invalid", f"{text!r} is not JSON: {error}. Maybe quote it whole.", "changes"
        ) from None
