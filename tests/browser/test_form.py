"""The request as a form, and the way from a refusal to the page that draws it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from assistant.events import Event
from tests.browser.conftest import PHONE, Served, ask, axe, focused
from tests.browser.house import TUESDAY, Home, home
from web.serve import StoreDesk

Visit = Callable[..., Page]


@pytest.fixture
def house() -> Iterator[Home]:
    """The demo's book with its people."""
    with home() as made:
        yield made


def fill(page: Page, day: str = TUESDAY, **more: str) -> None:
    """Ask for Dr. Smith's knee on a day by the form, and send it."""
    page.get_by_text("Fill in a form instead").click()
    page.select_option("#f-procedure", "knee-arthroscopy")
    page.select_option("#f-surgeon", "dr-smith")
    page.fill("#f-date_from", day)
    page.fill("#f-date_to", day)
    if more:
        page.get_by_text("More: room").click()
    for name, value in more.items():
        field = page.locator(f"#f-{name}")
        field.select_option(value) if name in ("room", "override") else field.fill(value)
    page.get_by_role("button", name="Find times").click()
    page.wait_for_selector(".turn")


def test_the_form_finds_and_books(house: Home, visit: Visit) -> None:
    """Its answer is cards like any other: ghosts are drawn, focus marks one, Book leads to a case in the book."""
    page = visit(house.address, **house.options("scheduler"))
    fill(page)
    expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")
    expect(page.locator(".said")).to_contain_text("Knee arthroscopy, Dr. Smith")
    expect(page.locator(".bar.ghost").nth(1)).to_be_attached()
    page.locator("[data-book]").nth(1).focus()
    expect(page.locator(".bar.ghost.on")).to_have_count(1)
    page.locator("[data-book]").first.click()
    page.fill("#p-name", "Jane Sample")
    page.fill("#p-mrn", "T1000001")
    page.fill("#p-birth", "1970-01-01")
    page.check("#patient [value=left]")
    page.locator("#patient .primary").click()
    page.locator("#confirming:not([hidden]) .primary").click()
    expect(page.locator("#booked")).to_contain_text("Booked: Knee")
    expect(page.locator("#booked .undo")).to_have_count(1)


def test_every_field_narrows(house: Home, visit: Visit) -> None:
    """Wheels-in bounds and a length reach the search, and the form keeps what was filled in."""
    page = visit(house.address, **house.options("scheduler"))
    fill(page, start_from="11:00", end_by="16:00", duration_minutes="75")
    expect(page.locator(".card .case-line h3").first).to_be_visible()
    hours = page.locator(".card .case-line h3").all_inner_texts()
    assert all("PM" in text or "11:" in text for text in hours)
    expect(page.locator("#f-duration_minutes")).to_have_value("75")
    expect(page.locator("#f-start_from")).to_have_value("11:00")


def test_a_refusal_leads_to_why_not_with_the_request(house: Home, visit: Visit) -> None:
    """From the form and from the conversation alike; Why not shows the reason of the same request."""
    page = visit(house.address, **house.options("scheduler"))
    fill(page, "2026-03-11")
    expect(page.locator(".why")).to_contain_text("Tuesdays and Thursdays")
    page.get_by_role("link", name="See why not").click()
    expect(page.locator("#date_from")).to_have_value("2026-03-11")
    expect(page.locator("#surgeon")).to_have_value("dr-smith")
    expect(page.locator("#reason")).to_be_visible()
    page.goto(house.address)
    ask(page, "Dr. Smith knee scope in OR 2 on Tuesday at 10")
    page.get_by_role("link", name="See why not").click()
    expect(page.locator("#room")).to_have_value("or-2")
    expect(page.locator("#reason")).to_be_visible()


def test_a_rule_is_set_aside_by_who_may_and_with_a_reason(house: Home, visit: Visit) -> None:
    """A scheduler is offered no rule; a director is, and without a reason nothing is searched."""
    page = visit(house.address, **house.options("scheduler"))
    expect(page.locator("#f-override")).to_have_count(0)
    page = visit(house.address, **house.options("director"))
    fill(page, "2026-03-11", override="surgeon-days")
    expect(page.locator(".turn .banner")).to_contain_text("Why the rule is set aside is missing")
    page.fill("#f-override_reason", "agreed with Dr. Smith")
    page.get_by_role("button", name="Find times").click()
    expect(page.locator(".turn:first-child :is(.card, .why)").first).to_be_visible()
    expect(page.locator(".turn:first-child .banner.bad")).to_have_count(0)


def test_an_infected_patient_is_asked_for_without_a_word(house: Home, visit: Visit) -> None:
    """MRSA, ASA and weight are fields of the form and reach the search; the address never holds them."""
    page = visit(house.address, **house.options("scheduler"))
    page.get_by_text("Fill in a form instead").click()
    form = page.locator("#fields")
    form.get_by_text("Clinical facts").click()
    form.get_by_label("MRSA").check()
    form.get_by_label("ASA class").select_option("3")
    form.get_by_label("Weight, kg").fill("92.5")
    page.select_option("#f-procedure", "knee-arthroscopy")
    page.fill("#f-date_from", TUESDAY)
    page.fill("#f-date_to", TUESDAY)
    with page.expect_request("**/find") as asked:
        page.get_by_role("button", name="Find times").click()
    assert all(part in (asked.value.post_data or "") for part in ("flags=mrsa", "asa=3", "weight_kg=92.5"))
    page.wait_for_selector(".card")
    unchecked = page.locator(".card .unchecked").first.inner_text()
    assert "ASA" not in unchecked
    assert "weight" not in unchecked
    assert "mrsa" not in page.url.lower()


def test_a_case_to_follow_is_found_behind_its_case(house: Home, visit: Visit) -> None:
    """From a case's page the form opens with it; every slot found stands behind it in its room."""
    desk = house.desk("director")
    cases = desk.call("get_schedule", {"date_from": TUESDAY, "date_to": TUESDAY})["cases"]
    last = [each for each in cases if each["surgeon"] == "dr-smith"][-1]
    page = visit(f"{house.address}/case/{last['id']}", **house.options("scheduler"))
    page.get_by_role("link", name="Book a case to follow").click()
    expect(page.locator(".after")).to_contain_text("To follow: Knee arthroscopy, Dr. Smith")
    page.select_option("#f-procedure", "knee-arthroscopy")
    page.get_by_role("button", name="Find times").click()
    page.wait_for_selector(".card")
    expect(page.locator(".said").first).to_contain_text("to follow Knee arthroscopy")
    for ghost in page.eval_on_selector_all(".card", "all => all.map(n => n.dataset.ghosts.split('~'))"):
        assert (ghost[2], ghost[3] >= last["end"]) == (last["room"], True)


def test_from_the_form_the_way_to_a_card_is_as_short(house: Home, visit: Visit) -> None:
    """After the answer Tab leads to its first card: at most 6 keystrokes to the dialog; the typed text stays."""
    page = visit(house.address, **house.options("scheduler"))
    page.fill("#text", "half a request")
    fill(page)
    page.wait_for_selector(".card")
    expect(page.locator(".turn summary").first).to_be_focused()
    pressed = 0
    while not focused(page).startswith("Book offer 1"):
        page.keyboard.press("Tab")
        pressed += 1
        assert pressed < 6
    page.keyboard.press("Enter")
    expect(page.locator("#booking")).to_be_visible()
    expect(page.locator("#text")).to_have_value("half a request")


def test_facts_of_the_patient_are_given_at_booking(house: Home, visit: Visit) -> None:
    """ASA, weight and BMI typed in the dialog are checked: the confirm card misses them no more."""
    page = visit(house.address, **house.options("scheduler"))
    ask(page, "Dr. Smith, knee scope, next Tuesday")
    page.locator("[data-book]").first.click()
    page.fill("#p-name", "Jane Sample")
    page.fill("#p-mrn", "T1000001")
    page.fill("#p-birth", "1970-01-01")
    page.check("#patient [value=left]")
    page.locator("#patient").get_by_text("Clinical facts").click()
    page.select_option("#p-asa", "2")
    page.fill("#p-weight", "80")
    page.fill("#p-bmi", "27.5")
    page.locator("#patient").get_by_label("None of these").check()
    page.locator("#patient .primary").click()
    page.wait_for_selector("#confirming:not([hidden])")
    expect(page.locator("#confirming .unchecked")).to_have_count(0)
    page.keyboard.press("Escape")
    page.locator("[data-book]").first.click()
    assert page.input_value("#p-name") == ""


@dataclass(frozen=True)
class Speechless(StoreDesk):
    """A desk whose conversation is down altogether."""

    async def turn(self, text: str, conversation: str | None) -> AsyncIterator[Event]:
        """Nothing answers."""
        raise ConnectionError(text)
        yield  # never reached; without it this would be no generator


def test_with_the_model_down_and_without_scripts_it_still_finds(house: Home, visit: Visit) -> None:
    """The conversation says that it is away; the form finds and leads on to booking, even with scripts off."""
    served = Served(Speechless(house.ctx("director")))
    try:
        page = visit(served.address)
        ask(page, "Dr. Smith, knee scope, next Tuesday")
        expect(page.locator(".turn .banner")).to_contain_text("Nothing was booked")
        fill(page)
        page.wait_for_selector(".card")
        assert page.locator(".card").count() >= 2
        plain = visit(served.address, java_script_enabled=False)
        fill(plain)
        plain.locator("[data-book]").first.click()
        expect(plain.locator("h1")).to_have_text("Book this slot")
    finally:
        served.close()


def test_the_open_form_has_no_barrier(house: Home, visit: Visit) -> None:
    """Open and answered, on a phone too: no WCAG rule broken, nothing scrolls sideways."""
    page = visit(house.address, **house.options("director"))
    fill(page, start_from="08:00")
    assert axe(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
