"""bottlenecks: what costs the clinic most, to be printed for a meeting."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.context import Role
from web.cli.answer import Answer
from web.cli.options import Source
from web.cli.source import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console


def bottlenecks(
    source: Source,
    date_from: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day of asking.")
    ] = None,
    date_to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day of asking; today.")
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=50, help="How many causes.")] = 10,
) -> Answer:
    """Rank what left requests without a slot, and what one more unit or day would open.

    Thirty days back if no date is given. What one more would open is solved again with today's book.
    """
    from tools.registry import default

    ctx = opened(source, Role.DIRECTOR)
    today = ctx.now().date()
    period = {
        "date_from": date_from or (today - dt.timedelta(days=30)).isoformat(), "date_to": date_to or today.isoformat(),
        "limit": limit,
    }  # fmt: skip
    found = default().call("bottlenecks", ctx, period).model_dump(mode="json")
    return Answer(found, lambda console: _draw(console, found))


def _draw(console: Console, found: Mapping[str, Any]) -> None:
    from rich.table import Table

    console.print(found["summary"])
    if not found["causes"]:
        return
    table = Table(box=None, pad_edge=False)
    for head in ("Rule", "Who or what", "Requests", "Alone", "Minutes", "What one more would open"):
        table.add_column(head)
    for cause in found["causes"]:
        numbers = [str(cause[key]) for key in ("requests", "alone", "minutes")]
        table.add_row(cause["title"], cause["name"], *numbers, told(cause["one_more"]))
    console.print(table)
    if not found["complete"]:
        console.print("Not everything was solved again in the time; ask for fewer causes.")


def told(more: Mapping[str, Any] | None) -> str:
    """What one more would open, in a cell."""
    if more is None:
        return ""
    if not more["tried"]:
        return f"{more['text']}: not needed, as the book is today"
    if more["opened"]:
        said = f"{more['opened']} of {more['tried']}, {more['minutes']} minutes"
    elif more["not_proven"]:
        said = f"none of {more['tried']} so far"
    else:
        said = f"not enough alone ({more['tried']} tried)"
    rest = [f"{more['not_proven']} not decided in the time"] if more["not_proven"] else []
    rest += [f"{more['already']} fit without it"] if more["already"] else []
    return "; ".join([f"{more['text']}: {said}", *rest])
