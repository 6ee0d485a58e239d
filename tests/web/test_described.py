"""The OpenAPI document tells what the API does: what it takes, what it gives, how it refuses."""

from __future__ import annotations

import datetime as dt
from typing import Any

import jsonschema_rs
import pytest
from starlette.testclient import TestClient

from tests.web.signed import HOME
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.serve import app_of
from web.settings import environment

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def http() -> TestClient:
    """The demo over HTTP."""
    app = app_of(Store.memory(demo_clinic(NOW.date())), lambda: NOW, HOME, True, environment())
    return TestClient(app, base_url=HOME, headers={"host": "127.0.0.1"})


@pytest.fixture(scope="module")
def document(http: TestClient) -> dict[str, Any]:
    """The document as it is served."""
    read: dict[str, Any] = http.get("/openapi.json").json()
    return read


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation of the API."""
    return [
        (path, method, each)
        for path, methods in document["paths"].items()
        if path.startswith("/api/")
        for method, each in methods.items()
    ]


def fits(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """Fails where a value isn't what the document says."""
    jsonschema_rs.validator_for({**schema, "components": document["components"]}).validate(value)


def schema_of(answers: dict[str, Any], status: int) -> dict[str, Any]:
    """What an operation says of a status."""
    found = answers.get(str(status)) or answers[f"{status // 100}XX"]
    schema: dict[str, Any] = found["content"]["application/json"]["schema"]
    return schema


def test_every_refusal_is_described(document: dict[str, Any]) -> None:
    """Each operation names its error object; the framework's own, which is never sent, isn't in it."""
    assert len(operations(document)) > 25
    for path, method, each in operations(document):
        assert {"4XX", "503"} <= set(each["responses"]), (method, path)
    assert "HTTPValidationError" not in str(document)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    """No schema refers to one that isn't there."""
    names = set(document["components"]["schemas"])
    text = str(document).split("#/components/schemas/")[1:]
    assert {each.split("'")[0] for each in text} <= names


@pytest.mark.parametrize(
    ("path", "address", "body", "status"),
    [
        ("/api/proposals", "/api/proposals", {"action": "undo"}, 409),
        ("/api/proposals", "/api/proposals", {"action": "book"}, 422),
        ("/api/proposals/{proposal}/confirm", "/api/proposals/none/confirm", {}, 422),
        (
            "/api/records/{kind}/{record}",
            "/api/records/rooms/or-1",
            {"body": {"name": "OR One"}, "version": 1, "reason": "sign"},
            201,
        ),
        (
            "/api/records/{kind}/{record}",
            "/api/records/rooms/or-1",
            {"body": {"name": "x"}, "version": 9, "reason": "x"},
            409,
        ),
        ("/api/import", "/api/import", {"kind": "rooms", "text": "room,open\nOR 9,late\n"}, 422),
        ("/api/import", "/api/import", {"kind": "rooms"}, 422),
        ("/api/import", "/api/import", {"kind": "rooms", "text": "room,hours\nOR 9,7:30-15:00\n"}, 200),
        ("/api/find", "/api/find", {"procedure": "none"}, 422),
    ],
)
def test_answers_are_as_described(
    http: TestClient, document: dict[str, Any], path: str, address: str, body: dict[str, Any], status: int
) -> None:
    """What is refused, proposed or imported fits the document."""
    answer = http.post(address, json=body)
    assert answer.status_code == status, answer.text
    fits(document, schema_of(document["paths"][path]["post"]["responses"], status), answer.json())


def test_a_booking_is_as_described(http: TestClient, document: dict[str, Any]) -> None:
    """Proposal and confirmation, and the body that was sent."""
    asked = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-12"}
    offer = http.post("/api/find", json=asked).json()["offers"][0]["id"]
    patient = {"name": "Test Patient", "mrn": "T77"}
    body = {"action": "book", "offer": offer, "patient": patient, "laterality": "left"}
    told = document["paths"]["/api/proposals"]["post"]
    fits(document, told["requestBody"]["content"]["application/json"]["schema"], body)
    made = http.post("/api/proposals", json=body)
    fits(document, schema_of(told["responses"], 201), made.json())
    path = "/api/proposals/{proposal}/confirm"
    done = http.post(path.format(proposal=made.json()["id"]), headers={"idempotency-key": "k"})
    assert done.status_code == 201
    fits(document, schema_of(document["paths"][path]["post"]["responses"], 201), done.json())


def test_streams_are_described(document: dict[str, Any]) -> None:
    """Who asks for a stream is told that there is one."""
    for path, method in (("/api/chat", "post"), ("/api/changes", "get")):
        content = document["paths"][path][method]["responses"]["200"]["content"]
        assert {"application/json", "text/event-stream"} <= set(content)
