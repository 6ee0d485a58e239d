"""The whole way in Chromium: served demo clinic, offline interpreter, solver, records; nothing in between is faked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Served, ask, axe, focused, keyboard
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.serve import desk_of

NOW = dt.datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("America/New_York"))
ASK = "Dr. Smith, knee scope, next Tuesday"
FIRST = ".turn:first-child "
Visit = Callable[..., Page]


@pytest.fixture
def demo() -> Iterator[Served]:
    """The demo clinic as it stands on March 5, 2026, at 9:00, served."""
    store = Store.memory(demo_clinic(NOW.date()))
    desk = desk_of(store, lambda: NOW)
    assert desk
    served = Served(desk)
    yield served
    served.close()
    store.close()


def cases(served: Served) -> int:
    """How many cases stand in the book on Tuesday, March 10."""
    day = {"date_from": "2026-03-10", "date_to": "2026-03-10"}
    return len(served.desk.call("get_schedule", day)["cases"])


def to_confirm_card(page: Page, mrn: str) -> None:
    """Ask, take the first offer, give patient and side: the confirm card stands."""
    ask(page, ASK)
    page.locator(FIRST + "[data-book]").first.click()
    page.fill("#p-name", "Test Patient")
    page.fill("#p-mrn", mrn)
    page.fill("#p-birth", "1970-01-01")
    page.check("#patient [value=left]")
    page.locator("#patient .primary").click()
    page.wait_for_selector("#confirming:not([hidden])")


def test_the_main_job_from_the_request_to_the_case_on_the_board(demo: Served, visit: Visit) -> None:
    """Ask, cards all in OR 1 on Tuesday, Book, confirm card with what it touches, Confirm: the board shows the case."""
    page = visit(demo.address)
    before = cases(demo)
    to_confirm_card(page, "Z0000001")
    assert set(page.locator(FIRST + ".room").all_inner_texts()) == {"OR\u00a01"}
    assert page.locator("#confirming .touches li").count() >= 3
    assert cases(demo) == before
    page.locator("#confirming .primary").dblclick(no_wait_after=True)
    expect(page.locator("#booked")).to_contain_text(
        "Booked: Knee arthroscopy, Dr. Smith, OR 1, Tuesday, March 10"
    )
    expect(page.locator(".bar.case.fresh")).to_have_count(1)
    expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")
    assert cases(demo) == before + 1


def test_two_browsers_on_one_slot_book_it_once(demo: Served, visit: Visit) -> None:
    """Both hold a confirm card for the same slot; the second is told what took it and is offered what is free."""
    before = cases(demo)
    pages = [visit(demo.address) for _ in range(2)]
    for number, page in enumerate(pages):
        to_confirm_card(page, f"Z000000{number}")
    for page in pages:
        page.locator("#confirming .primary").click()
    expect(pages[0].locator("#booked")).to_be_visible()
    expect(pages[1].locator(".card.gone")).to_have_count(1)
    expect(pages[1].locator(".gone-note .card").first).to_be_visible()
    old = pages[1].locator(".card:not(.gone-note .card)")
    expect(old.locator("[data-book]:enabled, [data-hold]:enabled")).to_have_count(0)
    told = pages[1].locator(".gone-note .banner")
    expect(told).to_have_text("OR 1 is in use 9:00\u00a0AM to 9:55\u00a0AM.", use_inner_text=True)
    expect(pages[1].locator(".gone-note details li").first).to_be_hidden()
    pages[1].get_by_text("What else stands against it").click()
    expect(pages[1].locator(".gone-note details")).to_contain_text("Dr. Smith (surgeon) is in OR 1")
    said = pages[1].locator("body").inner_text()
    assert "Test Patient" not in said
    assert "Z0000000" not in said
    assert cases(demo) == before + 1


def test_the_generic_calendars_mistake_is_refused(demo: Served, visit: Visit) -> None:
    """Dr. Smith's knee scope in OR 2: only OR 1 has the tower, whatever else blocks it is named, near misses follow."""
    page = visit(demo.address)
    ask(page, "Dr. Smith knee scope in OR 2 on Tuesday at 10")
    expect(page.locator(FIRST + ".why")).to_contain_text("Only OR 1 has the arthroscopy tower")
    assert page.locator(FIRST + ".reason").count() >= 2
    expect(page.locator(FIRST + ".card .differs").first).to_contain_text("room")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert axe(page) == []


def test_a_day_the_surgeon_does_not_operate(demo: Served, visit: Visit) -> None:
    """Next Wednesday: the answer names the surgeon's days and offers the nearest verified slots."""
    page = visit(demo.address)
    ask(page, "Dr. Smith, knee scope, next Wednesday")
    expect(page.locator(FIRST + ".why")).to_contain_text("operates Tuesdays and Thursdays")
    assert page.locator(FIRST + ".card").count() >= 1


def test_every_offer_stands_free_on_the_board(demo: Served, visit: Visit) -> None:
    """No ghost of the solver lies over a booked case of its room: board and solver agree."""
    page = visit(demo.address)
    ask(page, ASK)
    expect(page.locator(".bar.ghost").first).to_be_visible()
    over = page.evaluate(
        """[...document.querySelectorAll(".bar.ghost")].filter(g => { const a = g.getBoundingClientRect();
        return [...g.closest("ul").querySelectorAll(".bar.case, .bar.blocked")].some(c => {
        const b = c.getBoundingClientRect(); return a.left < b.right - 1 && b.left < a.right - 1; }); }).length"""
    )
    assert over == 0


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Nobody, knee scope, next Tuesday",
        "Dr. Smith, knee scope, February 30",
        "Dr. Smith, knee scope, Tuesday the 12th",
        "x" * 4000,
        "\u0000\u0007",
        "'; DROP TABLE cases; --",
        "<script>alert(1)</script>",
    ],
)
def test_bad_input_gets_one_plain_answer(demo: Served, visit: Visit, text: str) -> None:
    """Unknown, impossible, long or hostile text: an answer or a question in words, no card, nothing written."""
    page = visit(demo.address)
    before = cases(demo)
    ask(page, text)
    assert page.locator(FIRST + ".card").count() == 0
    assert page.locator(FIRST + ":is(.text, .banner)").first.inner_text().strip()
    assert "Traceback" not in page.locator("body").inner_text()
    assert cases(demo) == before


def test_by_keyboard_alone_on_the_demo(demo: Served, visit: Visit) -> None:
    """From the answer to the dialog in at most 6 keystrokes, with the refusal's facts in between too."""
    page = visit(demo.address)
    for text in (ASK, "Dr. Smith knee scope in OR 2 on Tuesday at 10"):
        page.focus("#text")
        page.keyboard.type(text)
        keyboard(page, "Enter")
        page.wait_for_selector(FIRST + ".answer[aria-busy=false]")
        pressed = 0
        while not focused(page).startswith("Book offer 1"):
            keyboard(page, "Tab")
            pressed += 1
            assert pressed < 6
        keyboard(page, "Enter")
        expect(page.locator("#booking")).to_be_visible()
        keyboard(page, "Escape")
        assert focused(page).startswith("Book offer 1")
        page.wait_for_function("document.getElementById('send').disabled === false")
