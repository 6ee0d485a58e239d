"""The pages without JavaScript, and the API beside them."""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from evals.bench.clinics import SIZES, clinic_of
from tests.web.golden import OFFERS, TUESDAY, GoldenDesk, offer
from tools.clinic_file.build import Loaded
from tools.clinic_file.export import exported
from tools.context import Context
from tools.records.store import Store
from web.app import create_app
from web.desk import Settings
from web.serve import DEMO_DIRECTOR, StoreDesk

ASK = "Dr. Smith, knee scope, next Tuesday"
JANE = {"name": "Test Patient", "mrn": "T0000001", "birth_date": "1970-01-01", "laterality": "left"}


class Outline(HTMLParser):
    """Ids, and whether every tag that needs closing is closed in order."""

    VOID = frozenset({"meta", "link", "input", "img", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the id, and that the tag is open."""
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open tag."""
        assert self.open.pop() == tag


def shown(html: str) -> str:
    """The page without its templates, its spaces plain."""
    return re.sub(r"<template.*?</template>", "", html, flags=re.DOTALL).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "path", ["/", "/?date=2026-03-15", "/?view=list", f"/book?offer={OFFERS[0]['id']}", "/no"]
)
def test_a_page_is_well_formed(client: TestClient, path: str) -> None:
    """Tags close in order and no id stands twice."""
    outline = Outline(client.get(path, headers={"accept": "text/html"}).text)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))


def test_the_page_shows_the_day_the_zone_and_one_request_to_try(client: TestClient) -> None:
    """The first page is today's board, names the clinic's zone, says it is a demo and what to try."""
    page = shown(client.get("/").text)
    for text in ("Thursday, March 5", "All times Eastern Time (EST, UTC\u22125)", "demo clinic", ASK, "OR 3"):
        assert text in page


def test_a_posted_request_answers_with_the_whole_page(client: TestClient) -> None:
    """Without JavaScript the answer comes as cards, the board turns to the best offer's day and shows its ghosts."""
    page = shown(client.post("/", data={"text": ASK}).text)
    assert page.count('<article class="card"') == len(OFFERS)
    assert "Tuesday, March 10" in page
    assert len(re.findall(r'class="bar ghost', page)) == 3
    assert 'name="conversation" value="talk-1"' in page


def test_a_card_says_everything(client: TestClient) -> None:
    """Rank, day, times, room, surgeon, team, reasons, what wasn't checked, and the proof stand on the card."""
    page = shown(client.post("/", data={"text": ASK}).text)
    card = page[page.index('<article class="card"') : page.index("</article>")]
    for text in (
        "Tue, Mar 10", "9:15 AM to 10:10 AM", "OR 1", "Dr. Smith", "Knee arthroscopy", "Circulator 2",
        "Fills a gap", "ASA class, latex allergy", "Verified against 31 rules", '<span class="rank"',
    ):  # fmt: skip
        assert text in card


def test_a_refusal_lists_every_violated_rule_and_marks_near_misses(client: TestClient) -> None:
    """No slot: each rule with its sentence and facts, and the alternative says how it differs."""
    page = shown(client.post("/", data={"text": "knee in OR 2"}).text)
    for text in (
        "Fixed equipment of the room",
        "only OR 1 has one",
        "Surgeon's days",
        "found in",
        "Another room",
    ):
        assert text.replace("'", "&#39;") in page


def test_what_a_model_writes_stays_text(client: TestClient) -> None:
    """Markup in a reply or a request is shown as characters."""
    page = client.post("/", data={"text": "html <script>alert(1)</script>"}).text
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_booking_goes_through_by_forms_alone(client: TestClient, desk: GoldenDesk) -> None:
    """Book, patient, confirm, and the page says it is booked: three forms, no script."""
    form = client.get(f"/book?offer={OFFERS[0]['id']}").text
    assert "Patient name" in form
    review = client.post("/book", data={"offer": OFFERS[0]["id"], **JANE})
    assert "What this touches" in review.text
    key = re.search(r'name="key" value="(\w+)"', review.text)
    assert key
    assert desk.booked == []
    done = client.post("/proposals/proposal-1/confirm", data={"key": key[1]})
    assert "Booked: Knee arthroscopy, Dr. Smith, OR 1, Tuesday, March 10, 9:15 AM" in shown(done.text)
    client.post("/proposals/proposal-1/confirm", data={"key": key[1]})
    assert len(desk.booked) == 1


def test_a_missing_side_shows_the_form_again_with_what_was_typed(client: TestClient) -> None:
    """A fault keeps the patient's fields filled and says what is missing."""
    answer = client.post("/book", data={"offer": OFFERS[0]["id"], **JANE, "laterality": ""})
    assert answer.status_code == 422
    assert "has a side" in answer.text
    assert 'value="T0000001"' in answer.text


def test_a_slot_that_went_meanwhile_says_so_and_offers_others(client: TestClient) -> None:
    """The second of two bookers gets 409 with the reason and a fresh card."""
    for _ in range(2):
        client.post("/book", data={"offer": OFFERS[0]["id"], **JANE})
    client.post("/proposals/proposal-1/confirm", data={"key": "first-key"})
    late = client.post("/proposals/proposal-2/confirm", data={"key": "second-key"})
    assert late.status_code == 409
    assert "OR 1 is taken by another case" in late.text
    assert '<article class="card"' in late.text


def test_the_chat_is_one_json_list_for_those_who_ask(client: TestClient) -> None:
    """Under Accept: application/json the same events come as one list that ends in done."""
    events = client.post("/api/chat", json={"text": ASK}, headers={"accept": "application/json"}).json()
    assert [event["type"] for event in events] == ["status", "status", "offers", "text", "done"]
    assert [card["id"] for card in events[2]["cards"]] == [each["id"] for each in events[2]["offers"]]


def test_no_card_without_the_solvers_proof(client: TestClient) -> None:
    """A card is drawn of a verified offer alone."""
    from web.api.proposals import words_of

    forged = offer(1, TUESDAY, "09:00", "10:00") | {"verified": False}
    assert words_of(GoldenDesk()).offers([forged]) == []


def test_confirm_needs_a_key_and_repeats_its_answer(client: TestClient, desk: GoldenDesk) -> None:
    """Without an Idempotency-Key nothing is booked; the same key twice books once and answers the same."""
    body = {"action": "book", "offer": OFFERS[0]["id"], "laterality": "left",
            "patient": {k: v for k, v in JANE.items() if k != "laterality"}}  # fmt: skip
    made = client.post("/api/proposals", json=body)
    assert (made.status_code, made.json()["id"]) == (201, "proposal-1")
    assert client.post("/api/proposals/proposal-1/confirm").status_code == 422
    sent = [
        client.post("/api/proposals/proposal-1/confirm", headers={"idempotency-key": "k1"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    assert len(desk.booked) == 1
    client.post("/api/proposals", json=body)
    late = client.post("/api/proposals/proposal-2/confirm", headers={"idempotency-key": "k2"})
    assert late.status_code == 409
    assert {"reason", "offers", "error"} <= set(late.json())


def test_the_first_load_is_small(client: TestClient) -> None:
    """Page, styles and scripts together cross the wire in at most 40 kB."""
    assert first_load(client, "/") <= 40 * 1024


def test_the_first_load_of_forty_rooms_is_small() -> None:
    """A full day and a full week of 40 rooms stay inside the same 40 kB."""
    store = Store.memory(exported(Loaded(clinic_of(SIZES["L"], 1))))
    desk = StoreDesk(Context(store, DEMO_DIRECTOR, lambda: dt.datetime(2026, 3, 2, 14, tzinfo=dt.UTC)))
    large = TestClient(create_app(desk, Settings(demo=True)), base_url="http://127.0.0.1")
    sizes = [first_load(large, path) for path in ("/?date=2026-03-04", "/week?date=2026-03-04")]
    store.close()
    assert max(sizes) <= 40 * 1024


def test_the_first_load_of_a_person_is_small() -> None:
    """Signed in, with the idle warning and the tour of a first visit, it is as small."""
    from tests.browser.house import home

    with home() as house:
        assert first_load(house.signed_in("scheduler"), "/?date=2026-03-10") <= 40 * 1024


def first_load(client: TestClient, path: str) -> int:
    """Bytes on the wire of a page with everything that it loads at once."""
    page = client.get(path)
    paths = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    folder = next(path for path in paths if path.endswith(".js")).rpartition("/")[0] + "/"
    for path in paths:  # grows while it is read: what a module imports is loaded, too
        if path.endswith(".js"):
            paths += [folder + name for name in re.findall(r'from "\./([^"]+)"', client.get(path).text)]
    sizes = [int(client.get(path).headers.get("content-length", 0)) for path in dict.fromkeys(paths)]
    assert all(sizes)
    return int(page.headers["content-length"]) + sum(sizes)


def test_facts_are_named_once_and_dates_are_written_out() -> None:
    """Where a rule gives an id and its name, the name is shown; dates and instants are in clinic words."""
    from web.api.proposals import words_of

    facts = {"room": "or-2", "room_name": "OR 2", "rooms": ["or-1"], "room_names": ["OR 1"], "day": "2026-03-11",
             "start": "2026-03-10T09:30:00-04:00", "units": 2, "empty": []}  # fmt: skip
    reason = {"rule": "r", "title": "t", "text": "x", "facts": facts}
    shown_facts = words_of(GoldenDesk()).explanation([reason])[0]["facts"]
    assert [(fact["name"], fact["value"].replace("\u00a0", " ")) for fact in shown_facts] == [
        ("room", "OR 2"), ("rooms", "OR 1"), ("day", "Wed, Mar 11"), ("start", "Tue, Mar 10, 9:30 AM"), ("units", "2"),
    ]  # fmt: skip


def test_a_long_reply_shows_its_first_line_and_keeps_the_rest(client: TestClient) -> None:
    """What repeats the cards in words stands behind a disclosure."""
    from web.api.chat import with_cards
    from web.api.proposals import words_of

    drawn = with_cards({"type": "text", "text": "No slot.\nNearest: 9:15 AM"}, words_of(GoldenDesk()))
    assert (drawn["first"], drawn["rest"]) == ("No slot.", "Nearest: 9:15\u00a0AM")
