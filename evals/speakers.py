"""Who may be spoken to besides the product's own models: scripted ones, and the four that must always fail."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.models.breaker import ModelUnavailableError
from assistant.models.protocol import Message, Reply, Speaker, TextBlock, ToolSpec, ToolUseBlock
from tools.errors import ToolError


@dataclass
class Scripted:
    """Answers by a script: one step a call, the last one again when it runs out.

    A step is text; `{text}`; `{tool, input}` or `{calls: [{tool, input}, ...]}`, with `text` beside them if wanted;
    or `{stop: refusal}`; or `{fault: overloaded}`, where it can't be asked and the interpreter answers instead.
    """

    steps: Sequence[Any]
    name: str = "scripted"
    taken: int = 0
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:  # noqa: ARG002
        """The next step, whatever was said."""
        step = self.steps[min(self.taken, len(self.steps) - 1)]
        self.taken += 1
        return self._reply(step)

    def _reply(self, step: Any) -> Reply:
        if isinstance(step, str):
            return _text(step)
        if not isinstance(step, Mapping):
            raise ToolError("invalid", f"model_script: {step!r} is no step. Maybe text, or tool and input.")
        if "fault" in step:
            raise ModelUnavailableError(str(step["fault"]))
        calls = step.get("calls") or ([step] if "tool" in step else [])
        blocks: list[Any] = [TextBlock(text=str(step["text"]))] if step.get("text") else []
        blocks += [
            ToolUseBlock(id=f"use-{next(self._ids)}", name=call["tool"], input=_json(call.get("input") or {}))
            for call in calls
        ]
        if calls:
            return Reply(content=tuple(blocks), stop_reason="tool_use")
        return Reply(content=tuple(blocks), stop_reason=step.get("stop", "end_turn"))


def _json(value: Any) -> Any:
    """As a model would write it: YAML reads an unquoted day as a date, JSON knows none."""
    return json.loads(json.dumps(value, default=lambda moment: moment.isoformat()))


def _text(words: str) -> Reply:
    return Reply(content=(TextBlock(text=words),), stop_reason="end_turn")


@dataclass
class Refuser:
    """Says of everything that it can't."""

    name: str = "refuse-all"

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:  # noqa: ARG002
        """The same refusal each time."""
        return _text("I can't help with that.")


@dataclass
class Null:
    """Says nothing of use and calls nothing."""

    name: str = "null"

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:  # noqa: ARG002
        """A word that claims nothing."""
        return _text("Noted.")


@dataclass
class Asker:
    """Answers every message with a question."""

    name: str = "always-ask"

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:  # noqa: ARG002
        """One question, always the same."""
        use = ToolUseBlock(id="ask", name="ask_user", input={"question": "Which surgeon, procedure and day?"})
        return Reply(content=(use,), stop_reason="tool_use")


@dataclass
class FirstOffer:
    """Searches the same thing whatever was asked, and cites the first offer."""

    name: str = "first-offer"

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:  # noqa: ARG002
        """A search, then its first offer."""
        if messages[-1].results():
            found = any('"A1"' in result.content for result in messages[-1].results())
            return _text("[[offer:A1]]" if found else "Noted.")
        use = ToolUseBlock(
            id="find", name="find_slots",
            input={"procedure": "trigger", "date_from": "2026-03-12", "date_to": "2026-03-12"},
        )  # fmt: skip
        return Reply(content=(use,), stop_reason="tool_use")


BASELINES: Mapping[str, Callable[[], Speaker]] = {
    "null": Null,
    "always-ask": Asker,
    "refuse-all": Refuser,
    "first-offer": FirstOffer,
}
"""Speakers that no conversation may let pass."""
