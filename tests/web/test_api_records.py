"""Records and the worklist over HTTP, each person by their role."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.signed import House

HOURS = {"body": {"hours": {"tue": "10:00-17:00"}}, "version": 1, "reason": "staffing"}
CLOSED = {"from": "2026-03-10T07:00", "to": "2026-03-10T12:00", "reason": "flood"}


@pytest.fixture
def house() -> House:
    """The small clinic with its people."""
    return House().settle()


def posted(client: TestClient, path: str, body: Any, code: int, **headers: str) -> dict[str, Any]:
    """The JSON answer to a post, after checking its status."""
    answer = client.post(path, json=body, headers=headers)
    assert answer.status_code == code, answer.text
    read: dict[str, Any] = answer.json()
    return read


def test_policy_is_proposed_and_confirmed(house: House) -> None:
    """An edit lists what it breaks; its confirmation needs a key and is given once; the worklist has the case."""
    director = house.signed_in("director")
    proposed = posted(director, "/api/records/rooms/or-1", HOURS, 201)
    assert [one["case"] for one in proposed["breaks"]] == ["case-1"]
    path = f"/api/records/proposals/{proposed['proposal']}/confirm"
    assert posted(director, path, {}, 422)["error"]["field"] == "Idempotency-Key"
    done = posted(director, path, {}, 201, **{"idempotency-key": "a-random-key"})
    assert (done["status"], done["version"]) == ("saved", 2)
    assert posted(director, path, {}, 201, **{"idempotency-key": "a-random-key"}) == done
    (entry,) = director.get("/api/worklist").json()["items"]
    resolved = posted(director, f"/api/worklist/{entry['id']}/resolve", {"note": "moved by phone"}, 200)
    assert resolved["state"] == "resolved"
    assert director.get("/api/worklist").json()["items"] == []


def test_a_stale_version_gets_both(house: House) -> None:
    """409 carries the present record and the one that was wanted."""
    director = house.signed_in("director")
    posted(director, "/api/records/rooms/or-1", {"add": {"closures": [CLOSED]}, "reason": "flood"}, 201)
    stale = posted(director, "/api/records/rooms/or-1", HOURS, 409)
    assert stale["error"]["code"] == "conflict"
    assert stale["current"]["version"] == 2
    assert stale["yours"]["body"]["hours"] == HOURS["body"]["hours"]  # type: ignore[index]


def test_a_booking_address_refuses_an_edit(house: House) -> None:
    """An edit isn't carried out by confirming it as if it were a booking."""
    director = house.signed_in("director")
    proposed = posted(director, "/api/records/rooms/or-1", HOURS, 201)
    path = f"/api/proposals/{proposed['proposal']}/confirm"
    told = posted(director, path, {}, 422, **{"idempotency-key": "a-random-key"})
    assert "/api/records/proposals" in told["error"]["message"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/records/rooms/or-1", HOURS | {"version": 0}),
        ("/api/records/rooms/or-1", HOURS | {"nonsense": 1}),
        ("/api/records/rooms/or-1", {"body": {}, "version": 1}),
        ("/api/records/castles/or-1", HOURS),
        ("/api/records/rooms", {"body": {"name": "X"}, "reason": "x"}),
        ("/api/worklist/x/resolve", {}),
    ],
)
def test_bad_input_is_422(house: House, path: str, body: Any) -> None:
    """What can't be read is refused in a sentence, with the field."""
    told = posted(house.signed_in("director"), path, body, 422)
    assert told["error"]["field"]


@pytest.mark.parametrize(
    "raw",
    [
        b'{"body": {"name": "\\ud800"}, "version": 1, "reason": "x"}',
        b'{"body": {"hours": {"\\ud800": 1}}, "version": 1, "reason": "x"}',
        b'{"body": {"\\ud800": 1}, "version": 1, "reason": "x"}',
        b'{"body": {"name": NaN}, "version": 1, "reason": "x"}',
        b'{"body": {"name": "\\u0000"}, "version": 1, "reason": "x"}',
        b'{"body": {"name": "X"}, "version": 1, "reason": "\\u0000"}',
        b'{"body": [], "version": 1, "reason": "x"}',
        b"[]",
        b"{",
    ],
)
def test_what_is_no_text_is_422(house: House, raw: bytes) -> None:
    """Half a letter, a number that is none, a sign that no database keeps: refused, nothing written."""
    director = house.signed_in("director")
    told = director.post("/api/records/rooms/or-1", content=raw, headers={"content-type": "application/json"})
    assert told.status_code == 422, told.text
    assert house.store.revision() == 1


def test_what_is_not_there_is_404(house: House) -> None:
    """Records, entries and proposals that don't exist."""
    director = house.signed_in("director")
    assert director.get("/api/records/rooms/or-9").status_code == 404
    posted(director, "/api/records/rooms/or-9", HOURS, 404)
    posted(director, "/api/worklist/work-x/resolve", {"note": "x"}, 404)
    posted(director, "/api/records/proposals/x/confirm", {}, 404, **{"idempotency-key": "a-random-key"})


@pytest.mark.parametrize("path", ["/api/records", "/api/records/rooms", "/api/records/rooms/or-1"])
def test_only_who_edits_reads_the_records(house: House, path: str) -> None:
    """Nobody signed in is 401; a scheduler and an auditor are 403; a director and the admin read."""
    assert house.client().get(path).status_code == 401
    codes = [
        house.signed_in(name).get(path).status_code for name in ("scheduler", "auditor", "director", "root")
    ]
    assert codes == [403, 403, 200, 200]


def test_only_who_edits_edits(house: House) -> None:
    """401 for nobody, 403 for a scheduler whatever the body, and an auditor reads the worklist alone."""
    posted(house.client(), "/api/records/rooms/or-1", HOURS, 401)
    for body in (HOURS, {}):
        posted(house.signed_in("scheduler"), "/api/records/rooms/or-1", body, 403)
    auditor = house.signed_in("auditor")
    assert auditor.get("/api/worklist").status_code == 200
    posted(auditor, "/api/worklist/x/resolve", {"note": "x"}, 403)


def test_the_kinds_tell_their_schema(house: House) -> None:
    """Every kind comes with its count, its schema and the keys that are facts."""
    kinds = {each["kind"]: each for each in house.signed_in("root").get("/api/records").json()["kinds"]}
    assert (kinds["rooms"]["count"], kinds["rooms"]["facts"]) == (1, ["closures"])
    assert "shifts" in kinds["staff"]["record_schema"]["properties"]


SHEET = "name,role,tue\nKim Ng,surgeon,07:00-15:00\n"


def test_a_spreadsheet_is_tried_and_imported(house: House) -> None:
    """A dry run is 200 and stores nothing, an import 201, faults 422 with every line; larger sheets than forms fit."""
    admin = house.signed_in("root")
    tried = posted(admin, "/api/import", {"kind": "staff", "text": SHEET}, 200)
    assert (tried["status"], tried["created"]) == ("ready", ["kim-ng"])
    assert house.store.revision() == 1
    bad = posted(admin, "/api/import", {"kind": "staff", "text": SHEET + "X,pilot,7\n"}, 422)
    assert [(one["line"], one["column"]) for one in bad["faults"]] == [(3, "role"), (3, "tue")]
    many = SHEET + "".join(f"Person {n},surgeon,07:00-15:00\n" for n in range(3000))
    done = posted(admin, "/api/import", {"kind": "staff", "text": many, "dry_run": False}, 201)
    assert len(done["created"]) == 3001


def test_who_imports(house: House) -> None:
    """401 for nobody, 403 for a scheduler, 422 for a kind that there isn't."""
    body = {"kind": "staff", "text": SHEET}
    posted(house.client(), "/api/import", body, 401)
    posted(house.signed_in("scheduler"), "/api/import", body, 403)
    told = posted(house.signed_in("root"), "/api/import", body | {"kind": "castles"}, 422)
    assert told["error"]["field"] == "kind"
