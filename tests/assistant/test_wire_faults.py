"""Whole turns against a broken wire, over real HTTP: an answer beside a banner, and never a change of the book."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from assistant import ask
from assistant.agent import Assistant
from assistant.conversations import InMemory
from assistant.models.anthropic import breaker_of
from evals.standin import Answer, Standin, said, used
from evals.standin.answers import frame
from tests.assistant.speaking import SEARCH, configured, desk, no_wait, speaker
from tests.assistant.speaking import heard as words
from tests.assistant.test_misbehaving import ASKED, answered, store

__all__ = ["store"]

FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 429, "headers": {"retry-after": "3600"}}, {"status": 429, "headers": {"retry-after": "soon"}},
    {"status": 429, "headers": {"retry-after": "-1"}}, {"status": 529}, {"status": 500}, {"status": 401},
    {"status": 400}, {"status": 413}, {"status": 302, "headers": {"location": "http://127.0.0.1:1/"}},
    {"status": 307, "headers": {"location": "https://api.anthropic.com/v1/messages"}},
    {"error": "overloaded_error"}, {"error": "invalid_request_error"}, {"error": "new_kind_of_error"},
    {"cut": 0}, {"cut": 0, "clean": True}, {"cut": 300}, {"cut": 300, "clean": True},
)  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_breakers(monkeypatch: pytest.MonkeyPatch) -> None:
    breaker_of.cache_clear()
    monkeypatch.setattr("asyncio.sleep", no_wait)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: json.dumps(fault)[:40])
def test_a_broken_wire_is_answered_for(
    monkeypatch: pytest.MonkeyPatch, store: Any, fault: dict[str, Any]
) -> None:
    """Whatever the server does, the interpreter answers in the same turn, a banner says so, and nothing is written."""
    answer, standin = answered(monkeypatch, store, used("find_slots", SEARCH, **fault))
    assert (answer["status"], answer["model"]) == ("found", "offline")
    assert answer["notice"]["speaker"] == "offline"
    assert 1 <= len(standin.bodies) <= 2


@dataclass(frozen=True)
class Raw(Answer):
    """A stream with one block as it is given, whatever the API's reference says of blocks."""

    block: Any = None
    deltas: tuple[Any, ...] = ()

    def body(self) -> bytes:
        """The frames of a whole reply around the block."""
        frames = super().body()
        ending = frames.index(b"event: message_delta")
        inner = frame("content_block_start", index=len(self.content), content_block=self.block)
        for delta in self.deltas:
            inner += frame("content_block_delta", index=len(self.content), delta=delta)
        return (
            frames[:ending] + inner + frame("content_block_stop", index=len(self.content)) + frames[ending:]
        )


def _tool(*parts: str, name: str = "find_slots") -> Raw:
    deltas = tuple({"type": "input_json_delta", "partial_json": part} for part in parts)
    return Raw(
        stop="tool_use", block={"type": "tool_use", "id": "t1", "name": name, "input": {}}, deltas=deltas
    )


@pytest.mark.parametrize(
    "answer",
    [
        _tool('{"procedure": "knee-arth'), _tool("not json"), _tool("[1, 2]"), _tool('"text"'), _tool("7"),
        _tool('{"procedure": NaN}'), _tool('{"a": ' * 400),
        Raw(block={"type": "brand_new_block", "payload": {"deep": [1]}}),
        Raw(block={"type": "thinking", "thinking": "The slot is free.", "signature": "s"}),
        Raw(block={"type": "redacted_thinking", "data": "x"}),
        Raw(block={"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}}),
        Raw(block={"type": "text", "text": ""}, deltas=({"type": "brand_new_delta", "x": 1},)),
    ],
    ids=["half", "words", "list", "text", "number", "nan", "deep", "block", "thinking", "redacted", "server", "delta"],
)  # fmt: skip
def test_what_the_reference_does_not_have_runs_nothing(
    monkeypatch: pytest.MonkeyPatch, store: Any, answer: Raw
) -> None:
    """Arguments that aren't an object and blocks of unknown kinds call no tool, and are shown to nobody."""
    shown, _ = answered(monkeypatch, store, answer, text="what can you do?")
    assert shown["reply"] or shown["question"]
    assert not [call for call in shown["calls"] if shown["model"] != "offline"]
    assert "The slot is free" not in shown["reply"]


def test_ambient_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy the environment names, the request goes to the configured server itself."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    import asyncio

    with Standin([said("Here.")]) as standin:
        reply = asyncio.run(speaker(standin, seconds=60.0).reply("system", [], words()))
        assert reply.message().text() == "Here."
        assert len(standin.bodies) == 1


def test_a_storm_is_left_alone(monkeypatch: pytest.MonkeyPatch, store: Any) -> None:
    """Turn after turn is answered in a storm of 429, and after three the server isn't asked any more."""
    storm = said("x", status=429, headers={"retry-after": "3600"})
    with configured(monkeypatch, Standin([storm])) as standin:
        answers = [ask(ASKED, desk(store), assistant=Assistant(InMemory())) for _ in range(5)]
        assert len(standin.bodies) == 3
    assert {(answer["model"], answer["status"]) for answer in answers} == {("offline", "found")}
    assert all(answer["notice"] for answer in answers)
