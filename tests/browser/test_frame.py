"""Inside another site's page: only where it is configured, and nothing is confirmed in the frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import DESK
from tests.browser.house import Home, home
from tests.web.serving import served

Embed = Callable[..., tuple[Page, FrameLocator]]


def other_site() -> FastAPI:
    """Another product's page that shows an address in a frame; the same host, so that our cookie is sent."""
    app = FastAPI()
    app.state.stopping = Event()
    page = '<title>Records</title><iframe src="{}" width="1200" height="800"></iframe>'
    app.add_api_route("/", lambda shown: HTMLResponse(page.format(shown)))
    return app


@pytest.fixture(scope="module")
def records() -> Iterator[str]:
    """The other site's origin."""
    with served(other_site()) as address:
        yield address


@pytest.fixture(scope="module")
def house(records: str) -> Iterator[Home]:
    """The demo's clinic, which that site may show."""
    with home(frame_ancestors=(records,)) as made:
        yield made


@pytest.fixture
def embed(browser: Browser, records: str) -> Iterator[Embed]:
    """Opens the other site's page with an address in a frame."""
    contexts = []

    def open_(house: Home, path: str = "/", who: str = "scheduler") -> tuple[Page, FrameLocator]:
        context = browser.new_context(viewport=DESK, timezone_id="Asia/Tokyo", **house.options(who))  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{records}/?shown={house.address}{path}")
        return page, page.frame_locator("iframe")

    yield open_
    for context in contexts:
        context.close()


def asked(frame: FrameLocator, text: str = "Dr. Smith, knee scope, next Tuesday") -> None:
    """Ask inside the frame and wait for its cards."""
    frame.locator("#text").fill(text)
    frame.locator("#text").press("Enter")
    expect(frame.locator(".turn:first-child .answer")).to_have_attribute("aria-busy", "false")


def test_booking_leaves_the_frame(house: Home, embed: Embed) -> None:
    """The request is asked in the frame; Book opens the patient's form at the top, and no dialog in the frame."""
    page, frame = embed(house)
    asked(frame)
    expect(frame.locator("[data-hold]").first).to_be_hidden()
    frame.locator(".card [data-book]").first.click()
    expect(page).to_have_url(re.compile(re.escape(house.address) + r"/book\?offer="))
    expect(page.locator("h1")).to_have_text("Book this slot")


def test_a_confirm_card_opens_at_the_top(house: Home, embed: Embed) -> None:
    """What the conversation proposes is confirmed on a page of its own, outside the frame."""
    page, frame = embed(house)
    asked(frame)
    asked(frame, "book the first for Jane Sample, MRN T1000001, left")
    frame.locator(".ask-confirm button").click()
    expect(page).to_have_url(re.compile(re.escape(house.address) + "/proposals/"))
    expect(page.get_by_role("button", name="Confirm booking")).to_be_visible()


def test_links_to_pages_that_write_leave_the_frame(house: Home, embed: Embed) -> None:
    """The worklist, where one click notes something, opens at the top; Why not stays inside."""
    page, frame = embed(house)
    frame.get_by_role("link", name="Why not").click()
    expect(frame.locator("h1")).to_have_text("Why not")
    frame.get_by_role("link", name="Worklist").click()
    expect(page).to_have_url(f"{house.address}/worklist")


@pytest.mark.parametrize("path", ["/worklist", "/account", "/proposals/x", "/book?offer=x"])
def test_pages_that_write_show_nothing_in_a_frame(house: Home, embed: Embed, path: str) -> None:
    """Even for a site that may show the schedule, the frame of such a page stays empty."""
    page, frame = embed(house, path)
    page.wait_for_timeout(500)
    expect(frame.locator("main")).to_have_count(0)


def test_a_site_that_is_not_configured_shows_nothing(embed: Embed) -> None:
    """Without configuration no page stands in a frame."""
    with home() as house:
        page, frame = embed(house)
        page.wait_for_timeout(500)
        expect(frame.locator("main")).to_have_count(0)
