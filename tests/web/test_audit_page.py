"""The auditor's page: who sees it, what is found, that it is told in words, taken out, and checked for being whole."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.web.signed import PAGE, House
from tools.records.writer import Writer

CLOSED = {
    "add": {"closures": [{"from": "2026-03-10T07:00", "to": "2026-03-10T12:00", "reason": "flood"}]},
    "reason": "water in the corridor",
}


@pytest.fixture
def house() -> House:
    """The small clinic, whose director has closed a room."""
    made = House().settle()
    assert made.signed_in("director").post("/api/records/rooms/or-1", json=CLOSED).status_code == 201
    return made


@pytest.fixture
def auditor(house: House) -> TestClient:
    """The auditor's browser."""
    return house.signed_in("auditor")


def seen(client: TestClient, path: str, code: int = 200) -> str:
    """The page at an address."""
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == code, answer.text
    return answer.text


@pytest.mark.parametrize("name", ["scheduler", "director", "root"])
def test_only_an_auditor_gets_in(house: House, name: str) -> None:
    """Nobody else has a link, a page, a spreadsheet or a verification."""
    client = house.signed_in(name)
    assert 'href="/audit"' not in client.get("/", headers=PAGE).text
    for path in ("/audit", "/audit.csv"):
        assert client.get(path, headers=PAGE).status_code == 403
    assert client.post("/audit/verify", headers=PAGE).status_code == 403


def test_an_entry_is_told_in_words(auditor: TestClient) -> None:
    """Who by name, when on the clinic's clock, what in a sentence's words, before and after without JSON."""
    page = seen(auditor, "/audit?action=record-change")
    assert "Director" in page
    assert "changed a record" in page
    assert "Rooms: OR 1" in page
    assert "water in the corridor" in page
    assert "Tue,\u00a0Mar\u00a010, 7:00\u00a0AM" in page
    table = page.split("<tbody>")[-1]
    assert not re.search(r"[{}\[\]]|None|&#34;|null", table)


def test_what_was_written_before_stands_beside_after(house: House, auditor: TestClient) -> None:
    """A changed value shows both, the old one struck out."""
    client = house.signed_in("director")
    version = client.get("/api/records/rooms/or-1").json()["records"][0]["version"]
    change = {"body": {"name": "OR One"}, "version": version, "reason": "signs"}
    made = client.post("/api/records/rooms/or-1", json=change).json()
    path = f"/api/records/proposals/{made['proposal']}/confirm"
    assert client.post(path, headers={"idempotency-key": "k"}).status_code == 201
    assert re.search(r"Name:</strong> <del>OR 1</del> to OR One", seen(auditor, "/audit?object=rooms/or-1"))


def test_the_search_narrows_and_pages(house: House, auditor: TestClient) -> None:
    """By who, by day, by object; older entries are a link that keeps the search."""
    assert "No entry fits" in seen(auditor, "/audit?principal=nobody-at-all")
    assert "No entry fits" in seen(auditor, "/audit?date_from=2031-04-01")
    assert ">chose a password<br>" not in seen(auditor, "/audit?object=rooms/or-1")

    def many(writer: Writer) -> None:
        for _ in range(60):
            writer.audit(house.admin.principal, house.at, "sign-in", ["root"], None, None)

    house.store.write(many)
    page = seen(auditor, "/audit?principal=root&action=sign-in")
    assert page.count(">signed in<br>") == 50
    older = re.search(r'href="(/audit\?[^"]*before=\d+)"', page)
    assert older
    assert "principal=root" in older[1]
    assert "Newest entries" in seen(auditor, older[1].replace("&amp;", "&"))


@pytest.mark.parametrize(
    "query", ["date_from=2026-03-09&date_to=2026-03-01", "date_from=soon", "before=-1", "chain=x"]
)
def test_a_fault_of_the_search_stands_on_the_page(auditor: TestClient, query: str) -> None:
    """422 with the form still there, never 500."""
    assert 'role="alert"' in seen(auditor, f"/audit?{query}", 422)


def test_the_spreadsheet_is_the_search_and_is_entered_too(auditor: TestClient) -> None:
    """The CSV has the entries that fit; that it was taken stands among who looked."""
    answer = auditor.get("/audit.csv?object=rooms/or-1")
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-trail.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["action"] for row in rows] == ["record-change"]
    assert "took entries of the trail out" in seen(auditor, "/audit?chain=access")


def verified(client: TestClient, code: int = 200, **kept: str) -> str:
    """The page after Verify."""
    answer = client.post("/audit/verify", data=kept, headers=PAGE)
    assert answer.status_code == code, answer.text
    return answer.text


def test_a_whole_trail_is_said_to_be_whole(auditor: TestClient) -> None:
    """Both chains with how many entries, and the anchors to keep; they fit the next time."""
    page = verified(auditor)
    assert "The trail is whole" in page
    (anchor, _other) = re.findall(r'class="anchor">([^<]+)<', page)
    assert re.fullmatch(r"\d+:[0-9a-f]{64}", anchor)
    assert "The trail is whole" in verified(auditor, audit=anchor)


def test_an_edited_entry_is_named(house: House, auditor: TestClient) -> None:
    """Somebody who can write the database changed who did it: the page says which entry."""
    with house.store.engine.execution_options(writes=True).begin() as connection:
        for trigger in (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        ):
            connection.execute(text(f'DROP TRIGGER "{trigger}"'))
        connection.execute(text("UPDATE audit SET principal = 'somebody' WHERE seq = 3"))
    page = verified(auditor)
    assert "The trail was tampered with" in page
    assert "Entry 3 was edited" in page


def test_an_anchor_that_is_none_is_told(auditor: TestClient) -> None:
    """What was typed stays, with what an anchor looks like."""
    page = verified(auditor, 422, audit="my notes")
    assert "no anchored head" in page
    assert 'value="my notes"' in page
