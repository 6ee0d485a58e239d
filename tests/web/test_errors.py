"""Every failure has one shape and one plain sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.golden import GoldenDesk


def error(answer: Any) -> dict[str, Any]:
    """The error of an answer, whose shape is right."""
    body = answer.json()
    assert set(body["error"]) == {"code", "message", "field"}
    assert "Traceback" not in answer.text
    return dict(body["error"])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not-found"),
        ("GET", "/api/nowhere", 404, "not-found"),
        ("DELETE", "/api/chat", 405, "method-not-allowed"),
        ("GET", "/book?offer=gone", 404, "not-found"),
        ("GET", "/proposals/gone", 404, "not-found"),
        ("GET", "/api/schedule?from=2026-03-10", 422, "invalid"),
        ("GET", "/api/schedule?from=2026-03-10&to=2026-03-09", 422, "invalid"),
        ("GET", "/api/schedule?from=2026-03-10&to=2027-03-09", 422, "invalid"),
        ("GET", "/api/board?date=2026-02-30", 422, "invalid"),
        ("GET", "/api/board?date=0001-01-01", 422, "invalid"),
        ("GET", "/api/board?date=9999-12-31", 422, "invalid"),
        ("GET", "/api/board?date=2026-03-10&slot=x", 422, "invalid"),
        ("GET", "/api/board?date=2026-03-10&slot=a~1~or-1~09:00~10:00~p~s", 422, "invalid"),
        ("GET", "/?date=soon", 422, "invalid"),
        ("GET", "/?view=sideways", 422, "invalid"),
    ],
)
def test_a_bad_address_gets_the_envelope(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    """Missing, misspelt and impossible addresses all answer in the one shape."""
    answer = client.request(method, path)
    assert (answer.status_code, error(answer)["code"]) == (status, code)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"text": ""}', b'{"text": 5}', b'{"txt": "x"}', b"\xff"]
)
def test_a_bad_chat_body_gets_the_envelope(client: TestClient, body: bytes) -> None:
    """No body, half a body, a wrong type or key: a 4xx with one sentence."""
    answer = client.post("/api/chat", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert error(answer)["message"]


def test_a_fault_names_its_field(client: TestClient) -> None:
    """A validation error says which field, so that a form can point at it."""
    body = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-09"}
    answer = client.post("/api/find", json=body)
    assert answer.status_code == 422
    assert "is before date_from" in error(answer)["message"]
    missing = client.post("/api/find", json={"date_from": "2026-03-10", "date_to": "2026-03-10"})
    assert error(missing)["field"] == "procedure"


def test_a_person_gets_a_page_and_a_program_gets_json(client: TestClient) -> None:
    """The same sentence comes as HTML to a browser; under /api/ it is JSON whoever asks."""
    html = {"accept": "text/html"}
    page = client.get("/nowhere", headers=html)
    assert page.headers["content-type"].startswith("text/html")
    assert "Back to the schedule" in page.text
    assert error(client.get("/api/nowhere", headers=html))["code"] == "not-found"


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_an_unforeseen_fault_is_plain_and_tells_nothing(
    client: TestClient, desk: GoldenDesk, monkeypatch: pytest.MonkeyPatch, capsys: Any, accept: str
) -> None:
    """A bug answers 500 with one sentence, with the headers, and neither answer nor log quotes its message."""

    def broken(*_: object) -> None:
        raise RuntimeError("Jane Roe, MRN 123")

    monkeypatch.setattr(desk, "call", broken)
    answer = client.get("/", headers={"accept": accept})
    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers
    assert "Jane" not in answer.text
    assert "Something went wrong here" in answer.text
    logged = capsys.readouterr()
    assert "RuntimeError" in logged.out + logged.err
    assert "Jane" not in logged.out + logged.err


def test_a_fault_in_mid_stream_ends_the_stream_plainly(
    client: TestClient, desk: GoldenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn that breaks still ends in an error event and `done`."""

    async def broken(text: str, conversation: str | None) -> Any:
        raise RuntimeError(text)
        yield

    monkeypatch.setattr(desk, "turn", broken)
    answer = client.post("/api/chat", json={"text": "secret"}, headers={"accept": "application/json"})
    assert [event["type"] for event in answer.json()] == ["status", "error", "done"]
    assert "secret" not in answer.text


def test_a_patient_is_not_quoted_back(client: TestClient) -> None:
    """A refused proposal says what is missing and repeats nothing of the patient."""
    answer = client.post(
        "/api/proposals", json={"action": "book", "offer": "x", "patient": {"name": "Jane Roe", "mrn": "M77"}}
    )
    assert answer.status_code == 422
    assert "Jane" not in json.dumps(error(answer))
    assert "M77" not in json.dumps(error(answer))


def test_an_address_names_all_that_it_takes(client: TestClient) -> None:
    """A method that isn't taken is answered with those that are, by whichever route."""
    for path, allowed in (
        ("/api/records/rooms", "GET, POST"),
        ("/api/chat", "POST"),
        ("/case/x", "GET, POST"),
    ):
        answer = client.delete(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
