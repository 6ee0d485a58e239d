"""Screens learn what others change: asked for by revision, or listened to."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from tests.web.serving import served
from tests.web.signed import HOME, House
from tools.feed import MOST
from tools.records import tables as t
from tools.records.store import Store
from web.api import feed
from web.serve import app_of
from web.settings import environment

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
PATIENT = {"name": "Jo Example", "mrn": "T1000001", "birth_date": "1980-02-03"}
KNEE = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-10", "date_to": "2026-03-12",
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A demo clinic in a file."""
    made = Store.create_demo(f"sqlite:///{tmp_path}/demo.db", NOW.date())
    yield made
    made.close()


@pytest.fixture
def client(store: Store) -> Iterator[Any]:
    """A program at the demo."""
    app = app_of(store, lambda: NOW, HOME, True, environment())
    with TestClient(app, base_url=HOME) as client:
        yield client


def booked(client: Any) -> dict[str, Any]:
    """A case, booked over HTTP."""
    offer = client.post("/api/find", json=KNEE).json()["offers"][0]
    asked = {"action": "book", "offer": offer["id"], "patient": PATIENT, "laterality": "left"}
    proposal = client.post("/api/proposals", json=asked).json()
    done = client.post(
        f"/api/proposals/{proposal['id']}/confirm", headers={"idempotency-key": proposal["id"]}
    )
    assert done.status_code == 201, done.text
    case: dict[str, Any] = done.json()["case"]
    return case


def moved(store: Store, case: str, days: int) -> None:
    """A case on another day, as a writer elsewhere would leave it."""

    def work(writer: Any) -> None:
        c = t.cases.c
        change = {"start_at": c.start_at + days * 1440, "end_at": c.end_at + days * 1440}
        query = update(t.cases).where(c.id == case).values(**change, revision=writer.bump())
        writer.connection.execute(query)

    store.write(work)


def test_a_booking_is_in_the_changes_since(client: Any) -> None:
    """Nothing but the revision at first; after a booking its case, its state and its day, and no patient."""
    before = client.get("/api/changes").json()
    assert before["changes"] == []
    assert before["whole"] is True
    case = booked(client)
    answer = client.get("/api/changes", params={"since": before["revision"]})
    told = answer.json()
    assert told["revision"] > before["revision"]
    assert [(each["kind"], each["id"], each["status"], each["days"]) for each in told["changes"]] == [
        ("case", case["id"], "booked", [case["start"][:10]]),
    ]  # fmt: skip
    assert "Jo" not in answer.text
    assert "patient" not in answer.text
    assert client.get("/api/changes", params={"since": told["revision"]}).json()["changes"] == []


def test_what_cannot_be_told_one_by_one_is_said(client: Any, store: Store) -> None:
    """A revision from another database's future, and more changes than a screen draws singly, ask to draw anew."""
    now = store.revision()
    assert client.get("/api/changes", params={"since": now + 5}).json()["whole"] is False
    clinic = store.clinic()
    assert len(clinic.cases) <= MOST
    assert client.get("/api/changes", params={"since": 0}).json()["whole"] is True


@pytest.mark.parametrize("since", ["x", "-1", "99999999999"])
def test_a_revision_that_is_none_is_refused(client: Any, since: str) -> None:
    """422 with the field."""
    answer = client.get("/api/changes", params={"since": since})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"] == "since"


def test_nobody_listens_without_signing_in() -> None:
    """A stranger gets 401, an API key without the scope 403, an auditor may."""
    house = House().settle()
    assert house.client().get("/api/changes").status_code == 401
    keyed = house.client(authorization=f"Bearer {house.key('find')}")
    assert keyed.get("/api/changes").status_code == 403
    assert house.signed_in("auditor").get("/api/changes").status_code == 200


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The data of the events as they come."""
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def listening(address: str, **headers: str) -> Any:
    """A stream of changes."""
    wanted = {"accept": "text/event-stream", **headers}
    return httpx2.stream("GET", f"{address}/api/changes", headers=wanted, timeout=30)


def test_a_listener_hears_of_a_booking_and_a_move(store: Store) -> None:
    """Each change comes as an event with its revision as id; what moved brings the day that it left, too."""
    app = app_of(store, lambda: NOW, HOME, True, environment())
    with served(app) as address, listening(address) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        heard = events(stream.iter_lines())
        assert next(heard)["changes"] == []
        with httpx2.Client(base_url=address) as other:
            case = booked(other)
        told = next(heard)
        assert [each["id"] for each in told["changes"]] == [case["id"]]
        day = dt.date.fromisoformat(case["start"][:10])
        for shift in (2, 5):
            moved(store, case["id"], shift)
            here = {(day + dt.timedelta(days=n)).isoformat() for n in (0, shift)}
            assert set(next(heard)["changes"][0]["days"]) == here
            day += dt.timedelta(days=shift)


def test_who_comes_back_hears_what_was_missed(store: Store) -> None:
    """A browser sends the last event's id, and what came meanwhile is the first event."""
    app = app_of(store, lambda: NOW, HOME, True, environment())
    before = store.revision()
    with served(app) as address:
        with httpx2.Client(base_url=address) as other:
            case = booked(other)
        with listening(address, **{"last-event-id": str(before)}) as stream:
            assert [each["id"] for each in next(events(stream.iter_lines()))["changes"]] == [case["id"]]


def test_a_stream_ends_with_the_server(store: Store) -> None:
    """The server needn't be killed while somebody listens: the stream ends whole."""
    app = app_of(store, lambda: NOW, HOME, True, environment())
    with served(app) as address, listening(address) as stream:
        heard = stream.iter_lines()
        next(events(heard))
        app.state.stopping.set()
        list(heard)  # a cut stream would raise


def test_a_stream_ends_with_the_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who signs out elsewhere hears no more at the next sign of life."""
    monkeypatch.setattr(feed, "EVERY", 0.01)
    house = House().settle()
    browser = house.signed_in("scheduler")
    cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    with served(house.app) as address, listening(address, cookie=cookie) as stream:
        heard = stream.iter_lines()
        next(events(heard))
        assert any(line.startswith(": still here") for line in heard)
        assert browser.post("/sign-out").status_code in (200, 303)
        list(heard)


def test_a_stream_ends_by_itself(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    """A forgotten screen doesn't hold its connection for ever."""
    for name, value in (("EVERY", 0.001), ("BEATS", 2), ("LONGEST", 3)):
        monkeypatch.setattr(feed, name, value)
    app = app_of(store, lambda: NOW, HOME, True, environment())
    with served(app) as address, listening(address) as stream:
        beats = [line for line in stream.iter_lines() if line.startswith(":")]
    assert len(beats) == 3


def test_records_are_told_as_a_whole(client: Any, store: Store) -> None:
    """A change of the clinic's records names no case: everything is drawn anew."""
    before = client.get("/api/changes").json()["revision"]

    def work(writer: Any) -> None:
        query = update(t.meta).values(records_revision=writer.bump())
        writer.connection.execute(query)

    store.write(work)
    told = client.get("/api/changes", params={"since": before}).json()
    assert [(each["kind"], each["id"]) for each in told["changes"]] == [("records", None)]


def test_a_cancelled_case_is_told_with_its_state(client: Any, store: Store) -> None:
    """What was freed is a change as well."""
    case = booked(client)
    before = store.revision()
    store.write(lambda writer: writer.set_status(case["id"], "cancelled"))
    told = client.get("/api/changes", params={"since": before}).json()
    assert [(each["id"], each["status"]) for each in told["changes"]] == [(case["id"], "cancelled")]
