"""A kept conversation as an eval conversation: what the person said and what came of it, without any identity.

Made-up people take the patients' places, so that the words read as they did and the conversation plays again.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

import yaml

from assistant.models.protocol import Message, TextBlock, ToolUseBlock
from assistant.privacy import Handles, hidden
from tools.errors import ToolError

OUTCOMES = frozenset({"found", "infeasible", "not_proven", "question", "proposed", "answered", "refused"})
"""Outcomes that may be expected again; a fault of ours is none."""
UNSTABLE = frozenset({"offer", "conversation"})
"""Fields of a call's input that differ from run to run."""


def exported(id_: str, clinic: str, role: str, shown: list[Mapping[str, Any]], handles: Handles) -> str:
    """The YAML of an eval conversation, with made-up patients.

    What is expected is what happened, so somebody must read it before it is a judgement. Raises
    `ToolError("invalid")` when an identity is left in it: nothing is exported then.
    """
    said = hidden([message for turn in shown for message in _messages(turn)], handles)
    texts = [message.text() for message in said if message.role == "user"]
    uses = [message.uses() for message in said if message.role == "assistant"]
    turns = [
        {"user": text, "expect": _expected(turn, calls)}
        for text, calls, turn in zip(texts, uses, shown, strict=True)
    ]
    first = dt.datetime.fromisoformat(str(shown[0]["at"]))
    body = {
        "id": f"exported-{id_[:8].strip('-_').casefold()}", "suite": "exported", "title": "", "clinic": clinic,
        "now": f"{first:%Y-%m-%dT%H:%M}", "role": role, "turns": turns,
    }  # fmt: skip
    if found := handles.leak({"messages": body["turns"]}):
        raise ToolError(
            "invalid", f"The conversation still holds {found}, so nothing was exported. Maybe write it anew by hand.",
            "conversation",
        )  # fmt: skip
    return str(yaml.safe_dump(_peopled(body), sort_keys=False, allow_unicode=True, width=110))


_ORDINALS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_HANDLE = re.compile(r"\b(PATIENT|MRN|BIRTHDATE|CONTACT|NOTE)-(\d+)\b")


def _peopled(value: Any) -> Any:
    if isinstance(value, str):
        return _HANDLE.sub(lambda found: _made_up(found[1], int(found[2])), value)
    if isinstance(value, Mapping):
        return {key: _peopled(part) for key, part in value.items()}
    return [_peopled(part) for part in value] if isinstance(value, list) else value


def _made_up(kind: str, number: int) -> str:
    """Somebody or something that is nobody's, in the form of what it stands for."""
    return {
        "PATIENT": f"Pat Test{_ORDINALS[(number - 1) % len(_ORDINALS)]}",
        "MRN": f"T{9_000_000 + number}",
        "BIRTHDATE": (dt.date(1970, 1, 1) + dt.timedelta(days=number - 1)).isoformat(),
        "CONTACT": f"555-01{number % 100:02d}",
        "NOTE": "a note",
    }[kind]


def _messages(turn: Mapping[str, Any]) -> list[Message]:
    """A turn's words and calls as messages, so that they are hidden as they would be on their way to a model."""
    uses = [
        ToolUseBlock(id=str(n), name=call["tool"], input=dict(call["input"]))
        for n, call in enumerate(turn["calls"])
    ]
    return [
        Message(role="user", content=(TextBlock(text=turn["said"]),)),
        Message(role="assistant", content=tuple(uses)),
    ]


def _expected(turn: Mapping[str, Any], uses: list[ToolUseBlock]) -> dict[str, Any]:
    calls = [{"tool": use.name, "input": _stable(use)} for use in uses]
    outcome = {"outcome": turn["status"]} if turn["status"] in OUTCOMES else {}
    return outcome | ({"calls": calls} if calls else {})


def _stable(use: ToolUseBlock) -> dict[str, Any]:
    return {key: value for key, value in use.input.items() if key not in UNSTABLE and key != "patient"}
