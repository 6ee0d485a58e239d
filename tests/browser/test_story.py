"""A scheduler's days as they are typed: what is said of the case just booked, of a patient, of what is down."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import ask
from tests.browser.house import TUESDAY, Home, home

Visit = Callable[..., Page]
BY_PHONE = "hi, Dr Smith's office on the phone, need a left knee scope for a 54 year old, next week"


@pytest.fixture
def house() -> Iterator[Home]:
    """The demo's book with its people."""
    with home() as made:
        yield made


def booked(page: Page) -> None:
    """Ask by phone, take the first card, type the patient, confirm."""
    ask(page, BY_PHONE)
    page.locator("[data-book]").first.click()
    for field, value in (("name", "Test Patient"), ("mrn", "Z0000001"), ("birth", "1972-03-04")):
        page.fill(f"#p-{field}", value)
    page.check("#patient [value=left]")
    page.locator("#patient .primary").click()
    expect(page.locator("#whose")).to_have_text("For Test Patient, MRN Z0000001, born Mar 4, 1972")
    page.locator("#confirming .primary").click()
    expect(page.locator("#booked")).to_be_visible()


def test_that_case_is_the_one_just_booked(house: Home, visit: Visit) -> None:
    """ "Move that case" right after Confirm offers to move it, never to book it twice; so does "cancel it"."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    booked(page)
    ask(page, "cancel it")
    expect(page.locator(".turn:first-child .summary")).to_contain_text("Cancel Knee arthroscopy, left")
    ask(page, "move that case to Thursday afternoon")
    expect(page.locator(".turn:first-child [data-book]").first).to_have_text("Move here")
    page.locator(".turn:first-child [data-book]").first.click()
    page.get_by_role("button", name="Move the case").click()
    expect(page.locator("#booked")).to_contain_text("Moved: Knee arthroscopy")


def test_who_types_on_after_booking_keeps_typing(house: Home, visit: Visit) -> None:
    """The banner takes the focus as it appears, and not again when the board has been drawn."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    held: list[Route] = []
    page.route("**/api/board?*", lambda route: held.append(route))  # noqa: PLW0108 - it takes no built-in
    booked(page)
    expect(page.locator("#booked")).to_be_focused()
    page.fill("#text", "cancel it")
    for route in held:
        route.continue_()
    expect(page.get_by_role("link", name="Knee arthroscopy, left")).to_be_visible()
    expect(page.locator("#text")).to_be_focused()


def test_a_patients_name_asks_which_case(house: Home, visit: Visit) -> None:
    """Nobody is looked up by name; the case just booked is offered, and nothing asks to leave the name out."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    booked(page)
    ask(page, "can you move Quandt to Thursday instead")
    expect(page.locator(".turn:first-child .question")).to_have_text("Which case shall I move?")
    page.locator(".turn:first-child .choices button").first.click()
    expect(page.locator(".turn:first-child [data-book]").first).to_have_text("Move here")


def test_what_is_down_is_said_where_to_enter(house: Home, visit: Visit) -> None:
    """The chat can't record an outage, and says which page does and where the cases turn up."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, "the C-arm is down Monday")
    expect(page.locator(".turn:first-child .answer")).to_contain_text("on the page Admin, under Equipment")


def test_a_closed_day_leads_to_an_open_one(house: Home, visit: Visit) -> None:
    """A Saturday says that no room is open, and its link turns the board without losing the talk."""
    page = visit(f"{house.address}/?date=2026-03-07", **house.options("scheduler"))
    page.fill("#text", "Dr. Smith, knee sc")
    expect(page.locator("#day > .banner")).to_contain_text("No room is open on this day.")
    page.click("#day > .banner a")
    expect(page.locator("#board-title")).to_have_text("Monday, March 9")
    expect(page.locator("#text")).to_have_value("Dr. Smith, knee sc")
    expect(page.locator("#day > .banner")).to_have_count(0)


def test_where_the_case_stands_is_no_move(house: Home, visit: Visit) -> None:
    """A card at the very place of the case says so and leads nowhere; the confirm card's Not now leads back here."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, "move Dr. Nguyen's 9:30 on Tuesday to Tuesday")
    here = page.locator("[data-book]", has_text="Stands here now")
    card = page.locator(".turn:first-child .card", has=here)
    expect(card.locator("h3")).to_contain_text("9:30")
    expect(card.locator("[data-book]")).to_be_disabled()
    page.reload()
    expect(page.locator(".turn:first-child [data-book]:disabled")).to_have_text("Stands here now")
    page.get_by_role("button", name="Move here").first.click()
    page.get_by_role("link", name="Not now").click()
    expect(card).to_have_count(1)


def test_to_follow_names_the_case_before(house: Home, visit: Visit) -> None:
    """The heading of cards behind another case says which one in words, not by its id."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, "laparoscopic cholecystectomy to follow Dr. Nguyen's last case on Tuesday")
    heading = page.locator(".turn:first-child .offers > h2")
    expect(heading).to_contain_text("after Laparoscopic cholecystectomy (Dr. Nguyen, Tue, Mar")
    expect(page.locator(".turn:first-child")).not_to_contain_text("case-260310")
    assert "case-" not in heading.inner_text()


def test_an_auditor_is_answered_in_full(house: Home, visit: Visit) -> None:
    """Who may only look is offered to look, and an answer ends without a dropped connection."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("auditor"))
    expect(page.locator("#chat-title")).to_have_text("Ask about the schedule")
    page.get_by_role("button", name="What is on the schedule Tuesday?").click()
    expect(page.locator(".turn:first-child .answer")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".turn:first-child .answer")).to_contain_text("10 cases")
    expect(page.locator(".turn:first-child .banner")).to_have_count(0)


def test_a_refusal_keeps_the_way_on(house: Home, visit: Visit) -> None:
    """A page that isn't in one's role still has the pages that are; a fault of an address begins no tour."""
    page = visit(f"{house.address}/admin", **house.options("scheduler"))
    expect(page.locator("h1")).to_have_text("Not in your role")
    names = page.get_by_role("navigation", name="Pages").get_by_role("link")
    expect(names).to_have_text(["Schedule", "Worklist", "Why not", "Help"])
    page.context.clear_cookies(name="slotwright-tour")
    page.goto(f"{house.address}/?view=week")
    expect(page.locator("h1")).to_have_text("Something doesn't fit")
    expect(page.locator("#tour")).to_have_count(0)
