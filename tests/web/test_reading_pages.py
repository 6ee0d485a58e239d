"""Why not and Reports: what they say is what the tools say, who may see them, and that they write nothing."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.web.signed import House
from tools.context import Context, Principal, Role
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.app import create_app
from web.desk import Settings
from web.format import Formats
from web.lanes import drawn
from web.serve import StoreDesk
from web.spreadsheet import inert

WEDNESDAY = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-11"}


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """The demo clinic."""
    import datetime as dt

    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    yield store
    store.close()


@pytest.fixture
def client(store: Store) -> TestClient:
    """A director's browser at the demo."""
    import datetime as dt

    now = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
    who = Principal("demo-director", "Demo director", Role.DIRECTOR)
    app = create_app(StoreDesk(Context(store, who, lambda: now)), Settings(demo=True))
    return TestClient(app, base_url="http://127.0.0.1:8000", headers={"sec-fetch-site": "same-origin"})


def test_the_form_alone_asks_nothing(client: TestClient) -> None:
    """Without a request there is the form with the clinic's own names, and no answer."""
    text = client.get("/why-not").text
    assert "Knee arthroscopy" in text
    assert "Dr. Smith" in text
    assert "The reason" not in text


def test_the_reason_is_the_tools_own(client: TestClient, store: Store) -> None:
    """Every sentence of the conflict, and every way out with a button to try it; the book is as before."""
    before = store.revision()
    text = client.get("/why-not", params=WEDNESDAY).text
    asked = WEDNESDAY | {"date_to": "2026-03-11"}
    found: Any = client.post("/api/explain", json=asked).json()["explanation"]
    for member in found["conflict"]:
        assert member["text"].split("\u00a0")[0] in text
    assert text.count('aria-label="Try it: ') == len(found["corrections"])
    assert ("Proven minimal" in text) is found["minimal"]
    assert store.revision() == before


def test_the_lanes_marked_are_the_conflicts(client: TestClient) -> None:
    """As many lanes are marked as the explainer says are in the conflict."""
    found: Any = client.post("/api/explain", json=WEDNESDAY | {"date_to": "2026-03-11"}).json()["explanation"]
    text = client.get("/why-not", params=WEDNESDAY).text
    assert text.count('class="lane-row in"') == sum(lane["in_conflict"] for lane in found["lanes"])


def test_a_change_is_tried_and_nothing_is_written(client: TestClient, store: Store) -> None:
    """Before and after stand side by side, the change in words above them."""
    change = {"type": "add-equipment", "room": "or-2", "equipment": "arthroscopy-tower"}
    tuesday = {
        "procedure": "knee-arthroscopy",
        "surgeon": "dr-smith",
        "room": "or-2",
        "date_from": "2026-03-10",
    }
    before = store.revision()
    text = client.get("/why-not", params=tuesday | {"change": json.dumps(change)}).text
    assert "As things stand" in text
    assert "With the changes" in text
    assert "OR 2 too" in text
    assert store.revision() == before


def test_a_request_with_a_slot_gets_it_and_no_reason(client: TestClient) -> None:
    """There is nothing to explain where something fits."""
    text = client.get("/why-not", params=WEDNESDAY | {"date_from": "2026-03-10"}).text
    assert "There is a slot" in text
    assert "The reason" not in text


def test_the_days_without_a_slot_are_told_beside_those_with_one(client: TestClient) -> None:
    """ "Thursdays in March": the page has the slots, and each Thursday that has none by itself with its reason."""
    asked = WEDNESDAY | {"date_from": "2026-03-06", "date_to": "2026-04-02", "weekdays": ["thu"]}
    thursdays = ["2026-03-12", "2026-03-19", "2026-03-26", "2026-04-02"]
    none = [
        day
        for day in thursdays
        if client.post("/api/find", json=WEDNESDAY | {"date_from": day, "date_to": day}).json()["status"]
        == "infeasible"
    ]
    assert none
    assert none != thursdays
    text = client.get("/why-not", params=asked).text
    assert "There is a slot" in text
    part = text[text.index('id="without"') :]
    assert f"{len(none)} of 4 days have none" in part
    assert re.findall(r'href="/\?date=([0-9-]+)"', part) == none
    assert "Dr. Patel&#39;s block" in part


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"procedure": "nothing"}, "There is no procedure"), ({"date_to": "2026-03-01"}, "2026-03-01"),
        ({"change": "{"}, "JSON"), ({"date_from": "yesterday"}, "yesterday"),
    ],
)  # fmt: skip
def test_bad_input_is_told_on_the_page(client: TestClient, wrong: dict[str, str], said: str) -> None:
    """One plain sentence beside the form, and a status that isn't 200 or 500."""
    answer = client.get("/why-not", params=WEDNESDAY | wrong)
    assert 400 <= answer.status_code < 500
    assert said in answer.text


def test_the_reports_stand_with_their_spreadsheets(client: TestClient) -> None:
    """Every report has a CSV of the same rows, with a head that names its columns."""
    text = client.get("/reports").text
    for name in ("room-use", "staffing", "certifications", "overtime", "bottlenecks", "weekly"):
        assert f"/reports/{name}.csv" in text
        rows = list(csv.reader(io.StringIO(client.get(f"/reports/{name}.csv?from=2026-03-10").text)))
        assert len({len(row) for row in rows}) == 1
    assert client.get("/reports/secrets.csv").status_code == 404


@pytest.mark.parametrize(
    "name", ["bottlenecks", "weekly", "room-use", "overtime", "staffing", "certifications"]
)
def test_one_report_stands_alone_to_be_printed(client: TestClient, name: str) -> None:
    """Only its own section, with the clinic and the time that it is of, a way to print and the way back."""
    text = client.get(f"/reports?from=2026-03-09&only={name}").text
    assert text.count('<section class="panel"') == 1
    assert f'aria-labelledby="{name}"' in text
    assert "As of Thursday, March 5" in text
    assert 'id="print"' in text
    assert "All reports" in text


def test_no_report_shows_an_id(client: TestClient) -> None:
    """Cases are told by time, procedure and room; their ids stand in addresses and in the spreadsheet alone."""
    text = re.sub(r"<[^>]+>", " ", client.get("/reports?from=2026-03-09").text)
    assert "LAP CHOLE, OR 3" in text
    assert not re.search(r"case-\d+|\bor-\d|dr-[a-z]|patel-", text)
    assert "case-" in client.get("/reports/certifications.csv").text


def test_first_cases_are_counted_against_the_rooms_opening(client: TestClient) -> None:
    """The minutes after opening add up in the room's row, and a first case at the opening is on time."""
    rows = list(csv.DictReader(io.StringIO(client.get("/reports/overtime.csv?from=2026-03-09").text)))
    mine = [row for row in rows if row["room"] == "OR 1"]
    on_time = sum(int(row["minutes_after_opening"]) <= 5 for row in mine)
    text = client.get("/reports?from=2026-03-09&only=overtime").text
    assert f">{on_time} of {len(mine)}<" in text
    assert f">{sum(int(row['minutes_after_opening']) for row in mine)}<" in text


def test_the_staffing_sheet_is_the_days_teams(client: TestClient, store: Store) -> None:
    """A row a person and case of that day, surgeons included."""
    rows = list(csv.reader(io.StringIO(client.get("/reports/staffing.csv?from=2026-03-10").text)))[1:]
    cases = client.get("/api/schedule?from=2026-03-10&to=2026-03-10").json()["cases"]
    clinic = store.clinic()
    wanted = sum(1 + len(clinic.cases_by_id[case["id"]].team) for case in cases)
    assert len(rows) == wanted


def test_room_use_is_minutes_between_wheels_in_and_out(client: TestClient) -> None:
    """The sum of a day's cases in a room, within its hours."""
    rows = list(csv.DictReader(io.StringIO(client.get("/reports/room-use.csv?from=2026-03-10").text)))
    row = next(row for row in rows if row["date"] == "2026-03-10" and row["room"] == "OR 1")
    assert (row["cases"], row["minutes_used"]) == ("2", "110")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\uff1dx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """What a spreadsheet would take for a formula is quoted."""
    assert inert(cell) == f"'{cell}"
    assert inert("plain") == "plain"


def test_roles_show_and_are_enforced() -> None:
    """A scheduler sees no link to the reports and gets 403 by address; a director sees both; nobody else gets in."""
    house = House().settle()
    scheduler, director = house.signed_in("scheduler"), house.signed_in("director")
    assert 'href="/reports"' not in scheduler.get("/why-not").text
    assert scheduler.get("/reports").status_code == 403
    assert scheduler.get("/reports/staffing.csv").status_code == 403
    assert 'href="/reports"' in director.get("/why-not").text
    assert director.get("/reports").status_code == 200
    assert house.client().get("/reports").status_code in (303, 401)
    assert house.signed_in("auditor").get("/why-not").status_code == 403


TRY = {"type": "add-equipment", "room": "or-2", "equipment": "arthroscopy-tower"}
TUESDAY_OR_2 = WEDNESDAY | {"room": "or-2", "date_from": "2026-03-10"}


def test_several_changes_are_tried_together_and_one_is_taken_out(client: TestClient) -> None:
    """Both stand in words above before and after; each has a link to the page without it."""
    more = {"type": "add-unit", "resource": "knee-scope-set", "units": 1}
    both = [json.dumps([TRY]), json.dumps([more])]
    asked = WEDNESDAY | {"room": "or-2", "date_from": "2026-03-12"}
    text = client.get("/why-not", params=asked | {"change": both}).text
    links = re.findall(r'href="(/why-not\?[^"]+)" aria-label="Take out: ([^"]+)"', text)
    assert len(links) == 2
    assert "No slot." in text
    after = text.split("With the changes")[1]
    assert "Thu, Mar 12" in after.replace("\u00a0", " ")
    without = client.get(html.unescape(links[0][0])).text
    assert without.count("Take out: ") == 1


def test_a_change_of_ones_own_is_tried(client: TestClient) -> None:
    """Dr. Smith works one more Wednesday: what is filled in becomes a change beside the others, and slots appear."""
    own = {"works_who": "dr-smith", "works_on": "2026-03-18", "works_from": "07:00", "works_until": "18:00"}
    text = client.get("/why-not", params=WEDNESDAY | {"date_from": "2026-03-18"} | own).text
    assert "Dr. Smith working" in text.split('id="tried"')[1]
    assert "No slot." in text
    assert "OR\u00a01, Dr. Smith" in text.split("With the changes")[1]


def test_half_a_change_of_ones_own_is_told_and_kept(client: TestClient) -> None:
    """Who, and no date: 422 in plain words, with the choice still made."""
    answer = client.get("/why-not", params=WEDNESDAY | {"works_who": "dr-smith"})
    assert answer.status_code == 422
    assert "lacks the date and both hours" in answer.text


def test_the_weekdays_are_asked_for_and_kept(client: TestClient) -> None:
    """Only Thursdays: the question says so, the box stays ticked, and every day told is one."""
    asked = WEDNESDAY | {"date_from": "2026-03-09", "date_to": "2026-03-15", "weekdays": "thu"}
    text = client.get("/why-not", params=asked).text
    assert "only on Thu" in text
    assert 'value="thu" checked' in text
    found: Any = client.post("/api/explain", json=asked | {"weekdays": ["thu"]}).json()["explanation"]
    assert [day["date"] for day in found["days"]] in ([], ["2026-03-12"])
    assert "Thursday, March 12" in text


def test_what_is_left_out_is_asked_for_and_kept(client: TestClient) -> None:
    """Not in OR 1, not with Dr. Patel, not on Wednesday: the question says so, and every further form sends it."""
    out = {"exclude_rooms": "or-1", "exclude_surgeons": "dr-patel", "exclude_dates": "2026-03-11"}
    asked = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-12"} | out
    text = client.get("/why-not", params=asked).text
    assert "not Wed" in text.replace("\u00a0", " ")
    assert "Dr. Patel, OR 1" in text
    assert 'name="exclude_rooms" value="or-1" checked' in text
    for name, value in out.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in text
    assert client.get("/why-not", params=asked | {"exclude_rooms": "or-9"}).status_code == 422


def test_the_form_leaves_out_what_is_ticked(client: TestClient) -> None:
    """Posted without OR 1, a knee scope has no slot; the boxes stay ticked, and the way to Why not keeps them."""
    asked = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-12"}
    text = client.post("/find", data=asked | {"exclude_rooms": "or-1", "exclude_surgeons": "dr-patel"}).text
    assert "not Dr. Patel, OR 1" in text
    assert 'name="exclude_rooms" value="or-1" checked' in text
    assert 'name="exclude_surgeons" value="dr-patel" checked' in text
    assert "exclude_surgeons=dr-patel&amp;exclude_rooms=or-1" in text


def test_days_with_one_reason_stand_together(client: TestClient) -> None:
    """Twelve days without a tower in OR 2 are one line that counts them, not twelve lines."""
    text = client.get(
        "/why-not", params=TUESDAY_OR_2 | {"date_from": "2026-03-09", "date_to": "2026-03-20"}
    ).text
    days = text.split('id="days"')[1].split("</section>")[0]
    assert days.count("Only OR 1 has the arthroscopy tower") == 1
    assert "12 of 12" in days


def test_why_one_stands_above_another(client: TestClient) -> None:
    """Two slots by their ranks, every term beside the other's, and the one that decides named."""
    asked = WEDNESDAY | {"date_from": "2026-03-10", "above": "1", "below": "3"}
    text = client.get("/why-not", params=asked).text
    assert "Slot 1 stands above slot 3" in text
    table = text.split("The terms side by side")[1]
    assert table.count("<strong>decides</strong>") == 1
    answer = client.get("/why-not", params=asked | {"below": "99"})
    assert answer.status_code == 422
    assert "no two slots 1 and 99" in answer.text


def test_no_cause_is_cut_off() -> None:
    """What doesn't fit its bar is a number there, and whole below the lane; a wide bar says it itself."""
    wide = {
        "start": "2026-03-10T09:00:00-04:00",
        "end": "2026-03-10T12:00:00-04:00",
        "cause": "Scrub: nobody free",
    }
    thin = wide | {"end": "2026-03-10T09:05:00-04:00", "start": "2026-03-10T08:55:00-04:00"}
    lane = {"label": "Scrub", "in_conflict": False, "free": [], "blocked": [thin, wide]}
    made = drawn(
        [lane | {"free": [["2026-03-10T06:00:00-04:00", "2026-03-10T18:00:00-04:00"]]}],
        Formats("America/New_York"),
    )
    assert made is not None
    small, large = made["lanes"][0]["blocked"]
    assert (small["mark"], large["mark"]) == ("1", "")
    assert [note["cause"] for note in made["lanes"][0]["notes"]] == ["nobody free"]


@pytest.mark.parametrize(
    ("kind", "record", "link"),
    [
        ("case", "case-260310-01", "/case/case-260310-01"), ("block", "patel-thu", "/block/patel-thu/2026-03-12"),
        ("leave", "dr-smith", "/admin/staff/dr-smith"), ("rule", "turnover", "/logic-map#r-turnover"),
        (None, None, ""),
    ],
)  # fmt: skip
def test_a_blocked_bar_leads_to_its_record(client: TestClient, kind: Any, record: Any, link: str) -> None:
    """The case, the block on that day, the person, the rule: each has its page; what nothing causes leads nowhere."""
    bar = {
        "start": "2026-03-12T09:00:00-04:00", "end": "2026-03-12T17:00:00-04:00", "cause": "x", "kind": kind,
        "record": record,
    }  # fmt: skip
    made = drawn(
        [{"label": "L", "in_conflict": True, "free": [], "blocked": [bar]}], Formats("America/New_York")
    )
    assert made is not None
    assert made["lanes"][0]["blocked"][0]["link"] == link
    if link:
        assert client.get(link.partition("#")[0]).status_code == 200


def test_lanes_stay_inside_the_drawn_hours() -> None:
    """Bars begin and end where their times are, in columns of five minutes; a day of 25 hours is cut at 24."""
    lane = {
        "label": "OR 1", "in_conflict": True, "free": [["2026-03-10T07:30:00-04:00", "2026-03-10T09:00:00-04:00"]],
        "blocked": [{"start": "2026-03-10T09:00:00-04:00", "end": "2026-03-10T10:10:00-04:00", "cause": "in use"}],
    }  # fmt: skip
    made = drawn([lane], Formats("America/New_York"))
    assert made is not None
    assert made["grid"] == "h4"
    assert made["lanes"][0]["free"][0]["place"] == "c6 w18"
    assert made["lanes"][0]["blocked"][0]["place"] == "c24 w14"
    assert drawn([], Formats("America/New_York")) is None


def test_why_about_several_days_leads_to_those_without_a_slot(client: TestClient) -> None:
    """ "Why can't he on Thursdays?" is answered with slots and the way to the page that tells the days without one."""
    text = "why can't Dr. Smith do a knee scope on Thursdays in March?"
    events: Any = client.post("/api/chat", json={"text": text}, headers={"accept": "application/json"}).json()
    assert next(event for event in events if event["type"] == "offers")["cards"]
    assert "weekdays=thu" in events[-1]["why_not"]
    page = client.get(events[-1]["why_not"]).text
    assert 'id="without"' in page


def test_under_a_refused_start_stands_the_question_what_took_it(client: TestClient) -> None:
    """With scripts or without, and nowhere else: a search by days asks for no start."""
    refused = "Is OR 2 free for Dr. Smith knee arthroscopy on March 10 at 10am?"
    for text, question in ((refused, "Why did it fit yesterday?"), ("Dr. Smith knee scope on Wednesday", "")):
        events: Any = client.post(
            "/api/chat", json={"text": text}, headers={"accept": "application/json"}
        ).json()
        assert events[-1]["asks"] == question
    page = client.post("/", data={"text": refused}).text
    assert 'name="try" value="Why did it fit yesterday?"' in page
