"""The worklist page: what hit a case in the rule's words, what to do about it, and who may say that it is done."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from tests.web.signed import PAGE, House
from web.cards import Words
from web.flagged import cause_said
from web.format import Formats

CLOSED = {"from": "2026-03-10T07:00", "to": "2026-03-10T12:00", "reason": "flood"}
FLOOD = {"add": {"closures": [CLOSED]}, "reason": "flood in the corridor"}


@pytest.fixture
def house() -> House:
    """The small clinic whose only room is closed while its case is booked."""
    house = House().settle()
    director = house.signed_in("director")
    assert director.post("/api/records/rooms/or-1", json=FLOOD).status_code == 201
    return house


def text_of(client: TestClient, path: str = "/worklist") -> str:
    """What the page says, without its tags."""
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))).replace("\u00a0", " ")


def entry_of(client: TestClient) -> str:
    """The one open entry's id."""
    (item,) = client.get("/api/worklist").json()["items"]
    return str(item["id"])


def test_a_flagged_case_tells_what_hit_it_and_what_to_do(house: House) -> None:
    """The rule's own sentence, what hit it, since when and by whom, and the ways to a new slot, in clinic time."""
    scheduler = house.signed_in("scheduler")
    said = text_of(scheduler)
    (item,) = scheduler.get("/api/worklist").json()["items"]
    assert item["text"].replace("\u00a0", " ") in said
    assert "Room closed" in said
    assert "OR 1 was changed: flood in the corridor" in said
    assert "Since Thu, Mar 5, 9:00 AM, by director." in said
    page = scheduler.get("/worklist", headers=PAGE).text
    assert f'href="/case/{item["case"]}"' in page or f'value="move {item["case"]} to' in page
    assert f'href="/?date={item["start"][:10]}"' in page


def test_why_not_there_asks_about_the_case_itself(house: House) -> None:
    """The link to Why not gets an answer that names the closed room, not the case as its own obstacle."""
    scheduler = house.signed_in("scheduler")
    page = scheduler.get("/worklist", headers=PAGE).text
    link = html.unescape(re.search(r'href="(/why-not\?[^"]+)"', page)[1])  # type: ignore[index]
    answer = scheduler.get(link, headers=PAGE)
    assert answer.status_code == 200
    assert "closed" in answer.text
    assert "Nearest that fits" in answer.text
    assert "/book?offer=" not in answer.text


def test_an_entry_is_dealt_with_once_and_stays_on_record(house: House) -> None:
    """A reason is needed and what was typed stays; then the list is empty, and the record says who and how."""
    scheduler = house.signed_in("scheduler")
    path = f"/worklist/{entry_of(scheduler)}/resolve"
    refused = scheduler.post(path, data={"note": " "}, headers=PAGE)
    assert refused.status_code == 422
    assert "Say what was done about it" in refused.text
    odd = scheduler.post(path, data={"note": "moved to Thursday\x07"}, headers=PAGE)
    assert (odd.status_code, 'value="moved to Thursday' in odd.text) == (422, True)
    done = scheduler.post(path, data={"note": "moved by phone"}, headers=PAGE)
    assert (done.status_code, done.headers["location"]) == (303, "/worklist?done=true")
    assert scheduler.post(path, data={"note": "moved by phone"}, headers=PAGE).status_code == 303
    assert "Nothing is left to work off" in text_of(scheduler)
    assert "by Scheduler: moved by phone" in text_of(scheduler, "/worklist?state=resolved")


def test_whoever_comes_second_is_told(house: House) -> None:
    """Another person's note isn't written over: they are told who was first, and what was noted."""
    entry = entry_of(house.signed_in("scheduler"))
    path = f"/worklist/{entry}/resolve"
    house.signed_in("scheduler").post(path, data={"note": "moved by phone"}, headers=PAGE)
    second = house.signed_in("director").post(path, data={"note": "cancelled"}, headers=PAGE)
    assert second.status_code == 409
    assert "scheduler resolved it already: moved by phone" in second.text


def test_an_auditor_looks_and_changes_nothing(house: House) -> None:
    """No button for those who may not confirm, and 403 by address."""
    auditor = house.signed_in("auditor")
    entry = entry_of(auditor)
    page = auditor.get("/worklist", headers=PAGE).text
    assert "Mark as dealt with" not in page
    assert "Find a new slot" not in page
    assert auditor.post(f"/worklist/{entry}/resolve", data={"note": "x"}, headers=PAGE).status_code == 403


def test_the_count_is_of_open_cases(house: House) -> None:
    """What the badge shows: one case, none once it is dealt with; nobody signed in learns nothing."""
    scheduler = house.signed_in("scheduler")
    assert scheduler.get("/api/worklist/count").json() == {"cases": 1, "entries": 1}
    scheduler.post(f"/worklist/{entry_of(scheduler)}/resolve", data={"note": "moved"}, headers=PAGE)
    assert scheduler.get("/api/worklist/count").json() == {"cases": 0, "entries": 0}
    assert house.client().get("/api/worklist/count").status_code == 401


def test_no_patient_stands_on_it(house: House) -> None:
    """The page names cases by procedure, surgeon, time and room; never who the patient is."""
    page = house.signed_in("scheduler").get("/worklist", headers=PAGE).text
    for patient in house.store.clinic().cases:
        assert patient.patient is None or patient.patient not in page


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("load", "Found when the book was loaded"),
        ("import of bookings", "It came with an import of bookings"),
        ("change of staff/dr-smith: sick", "Dr. Smith was changed: sick"),
        ("end of rooms/or-1: rebuilt", "OR 1 was ended: rebuilt"),
        ("create of blocks/new: a: b", "new was added: a: b"),
        ("something of another kind", "something of another kind"),
    ],
)
def test_every_cause_is_told_in_words(house: House, cause: str, said: str) -> None:
    """An import, a loaded book, a change of a record with its reason; what has no such form stays as it is."""
    formats = Formats("America/New_York")
    assert cause_said(cause, Words(house.store.clinic(), formats, house.at.date())) == said


@pytest.mark.parametrize(
    ("kind", "record", "add", "hit"),
    [
        ("rooms", "or-1", {"closures": [CLOSED]}, "Room closed"),
        ("staff", "dr-smith", {"leave": [{"from": "2026-03-10", "to": "2026-03-10"}]}, "Leave or sickness"),
    ],
)
def test_what_hit_the_case_is_said_first(kind: str, record: str, add: object, hit: str) -> None:
    """A closed room and a surgeon away are told apart."""
    house = House().settle()
    director = house.signed_in("director")
    body = {"add": add, "reason": "just now"}
    assert director.post(f"/api/records/{kind}/{record}", json=body).status_code == 201
    assert hit in text_of(director)


def test_the_navigation_says_where_one_is(house: House) -> None:
    """Exactly one link of the top line is marked, on the list itself and on the page of a note that was refused."""
    scheduler = house.signed_in("scheduler")
    listed = scheduler.get("/worklist?state=all", headers=PAGE)
    refused = scheduler.post(f"/worklist/{entry_of(scheduler)}/resolve", data={"note": ""}, headers=PAGE)
    for page in (listed, refused):
        nav = page.text.partition("<nav")[2].partition("</nav>")[0]
        assert re.findall(r'href="([^"]+)" aria-current="page"', nav) == ["/worklist"]


def test_what_hits_it_no_more_asks_only_what_was_done(house: House) -> None:
    """The room opens again: no other slot is needed, and the entry waits for a word of who dealt with it."""
    director, scheduler = house.signed_in("director"), house.signed_in("scheduler")
    assert "Find a new slot" in text_of(scheduler)
    opened = {"body": {"closures": []}, "version": 2, "reason": "the flood is over"}
    assert director.post("/api/records/rooms/or-1", json=opened).status_code == 201
    said = text_of(scheduler)
    assert "No longer so: say what was done" in said
    assert "Find a new slot" not in said


def test_a_book_that_clashes_all_over_begins_with_its_first_cases(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page holds the first cases, says how many more there are, and still counts every entry."""
    rows = "".join(
        f"b{number},2026-03-10,{7 + number}:30,Dr. Smith,OR 1,knee-arthroscopy,left\n" for number in range(4)
    )
    text = f"case,date,start,surgeon,room,procedure,side\n{rows}"
    sent = {"kind": "bookings", "text": text, "dry_run": False}
    assert house.signed_in("director").post("/api/import", json=sent).status_code == 201
    scheduler = house.signed_in("scheduler")
    items = scheduler.get("/api/worklist").json()["items"]
    cases = len({item["case"] for item in items})
    assert cases > 2
    monkeypatch.setattr("web.routes.worklist.MOST", 2)
    page = scheduler.get("/worklist", headers=PAGE).text
    assert page.count("panel flagged") == 2
    assert f"and {cases - 2} more" in page
    assert f'data-entries="{len(items)}"' in page
