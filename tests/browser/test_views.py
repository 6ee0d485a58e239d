"""What a person switches on the schedule at desk width, and how fast Stop is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Served, keyboard
from tests.browser.house import Home, home

Visit = Callable[..., Page]


@pytest.fixture
def house() -> Iterator[Home]:
    """The demo's book with its people."""
    with home() as made:
        yield made


def test_the_list_is_switched_to_and_back_at_desk_width(golden: Served, visit: Visit) -> None:
    """List shows the same cases as text and as links, Board draws them again; the address keeps the choice."""
    page = visit(f"{golden.address}/?date=2026-03-10")
    expect(page.locator(".list")).to_be_hidden()
    page.get_by_role("link", name="List", exact=True).click()
    expect(page.locator(".list")).to_be_visible()
    expect(page.locator(".grid")).to_be_hidden()
    expect(page.locator(".listed.case")).to_have_count(6)
    expect(page.locator(".listed.case a").first).to_have_attribute("href", "/case/case-1")
    page.reload()
    expect(page.locator(".list")).to_be_visible()
    page.get_by_role("link", name="Board", exact=True).click()
    expect(page.locator(".grid")).to_be_visible()


def test_a_short_case_is_read_without_turning_the_head(house: Home, visit: Visit) -> None:
    """No word on the board stands upright, and a case of 25 minutes shows its whole code and its surgeon."""
    page = visit(f"{house.address}/?date=2026-03-12&view=board", **house.options("scheduler"))
    turned = "all => all.filter(n => getComputedStyle(n).writingMode !== 'horizontal-tb').length"
    assert page.eval_on_selector_all(".bar *", turned) == 0
    cut = """all => all.filter(n => n.getClientRects().length && n.scrollWidth > n.clientWidth + 1)
        .map(n => n.textContent)"""
    assert page.locator(".bar.spill").count() >= 4
    assert page.eval_on_selector_all(".bar.spill :is(.short, .surname, .bare)", cut) == []
    over = """all => all.flatMap(bar => { const words = [...bar.querySelectorAll(".hit > span")]
        .filter(n => n.getClientRects().length).map(n => n.getBoundingClientRect().right);
        const next = [...bar.parentElement.querySelectorAll(".bar.case")].map(n => n.getBoundingClientRect())
        .filter(box => box.left > bar.getBoundingClientRect().right - 2 && box.top < bar.getBoundingClientRect().bottom
          && box.bottom > bar.getBoundingClientRect().top).map(box => box.left);
        return Math.max(...words) > Math.min(...next) ? [bar.textContent] : []; })"""
    assert page.eval_on_selector_all(".bar.spill", over) == []


def test_a_phone_begins_with_the_list(golden: Served, visit: Visit) -> None:
    """Under 600 px the plain list is what is shown, and its button says so."""
    page = visit(f"{golden.address}/?date=2026-03-10", viewport=PHONE)
    expect(page.locator(".list")).to_be_visible()
    expect(page.locator(".grid")).to_be_hidden()
    expect(page.locator(".views [aria-current]")).to_have_text("List")


def test_the_clock_is_switched_on_the_board(golden: Served, visit: Visit) -> None:
    """24 hours on the axis, in every label and after a reload; 12 hours again by the same button."""
    page = visit(f"{golden.address}/?date=2026-03-10")
    page.get_by_role("button", name="24-hour clock").click()
    expect(page.locator(".hours span").nth(6)).to_have_text("13:00")
    assert "11:30 to 14:15" in (page.locator('[data-id="case-6"] .hit').get_attribute("aria-label") or "")
    page.get_by_role("button", name="12-hour clock").click()
    expect(page.locator(".hours span").nth(6)).to_have_text("1\u00a0PM")


def test_stop_answers_without_waiting_for_the_server(golden: Served, visit: Visit) -> None:
    """The words stand within 200 ms, by the browser's own clock: the page waits for no answer of the server."""
    golden.desk.pause = 30
    page = visit(golden.address)
    page.fill("#text", "Dr. Smith, knee scope, next Tuesday")
    keyboard(page, "Enter")
    expect(page.locator(".turn:first-child .progress")).to_have_text("Searching the schedule")
    waited = page.evaluate("""() => new Promise((done) => {
        const begun = performance.now();
        new MutationObserver(() => document.querySelector(".turn .banner") && done(performance.now() - begun))
          .observe(document.getElementById("turns"), { childList: true, subtree: true });
        document.getElementById("stop").click();
    })""")
    expect(page.locator(".turn:first-child .banner")).to_have_text("Stopped. Nothing was booked.")
    assert waited < 200
