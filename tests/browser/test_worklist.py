"""The worklist in a real browser: the number in the navigation, and dealing with an entry by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe
from tests.browser.house import TUESDAY, Home, home

Visit = Callable[..., Page]


@pytest.fixture
def house() -> Iterator[Home]:
    """The demo's clinic."""
    with home() as made:
        yield made


def test_the_number_appears_while_the_page_is_open(house: Home, visit: Visit) -> None:
    """No number at first; a room is closed elsewhere and the number comes by itself, read out in words."""
    page = visit(f"{house.address}/help", **house.options("scheduler"))
    badge = page.locator("#flagged")
    expect(badge).to_be_hidden()
    house.flood()
    expect(badge).to_be_visible(timeout=15_000)
    expect(badge).to_have_text("1")
    expect(badge).to_have_attribute("aria-label", "1 case to deal with")


def test_counting_keeps_nobody_signed_in(house: Home, visit: Visit) -> None:
    """The page asks as a machine that listens, not as a person who does something."""
    page = visit(f"{house.address}/help", **house.options("scheduler"))
    with page.expect_request("**/api/worklist/count") as asked:
        page.reload()
    assert asked.value.headers["x-background"] == "1"


def test_an_entry_is_dealt_with_by_keyboard(house: Home, visit: Visit) -> None:
    """Open, say what was done, Enter: the list is empty, the number gone, and the record says who."""
    house.flood()
    page = visit(f"{house.address}/worklist", **house.options("scheduler"))
    page.locator(".entry summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Moved by phone")
    page.keyboard.press("Enter")
    expect(page.locator(".banner[role=status]")).to_contain_text("Noted.")
    expect(page.locator("#main")).to_contain_text("Nothing is left to work off")
    expect(page.locator("#flagged")).to_be_hidden()
    page.click(".tabs >> text=Dealt with")
    expect(page.locator(".dealt")).to_contain_text("by Scheduler: Moved by phone")


def test_it_works_without_scripts(house: Home, visit: Visit) -> None:
    """Reading the list and noting what was done need no JavaScript."""
    house.flood()
    page = visit(f"{house.address}/worklist", java_script_enabled=False, **house.options("scheduler"))
    page.click(".entry summary")
    page.fill(".entry input", "Moved by phone")
    page.click(".entry button")
    expect(page.locator("#main")).to_contain_text("Nothing is left to work off")


def test_the_ways_to_a_new_slot_lead_somewhere(house: Home, visit: Visit) -> None:
    """Why not there names the flood; On the board shows the day; Find a new slot opens the case."""
    house.flood()
    page = visit(f"{house.address}/worklist", **house.options("scheduler"))
    page.click("text=On the board")
    expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")
    page.go_back()
    page.click("text=Why not there")
    expect(page.locator("#main")).to_contain_text("flood")
    page.go_back()
    page.click("text=Find a new slot")
    expect(page.locator("#main")).to_contain_text("Knee arthroscopy")
    expect(page.locator(".flagged")).to_have_count(0)


def test_an_open_list_says_that_it_has_changed(house: Home, visit: Visit) -> None:
    """What is flagged elsewhere isn't drawn under somebody's hands: a link offers the new list."""
    page = visit(f"{house.address}/worklist", **house.options("scheduler"))
    changed = page.locator("#changed")
    expect(changed).to_be_hidden()
    house.flood()
    expect(changed).to_be_visible(timeout=15_000)
    changed.click()
    expect(page.locator(".flagged")).to_have_count(1)
    expect(page.locator("#changed")).to_be_hidden()


def test_the_board_marks_a_conflict_and_names_what_is_in_the_way(house: Home, visit: Visit) -> None:
    """A case that a closed room hits turns red on the open board, and says why on focus and in the list."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    expect(page.locator(".bar.clash")).to_have_count(0)
    house.flood()
    hit = page.locator(".bar.case.clash .hit")
    expect(hit).to_have_count(1)
    expect(hit.locator(".rank")).to_have_text("!")
    expect(hit).to_have_attribute("aria-label", re.compile("conflict: OR 1 is closed.*flood"))
    hit.focus()
    expect(page.locator("#tip")).to_contain_text("flood")
    assert axe(page) == []
    page.get_by_role("link", name="List", exact=True).click()
    expect(page.locator(".listed.clash .note")).to_contain_text("conflict: OR 1 is closed")
