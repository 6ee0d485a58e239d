"""The conversation outlives a look elsewhere: its cards are there again, history opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask
from tests.browser.house import TUESDAY, Home, home

Visit = Callable[..., Page]
ASKED = "Dr. Smith, knee scope, next Tuesday"


@pytest.fixture
def house() -> Iterator[Home]:
    """The demo's book with its people."""
    with home() as made:
        yield made


def cards(page: Page) -> list[str]:
    """The offers on the page, in order."""
    return list(page.eval_on_selector_all(".card", "all => all.map(n => n.dataset.offer)"))


def test_a_look_at_a_case_loses_no_card(house: Home, visit: Visit) -> None:
    """Ask, open a case from the board, go back: the same cards and ghosts stand there, and the talk goes on."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, ASKED)
    before = cards(page)
    page.locator(".bar.case .hit").first.click()
    page.get_by_role("link", name="Back to the board").click()
    expect(page.locator(".card").first).to_be_visible()
    assert cards(page) == before
    expect(page.locator(".bar.ghost")).to_have_count(len(before))
    page.locator("[data-book]").nth(1).focus()
    expect(page.locator(".bar.ghost.on")).to_have_count(1)
    ask(page, "book the first one")
    expect(page.locator("#booking")).to_be_visible()


def test_a_day_chosen_stays_chosen(house: Home, visit: Visit) -> None:
    """Coming back doesn't turn the board to the offers' day, and opens no dialog."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, ASKED)
    page.goto(f"{house.address}/?date=2026-03-12")
    expect(page.locator(".card").first).to_be_visible()
    expect(page.locator("#board-title")).to_have_text("Thursday, March 12")
    assert page.locator("dialog[open]").count() == 0


def test_what_was_taken_meanwhile_is_grey(house: Home, visit: Visit) -> None:
    """A slot that somebody else booked while the page was away can't be booked from its old card."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, ASKED)
    page.goto(f"{house.address}/worklist")
    house.desk("director").confirm(house.proposal(), "meanwhile-booked")
    page.goto(f"{house.address}/")
    expect(page.locator(".card.gone").first).to_contain_text("No longer free")
    expect(page.locator(".card.gone [data-book]").first).to_be_disabled()


def test_a_new_conversation_begins_empty(house: Home, visit: Visit) -> None:
    """One link leaves the old one behind; it is found again among the earlier ones, with scripts or without."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    expect(page.locator("#afresh")).to_be_hidden()
    ask(page, ASKED)
    page.get_by_role("link", name="Start a new conversation").click()
    expect(page.locator(".start")).to_be_visible()
    page.wait_for_timeout(300)
    assert cards(page) == []
    for scripts in (True, False):
        page = visit(
            f"{house.address}/conversations", java_script_enabled=scripts, **house.options("scheduler")
        )
        page.get_by_role("link", name=ASKED).click()
        expect(page.locator(".turn .said").first).to_have_text(ASKED)
        expect(page.locator(".card").first).to_be_visible()
        expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")


def test_a_conversation_is_one_persons_alone(house: Home, visit: Visit) -> None:
    """Another person sees nothing of it, neither in the list nor by its address."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, ASKED)
    talk = page.input_value("#ask [name=conversation]")
    other = visit(f"{house.address}/conversations", **house.options("director"))
    expect(other.locator("main li")).to_contain_text("Nothing yet")
    other.goto(f"{house.address}/?conversation={talk}")
    expect(other.locator(".card")).to_have_count(0)
    expect(other.locator("h1")).to_be_visible()


def test_what_took_a_start_is_one_press_away(house: Home, visit: Visit) -> None:
    """Under a start that can't be booked stands the question, and pressing it is answered from the trail."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, ASKED)
    house.desk("director").confirm(house.proposal(), "meanwhile-booked")
    ask(page, "Is OR 1 free next Tuesday at 9am for Dr. Smith knee scope?")
    page.get_by_role("button", name="Why did it fit yesterday?").first.click()
    expect(page.locator("#turns > li").first.locator(".text").first).to_contain_text(
        "booked Dr. Smith's 9:00"
    )
