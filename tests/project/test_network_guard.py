"""The guard itself: without it, a test could quietly speak to the world."""

import asyncio
import socket
from contextlib import suppress

import httpx2
import pytest

from tests.network import NetworkRefusedError

PUBLIC = "192.0.2.7"  # TEST-NET-1: an address nobody has


def test_a_name_is_not_looked_up(network_attempts: list[str]) -> None:
    """A look-up of any other host's name raises and names the host."""
    with pytest.raises(NetworkRefusedError, match=r"getaddrinfo.*'clinic\.example'"):
        socket.create_connection(("clinic.example", 443))
    network_attempts.clear()


@pytest.mark.parametrize("method", ["connect", "connect_ex", "bind"])
def test_a_public_address_is_not_reached(method: str, network_attempts: list[str]) -> None:
    """A socket to or on a public address raises and names the address, whatever the call."""
    with socket.socket() as plug, pytest.raises(NetworkRefusedError, match=f"{method}.*{PUBLIC}"):
        getattr(plug, method)((PUBLIC, 443))
    network_attempts.clear()


def test_a_datagram_is_not_sent(network_attempts: list[str]) -> None:
    """UDP is refused like TCP."""
    with socket.socket(type=socket.SOCK_DGRAM) as plug, pytest.raises(NetworkRefusedError, match=PUBLIC):
        plug.sendto(b"?", (PUBLIC, 53))
    network_attempts.clear()


def test_asyncio_is_guarded(network_attempts: list[str]) -> None:
    """An event loop's connection is refused like a plain one."""
    with pytest.raises(NetworkRefusedError, match="clinic.example"):
        asyncio.run(asyncio.wait_for(asyncio.open_connection("clinic.example", 443), 5))
    network_attempts.clear()


def test_an_http_client_is_guarded(network_attempts: list[str]) -> None:
    """The refusal passes through httpx2 as it is, not as a connection error that would be retried."""
    with pytest.raises(NetworkRefusedError, match="clinic.example"), httpx2.Client(trust_env=False) as client:
        client.get("https://clinic.example")
    network_attempts.clear()


def test_a_swallowed_refusal_is_still_noted(network_attempts: list[str]) -> None:
    """Code that catches every error can't hide its attempt."""
    with suppress(Exception):
        socket.gethostbyname("clinic.example")
    assert network_attempts == ["gethostbyname 'clinic.example'"]
    network_attempts.clear()


def test_loopback_works() -> None:
    """A server and a client on loopback reach one another."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])) as client,
    ):
        client.sendall(b"hello")
        connection, _ = server.accept()
        with connection:
            assert connection.recv(5) == b"hello"
