"""respx for httpcore2, the transport that the Anthropic SDK speaks since its version 1.

respx 0.23 patches httpcore alone: with a plain `respx.mock` the SDK would go to the real network. Importing this
module registers a mocker of its own name, in and outside of pytest: `respx.mock(using=MOCKER)`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import httpcore2
import httpx
from respx.mocks import HTTPCoreMocker

MOCKER = "httpcore2-local"
"""The name to give as `using`; "httpcore2" belongs to pytest-httpx2, which may be loaded beside this."""


class Httpcore2Mocker(HTTPCoreMocker):
    """Answers httpcore2's requests, and raises its errors, so that a timeout surfaces as one."""

    name = MOCKER
    targets: ClassVar[list[str]] = [
        target.replace("httpcore.", "httpcore2.", 1) for target in HTTPCoreMocker.targets
    ]

    @classmethod
    def from_sync_httpx_response(cls, httpx_response: httpx.Response, target: Any, **kwargs: Any) -> Any:  # noqa: ARG003
        """The routed answer as httpcore2 has it."""
        return httpcore2.Response(
            status=httpx_response.status_code,
            headers=httpx_response.headers.raw,
            content=httpx_response.stream,
            extensions=httpx_response.extensions,
        )

    @classmethod
    def handler(cls, httpx_request: httpx.Request) -> Any:
        """The route's answer to a synchronous request."""
        try:
            return super().handler(httpx_request)  # type: ignore[no-untyped-call]
        except httpx.TransportError as fault:
            raise _translated(fault) from fault

    @classmethod
    async def async_handler(cls, httpx_request: httpx.Request) -> Any:
        """The route's answer to an asynchronous request."""
        try:
            return await super().async_handler(httpx_request)  # type: ignore[no-untyped-call]
        except httpx.TransportError as fault:
            raise _translated(fault) from fault


def _translated(fault: httpx.TransportError) -> Exception:
    """The error of httpcore2 with the same name: a route's side effect may be written with httpx."""
    kind = getattr(httpcore2, type(fault).__name__, httpcore2.NetworkError)
    error: Exception = kind(str(fault))
    return error
