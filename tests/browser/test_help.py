"""Help and the tour in a real browser: by keyboard, once, without covering or taking anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import Home, home

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def house() -> Iterator[Home]:
    """The demo's clinic."""
    with home() as made:
        yield made


def newcomer(house: Home, who: str) -> dict[str, object]:
    """A browser in which nobody has seen the tour."""
    options = house.options(who)
    state = options["storage_state"]
    cookies = [each for each in state["cookies"] if each["name"] != "slotwright-tour"]
    return {"storage_state": {"cookies": cookies, "origins": []}}


def test_the_tour_goes_by_keyboard_and_is_remembered(house: Home, visit: Visit) -> None:
    """Three steps, each outlining its part; Done gives the focus to the request; the next visit has none."""
    page = visit(house.address, **newcomer(house, "scheduler"))
    tour = page.locator("#tour")
    expect(tour).to_contain_text("Type who, what and when")
    page.locator("#tour [data-next]").focus()
    for said, part in (("dashed line", "board"), ("Press Book", "ask")):
        page.keyboard.press("Enter")
        expect(tour).to_contain_text(said)
        expect(page.locator(".tour-on")).to_have_id(part)
    with page.expect_response("**/tour"):
        page.keyboard.press("Enter")
    expect(tour).to_have_count(0)
    expect(page.locator(".tour-on")).to_have_count(0)
    expect(page.locator("#text")).to_be_focused()
    page.reload()
    expect(page.locator("#text")).to_be_visible()
    expect(tour).to_have_count(0)


def test_the_tour_blocks_nothing(house: Home, visit: Visit) -> None:
    """It takes no focus and covers nothing: a request can be typed and sent while it stands there."""
    page = visit(house.address, **newcomer(house, "scheduler"))
    expect(page.locator("#tour")).to_be_visible()
    assert page.evaluate("document.getElementById('tour').contains(document.activeElement)") is False
    box, chat = page.locator("#tour").bounding_box(), page.locator("#ask").bounding_box()
    assert box
    assert chat
    assert box["y"] + box["height"] <= chat["y"]
    page.fill("#text", "Dr. Smith, knee scope, next Tuesday")
    page.keyboard.press("Enter")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator("#tour")).to_be_visible()


def test_escape_ends_the_tour_for_that_person_alone(house: Home, visit: Visit) -> None:
    """At a shared desk the next person, in the same browser, is shown it still."""
    page = visit(house.address, **newcomer(house, "scheduler"))
    page.locator("#tour [data-next]").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_have_count(0)
    token = house.signed_in("director").cookies["slotwright"]
    page.context.add_cookies([{"name": "slotwright", "value": token, "url": house.address}])
    page.reload()
    expect(page.locator("#tour")).to_be_visible()
    page.goto(f"{house.address}/help")
    page.click("text=Take the tour again")
    expect(page.locator("#tour")).to_be_visible()


def test_a_sentence_of_the_help_page_is_tried(house: Home, visit: Visit) -> None:
    """Help leads to an answer with cards, in the clinic's own names."""
    page = visit(f"{house.address}/help", **house.options("scheduler"))
    page.get_by_role("button", name="Try: Dr. Smith, knee arthroscopy, next Tuesday", exact=True).click()
    expect(page.locator(".card").first).to_be_visible()


def test_marks_look_like_those_of_the_board(house: Home, visit: Visit) -> None:
    """The sample of a proposed slot is dashed as the ghost on the board is, and a booked one isn't."""
    page = visit(f"{house.address}/help", **house.options("scheduler"))
    style = "node => getComputedStyle(node).borderTopStyle"
    assert page.locator(".sample .ghost").evaluate(style) == "dashed"
    assert page.locator(".sample .case.booked").evaluate(style) == "solid"
    assert page.locator(".sample .held").evaluate(style) == "dashed"
