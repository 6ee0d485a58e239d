"""The door and the headers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.golden import GoldenDesk
from web.app import create_app
from web.desk import Settings
from web.pages import version
from web.security import CSP, LARGEST_BODY, LARGEST_IMPORT, host_name

PUBLIC = "https://or.example.org"
POST = {"json": {"text": "knee scope"}, "headers": {}}
EVERYWHERE = [
    "/",
    "/api/schedule?from=2026-03-10&to=2026-03-10",
    "/healthz",
    "/nowhere",
    "/openapi.json",
    "/api/find",
]


def post(client: TestClient, **headers: str) -> int:
    """The status of a chat message sent with these headers."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        "/api/chat", json={"text": "knee"}, headers={"accept": "application/json", **sent}
    ).status_code


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    """Found, missing or refused: the policy, no sniffing, no referrer, no store."""
    headers = client.get(path).headers
    assert headers["content-security-policy"] == CSP
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_the_policy_allows_nothing_unsafe() -> None:
    """The policy starts from nothing, has no unsafe- source and requires Trusted Types."""
    assert CSP.startswith("default-src 'none'")
    assert "unsafe" not in CSP
    assert "require-trusted-types-for 'script'" in CSP


def test_static_files_may_be_kept_since_their_address_changes(client: TestClient) -> None:
    """A style sheet is immutable at the address of its version, and not found at any other."""
    kept = client.get(f"/static/{version()}/css/base.css")
    assert (kept.status_code, kept.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
    assert client.get("/static/0/css/base.css").status_code == 404


def test_an_event_stream_is_not_stored(client: TestClient) -> None:
    """The chat's stream says no-store too, though the framework's own would say no-cache."""
    answer = client.post("/api/chat", json={"text": "knee"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_post_from_elsewhere_is_refused(client: TestClient, site: str) -> None:
    """A browser that says the request came from anywhere but this page is refused."""
    assert post(client, sec_fetch_site=site) == 403


def test_a_post_from_our_own_page_is_taken(client: TestClient) -> None:
    """Same-origin by Sec-Fetch-Site, or by Origin where that is missing."""
    assert post(client, sec_fetch_site="same-origin") == 200
    assert post(client, origin="http://127.0.0.1:8000") == 200
    assert post(client, origin="http://evil.example") == 403
    assert post(client, origin="null") == 403


def test_programs_without_browser_headers_reach_the_demo_alone(client: TestClient) -> None:
    """curl may post to a demo; the same application in earnest refuses it."""
    assert post(client) == 200
    earnest = create_app(GoldenDesk(), Settings(public_origin=PUBLIC))
    with TestClient(earnest, base_url=PUBLIC) as real:
        assert post(real) == 401
        assert post(real, origin=PUBLIC) == 200
        assert real.get("/healthz").headers["strict-transport-security"].startswith("max-age=")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8000", "localhost.evil.example", ""]
)
def test_the_demo_answers_to_this_machines_names_only(client: TestClient, host: str) -> None:
    """A name that was rebound to this machine gets no page (DNS rebinding)."""
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:9", "[::1]:8000"])
def test_the_demo_answers_to_loopback_by_any_of_its_names(client: TestClient, host: str) -> None:
    """Loopback's own names work with any port."""
    assert client.get("/healthz", headers={"host": host}).status_code == 200
    assert host_name(host) in Settings().hosts


@pytest.mark.parametrize("name", ["x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip", "via"])
def test_the_demo_refuses_a_proxy(client: TestClient, name: str) -> None:
    """A demo that signs everyone in must not be put before the world."""
    assert client.get("/", headers={name: "1.2.3.4"}).status_code == 400


def test_a_huge_body_is_refused_with_one_sentence(client: TestClient) -> None:
    """More than 64 kB is 413, and the sentence says how much is fine."""
    answer = client.post("/api/chat", content=b"x" * (LARGEST_BODY + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("path", "largest"),
    [
        ("/api/chat", LARGEST_BODY),
        ("/api/find", LARGEST_BODY),
        ("/book", LARGEST_BODY),
        ("/api/import", LARGEST_IMPORT),
    ],
)
def test_a_huge_body_in_pieces_is_no_way_around(client: TestClient, path: str, largest: int) -> None:
    """Without a length the pieces are counted: reading ends with the one that is too much."""

    def pieces() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(4 * largest // 8192):
            yield b"x" * 8192

    kind = "application/x-www-form-urlencoded" if path == "/book" else "application/json"
    answer = client.post(path, content=pieces(), headers={"content-type": kind, "accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large"), answer.text
    assert f"{largest // 1024} kB" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", [p for p in EVERYWHERE if p != "/healthz"])
def test_nobody_signed_in_gets_nothing(stranger: TestClient, path: str) -> None:
    """Without accounts every address answers 401 and says what to do, as JSON and as a page."""
    for accept in ("application/json", "text/html"):
        answer = stranger.get(path, headers={"accept": accept})
        assert answer.status_code == 401
        assert "Maybe sign in at /sign-in" in answer.text


def test_nobody_signed_in_can_post_either(stranger: TestClient) -> None:
    """A post gets the same refusal, before its body is read."""
    answer = stranger.post("/api/chat", content=b"{", headers={"sec-fetch-site": "same-origin"})
    assert answer.status_code == 401


def test_the_health_check_needs_nobody(stranger: TestClient) -> None:
    """A supervisor can ask whether the process is up."""
    assert stranger.get("/healthz").json() == {"status": "ok"}
