"""Conversations that outlive the process: in memory while they are under way, sealed in the records after each turn."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from assistant.conversations import Conversation, InMemory, Shown
from assistant.guard.book import FactBook
from assistant.models.protocol import Message
from tools.context import Context
from tools.errors import ToolError
from tools.records import transcripts
from tools.records.transcripts import Cost, Kept

_log = structlog.get_logger(__name__)


class Recorded:
    """The conversations of one clinic, as one principal's turn needs them."""

    def __init__(self, memory: InMemory, ctx: Context, days: int) -> None:
        self._memory, self._ctx, self._days = memory, ctx, days

    def open(self, conversation: str | None, principal: str) -> Conversation:
        """The conversation under way, or as it was kept; raises `ToolError("not-found")` for someone else's."""
        try:
            return self._memory.open(conversation, principal)
        except ToolError:
            found = transcripts.words(self._ctx.store, str(conversation), self._ctx.now())
            if found is None or found[0].principal != principal:
                raise
            talk = restored(found[0], found[1])
            self._memory.save(talk)
            return talk

    def save(self, conversation: Conversation, cost: Cost | None = None) -> None:
        """Keep what the turn added. A failure here costs the transcript and not the answer."""
        self._memory.save(conversation)
        now = self._ctx.now()
        begun = conversation.shown[0].at if conversation.shown else now
        kept = Kept(
            conversation.id, conversation.principal, begun, now, now + dt.timedelta(days=self._days),
            conversation.turns_taken,
        )  # fmt: skip
        try:
            if self._days:
                transcripts.keep(self._ctx.store, kept, body_of(conversation), cost)
            elif cost is not None:
                transcripts.note(self._ctx.store, kept, cost)
        except (ToolError, SQLAlchemyError) as fault:
            _log.warning("transcript not kept", conversation=conversation.id, error=type(fault).__name__)


def body_of(talk: Conversation) -> dict[str, Any]:
    """A conversation, JSON-ready."""
    return {
        "turns": [[message.model_dump(mode="json") for message in turn] for turn in talk.turns],
        "degraded": talk.degraded,
        "facts": talk.facts.state(),
        "shown": [{**asdict(each), "at": each.at.isoformat()} for each in talk.shown],
    }


def restored(kept: Kept, body: Any) -> Conversation:
    """What `body_of` gave."""
    return Conversation(
        id=kept.id,
        principal=kept.principal,
        turns=[[Message.model_validate(message) for message in turn] for turn in body["turns"]],
        turns_taken=kept.turns,
        degraded=body["degraded"],
        facts=FactBook.of(body["facts"]),
        shown=[Shown(**{**each, "at": dt.datetime.fromisoformat(each["at"])}) for each in body["shown"]],
    )
