"""Help and the tour: each role's own page, sentences that this clinic understands, and what is remembered."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from tests.web.cli.conftest import SMALL
from tests.web.signed import PAGE, House
from tools.clinic_file import load
from tools.context import Context
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.app import create_app
from web.desk import Settings
from web.examples import examples
from web.pages import STATIC
from web.reading import tour_mark
from web.routes.help import ROLES
from web.serve import DEMO_DIRECTOR, StoreDesk

NOW = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
LOADED = {"demo": load(demo_clinic(NOW.date())), "small": load(SMALL)}


@pytest.mark.parametrize("name", LOADED)
def test_every_example_is_understood(name: str) -> None:
    """Each sentence to type gets an answer in this clinic: no question back, no error."""
    desk = StoreDesk(Context(Store.memory(LOADED[name]), DEMO_DIRECTOR, lambda: NOW))

    async def kinds(text: str) -> set[str]:
        return {event.type async for event in desk.turn(text, None)}

    for each in examples(desk.clinic()):
        answered = asyncio.run(kinds(each.text))
        assert "text" in answered, each.text
        assert not answered & {"question", "error"}, each.text


def test_examples_are_in_the_clinics_own_names() -> None:
    """No name of the demo's surgeons or procedures that another clinic doesn't have stands in its examples."""
    small = LOADED["small"].clinic
    said = " ".join(each.text for each in examples(small))
    strange = {person.name for person in LOADED["demo"].clinic.staff.values()} - {
        p.name for p in small.staff.values()
    }
    assert not [name for name in strange if name in said]


def test_a_clinic_without_surgeons_has_something_to_type() -> None:
    """With nobody to book for, the schedule can be asked for."""
    bare = replace(LOADED["small"].clinic, staff={})
    assert [each.text for each in examples(bare)] == ["What is on the schedule tomorrow?"]


@pytest.mark.parametrize(
    ("who", "title"),
    [
        ("scheduler", "as a scheduler"), ("director", "as a director"), ("root", "as an admin"),
        ("auditor", "as an auditor"),
    ],
)  # fmt: skip
def test_everyone_gets_the_page_of_their_own_role(who: str, title: str) -> None:
    """The page begins with one's own work, and links to that of the others."""
    text = House().settle().signed_in(who).get("/help", headers=PAGE).text
    assert title in text
    for role, _ in ROLES:
        assert f'href="/help?role={role}"' in text


@pytest.mark.parametrize("role", [role for role, _ in ROLES])
def test_every_roles_page_says_what_marks_mean_and_what_to_do(role: str) -> None:
    """Each has the marks, the cases of need and the keys; an unknown role is refused in a sentence."""
    client = House().settle().signed_in("director")
    text = client.get(f"/help?role={role}", headers=PAGE).text
    for part in (
        "What the marks mean",
        "There is no slot",
        "A card turned grey",
        "the model is away",
        "Escape",
    ):
        assert part in text
    assert client.get("/help?role=pilot", headers=PAGE).status_code == 422


def test_an_auditor_is_shown_nothing_to_type() -> None:
    """Who may not ask gets no sentences and no button to try one."""
    text = House().settle().signed_in("auditor").get("/help", headers=PAGE).text
    assert "What to type" not in text
    assert 'name="try"' not in text


def test_the_marks_are_drawn_by_the_boards_own_classes() -> None:
    """Every class of a sample is one that the style sheets draw elsewhere, or a sample's own."""
    source = (STATIC.parent / "templates" / "_marks.html").read_text()
    sheets = " ".join(path.read_text() for path in (STATIC / "css").glob("*.css"))
    used = set(re.findall(r'class="([a-z -]+)"', source))
    for name in {name for group in used for name in group.split()} - {"booked"}:
        assert re.search(rf"\.{name}\b", sheets), name


@pytest.fixture
def client() -> TestClient:
    """The demo's own browser."""
    desk = StoreDesk(Context(Store.memory(LOADED["demo"]), DEMO_DIRECTOR, lambda: NOW))
    app = create_app(desk, Settings(demo=True))
    return TestClient(app, base_url="http://127.0.0.1:8000", headers={"sec-fetch-site": "same-origin"})


def test_the_tour_comes_once_for_each_person(client: TestClient) -> None:
    """At the first visit of the schedule; not after it was closed; again when asked for; never on another page."""
    assert 'id="tour"' in client.get("/").text
    assert 'id="tour"' not in client.get("/help").text
    client.cookies.set("slotwright-tour", tour_mark("somebody-else"))
    assert 'id="tour"' in client.get("/").text
    client.cookies.set("slotwright-tour", f"{tour_mark('somebody-else')}.{tour_mark(DEMO_DIRECTOR.id)}")
    assert 'id="tour"' not in client.get("/").text
    assert 'id="tour"' in client.get("/?tour=1").text


def test_closing_the_tour_is_kept_beside_what_others_closed(client: TestClient) -> None:
    """The cookie has both marks, once each, and no script reads it; a malformed one is harmless."""
    client.cookies.set("slotwright-tour", tour_mark("somebody-else"))
    for _ in range(2):
        answer = client.post("/tour")
        assert answer.status_code == 204
        value = answer.headers["set-cookie"].split(";")[0].partition("=")[2]
        assert sorted(value.split(".")) == sorted([tour_mark("somebody-else"), tour_mark(DEMO_DIRECTOR.id)])
        assert "HttpOnly" in answer.headers["set-cookie"]
    client.cookies.set("slotwright-tour", "..x.." * 50)
    assert client.post("/tour").status_code == 204


def test_the_tours_cookie_names_nobody() -> None:
    """What a shared browser keeps is a mark, not a user's name."""
    assert "ann" not in tour_mark("ann")
    assert len(tour_mark("ann")) == 12


def test_the_tour_has_three_steps_that_point_at_the_page(client: TestClient) -> None:
    """Each step names a part that is there."""
    text = html.unescape(client.get("/").text)
    parts = re.findall(r'<li data-at="#(\w+)"', text)
    assert len(parts) == 3
    assert all(f'id="{part}"' in text for part in parts)
