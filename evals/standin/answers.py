"""What the stand-in answers: a message as server-sent events, whole or broken in a chosen way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """How an answer fails. Only what is set happens."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    """Bytes of the body that are sent before the connection closes."""
    clean: bool = False
    """Whether a cut body ends as if it were whole."""
    stall: bool = False
    """After the cut, silence instead of an end."""
    chunk: int = 0
    """Bytes sent at a time; 0 for all at once."""
    pause: float = 0
    """Seconds between them: a slow drip, in which every single wait is short."""
    error: str = ""
    """The type of an error told in mid-stream, under a status of 200."""


@dataclass(frozen=True)
class Answer:
    """One reply of the model: its blocks, why it stopped, and what goes wrong on the way."""

    content: Sequence[Mapping[str, Any]] = ()
    stop: str = "end_turn"
    fault: Fault = Fault()
    usage: tuple[int, int] = (100, 20)
    """Tokens read and written that it claims."""

    def body(self) -> bytes:
        """The body as it goes over the wire, before any cut."""
        if self.fault.status != 200:
            kind = {429: "rate_limit_error", 529: "overloaded_error", 401: "authentication_error"}
            error = {"type": kind.get(self.fault.status, "api_error"), "message": "stand-in"}
            return json.dumps({"type": "error", "error": error}).encode()
        return b"".join(self._frames())

    def _frames(self) -> Iterator[bytes]:
        usage = {"input_tokens": self.usage[0], "output_tokens": min(1, self.usage[1])}
        opening: dict[str, Any] = {
            "id": "msg_1", "type": "message", "role": "assistant", "model": "stand-in", "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": usage,
        }  # fmt: skip
        yield frame("message_start", message=opening)
        for index, block in enumerate(self.content):
            yield from _block(index, block)
        if self.fault.error:
            yield frame("error", error={"type": self.fault.error, "message": "stand-in"})
            return
        ending = {"stop_reason": self.stop, "stop_sequence": None}
        yield frame("message_delta", delta=ending, usage={"output_tokens": self.usage[1]})
        yield frame("message_stop")


def frame(event: str, **data: Any) -> bytes:
    """One server-sent event; its `event:` line is what the SDK goes by."""
    return f"event: {event}\ndata: {json.dumps({'type': event} | data, ensure_ascii=False)}\n\n".encode()


def _block(index: int, block: Mapping[str, Any]) -> Iterator[bytes]:
    empty: Mapping[str, Any]
    if block["type"] == "text":
        empty, deltas = {"type": "text", "text": ""}, _texts(block["text"])
    else:
        empty, deltas = {**block, "input": {}}, _inputs(block["input"])
    yield frame("content_block_start", index=index, content_block=empty)
    for delta in deltas:
        yield frame("content_block_delta", index=index, delta=delta)
    yield frame("content_block_stop", index=index)


def _texts(text: str) -> Iterator[dict[str, Any]]:
    for at in range(0, len(text), 12):
        yield {"type": "text_delta", "text": text[at : at + 12]}


def _inputs(given: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    text = json.dumps(given)
    for at in range(0, len(text), 15):
        yield {"type": "input_json_delta", "partial_json": text[at : at + 15]}


def said(text: str, stop: str = "end_turn", **fault: Any) -> Answer:
    """A reply in words."""
    return Answer([{"type": "text", "text": text}], stop, Fault(**fault))


def used(tool: str, given: Mapping[str, Any], use: str = "toolu_1", **fault: Any) -> Answer:
    """A reply that asks for a tool."""
    block = {"type": "tool_use", "id": use, "name": tool, "input": dict(given)}
    return Answer([block], "tool_use", Fault(**fault))
