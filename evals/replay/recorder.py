"""Records a conversation with a model: every response whole, nothing of a request that could identify anyone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from assistant.identifiers import PATTERNS, mentions
from evals.conversation import Conversation
from evals.grading.private import planted
from evals.replay.cassette import Exchange, Response
from evals.replay.requests import added, essence, told
from tools.errors import ToolError

KEPT = frozenset({"content-type", "request-id", "retry-after", "anthropic-ratelimit-requests-remaining"})
"""Response headers that a cassette has; the others may name an account. Request headers are never kept."""
_HANDLE = re.compile(r"(?:PATIENT|MRN|BIRTHDATE|CONTACT)-\d+")


@dataclass
class Recorder:
    """What was exchanged so far."""

    exchanges: list[Exchange] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    api: str = ""
    _before: list[Any] = field(default_factory=list)

    def wire(self, inner: httpx2.AsyncBaseTransport) -> httpx2.AsyncBaseTransport:
        """The transport that also writes down what it carries."""
        return _Recording(inner, self)

    def note(self, request: httpx2.Request, body: bytes, response: httpx2.Response, answer: bytes) -> None:
        """Keep one exchange; only requests that bring messages count."""
        sent = json.loads(body or b"null")
        if not isinstance(sent, Mapping) or "messages" not in sent:
            return
        self.told, messages = told(sent), essence(sent)
        self.api = request.headers.get("anthropic-version", "")
        headers = {name: value for name, value in response.headers.items() if name.lower() in KEPT}
        kept = Response(status=response.status_code, headers=headers, body=answer.decode(errors="replace"))
        self.exchanges.append(Exchange(request=added(self._before, messages), response=kept))
        self._before = messages


class _Recording(httpx2.AsyncBaseTransport):
    def __init__(self, inner: httpx2.AsyncBaseTransport, recorder: Recorder) -> None:
        self._inner, self._recorder = inner, recorder

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        answer = await response.aread()
        self._recorder.note(request, await request.aread(), response, answer)
        headers = [(k, v) for k, v in response.headers.raw if k.lower() not in _FRAMING]
        return httpx2.Response(response.status_code, headers=headers, content=answer)

    async def aclose(self) -> None:
        await self._inner.aclose()


_FRAMING = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})
"""Headers of the bytes on the wire; what is handed on is whole and plain."""


def refuse_identities(talk: Conversation, exchanges: Iterable[Exchange]) -> None:
    """Raises `ToolError("invalid")` when a cassette would hold a planted or detected identity; it names its kind."""
    names = list(planted(talk))
    for number, exchange in enumerate(exchanges, 1):
        texts = [*_strings(exchange.request), *_spoken(exchange.response.body)]
        found = next((kind for kind in _kinds(texts, names)), None)
        if found:
            raise ToolError(
                "invalid",
                f"{talk.id}: exchange {number} holds {found}, so nothing was written. "
                "Maybe say it in other words, or look at what the model answered.",
                "cassette",
            )


def _kinds(texts: Iterable[str], planted: list[str]) -> Iterable[str]:
    for text in texts:
        if any(mentions(text, name) for name in planted):
            yield "an identity that the conversation planted"
        for kind, pattern in PATTERNS:
            if any(not _HANDLE.fullmatch(match["value"]) for match in pattern.finditer(text)):
                yield f"what looks like {kind}"


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _spoken(body: str) -> Iterable[str]:
    """A stream's words in one piece a block: an identity may be cut into several deltas."""
    blocks: dict[int, str] = {}
    for line in body.splitlines():
        if line.startswith("data: "):
            event = json.loads(line[6:])
            delta = event.get("delta") or {}
            said = delta.get("text") or delta.get("partial_json") or delta.get("thinking") or ""
            blocks[event.get("index", 0)] = blocks.get(event.get("index", 0), "") + said
    yield from blocks.values()
    if not blocks:
        yield body
