"""The Messages protocol's blocks, and what every model here must be able to do: speak it.

Claude, a private server of the same API and the offline interpreter are speakers of one protocol: they
get the same system text, tools and messages, and answer with the same blocks.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

StopReason = Literal["end_turn", "tool_use", "max_tokens", "refusal"]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextBlock(_Block):
    """Words: the user's, or a speaker's."""

    type: Literal["text"] = "text"
    text: str


class ToolUseBlock(_Block):
    """A call that a speaker asks for; `input` is not validated yet."""

    type: Literal["tool_use"] = "tool_use"
    id: str
    name: str
    input: dict[str, Any]


class ToolResultBlock(_Block):
    """The answer to one tool_use; `content` is JSON for a result and a plain sentence for an error."""

    type: Literal["tool_result"] = "tool_result"
    tool_use_id: str
    content: str
    is_error: bool = False

    def data(self) -> dict[str, Any]:
        """The result as an object; empty for an error."""
        found = {} if self.is_error else json.loads(self.content)
        return found if isinstance(found, dict) else {}


class NoteBlock(_Block):
    """What a speaker wants to remember; opaque to everyone else, and never sent to another speaker."""

    type: Literal["note"] = "note"
    speaker: str
    data: dict[str, Any]


Block = Annotated[TextBlock | ToolUseBlock | ToolResultBlock | NoteBlock, Field(discriminator="type")]


class Message(BaseModel):
    """One message of the history: the user's (text, tool results) or a speaker's (text, tool uses, notes)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: Literal["user", "assistant"]
    content: tuple[Block, ...]

    def text(self) -> str:
        """All its words."""
        return "\n".join(block.text for block in self.content if isinstance(block, TextBlock))

    def uses(self) -> list[ToolUseBlock]:
        """The calls it asks for, in order."""
        return [block for block in self.content if isinstance(block, ToolUseBlock)]

    def results(self) -> list[ToolResultBlock]:
        """The tool results it carries, in order."""
        return [block for block in self.content if isinstance(block, ToolResultBlock)]


class Usage(_Block):
    """Tokens of one reply: read anew, written, read from the provider's cache, written to it."""

    read: int = 0
    written: int = 0
    cache_read: int = 0
    cache_written: int = 0

    @property
    def total(self) -> int:
        """All tokens, however they are billed."""
        return self.read + self.written + self.cache_read + self.cache_written

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            read=self.read + other.read,
            written=self.written + other.written,
            cache_read=self.cache_read + other.cache_read,
            cache_written=self.cache_written + other.cache_written,
        )


class Reply(BaseModel):
    """A speaker's answer; tools run only when `stop_reason` is "tool_use"."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    content: tuple[Block, ...]
    stop_reason: StopReason | None
    usage: Usage = Usage()

    def message(self) -> Message:
        """The reply as a message of the history."""
        return Message(role="assistant", content=self.content)


class ToolSpec(BaseModel):
    """A tool as a model sees it; `input_schema` is JSON Schema and names no patient and no staff."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    description: str
    input_schema: dict[str, Any]


class Speaker(Protocol):
    """A model. It may be called many times a turn, and keeps nothing between calls but `messages`."""

    name: str

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:
        """The next message, given everything said so far."""
        ...
