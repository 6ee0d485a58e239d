"""The logic map's page: everyone reads it, who keeps the records approves it, and a stale approval is refused."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from solver.rules import CATALOGUE
from tests.web.signed import PAGE, House


@pytest.fixture
def house() -> House:
    """The small clinic with its people."""
    return House().settle()


def shown(client: TestClient) -> str:
    """The page."""
    answer = client.get("/logic-map", headers=PAGE)
    assert answer.status_code == 200, answer.text
    return answer.text


def version(page: str) -> str:
    """The version that the page's form approves."""
    found = re.search(r'name="version" value="([^"]+)"', page)
    assert found
    return found[1]


def test_every_rule_is_on_the_page(house: House) -> None:
    """By title, with an anchor that other pages link to, and none by its id alone."""
    page = shown(house.signed_in("scheduler"))
    for id_, rule in CATALOGUE.items():
        assert f'id="r-{id_}"' in page
        assert rule.title.replace("'", "&#39;") in page
    assert "min_hours" not in page


@pytest.mark.parametrize("name", ["scheduler", "auditor"])
def test_who_may_not_approve_has_no_button_and_403(house: House, name: str) -> None:
    """They read it; a post to the address is refused."""
    client = house.signed_in(name)
    page = shown(client)
    assert "/logic-map/approve" not in page
    assert client.post("/logic-map/approve", data={"version": "x"}, headers=PAGE).status_code in (403, 422)
    assert "Nobody has approved it yet" in shown(client)


def test_an_approval_stands_with_its_name_version_and_time(house: House) -> None:
    """Approved by the director: everyone sees who, which version, when and the note; the button is gone."""
    client = house.signed_in("director")
    read = version(shown(client))
    answer = client.post("/logic-map/approve", data={"version": read, "note": "Read with the board"})
    assert answer.status_code == 303
    page = shown(house.signed_in("scheduler"))
    for part in (
        "This version is approved",
        "Director",
        read,
        "Thu,\u00a0Mar\u00a05, 9:00\u00a0AM",
        "Read with the board",
    ):
        assert part in page
    assert "/logic-map/approve" not in shown(client)
    assert "/logic-map/approve" in shown(house.signed_in("root"))


def test_what_changed_since_stands_above_and_a_stale_page_approves_nothing(house: House) -> None:
    """A parameter changes: as approved and now, side by side; the version that was read before is refused with 409."""
    client = house.signed_in("director")
    read = version(shown(client))
    client.post("/logic-map/approve", data={"version": read})
    rules = client.get("/api/records/rules").json()["records"]
    body = {
        "body": {"params": {"specialty_change_minutes": 45}},
        "version": rules[0]["version"],
        "reason": "measured",
    }
    made = client.post("/api/records/rules/turnover", json=body).json()
    client.post(f"/api/records/proposals/{made['proposal']}/confirm", headers={"idempotency-key": "k"})
    page = shown(client)
    assert "It has changed since it was approved" in page
    assert re.search(r"<td>Specialty change minutes</td><td>25</td><td>45</td>", page)
    answer = client.post("/logic-map/approve", data={"version": read, "note": "late"}, headers=PAGE)
    assert answer.status_code == 409
    assert "changed while you read it" in answer.text
    assert 'value="late"' in answer.text


def test_it_never_stands_in_another_sites_frame(house: House) -> None:
    """Something is signed there, so no page may frame it, whatever is configured."""
    answer = house.signed_in("director").get("/logic-map", headers=PAGE)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
