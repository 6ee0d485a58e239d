"""The last gate before the network: one origin, no redirects, no proxies, and no identity in a body.

It sits in the SDK's transport, below everything that could forget a replacement, and refuses rather than repairs.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2

from assistant.settings import PORTS

Check = Callable[[Any], str | None]
"""A request's JSON -> what kind of identity it holds; None when it may leave."""


_HEADERS = (
    "host", "accept", "connection", "content-", "user-agent", "x-stainless-", "anthropic-version", "authorization",
    "x-amz-", "x-amzn-",
)  # fmt: skip
"""How names of headers begin that may leave."""


class Refused(RuntimeError):
    """A request that must not leave this machine. Its text names the kind of fault, never a value."""


class TooLongError(RuntimeError):
    """An answer that doesn't end."""


class Gate(httpx2.AsyncBaseTransport):
    """Wraps a transport; what doesn't pass never reaches it."""

    def __init__(
        self,
        inner: httpx2.AsyncBaseTransport,
        origin: str,
        check: Check,
        longest: int | None = None,
        key: str | None = None,
    ) -> None:
        self._inner, self._origin, self._check = inner, _parts(httpx2.URL(origin)), check
        self._longest, self._key = longest, key

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send the request when its origin and its body may leave; raises `Refused` otherwise."""
        if _parts(request.url) != self._origin:
            raise Refused("another origin than the configured one")
        if found := self._check(_body(await request.aread())):
            raise Refused(f"the request holds {found}")
        request.headers = self._own(request.headers)
        response = await self._inner.handle_async_request(request)
        if self._longest is not None and isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = Bounded(response.stream, self._longest)
        return response

    def _own(self, given: httpx2.Headers) -> httpx2.Headers:
        """The headers that belong to a request; the environment may hold others, and keys of another server in them."""
        kept = [(name, value) for name, value in given.multi_items() if name.lower().startswith(_HEADERS)]
        own = httpx2.Headers(kept)
        own["accept-encoding"] = "identity"  # what is small on the wire could be endless here
        if self._key is not None:
            own["authorization"] = f"Bearer {self._key}"
        return own

    async def aclose(self) -> None:
        """Close what is wrapped."""
        await self._inner.aclose()


class Bounded(httpx2.AsyncByteStream):
    """A body that breaks off where no honest answer is so long: reading it would keep everyone waiting."""

    def __init__(self, inner: httpx2.AsyncByteStream, longest: int) -> None:
        self._inner, self._left = inner, longest

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            self._left -= len(part)
            if self._left < 0:
                raise TooLongError("an answer longer than any that was asked for")
            yield part

    async def aclose(self) -> None:
        """Close what is wrapped."""
        await self._inner.aclose()


def _parts(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or PORTS.get(url.scheme, 0)


def _body(raw: bytes) -> Any:
    try:
        return json.loads(raw or b"null")
    except ValueError:
        raise Refused("a body that is no JSON, so it can't be checked") from None


CONNECT_SECONDS = 3.0
"""Until a server has taken the call."""


def client(
    origin: str,
    check: Check,
    seconds: float,
    wire: Callable[[Any], Any] | None = None,
    longest: int | None = None,
    key: str | None = None,
) -> httpx2.AsyncClient:
    """An HTTP client that can reach `origin` and nothing else; `seconds` bounds each wait, `longest` the answer.

    `key` is the one that is sent, whatever the environment names; None leaves signing to the caller.
    """
    inner: httpx2.AsyncBaseTransport = httpx2.AsyncHTTPTransport(trust_env=False, retries=0)
    return httpx2.AsyncClient(
        transport=Gate(wire(inner) if wire else inner, origin, check, longest, key),
        follow_redirects=False,
        trust_env=False,
        timeout=httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
    )
