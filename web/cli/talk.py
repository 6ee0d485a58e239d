"""ask and chat: a request in words, answered by the assistant."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from web.cli.answer import ANSWERED, BAD_INPUT, FAILED, Answer, announce, drawn
from web.cli.options import Source
from web.cli.search import exit_of
from web.cli.source import opened

if TYPE_CHECKING:
    from tools.context import Context

GREETING = 'Ask in your own words, like "Dr. Smith, knee scope, next Tuesday". An empty line ends.'
FAULTS = frozenset({"internal", "budget"})
"""Error codes that are no fault of the text."""


def ask(
    text: Annotated[str, typer.Argument(metavar="TEXT", help='Like "Dr. Smith, knee scope, next Tuesday".')],
    source: Source,
) -> Answer:
    """Ask for a slot in your own words.

    Answers with verified slots, with the reason why there are none, or with a question.
    """
    return answered(text, opened(source))


def chat(source: Source) -> Answer:
    """Talk in the terminal.

    The conversation is kept until an empty line or Ctrl-D ends it.
    """
    ctx = opened(source)
    gc.enable()  # this command stays
    turns: list[Mapping[str, Any]] = []
    for line in _lines():
        answer = answered(line, ctx, turns[-1]["conversation"] if turns else None)
        turns.append(answer.body)
        announce(drawn(answer.draw, sys.stdout) if answer.complaint is None else answer.complaint)
    return Answer({"turns": turns}, "")


def answered(text: str, ctx: Context, conversation: str | None = None) -> Answer:
    """One turn's answer; what is refused is the person's input, unless a fault of ours came between."""
    from assistant import ask as assistant_ask
    from web.terminal.answers import draw_asked
    from web.terminal.page import Page

    # An argument's stray bytes arrive as lone surrogates, which no JSON and no terminal can carry.
    body = assistant_ask(text.encode(errors="replace").decode(), ctx, conversation)
    page = Page(ctx)
    code = {"refused": BAD_INPUT, "error": FAILED}.get(body["status"]) or exit_of(body["status"])
    if code in (BAD_INPUT, FAILED):
        error = {
            "code": "invalid" if code == BAD_INPUT else "internal",
            "message": body["reply"],
            "field": None,
        }
        return Answer(body | {"error": error}, "", code, body["reply"])
    return Answer(body, lambda console: draw_asked(console, page, body), ANSWERED if code is None else code)


def _lines() -> Iterator[str]:
    """What the person types, line by line, until an empty line or the end of the input."""
    asking = sys.stdin.isatty()
    if asking:
        announce(GREETING)
    while True:
        try:
            line = input("> ") if asking else sys.stdin.readline().rstrip("\n")
        except EOFError:
            return
        if not line.strip():
            return
        yield line
