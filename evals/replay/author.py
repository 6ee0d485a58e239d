"""Authored cassettes: replies written in a file, answered by the stand-in over real HTTP, and recorded like a model's.

`evals/cassettes/authored.yaml` holds the replies of each conversation in their order, in the steps of a scripted model:
text, `{text}`, `{tool, input}` or `{calls: [...]}`; or `{status: 529}` for a fault of the provider. Whoever writes them
reads what the model would get: `author` stops where the replies run out, and tells the request that comes next.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from assistant.settings import ModelSettings
from evals.heard import Played
from evals.loading import Script
from evals.replay.cassette import CASSETTES, Cassette
from evals.replay.talks import record
from evals.standin import Answer, Fault, Standin
from tools.errors import ToolError

AUTHORED = CASSETTES / "authored.yaml"
MODEL = "claude-haiku-5-5"
"""The name that requests are made out to; none of its answers were."""


class Unwritten(Exception):
    """The replies ran out; `messages` is the request that waits for one."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        super().__init__("the replies ran out")
        self.request = request


def replies(path: Path = AUTHORED) -> dict[str, list[Any]]:
    """The authored replies of every conversation, by its id."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ToolError("invalid", f"{path} can't be read: {type(error).__name__}.", "authored") from None
    if not isinstance(found, dict) or not all(isinstance(each, list) for each in found.values()):
        raise ToolError(
            "invalid", f"{path} holds no replies. Maybe a list under each conversation's id.", "authored"
        )
    return found


def author(script: Script, steps: Sequence[Any], date: dt.date) -> tuple[Played, Cassette, dict[str, Any]]:
    """The conversation's cassette from authored replies; raises `Unwritten` where one is missing."""
    brain = _Brain(steps)
    with Standin(brain) as standin:
        settings = ModelSettings(
            model=MODEL, key="", base_url=standin.origin, provider="anthropic", private_origin=standin.origin,
            private_key="",
        )  # fmt: skip
        try:
            done = record(script, settings, "authored", date)
        except ToolError:
            if brain.waiting:
                raise Unwritten(brain.waiting) from None
            raise
    if brain.waiting:
        raise Unwritten(brain.waiting)
    if brain.left():
        raise ToolError(
            "invalid", f"{script.id}: {brain.left()} authored replies were never asked for.", "authored"
        )
    return done


class _Brain:
    """Answers by the steps; once they run out it fails for good, and keeps the request that it couldn't answer."""

    def __init__(self, steps: Sequence[Any]) -> None:
        self._steps = list(steps)
        self._uses = itertools.count(1)
        self._taken = 0
        self.waiting: Mapping[str, Any] | None = None

    def __call__(self, request: Mapping[str, Any]) -> Answer:
        if not self.left():
            self.waiting = self.waiting or request
            return Answer(fault=Fault(status=400))
        step = self._steps[self._taken]
        self._taken += 1
        return self._answer(step)

    def left(self) -> int:
        return len(self._steps) - self._taken

    def _answer(self, step: Any) -> Answer:
        if isinstance(step, str):
            step = {"text": step}
        if "status" in step:
            return Answer(fault=Fault(status=int(step["status"]), headers=step.get("headers") or {}))
        blocks: list[dict[str, Any]] = [{"type": "text", "text": step["text"]}] if step.get("text") else []
        calls = step.get("calls") or ([step] if "tool" in step else [])
        for call in calls:
            use = f"toolu_authored_{next(self._uses)}"
            blocks.append(
                {"type": "tool_use", "id": use, "name": call["tool"], "input": call.get("input") or {}}
            )
        return Answer(blocks, step.get("stop") or ("tool_use" if calls else "end_turn"), usage=(0, 0))
