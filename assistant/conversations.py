"""Conversations under way, bounded in number, length and size.

A conversation belongs to the principal who started it, takes one turn at a time, and forgets its oldest turns
rather than grow without end.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assistant.guard.book import FactBook
from assistant.models.protocol import Message
from tools.errors import ToolError
from tools.records.transcripts import Cost


@dataclass(frozen=True)
class Shown:
    """One turn as the person saw it: their words, how it ended, the calls, and the events that were drawn."""

    said: str
    at: dt.datetime
    status: str
    model: str
    calls: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]


@dataclass
class Conversation:
    """The messages of each turn, oldest first, and the facts that its tool results established."""

    id: str
    principal: str
    turns: list[list[Message]] = field(default_factory=list)
    turns_taken: int = 0
    degraded: bool = False
    """Whether the last turn was answered by the stand-by, since the model couldn't."""
    facts: FactBook = field(default_factory=FactBook)
    shown: list[Shown] = field(default_factory=list)
    """What the person saw, turn by turn, as far back as `turns`."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def messages(self) -> list[Message]:
        """The history as one list, oldest first."""
        return [message for turn in self.turns for message in turn]

    def trim(self, turns: int, characters: int) -> None:
        """Forget the oldest turns until both bounds hold; the last turn is always kept."""
        sizes = [sum(len(message.model_dump_json()) for message in turn) for turn in self.turns]
        while len(self.turns) > 1 and (len(self.turns) > turns or sum(sizes) > characters):
            del self.turns[0], sizes[0]
        del self.shown[: max(0, len(self.shown) - turns)]


class Conversations(Protocol):
    """Where conversations are kept; transcripts in the records can take the memory's place."""

    def open(self, conversation: str | None, principal: str) -> Conversation:
        """The principal's conversation, or a new one; someone else's or a forgotten one is "not-found"."""
        ...

    def save(self, conversation: Conversation, cost: Cost | None = None) -> None:
        """Keep what the turn added, and what it cost."""
        ...


class InMemory:
    """The most recently used `most` conversations of this process."""

    def __init__(self, most: int = 500, turns: int = 30, characters: int = 600_000) -> None:
        self._most, self._turns, self._characters = most, turns, characters
        self._kept: OrderedDict[str, Conversation] = OrderedDict()

    def open(self, conversation: str | None, principal: str) -> Conversation:
        """The principal's conversation, or a new one; someone else's or a forgotten one is "not-found"."""
        if conversation is None:
            return Conversation(secrets.token_urlsafe(16), principal)
        kept = self._kept.get(conversation)
        if kept is None or kept.principal != principal:
            raise ToolError(
                "not-found", "This conversation isn't known any more. Maybe start a new one", "conversation"
            )
        return kept

    def save(self, conversation: Conversation, cost: Cost | None = None) -> None:  # noqa: ARG002 - kept nowhere
        """Keep what the turn added, and forget the longest unused conversation when there are too many."""
        conversation.trim(self._turns, self._characters)
        self._kept[conversation.id] = conversation
        self._kept.move_to_end(conversation.id)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
