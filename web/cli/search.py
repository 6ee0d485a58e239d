"""find and check: the structured request, without any language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from web.cli.answer import ANSWERED, NOT_PROVEN, Answer
from web.cli.options import Source
from web.cli.request import Asked
from web.cli.source import opened


def find(asked: Asked, source: Source) -> Answer:
    """Find verified slots for a structured request.

    Best first; or the reason why there are none, and the nearest alternatives.
    """
    payload = asked.payload()
    return _called("find_slots", payload, source)


def check(
    asked: Asked,
    source: Source,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="Wheels-in, like 2026-03-10T10:00, clinic wall time.")
    ] = None,
) -> Answer:
    """Check one exact start in full.

    The verified offer for it, or every rule that it would break and the nearest alternatives.
    """
    payload = asked.payload()
    if at is not None:
        payload["at"] = at
    return _called("check_slot", payload, source)


def _called(tool: str, payload: Mapping[str, Any], source: Source) -> Answer:
    from tools.registry import default
    from web.terminal import answers
    from web.terminal.page import Page

    ctx = opened(source)
    body = default().call(tool, ctx, payload).model_dump(mode="json", by_alias=True)
    draw = answers.draw_found if tool == "find_slots" else answers.draw_checked
    page = Page(ctx)
    return Answer(body, lambda console: draw(console, page, body), exit_of(body["status"]))


def exit_of(status: str) -> int:
    """A proven "no" is an answer; running out of budget is not."""
    return NOT_PROVEN if status == "not_proven" else ANSWERED
