"""Explanations over HTTP: the contract's objects, its errors, and nothing written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.app import create_app
from web.desk import Settings
from web.serve import desk_of

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
WEDNESDAY = {
    "procedure": "knee-arthroscopy",
    "surgeon": "dr-smith",
    "date_from": "2026-03-11",
    "date_to": "2026-03-11",
}


@pytest.fixture
def client() -> Iterator[tuple[TestClient, Store]]:
    """A client of a demo clinic at a clock that stands still."""
    store = Store.memory(demo_clinic(NOW.date()))
    store.demo = True
    app = create_app(desk_of(store, lambda: NOW), Settings(demo=True))
    yield TestClient(app, base_url="http://127.0.0.1"), store
    store.close()


def post(client: tuple[TestClient, Store], path: str, body: Any) -> Any:
    """The JSON answer to a post."""
    return client[0].post(path, json=body)


def test_explain_names_the_reason_and_what_opens_one(client: tuple[TestClient, Store]) -> None:
    """The conflict is the rule that forbids it, and each correction says how many openings it makes."""
    found = post(client, "/api/explain", WEDNESDAY).json()
    why = found["explanation"]
    assert {row["rule"] for row in why["conflict"]} == {"surgeon-days"}
    assert why["corrections"]
    assert all(isinstance(way["opens"], int) for way in why["corrections"])


def test_explain_at_one_start(client: tuple[TestClient, Store]) -> None:
    """With `at` it is about exactly that start."""
    body = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": "or-2", "at": "2026-03-10T10:00"}
    rules = {row["rule"] for row in post(client, "/api/explain", body).json()["explanation"]["conflict"]}
    assert "room-equipment" in rules


def test_what_if_shows_before_and_after_and_writes_nothing(client: tuple[TestClient, Store]) -> None:
    """A correction tried as a change opens what it promised, and the book stays as it was."""
    way = post(client, "/api/explain", WEDNESDAY).json()["explanation"]["corrections"][0]
    before = client[1].revision()
    tried = post(client, "/api/what-if", {"request": WEDNESDAY, "changes": way["changes"]}).json()
    assert tried["before"]["status"] == "infeasible"
    assert (tried["after"]["status"] == "found") is (way["opens"] > 0)
    assert client[1].revision() == before


def test_bad_input_is_one_plain_sentence(client: tuple[TestClient, Store]) -> None:
    """A missing field, broken JSON and a request impossible in itself are named in words."""
    missing = post(client, "/api/explain", {"date_from": "2026-03-11", "date_to": "2026-03-11"})
    broken = client[0].post("/api/explain", content=b"{", headers={"content-type": "application/json"})
    ends = post(client, "/api/explain", WEDNESDAY | {"date_to": "2026-03-01"})
    for answer in (missing, broken, ends):
        assert answer.status_code == 422
    assert missing.json()["error"]["message"].startswith("procedure is missing.")
    assert broken.json()["error"] == {
        "code": "invalid", "field": None,
        "message": "The body is not JSON. Maybe a comma or a quotation mark is missing.",
    }  # fmt: skip
    assert "Field required" not in missing.text
    assert ends.json()["error"]["field"] == "date_to"
    assert ends.json()["error"]["message"].startswith("date_to 2026-03-01 is before date_from")


def test_a_start_over_http_is_the_instant_that_was_sent(client: tuple[TestClient, Store]) -> None:
    """An offset counts; a number is no start, and the hour that comes twice is asked back."""
    asked = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": "or-1"}
    starts = [
        post(client, "/api/check", asked | {"at": at}).json()["offer"]["cases"][0]["start"]
        for at in ("2026-03-10T10:00", "2026-03-10T14:00Z", "2026-03-10T23:00+09:00")
    ]
    assert set(starts) == {"2026-03-10T10:00:00-04:00"}
    for path in ("/api/check", "/api/explain", "/api/why-changed"):
        since = {"since": "2026-03-04T09:00"} if "why" in path else {}
        for at in (5, "2026-11-01T01:30", "2026-03-08T02:30"):
            days = {"date_from": "2026-03-10", "date_to": "2026-03-10"}
            answer = post(client, path, asked | days | since | {"at": at})
            assert (answer.status_code, answer.json()["error"]["field"]) == (422, "at"), answer.text


def test_compare_puts_terms_side_by_side(client: tuple[TestClient, Store]) -> None:
    """Two offers that were shown are compared by their terms."""
    offers = post(
        client, "/api/find", WEDNESDAY | {"date_from": "2026-03-10", "date_to": "2026-03-12"}
    ).json()["offers"]
    side = post(client, "/api/compare", {"first": offers[0]["id"], "second": offers[1]["id"]}).json()
    assert side["terms"]
    assert side["higher"] in (offers[0]["id"], None)


def test_the_chat_says_what_would_open_one(client: tuple[TestClient, Store]) -> None:
    """The card of a refusal holds each way out in words, beside the contract's own object."""
    body = {"text": "Dr. Smith knee scope on Wednesday March 11", "conversation": None}
    told = client[0].post("/api/chat", json=body, headers={"accept": "application/json"}).json()
    why = next(event for event in told if event["type"] == "explanation")
    assert [way["text"].replace("\u00a0", " ") for way in why["ways"]] == [
        way["text"].replace("\u00a0", " ") for way in why["explanation"]["corrections"]
    ]
    assert why["ways"]
