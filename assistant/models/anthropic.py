"""Claude, or a private server that speaks the same Messages API, through the official SDK.

Retries are ours and bounded: the SDK would obey any retry-after, and doesn't see a stream that was cut. Nothing here
decides what is shown; the whole reply goes back to the agent, which holds it until it is grounded.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from assistant.models.breaker import Breaker, ModelUnavailableError
from assistant.models.protocol import Message, Reply, ToolSpec
from assistant.models.wire import message_params, reply_of, system_param, tool_params
from assistant.privacy import Handles, hidden, restored
from assistant.settings import ModelSettings

TRIES, LONGEST_WAIT, SECONDS = 2, 3.0, 14.0
"""Tries of one request, the longest pause between them, and the time that they may take together."""
FRAMES, FRAME = 100_000, 500
"""Bytes of an answer that come anyway, and at most for each token of it."""
_LASTING = frozenset({301, 302, 303, 307, 308, 401, 402, 403, 404})
_HANDLES: ContextVar[Handles | None] = ContextVar("handles", default=None)
Sleep = Callable[[float], Awaitable[None]]


def _leak(body: Any) -> str | None:
    """The gate's check, by the conversation under way; a request of no conversation may not leave."""
    handles = _HANDLES.get()
    return "words of no conversation" if handles is None else handles.leak(body)


Wire = Callable[[Any], Any]
"""An HTTP transport -> the one to use instead, such as one that also writes down what it carries."""
_CLIENTS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[ModelSettings, Any]] = WeakKeyDictionary()


def client_of(settings: ModelSettings) -> Any:
    """The SDK's client for these settings: one an event loop, since the connections that it holds belong to one."""
    kept = _CLIENTS.setdefault(asyncio.get_running_loop(), {})
    if settings not in kept:
        kept[settings] = new_client(settings)
    return kept[settings]


def new_client(settings: ModelSettings, wire: Wire | None = None) -> Any:
    """A client of its own; everything it sends passes the gate before it reaches `wire`."""
    import anthropic

    from assistant.models.transport import client

    for name in ("anthropic", "httpx2", "httpcore2"):  # at DEBUG they print the request's body
        logging.getLogger(name).setLevel(logging.WARNING)
    key = None if settings.provider == "bedrock" else settings.sent_key
    http = client(settings.origin, _leak, SECONDS, wire, FRAMES + FRAME * settings.reply_tokens, key)
    if settings.provider == "bedrock":
        return anthropic.AsyncAnthropicBedrock(
            aws_region=settings.region,
            base_url=settings.origin,
            http_client=http,
            max_retries=0,
            open_telemetry=False,
        )
    return anthropic.AsyncAnthropic(
        api_key=settings.sent_key,
        base_url=settings.origin,
        http_client=http,
        max_retries=0,
        open_telemetry=False,
    )


@lru_cache(maxsize=4)
def breaker_of(settings: ModelSettings) -> Breaker:
    """The state of this model, shared by everyone who asks it."""
    del settings
    return Breaker()


class Claude:
    """A remote speaker. Identities are hidden on the way out and restored on the way back."""

    def __init__(
        self,
        settings: ModelSettings,
        handles: Callable[[], Handles],
        sleep: Sleep = asyncio.sleep,
        seconds: float | None = None,
        client: Callable[[ModelSettings], Any] = client_of,
    ) -> None:
        self.name = settings.name
        self.breaker = breaker_of(settings)
        self._settings, self._handles, self._sleep, self._seconds = (
            settings,
            handles,
            sleep,
            seconds or SECONDS,
        )
        self._client = client

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:
        """The next message; raises `ModelUnavailableError` when there is none within the tries and the time."""
        if self.breaker.open:
            raise ModelUnavailableError("resting")
        handles = await asyncio.to_thread(self._handles)
        _HANDLES.set(handles)
        # A long history, and the library's first import, must not keep everyone else waiting.
        body = await asyncio.to_thread(self._prepared, system, tools, messages, handles)
        try:
            async with asyncio.timeout(self._seconds):
                said = await self._tried(body)
        except TimeoutError:
            self.breaker.failed()
            raise ModelUnavailableError("timeout") from None
        except ModelUnavailableError as fault:
            if not fault.ours:  # what one person typed must not take the model from everyone
                self.breaker.failed(fault.lasting)
            raise
        self.breaker.answered()
        return said.model_copy(update={"content": restored(said.content, handles)})

    def _prepared(
        self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message], handles: Handles
    ) -> dict[str, Any]:
        import anthropic

        del anthropic
        return self.body(system, tools, hidden(messages, handles))

    def body(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> dict[str, Any]:
        """The request as the API gets it; `messages` must be hidden already."""
        body = {
            "model": self._settings.name,
            "max_tokens": self._settings.reply_tokens,
            "system": system_param(system),
            "tools": tool_params(tools, self._settings.strict),
            "messages": message_params(messages, self.name),
        }
        effort = self._settings.effort
        return body | ({"output_config": {"effort": effort}} if effort else {})

    async def _tried(self, body: dict[str, Any]) -> Reply:
        for left in reversed(range(TRIES)):
            try:
                return await self._once(body)
            except Exception as fault:
                wait = _pause(fault)
                if wait is None or not left:
                    raise ModelUnavailableError(_kind(fault), _lasting(fault), _refused(fault)) from fault
            await self._sleep(wait)
        raise ModelUnavailableError("no tries")

    async def _once(self, body: dict[str, Any]) -> Reply:
        async with self._client(self._settings).messages.stream(**body) as stream:
            message = await stream.get_final_message()
        if message.stop_reason is None:
            raise CutError("the stream ended before the reply did")
        return reply_of(message, self.name)


class CutError(ConnectionError):
    """A stream that ended too early: the SDK hands out what came, with half of a tool's arguments."""


def _pause(fault: Exception) -> float | None:
    """How long to wait before another try; None when another try can't help, or not soon enough."""
    import anthropic
    import httpx2

    if _refused(fault):
        return None
    if isinstance(fault, anthropic.APIStatusError):
        return _asked(fault) if _passing(fault) else None
    # An empty stream is an AssertionError of the SDK's, half a frame a ValueError: all of them are a broken wire.
    broken = anthropic.APIConnectionError | httpx2.HTTPError | ConnectionError | ValueError | AssertionError
    return 0.2 if isinstance(fault, broken) else None


def _refused(fault: Exception) -> bool:
    """Whether the gate kept the request back: no try of it was made."""
    from assistant.models.transport import Refused

    return any(isinstance(cause, Refused) for cause in _causes(fault))


def _passing(fault: Any) -> bool:
    """Overload is told by a status, or in mid-stream by the error's type under a status of 200."""
    if fault.status_code == 200:
        return _type(fault) in {"overloaded_error", "api_error", "rate_limit_error", "timeout_error"}
    return fault.status_code in (408, 409, 429) or fault.status_code >= 500


def _asked(fault: Any) -> float | None:
    try:
        wait = float(fault.response.headers.get("retry-after", 0.5))
    except ValueError:
        return None
    return wait if 0 <= wait <= LONGEST_WAIT else None


def _type(fault: Any) -> str:
    return str(getattr(fault, "type", "") or "")


def _lasting(fault: Exception) -> bool:
    return getattr(fault, "status_code", 0) in _LASTING


def _kind(fault: Exception) -> str:
    status = getattr(fault, "status_code", None)
    refused = next((str(c) for c in _causes(fault) if type(c).__name__ == "Refused"), "")
    return refused or " ".join(filter(None, (type(fault).__name__, str(status or ""), _type(fault))))


def _causes(fault: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while fault is not None and len(found) < 10:
        found.append(fault)
        fault = fault.__cause__ or fault.__context__
    return found
