"""A guard around every test: no DNS look-up and no socket beyond the loopback interface.

It covers this process. A program that a test starts is outside of it.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

RESOLVERS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr")
REACHING = ("connect", "connect_ex", "bind", "sendto")
INTERNET = (socket.AF_INET, socket.AF_INET6)


class NetworkRefusedError(RuntimeError):
    """A test tried to reach beyond this machine.

    Not an OSError: HTTP clients translate those into their own errors and try again.
    """


def is_loopback(host: Any) -> bool:
    """Whether `host` (a name, a literal address, or None for "this machine") stays on this machine."""
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if host is None or str(host).lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def refuse_beyond_loopback(host: Any, what: str, attempts: list[str]) -> None:
    """Note and raise when `host` isn't this machine, so that code which swallows errors can't hide it."""
    if is_loopback(host):
        return
    attempts.append(f"{what} {host!r}")
    raise NetworkRefusedError(
        f"a test called {what} for host {host!r}; tests stay on loopback. "
        "Maybe a client was built without its mock transport, or a server was bound to every interface."
    )


def _guarded_resolver(real: Callable[..., Any], attempts: list[str]) -> Callable[..., Any]:
    def resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        refuse_beyond_loopback(host, real.__name__, attempts)
        return real(host, *args, **kwargs)

    return resolve


def _guarded_method(real: Callable[..., Any], attempts: list[str]) -> Callable[..., Any]:
    def reach(self: socket.socket, *args: Any) -> Any:
        if self.family in INTERNET:
            refuse_beyond_loopback(args[-1][0], real.__name__, attempts)
        return real(self, *args)

    return reach


@pytest.fixture(scope="session", autouse=True)
def _network_guard() -> Iterator[list[str]]:
    attempts: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in RESOLVERS:
            patch.setattr(socket, name, _guarded_resolver(getattr(socket, name), attempts))
        for name in REACHING:
            patch.setattr(socket.socket, name, _guarded_method(getattr(socket.socket, name), attempts))
        yield attempts


@pytest.fixture(autouse=True)
def network_attempts(_network_guard: list[str]) -> Iterator[list[str]]:
    """What the test tried to reach beyond this machine; whatever is left in it at the end fails the test."""
    _network_guard.clear()
    yield _network_guard
    left = list(_network_guard)
    _network_guard.clear()
    assert not left, f"the test reached beyond this machine and hid the refusal: {left}"
