"""A planted name, said wherever the product takes words, is in no table in clear, in no log and in no address."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from tests.tools.records.scan import everything
from tests.web.signed import HOME
from tools.records.store import Store
from web.serve import app_of
from web.settings import environment

NAME = "Quillfeather"
WHOLE = f"Zebulon {NAME}"
RECORD = "QF-774411"
NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
SEARCH = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-10", "date_to": "2026-03-10",
}  # fmt: skip
PATIENT = {"name": WHOLE, "mrn": RECORD, "birth_date": "1980-02-03"}


class Listener(logging.Handler):
    """Whatever any library says at any level, with its values."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the message and what it was made of."""
        self.said.append(f"{record.name} {record.getMessage()} {record.args!r} {record.exc_text or ''}")


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Everything that is logged during the test."""
    listener, root = Listener(), logging.getLogger()
    before = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield listener.said
    root.removeHandler(listener)
    root.setLevel(before)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A demo clinic in a database of either engine."""
    own = f"sqlite:///{tmp_path}/demo.db"
    url = own if request.param == "sqlite" else str(request.getfixturevalue("pg_url"))
    made = Store.create_demo(url, NOW.date())
    yield made
    made.close()


@pytest.fixture
def http(store: Store, heard: list[str]) -> TestClient:
    """The demo over HTTP, signed in by itself."""
    app = app_of(store, lambda: NOW, HOME, True, environment())
    return TestClient(
        app,
        base_url=HOME,
        headers={"host": "127.0.0.1"},
        follow_redirects=False,
        raise_server_exceptions=False,
    )


def sent(http: TestClient, path: str, body: Any, *codes: int) -> Any:
    """A post, after checking how it was answered; addresses in the answer hold no name."""
    key = {"idempotency-key": f"key-{path}-{len(str(body))}", "accept": "application/json"}
    answer = http.post(path, json=body, headers=key)
    assert answer.status_code in codes, answer.text
    assert NAME not in str(answer.headers)
    return answer.json()


def carried_out(http: TestClient, path: str, body: Any, *codes: int) -> Any:
    """Proposed and confirmed."""
    proposal = sent(http, path, body, 201)["id"]
    return sent(http, f"/api/proposals/{proposal}/confirm", {}, *(codes or (201,)))


def booked(http: TestClient, **asked: Any) -> str:
    """A case of the planted patient."""
    found = sent(http, "/api/find", SEARCH | asked, 200)
    body = {"offer": found["offers"][0]["id"], "patient": PATIENT, "laterality": "left", "reason": WHOLE}
    return str(carried_out(http, "/api/proposals", {"action": "book", **body})["case"]["id"])


def change_the_book(http: TestClient) -> None:
    """Book, edit, correct, undo, and cancel with a reason."""
    booked(http, overrides=[{"rule": "turnover", "reason": WHOLE}], start_from="12:00")
    case = booked(http)
    edit = {"action": "edit", "case": case, "pinned": True, "reason": WHOLE}
    carried_out(http, "/api/proposals", edit)
    spelt = {"case": case, "patient": PATIENT | {"name": f"Zeb {NAME}"}, "reason": WHOLE}
    carried_out(http, "/api/proposals/correct-patient", spelt)
    carried_out(http, "/api/proposals", {"action": "cancel", "case": case, "reason": WHOLE})


def change_the_records(http: TestClient) -> None:
    """A fact that flags cases, a policy that waits, one that is confirmed, and an entry that is dealt with."""
    away = {"from": "2026-03-09", "to": "2026-03-20", "reason": WHOLE}
    sent(http, "/api/records/staff/dr-smith", {"add": {"leave": [away]}, "reason": WHOLE}, 201)
    soft = {"body": {"level": "soft"}, "version": 1, "reason": WHOLE}
    made = {"op": "create", **soft} | {"version": None}
    proposal = sent(http, "/api/records/rules/surgeon-days", made, 201, 409)
    if "proposal" in proposal:
        sent(http, f"/api/records/proposals/{proposal['proposal']}/confirm", {}, 201)
    entry = http.get("/api/worklist").json()["items"][0]
    sent(http, f"/api/worklist/{entry['id']}/resolve", {"note": WHOLE}, 200)


def bring_a_sheet(http: TestClient) -> None:
    """Bookings with names in them, and a sheet that is refused with the name in every wrong cell."""
    head = "Date,Time,Surgeon,Room,Procedure,Patient,MRN,Laterality,Notes"
    row = f"2026-03-24,07:30,Dr. Smith,OR 1,Knee arthroscopy,{WHOLE},{RECORD}9,left,{WHOLE}"
    wrong = f"{WHOLE},{WHOLE},{WHOLE},{WHOLE},{WHOLE},{WHOLE},{RECORD},{WHOLE},{WHOLE}"
    sent(http, "/api/import", {"kind": "bookings", "text": f"{head}\n{row}\n"}, 200, 201)
    sent(http, "/api/import", {"kind": "bookings", "text": f"{head}\n{wrong}\n"}, 422)


def talk(http: TestClient) -> None:
    """The chat is told the name in every way."""
    for text in (f"book {WHOLE} for a knee scope with Dr. Smith next Tuesday", f"cancel {WHOLE}", WHOLE):
        sent(http, "/api/chat", {"text": text, "conversation": None}, 200)


def mistake(http: TestClient) -> None:
    """The name in the place of every id, as an unknown key, and in addresses that people type."""
    wrong = (
        ("/api/find", SEARCH | {"procedure": WHOLE}),
        ("/api/find", SEARCH | {"surgeon": WHOLE}),
        ("/api/find", SEARCH | {WHOLE: 1}),
        ("/api/check", SEARCH | {"at": WHOLE}),
        ("/api/proposals", {"action": "book", "offer": WHOLE, "patient": PATIENT}),
        ("/api/proposals", {"action": WHOLE}),
        ("/api/proposals", {"action": "cancel", "case": WHOLE}),
        ("/api/proposals", {"action": "book", "patient": {WHOLE: WHOLE}}),
        ("/api/proposals/correct-patient", {"case": WHOLE, "patient": PATIENT}),
        ("/api/records/staff", {"kind": "staff", "id": WHOLE, "reason": WHOLE, "body": {WHOLE: 1}}),
        ("/api/import", {"kind": WHOLE, "text": WHOLE}),
        (f"/api/proposals/{quote(WHOLE)}/confirm", {}),
        (f"/api/worklist/{quote(WHOLE)}/resolve", {"note": WHOLE}),
    )
    for path, body in wrong:
        assert http.post(path, json=body, headers={"idempotency-key": "key-of-mine"}).status_code < 500
    for path in (
        f"/case/{quote(WHOLE)}",
        f"/find?procedure={quote(WHOLE)}",
        f"/{quote(WHOLE)}",
        f"/?date={quote(WHOLE)}",
    ):
        answer = http.get(path, headers={"accept": "text/html"})
        assert answer.status_code < 500
        assert NAME not in answer.headers.get("location", "")


def test_a_planted_name_is_nowhere_in_clear(http: TestClient, store: Store, heard: list[str]) -> None:
    """After booking, editing, correcting, importing, chatting and every mistake: no row and no log has it."""
    for act in (change_the_book, change_the_records, bring_a_sheet, talk, mistake):
        act(http)
    store.access.flush()
    assert store.audit_broken_at() is None
    kept = everything(store.engine)
    assert [word for word in (NAME, NAME.lower(), RECORD) if word in kept] == []
    requests = [each for each in heard if each.startswith(("httpx", "httpcore"))]  # the test's own client
    told = "\n".join(each for each in heard if each not in requests)
    assert len(heard) > len(requests)
    assert [word for word in (NAME, NAME.lower(), RECORD) if word in told] == []
