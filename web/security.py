"""The rules at the door: response headers, who may post, which host this is. Pure ASGI, outside every route."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.desk import Settings
from web.errors import TooLarge, answer, too_large

LARGEST_BODY = 64 * 1024
LARGEST_IMPORT = 6 * 1024 * 1024
IMPORTS = frozenset({"/api/import", "/admin/import"})
"""Where whole spreadsheets arrive."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORWARDED = ("forwarded", "via", "x-real-ip")
TOP_ONLY = (
    "/book", "/proposals/", "/case/", "/block/", "/worklist", "/admin", "/logic-map", "/people",
    "/account", "/sign-in", "/welcome",
)  # fmt: skip
"""Where something is confirmed or a password typed: never in another site's frame, where clicks can be steered."""
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
SITE = frozenset({"sec-fetch-site", "origin"})
CROSS_SITE = (
    403,
    "cross-site",
    "This came from another site, so nothing was done. Maybe open the page itself.",
)
NO_ORIGIN = (
    401,
    "sign-in",
    "This doesn't say who sends it. Maybe send an API key: Authorization: Bearer KEY",
)
HEADERS = {
    "content-security-policy": CSP,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class SecurityHeaders:
    """Puts the headers on every response, whichever part of the application wrote it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._extra = dict(HEADERS)
        if settings.secure:
            self._extra["strict-transport-security"] = "max-age=31536000; includeSubDomains"
        self._framed = framed(self._extra, settings.frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers when the response starts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                top = scope["path"].startswith(TOP_ONLY)
                headers.update(self._extra if top else self._framed)
                if "immutable" not in headers.get("cache-control", ""):
                    headers["cache-control"] = "no-store"
            await send(message)

        await self._app(scope, receive, with_headers)


class Door:
    """Refuses what may not come in: another host's name, a proxy before a demo, a post from elsewhere, a huge body."""

    def __init__(self, app: ASGIApp, settings: Settings, by_key: bool = False) -> None:
        self._app, self._settings, self._by_key = app, settings, by_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or let the request in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = next(iter(self._refusals(scope)), None)
        if refusal is None:
            await self._app(scope, counted(receive, _largest(scope)), send)
        else:
            await answer(scope, *refusal)(scope, receive, send)

    def _keyed(self, headers: Headers) -> bool:
        """Whether it brings a key: no other site can make a browser send one, and the gate looks at nothing else."""
        return self._by_key and "authorization" in headers

    def _refusals(self, scope: Scope) -> Iterable[tuple[int, str, str]]:
        headers = Headers(scope=scope)
        if self._settings.demo:
            yield from _demo_refusals(headers, self._settings.hosts)
        if (
            scope["method"] not in SAFE
            and not self._keyed(headers)
            and not same_site(headers, self._settings)
        ):
            yield NO_ORIGIN if SITE.isdisjoint(headers.keys()) else CROSS_SITE
        if _length(headers) > _largest(scope):
            yield 413, "too-large", too_large(_largest(scope))


def counted(receive: Receive, largest: int) -> Receive:
    """A body that was sent in pieces says nowhere how long it is, so they are counted as they come."""
    seen = 0

    async def piece() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > largest:
            raise TooLarge(largest)
        return message

    return piece


def _largest(scope: Scope) -> int:
    return LARGEST_IMPORT if scope["path"] in IMPORTS else LARGEST_BODY


def framed(headers: dict[str, str], ancestors: Sequence[str]) -> dict[str, str]:
    """The headers of a page that the `ancestors` may show in a frame."""
    if not ancestors:
        return headers
    allowed = {name: value for name, value in headers.items() if name != "x-frame-options"}
    policy = CSP.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(ancestors)}")
    return allowed | {"content-security-policy": policy}


def _demo_refusals(headers: Headers, hosts: frozenset[str]) -> Iterable[tuple[int, str, str]]:
    """A demo signs everyone in, so it answers to this machine's own names and to nobody's proxy."""
    if host_name(headers.get("host", "")) not in hosts:
        yield 400, "host", "The demo answers on this machine only. Maybe open http://127.0.0.1 with its port."
    if any(name in FORWARDED or name.startswith("x-forwarded-") for name in headers):
        yield 400, "forwarded", "The demo is not served through a proxy, and this request was forwarded."


def host_name(host: str) -> str:
    """ "localhost" of "localhost:8000"; "[::1]" keeps its brackets."""
    return host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0].lower()


def same_site(headers: Headers, settings: Settings) -> bool:
    """Whether an unsafe request comes from our own page.

    Browsers say so in Sec-Fetch-Site; older ones in Origin. Programs send neither: a demo accepts them, and
    elsewhere they bring a key of their own.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site == "same-origin"
    if origin is not None:
        return origin == settings.public_origin or (settings.demo and _is_own(origin, headers))
    return settings.demo


def _is_own(origin: str, headers: Headers) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:  # such as a bracket that isn't closed
        return False
    return parts.scheme == "http" and parts.netloc == headers.get("host")


def _length(headers: Headers) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isdecimal() else 0
