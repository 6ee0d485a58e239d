"""What the interpreter may answer with: a question, a tool call, or words."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from assistant.models.offline.reading import Issue, Patch
from assistant.models.offline.state import State
from assistant.models.protocol import Reply, TextBlock, ToolUseBlock


@dataclass(frozen=True)
class Ask:
    """Put one question and wait; `offer` makes it the card's form for patient and side."""

    issue: Issue
    offer: str | None = None


@dataclass(frozen=True)
class Use:
    """Call a tool."""

    tool: str
    payload: Patch


@dataclass(frozen=True)
class Say:
    """End the turn with these words (and markers)."""

    text: str


Move = Ask | Use | Say


def as_reply(move: Move, state: State) -> Reply:
    """A move as blocks of the protocol, with the state noted beside it."""
    if isinstance(move, Say):
        return Reply(content=(state.note(), TextBlock(text=move.text)), stop_reason="end_turn")
    name, payload = ("ask_user", _question(move)) if isinstance(move, Ask) else (move.tool, move.payload)
    use = ToolUseBlock(id=f"toolu_{secrets.token_hex(8)}", name=name, input=payload)
    return Reply(content=(state.note(), use), stop_reason="tool_use")


def _question(ask: Ask) -> dict[str, Any]:
    question: dict[str, Any] = {"question": ask.issue.text[:1000]}
    question["choices"] = [choice.label for choice in ask.issue.choices][:12]
    return question | ({"kind": "booking-details", "offer": ask.offer} if ask.offer else {})
