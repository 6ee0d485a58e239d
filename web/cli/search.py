"""find and check: the structured request, without any language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from web.cli.answer import ANSWERED, NOT_PROVEN, Answer, Draw
from web.cli.options import Source
from web.cli.request import Asked
from web.cli.source import opened
from web.terminal import Page, draw_checked, draw_found


def find(asked: Asked, source: Source) -> Answer:
    """Find verified slots for a structured request, best first, or the reason why there are none."""
    payload = asked.payload()
    return _called("find_slots", payload, source)


def check(
    asked: Asked,
    source: Source,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="Wheels-in, like 2026-03-10T10:00, clinic wall time.")
    ] = None,
) -> Answer:
    """Check one exact start: the verified offer for it, or every rule that it would break."""
    payload = asked.payload()
    if at is not None:
        payload["at"] = at
    return _called("check_slot", payload, source)


def _called(tool: str, payload: Mapping[str, Any], source: Source) -> Answer:
    from tools.registry import default

    ctx = opened(source)
    body = default().call(tool, ctx, payload).model_dump(mode="json", by_alias=True)
    return Answer(body, _drawn(tool, body, Page(ctx)), exit_of(body["status"]))


def _drawn(tool: str, body: Mapping[str, Any], page: Page) -> Draw:
    draw = draw_found if tool == "find_slots" else draw_checked
    return lambda console: draw(console, page, body)


def exit_of(status: str) -> int:
    """A proven "no" is an answer; running out of budget is not."""
    return NOT_PROVEN if status == "not_proven" else ANSWERED
