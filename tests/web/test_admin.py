"""The admin's pages: who sees them, two steps for every change, nothing lost on a fault, spreadsheets."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from starlette.testclient import TestClient

from tests.web.signed import PAGE, House
from tools.edits.drafting import held_records
from tools.edits.kinds import MODELS
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.fields import Form

ROOM = "/admin/rooms/or-1"
FLOOD = {
    "body.closures.0.from": "2026-03-10T07:00", "body.closures.0.to": "2026-03-10T12:00", "reason": "flood",
}  # fmt: skip


@pytest.fixture
def house() -> House:
    """The small clinic with its people."""
    return House().settle()


def hidden(text: str) -> dict[str, str]:
    """The inputs of a page and what they hold, as a browser reads them."""
    found = re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', text)
    return {name: html.unescape(value) for name, value in found}


def opened(client: TestClient, path: str = ROOM) -> dict[str, str]:
    """The form's fields as the page shows them, without those of ending the record."""
    answer = client.get(path, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return hidden(answer.text.split('<details class="panel"')[0])


def sent(client: TestClient, data: dict[str, str], code: int = 200, path: str = ROOM) -> str:
    """The page after sending the form."""
    answer = client.post(path, data=data, headers=PAGE)
    assert answer.status_code == code, answer.text
    return answer.text


def confirmed(client: TestClient, page: str, path: str = ROOM) -> None:
    """Send the confirmation that the page offers."""
    form = re.search(r'<form method="post" action="/admin/.*?</form>', page, re.DOTALL)
    assert form
    data = hidden(form[0]) | {"step": "confirm"}
    sent(client, data, 303, path)


@pytest.mark.parametrize("path", ["/admin", "/admin/rooms", ROOM, "/admin/import"])
def test_who_may_not_gets_no_link_and_403(house: House, path: str) -> None:
    """A scheduler and an auditor see no link and are refused by address; a director gets in."""
    for name in ("scheduler", "auditor"):
        client = house.signed_in(name)
        assert client.get(path, headers=PAGE).status_code == 403
        assert 'href="/admin"' not in client.get("/", headers=PAGE).text
    assert house.signed_in("director").get(path, headers=PAGE).status_code == 200


def test_every_kind_and_rule_opens(house: House) -> None:
    """Each kind has its list, each record and a rule as delivered their form."""
    client = house.signed_in("root")
    for kind in MODELS:
        assert client.get(f"/admin/{kind}", headers=PAGE).status_code in (200, 303)
    for path in (
        "rules/turnover",
        "rules/surgeon-days",
        "ranking/ranking",
        "clinic/clinic",
        "staff/-",
        "blocks/-",
    ):
        assert client.get(f"/admin/{path}", headers=PAGE).status_code == 200, path


def test_every_record_of_the_demo_survives_its_form() -> None:
    """A form that nobody touched says what the record says."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    for (kind, _), held in held_records(store).items():
        form = Form(MODELS[kind].model_json_schema(by_alias=True, mode="validation"))
        assert form.body(form.flat(held.body)) == held.body


def test_a_policy_shows_what_it_breaks_and_is_saved_when_confirmed(house: House) -> None:
    """Later hours of the room name the booking that they break; nothing changes until it is confirmed."""
    client = house.signed_in("director")
    page = sent(client, opened(client) | {"body.hours.tue": "10:00-17:00", "reason": "staffing"})
    assert "case-1" in page
    assert opened(client)["body.hours.tue"] == "07:30-17:00"
    confirmed(client, page)
    assert opened(client)["body.hours.tue"] == "10:00-17:00"
    assert "staffing" in client.get(ROOM, headers=PAGE).text
    assert len(client.get("/api/worklist").json()["items"]) == 1


def test_a_fact_is_shown_before_it_is_saved(house: House) -> None:
    """A closure too is shown with the case it hits, and flags it only once it is confirmed."""
    client = house.signed_in("director")
    page = sent(client, opened(client) | FLOOD)
    assert "case-1" in page
    assert client.get("/api/worklist").json()["items"] == []
    confirmed(client, page)
    assert len(client.get("/api/worklist").json()["items"]) == 1


def test_a_fault_stands_by_its_field_and_nothing_is_lost(house: House) -> None:
    """Hours that are none: 422, said by the field, with the reason still typed."""
    client = house.signed_in("director")
    page = sent(client, opened(client) | {"body.hours.tue": "noonish", "reason": "a long story"}, 422)
    assert 'id="p-f-hours-tue"' in page
    assert 'value="noonish"' in page
    assert 'value="a long story"' in page


def test_a_stale_form_shows_both_versions(house: House) -> None:
    """Somebody else was faster: 409, theirs and mine side by side, and mine still in the form."""
    client = house.signed_in("director")
    mine = opened(client)
    change = {"body": {"name": "OR One"}, "version": 1, "reason": "signs"}
    made = client.post("/api/records/rooms/or-1", json=change).json()
    path = f"/api/records/proposals/{made['proposal']}/confirm"
    assert client.post(path, headers={"idempotency-key": "k"}).status_code == 201
    page = sent(client, mine | {"body.name": "OR Uno", "reason": "style"}, 409)
    assert "Both versions" in page
    assert "OR One" in page
    assert 'value="OR Uno"' in page


def test_a_spreadsheet_is_tried_then_imported(house: House) -> None:
    """Every fault at once; without faults a dry run stores nothing and the import does."""
    client = house.signed_in("director")
    bad = {"kind": "rooms", "text": "id,name,hours,days\nor-2,,25:00-99:00,tue\n", "step": "try"}
    page = sent(client, bad, 422, "/admin/import")
    assert "Nothing was imported" in page
    assert "25:00-99:00" in page
    good = {"kind": "rooms", "text": "id,name,hours,days\nor-2,OR 2,08:00-16:00,tue\n"}
    assert "Ready" in sent(client, good | {"step": "try"}, 200, "/admin/import")
    assert client.get("/admin/rooms/or-2", headers=PAGE).status_code == 404
    assert "Imported" in sent(client, good | {"step": "apply"}, 200, "/admin/import")
    assert client.get("/admin/rooms/or-2", headers=PAGE).status_code == 200


def test_a_rule_has_a_field_for_each_parameter(house: House) -> None:
    """A parameter is typed by its name, from a day on; the record then has it with that day."""
    client = house.signed_in("director")
    path = "/admin/rules/turnover"
    given = opened(client, path)
    assert given["body.params.specialty_change_minutes"] == "25"
    change = {"body.params.specialty_change_minutes": "40", "from_date": "2026-06-01", "reason": "measured"}
    confirmed(client, sent(client, given | change, 200, path), path)
    assert opened(client, path)["body.dated.0.params.specialty_change_minutes"] == "40"


def test_a_file_is_read_as_its_program_wrote_it(house: House) -> None:
    """A chosen file stands in place of pasted text, in UTF-8 with a mark, UTF-16 or Windows' own letters."""
    client = house.signed_in("director")
    rows = "id,name,role\nnurse-lee,Zo\u00eb Lee,circulator\n"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        answer = client.post(
            "/admin/import", data={"kind": "staff", "step": "try"}, headers=PAGE,
            files={"file": ("staff.csv", rows.encode(encoding), "text/csv")},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        assert "Ready: 1 row without a fault" in answer.text
        assert "Zo\u00eb Lee" in answer.text


def test_an_import_of_nothing_is_told(house: House) -> None:
    """Neither a file nor a text: 422 in plain words."""
    page = sent(house.signed_in("director"), {"kind": "staff", "step": "try"}, 422, "/admin/import")
    assert "Choose a file, or paste the spreadsheet." in page


def test_a_change_is_told_in_names_not_ids(house: House) -> None:
    """What is changed, what breaks and what it was: the room, the case and the hours as people say them."""
    client = house.signed_in("director")
    page = sent(client, opened(client) | {"body.hours.tue": "10:00-17:00", "reason": "staffing"})
    shown = " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())
    assert "Rooms: OR 1" in shown
    assert re.search(r"Tue, Mar 10, \d+:\d\d AM, OR 1: Knee", shown)
    assert "10:00 AM\u20135:00 PM" in shown
    assert "case-1" not in shown
    assert "rooms/or-1" not in shown


def test_a_new_records_id_is_made_of_its_name(house: House) -> None:
    """Nobody has to know what an id is: left empty it is made of the name."""
    client = house.signed_in("director")
    path = "/admin/staff/-"
    new = {
        "body.name": "Nora O'Hara",
        "body.role": "circulator",
        "body.shifts.tue": "07:00-15:00",
        "reason": "hired",
    }
    page = sent(client, opened(client, path) | new | {"id": ""}, 200, path)
    assert "Staff: Nora O&#39;Hara" in page
    confirmed(client, page, path)
    assert client.get("/admin/staff/nora-o-hara", headers=PAGE).status_code == 200


def test_a_list_shows_what_its_records_are(house: House) -> None:
    """Hours, roles and levels stand in the lists; days with the same hours stand together."""
    client = house.signed_in("director")
    assert "7:30\u00a0AM\u20135:00\u00a0PM" in client.get("/admin/rooms", headers=PAGE).text
    rules = client.get("/admin/rules", headers=PAGE).text
    assert "must hold" in rules
    assert "Turnover and set-up" in client.get("/admin/rules/turnover", headers=PAGE).text


def test_a_workbook_sent_as_it_is_gets_the_way_out(house: House) -> None:
    """An .xlsx file isn't shown as letters: the page says how to save it."""
    answer = house.signed_in("director").post(
        "/admin/import", data={"kind": "staff", "step": "try"}, headers=PAGE,
        files={"file": ("staff.xlsx", b"PK\x03\x04\x14\x00\x06\x00", "application/octet-stream")},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "This is an Excel workbook. Maybe save the sheet as CSV (UTF-8)." in answer.text
    assert "PK\x03" not in answer.text
