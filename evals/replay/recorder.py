"""Records a conversation with a model: every response whole, nothing of a request that could identify anyone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from assistant.identifiers import PATTERNS
from assistant.spelling import mentions
from evals.conversation import Conversation
from evals.grading.private import planted
from evals.replay.cassette import Exchange, Response
from evals.replay.requests import added, essence, told
from tools.errors import ToolError

KEPT = frozenset({"content-type", "retry-after"})
"""Response headers that a cassette has; the others may name an account. Request headers are never kept."""
_TRACED = re.compile(r'("request_id"\s*:\s*")[^"]*')
"""Under what number the provider keeps a request: nobody else's business."""
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
        kept = Response(status=response.status_code, headers=headers, body=_scrubbed(answer))
        self.exchanges.append(Exchange(request=added(self._before, messages), response=kept))
        self._before = messages


def _scrubbed(answer: bytes) -> str:
    return _TRACED.sub(r"\1scrubbed", answer.decode(errors="replace"))


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


def refuse_identities(
    talk: Conversation, exchanges: Iterable[Exchange], told: Mapping[str, Any] | None = None
) -> None:
    """Raises `ToolError("invalid")` when a cassette would hold a planted or detected identity; it names its kind."""
    names = list(planted(talk))
    if any(mentions(text, name) for text in _strings(told or {}) for name in names):
        raise _refused(talk, "what the model is told", "an identity that the conversation planted")
    for number, exchange in enumerate(exchanges, 1):
        answer = exchange.response
        texts = [*_strings(exchange.request), *_spoken(answer.body)]
        named = [*texts, *answer.headers.values(), answer.body]
        found = next((kind for kind in (*_planted(named, names), *_alike(texts))), None)
        if found:
            raise _refused(talk, f"exchange {number}", found)


def _refused(talk: Conversation, place: str, kind: str) -> ToolError:
    return ToolError(
        "invalid",
        f"{talk.id}: {place} holds {kind}, so nothing was written. "
        "Maybe say it in other words, or look at what the model answered.",
        "cassette",
    )


def _planted(texts: Iterable[str], names: list[str]) -> Iterator[str]:
    if any(mentions(text, name) for text in texts for name in names):
        yield "an identity that the conversation planted"


def _alike(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for kind, pattern in PATTERNS:
            if any(not _HANDLE.fullmatch(match["value"]) for match in pattern.finditer(text)):
                yield f"what looks like {kind}"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _strings(part)


def _spoken(body: str) -> Iterator[str]:
    """Every string of an answer, and a stream's words in one piece: an identity may be cut into several deltas."""
    events = list(_events(body))
    if not events:
        yield from _strings(_json(body))
        return
    blocks: dict[Any, str] = {}
    for event in events:
        if not isinstance(event, Mapping):
            yield from _strings(event)
            continue
        said = _said(event.get("content_block")) + _said(event.get("delta"))
        blocks[event.get("index")] = blocks.get(event.get("index"), "") + said
        yield from _strings(
            {key: part for key, part in event.items() if key not in ("message", "content_block")}
        )
    yield from blocks.values()
    for words in blocks.values():
        yield from _strings(_json(words))  # what JSON had written with escapes
    yield "".join(blocks.values())


def _said(part: Any) -> str:
    keys = ("text", "partial_json", "thinking")
    return "".join(str(part.get(key) or "") for key in keys) if isinstance(part, Mapping) else ""


def _events(body: str) -> Iterator[Any]:
    """The data of server-sent events: one line or several, with or without a space, whatever ends the lines."""
    for event in re.split(r"\n\s*\n", body.replace("\r\n", "\n").replace("\r", "\n")):
        data = [line[5:].removeprefix(" ") for line in event.split("\n") if line.startswith("data:")]
        if data:
            yield _json("\n".join(data))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
