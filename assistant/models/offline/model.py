"""The offline interpreter as a speaker: the same messages in, the same blocks out, and no model behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistant.models.offline import finding
from assistant.models.offline.dialogue import hear
from assistant.models.offline.finding import Talk
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.moves import Move, Say, as_reply
from assistant.models.offline.replies import write
from assistant.models.offline.state import SPEAKER, State, table_of
from assistant.models.offline.toolset import Tools
from assistant.models.protocol import Message, Reply, TextBlock, ToolResultBlock, ToolSpec

_NOW = re.compile(r"\bnow=(\d{4}-\d\d-\d\dT\d\d:\d\d)")
_FACT = re.compile(r"\[\[fact:(F\d+)\]\]")


class OfflineModel:
    """Reads requests by grammar and the clinic's own names. Deterministic but for the ids of its tool uses."""

    name = SPEAKER

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:
        """The next message. The clock comes from the context told with the user's last message."""
        del system  # its rules are built in
        talk = Talk(
            self._lexicon,
            Tools.of(tools),
            _now(messages),
            table_of(messages),
            State.of(messages),
        )
        results = messages[-1].results()
        if not results and not _is_users(messages[-1]):
            return Reply(
                content=(talk.state.note(),), stop_reason="refusal"
            )  # our templates have no second wording
        move = _after(talk, messages[-2], results[-1]) if results else hear(talk, _said(messages[-1]))
        return as_reply(move, talk.state)


def _said(message: Message) -> str:
    blocks = [block.text for block in message.content if isinstance(block, TextBlock)]
    return blocks[-1] if blocks else ""


def _is_users(message: Message) -> bool:
    """A user's message opens with the context line; a demand to write a reply again doesn't."""
    return isinstance(message.content[0], TextBlock) and bool(_NOW.search(message.content[0].text))


def _now(messages: Sequence[Message]) -> datetime:
    for message in reversed(messages):
        found = _NOW.search(message.content[0].text) if isinstance(message.content[0], TextBlock) else None
        if message.role == "user" and found:
            return datetime.fromisoformat(found[1])
    raise ValueError("no message tells the clinic's time. Maybe the context line is missing")


def _after(talk: Talk, asked: Message, result: ToolResultBlock) -> Move:
    """The reply to a tool's result, or a second call without what was only wished for."""
    use = asked.uses()[-1]
    if result.is_error and use.name == "compare_offers":
        return Say(write("compared", facts=[], labels=[use.input["first"], use.input["second"]]))
    if result.is_error:
        fact = _FACT.search(result.content)
        return Say(fact[0] if fact else "That can't be done as asked.")
    data = result.data()
    found, facts = data.get("result") or {}, list(data.get("facts") or {})
    if page := _PAGES.get(use.name):
        return Say(write(page, facts=facts))
    if use.name == "propose":
        return Say(write("proposed", booking=use.input.get("action", "book") == "book"))
    if use.name == "what_if":
        states = {key: (found.get(key) or {}).get("status", "") for key in ("before", "after")}
        return Say(write("supposed", **states))
    if use.name == "compare_offers":
        return Say(write("compared", facts=facts, labels=[use.input["first"], use.input["second"]]))
    if found.get("status") == "infeasible" and talk.state.wished and not _relaxed(talk, use.input):
        return finding.call(talk, talk.state.frame, talk.state.doing)
    if use.name == "find_slots":  # what would open one is asked for by itself
        facts = facts[: 1 + len((found.get("explanation") or {}).get("conflict") or ())]
    return _found(talk, found, facts, dropped=bool(talk.state.wished) and _relaxed(talk, use.input))


_PAGES = {"get_schedule": "schedule", "why_changed": "took", "bottlenecks": "costs"}
"""Results that are told by their facts alone."""


def _relaxed(talk: Talk, given: dict[str, Any]) -> bool:
    """Whether this call was already made without the wishes."""
    return any(
        given.get(key) != value for key, value in talk.state.wished.items() if key in finding.COMPARABLE
    )


def _found(talk: Talk, found: dict[str, Any], facts: list[str], dropped: bool) -> Move:
    own = [*(found.get("offers") or ()), *([found["offer"]] if found.get("offer") else ())]
    near = [alternative["offer"]["label"] for alternative in found.get("alternatives") or ()]
    values = {
        "facts": facts,
        "said": talk.state.said,
        "wish_dropped": "what you would prefer" if dropped else "",
        "labels": [offer["label"] for offer in own] or near,
        "near": [],
    }
    return Say(write("found" if own else "none", **values))
