"""Control in a real Chromium: the logic map approved and changed, the trail verified, a question printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import focused
from tests.browser.house import Home, home


@pytest.fixture(scope="module")
def house() -> Iterator[Home]:
    """The demo's clinic with its people."""
    with home() as made:
        yield made


def test_a_rule_is_approved_changed_and_told_again(house: Home, visit: Callable[..., Page]) -> None:
    """An admin approves, changes turnover from next month on, sees what breaks, and the map says what is new."""
    page = visit(f"{house.address}/logic-map", **house.options("root"))
    page.fill("#note", "Read with the board")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=status]")
    assert "This version is approved" in page.inner_text("main")
    page.goto(f"{house.address}/admin/rules/turnover")
    page.fill("#f-params-specialty_change_minutes", "240")
    page.fill("#from_date", "2026-04-01")
    page.fill("#reason", "measured in March")
    page.keyboard.press("Enter")
    page.wait_for_selector("#breaks")
    said = page.inner_text("main").replace("\u00a0", " ")
    assert "From Wed, Apr 1 on" in said
    assert "case-" not in said
    page.click("button:text('Save this change')")
    page.wait_for_selector("[role=status]")
    page.goto(f"{house.address}/logic-map")
    said = page.inner_text("main")
    assert "It has changed since it was approved" in said
    assert "240" in said


def test_an_auditor_verifies_with_the_keyboard(house: Home, visit: Callable[..., Page]) -> None:
    """Tab to Verify, Enter: both chains are whole, and the anchors are there to be kept."""
    page = visit(f"{house.address}/audit", **house.options("auditor"))
    page.locator("details summary").first.focus()
    page.keyboard.press("Tab")
    assert focused(page) == "Verify the trail"
    page.keyboard.press("Enter")
    page.wait_for_selector(".anchor")
    assert "The trail is whole" in page.inner_text("main")
    assert page.locator(".banner.good").count() == 2


def test_a_director_prints_what_was_asked(house: Home, visit: Callable[..., Page]) -> None:
    """On paper stand the question, the reason and the time that it is of; neither forms nor buttons do."""
    asked = "procedure=knee-arthroscopy&surgeon=dr-smith&date_from=2026-03-09&date_to=2026-03-14&weekdays=thu"
    page = visit(f"{house.address}/why-not?{asked}", **house.options("director"))
    assert page.locator("#print").is_visible()
    page.emulate_media(media="print")
    said = page.inner_text("main")
    assert "only on Thu" in said
    assert "As of" in said
    assert [
        each for each in page.locator("button, input:not([type=hidden])").all() if each.is_visible()
    ] == []
