"""transcript: the conversations that are kept, and one of them as an eval conversation."""

from __future__ import annotations

from typing import Annotated

import typer

from web.cli.answer import Answer
from web.cli.options import Command, Source
from web.cli.source import opened

Talk = Annotated[str, typer.Argument(metavar="ID", help="The conversation's id, as listed.")]


def list_(source: Source) -> Answer:
    """Your own conversations that are still kept, the last one first."""
    from tools.registry import staffed

    found = staffed().call("my_conversations", opened(source), {}).model_dump(mode="json")
    lines = [f"{e['id']}  {e['saved_at'][:16]}  {e['turns']} turns" for e in found["conversations"]]
    return Answer(found, "\n".join(lines) or "No conversation is kept.")


def export(id_: Talk, source: Source) -> Answer:
    """A kept conversation as an eval conversation (YAML), without any identity."""
    from assistant.choosing import handles_for
    from assistant.exporting import exported
    from tools.registry import staffed

    ctx = opened(source)
    told = staffed().call("read_conversation", ctx, {"conversation": id_}).model_dump(mode="json")
    clinic = "demo" if ctx.store.demo else "clinic.yaml"
    handles = handles_for(ctx, ctx.store.clinic())()
    text = exported(id_, clinic, str(ctx.principal.role), told["turns"], handles)
    return Answer({"conversation": id_, "yaml": text}, text)


TRANSCRIPTS: dict[str, Command] = {"list": list_, "export": export}
