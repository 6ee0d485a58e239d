"""A person's own conversations with the assistant, to be listed and read again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field

from tools.context import Context, Permission
from tools.contract import Input, Output
from tools.errors import ToolError
from tools.records import transcripts
from tools.records.trail import Note
from tools.registry import tool


class Which(Input):
    """How many of the latest."""

    limit: int = Field(20, ge=1, le=100)


class Talk(Output):
    """One conversation, without its words."""

    id: str
    begun_at: dt.datetime
    saved_at: dt.datetime
    expires_at: dt.datetime
    turns: int


class Talks(Output):
    """The latest first."""

    conversations: list[Talk]


class One(Input):
    """Which conversation."""

    conversation: str = Field(min_length=1, max_length=200)


class Told(Output):
    """What was said and shown: {"said", "at", "status", "model", "events"} a turn, oldest first."""

    conversation: str
    turns: list[dict[str, Any]]


@tool(permission=Permission.FIND, effect="read")
def my_conversations(ctx: Context, body: Which) -> Talks:
    """The principal's own conversations that are still kept."""
    found = transcripts.listed(ctx.store, ctx.now(), ctx.principal.id, body.limit)
    return Talks(
        conversations=[
            Talk(id=e.id, begun_at=e.begun_at, saved_at=e.saved_at, expires_at=e.expires_at, turns=e.turns)
            for e in found
        ]
    )


@tool(permission=Permission.FIND, effect="read")
def read_conversation(ctx: Context, body: One) -> Told:
    """One of the principal's own conversations; an auditor may read anyone's, which is noted as a read."""
    kept, words = opened(ctx, body.conversation)
    return Told(conversation=kept.id, turns=words["shown"])


def opened(ctx: Context, conversation: str) -> tuple[transcripts.Kept, Any]:
    """A conversation that the principal may read; raises `ToolError("not-found")` for any other."""
    found = transcripts.words(ctx.store, conversation, ctx.now())
    own = found is not None and found[0].principal == ctx.principal.id
    if found is None or not (own or ctx.principal.may(Permission.AUDIT)):
        raise ToolError(
            "not-found",
            "This conversation isn't kept, or isn't yours. Maybe list them first.",
            "conversation",
        )
    if not own:
        who = ctx.principal
        ctx.store.access.note(Note(who.id, str(who.role), ctx.now(), "conversation read", (conversation,)))
    return found
