"""Whatever was done is undone over HTTP within a minute, and said so: every action, at the edges of the minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.signed import HOME
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.serve import app_of
from web.settings import environment

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
PATIENT: dict[str, Any] = {
    "name": "Test Undo",
    "mrn": "U0001",
    "birth_date": "1970-01-01",
    "asa": 2,
    "age": 55,
}
HAND = {"procedure": "trigger", "surgeon": "dr-garcia", "date_from": "2026-03-26", "date_to": "2026-03-26"}
BLOCK = {"block": "patel-thu", "date": "2026-03-26"}


class Hands:
    """Somebody at the demo, whose clock the test moves."""

    def __init__(self) -> None:
        self.now = NOW
        self.store = Store.memory(demo_clinic(NOW.date()))
        app = app_of(self.store, lambda: self.now, HOME, True, environment())
        self.http = TestClient(app, base_url=HOME, raise_server_exceptions=False)

    def post(self, path: str, **body: Any) -> Any:
        """What is answered, as JSON."""
        answer = self.http.post(path, json=body)
        assert answer.status_code < 500, answer.text
        return answer.json()

    def offer(self, **more: Any) -> str:
        """The first offer's id."""
        return str(self.post("/api/find", **HAND, **more)["offers"][0]["id"])

    def confirm(self, proposal: Any) -> Any:
        """The answer of a confirmation that is carried out."""
        answer = self.http.post(
            f"/api/proposals/{proposal['id']}/confirm", headers={"idempotency-key": proposal["id"]}
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    def done(self, **body: Any) -> Any:
        """Proposed and confirmed."""
        return self.confirm(self.post("/api/proposals", **body))

    def book(self) -> str:
        """A booked case's id."""
        made = self.done(action="book", offer=self.offer(), patient=PATIENT, laterality="left")
        return str(made["case"]["id"])

    def whole(self) -> Any:
        """The clinic as it is, identities included."""
        return self.store.export(patients=True)


@pytest.fixture
def hands() -> Iterator[Hands]:
    """Somebody at the demo."""
    made = Hands()
    yield made
    made.store.close()


def acted(hands: Hands, action: str) -> Any:
    """Does one thing to the book; gives the clinic as it was just before it."""
    case = hands.book() if action in ("move", "cancel", "edit", "correct-patient") else None
    if action == "reclaim-block":
        hands.done(action="release-block", **BLOCK)
    before = hands.whole()
    if action == "correct-patient":
        spelt = {"name": "Test Undone", "mrn": PATIENT["mrn"]}
        hands.confirm(hands.post("/api/proposals/correct-patient", case=case, patient=spelt))
    else:
        bodies: dict[str, dict[str, Any]] = {
            "book": {"offer": hands.offer(), "patient": PATIENT, "laterality": "left"},
            "hold": {"offer": hands.offer()},
            "move": {"case": case, "offer": hands.offer(replaces=case) if action == "move" else None},
            "cancel": {"case": case},
            "edit": {"case": case, "pinned": True},
            "release-block": BLOCK,
            "reclaim-block": BLOCK,
        }
        hands.done(action=action, **bodies[action])
    return before


ACTIONS = ["book", "hold", "move", "cancel", "edit", "correct-patient", "release-block", "reclaim-block"]


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_undone_after_59_seconds(hands: Hands, action: str) -> None:
    """What was there before stands again, a sentence says what was undone, and there is no undoing twice."""
    before = acted(hands, action)
    hands.now += dt.timedelta(seconds=59)
    undone = hands.done(action="undo")
    assert undone["booked"]["said"].startswith("Undone: ")
    after = hands.whole()
    if action in ("book", "hold"):  # the record of the case stays, cancelled
        after["cases"] = [case for case in after["cases"] if case["id"] != undone["case"]["id"]]
        after["patients"] = [one for one in after["patients"] if one.get("mrn") != PATIENT["mrn"]]
    assert after == before
    assert "changed nothing" in hands.post("/api/proposals", action="undo")["reason"]
    assert hands.store.audit_broken_at() is None


@pytest.mark.parametrize("action", ACTIONS)
def test_no_action_is_undone_after_61_seconds(hands: Hands, action: str) -> None:
    """A second too late, the change stands."""
    acted(hands, action)
    stands = hands.whole()
    hands.now += dt.timedelta(seconds=61)
    assert "changed nothing" in hands.post("/api/proposals", action="undo")["reason"]
    assert hands.whole() == stands
