"""transcript: the conversations that are kept, and one of them as an eval conversation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

import typer

from tools.context import Context
from tools.errors import ToolError
from web.cli.answer import Answer
from web.cli.options import Command, Source
from web.cli.source import opened

Talk = Annotated[str, typer.Argument(metavar="ID", help="The conversation's id, as listed.")]


def list_(source: Source) -> Answer:
    """Your own conversations that are still kept, the last one first."""
    from tools.registry import staffed

    asked = [
        staffed().call("my_conversations", each, {}).model_dump(mode="json") for each in _own(opened(source))
    ]
    kept = [talk for found in asked for talk in found["conversations"]]
    found = {"conversations": sorted(kept, key=lambda talk: str(talk["saved_at"]), reverse=True)}
    lines = [f"{e['id']}  {e['saved_at'][:16]}  {e['turns']} turns" for e in found["conversations"]]
    return Answer(found, "\n".join(lines) or "No conversation is kept.")


def export(id_: Talk, source: Source) -> Answer:
    """A kept conversation as an eval conversation (YAML), without any identity."""
    from assistant.choosing import handles_for
    from assistant.exporting import exported

    ctx, told = _read(opened(source), id_)
    clinic = "demo" if ctx.store.demo else "clinic.yaml"
    handles = handles_for(ctx, ctx.store.clinic())()
    text = exported(id_, clinic, str(ctx.principal.role), told["turns"], handles)
    return Answer({"conversation": id_, "yaml": text}, text)


def _own(ctx: Context) -> Iterator[Context]:
    """Who is at this terminal; in the demo, which signs in by itself, whoever talked in the browser too."""
    yield ctx
    if ctx.store.demo:
        from web.serve import DEMO_DIRECTOR

        yield replace(ctx, principal=DEMO_DIRECTOR)


def _read(ctx: Context, id_: str) -> tuple[Context, dict[str, Any]]:
    """A conversation, and as whom it could be read."""
    from tools.registry import staffed

    *others, last = _own(ctx)
    for each in others:
        try:
            told = staffed().call("read_conversation", each, {"conversation": id_})
            return each, told.model_dump(mode="json")
        except ToolError as refused:
            if refused.code != "not-found":
                raise
    return last, staffed().call("read_conversation", last, {"conversation": id_}).model_dump(mode="json")


TRANSCRIPTS: dict[str, Command] = {"list": list_, "export": export}
