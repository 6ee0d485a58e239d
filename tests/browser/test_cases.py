"""What is done to a booked case or a block from the board: each ends at a confirm card, and can be undone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import focused, keyboard
from tests.browser.house import TUESDAY, Home, home
from tools.records import holds

Visit = Callable[..., Page]


@pytest.fixture
def house() -> Iterator[Home]:
    """The demo's book with its people, fresh for each test."""
    with home() as made:
        yield made


def board(house: Home, visit: Visit, who: str = "director", date: str = TUESDAY, **options: object) -> Page:
    """The board of a day as that person sees it."""
    return visit(f"{house.address}/?date={date}", **(house.options(who) | options))


def first_case(house: Home) -> str:
    """A case that stands on Tuesday, of Dr. Smith."""
    cases = house.desk("director").call("get_schedule", {"date_from": TUESDAY, "date_to": TUESDAY})["cases"]
    return str(next(each["id"] for each in cases if each["surgeon"] == "dr-smith"))


def status(house: Home, case: str) -> str:
    """How the case stands in the book."""
    return str(house.store.clinic().cases_by_id[case].status)


def hold(house: Home) -> str:
    """A slot that the director holds."""
    desk = house.desk("director")
    proposal = desk.call("propose", {"action": "hold", "offer": house.offer(), "minutes": 12})
    return str(desk.confirm(proposal["id"], "held-by-the-test")["case"]["id"])


def test_a_case_opens_from_the_board_and_escape_gives_the_focus_back(house: Home, visit: Visit) -> None:
    """Enter on a bar opens what it is, Escape returns to that very bar, and nothing has changed."""
    case = first_case(house)
    page = board(house, visit)
    page.locator(f'.bar[data-id="{case}"] .hit').focus()
    said = focused(page)
    keyboard(page, "Enter")
    expect(page.locator("h1")).to_contain_text(said.split(",")[0])
    page.wait_for_load_state()
    keyboard(page, "Escape")
    expect(page.locator(f'.bar[data-id="{case}"] .hit')).to_be_focused()
    assert status(house, case) == "booked"


def test_cancelling_shows_what_it_frees_and_can_be_undone(house: Home, visit: Visit) -> None:
    """The focus isn't on Confirm; confirming takes the case off the board; Undo puts it back."""
    case = first_case(house)
    page = board(house, visit)
    page.locator(f'.bar[data-id="{case}"] .hit').click()
    page.fill("#reason", "patient has a fever")
    page.get_by_role("button", name="Cancel the case").click()
    expect(page.locator("h1")).to_have_text("Confirm the cancellation")
    expect(page.locator(".touches")).to_contain_text("Frees")
    expect(page.locator(".touches")).to_contain_text("Tell the patient not to come in")
    expect(page.locator(".touches")).to_contain_text("Tell Dr. Smith, ")
    assert focused(page) != "Cancel the case"
    assert status(house, case) == "booked"
    page.get_by_role("button", name="Cancel the case").click()
    expect(page.locator("#booked")).to_contain_text("Cancelled: Knee")
    expect(page.locator(f'.bar[data-id="{case}"]')).to_have_count(0)
    assert status(house, case) == "cancelled"
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#booked")).to_contain_text("Undone")
    assert status(house, case) == "booked"
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_escape_on_a_confirm_card_changes_nothing(house: Home, visit: Visit) -> None:
    """From the confirm card Escape leads back to the case."""
    case = first_case(house)
    page = visit(f"{house.address}/case/{case}", **house.options("director"))
    page.get_by_role("button", name="Cancel the case").click()
    expect(page.locator("h1")).to_have_text("Confirm the cancellation")
    page.wait_for_load_state()
    keyboard(page, "Escape")
    expect(page).to_have_url(f"{house.address}/case/{case}")
    assert status(house, case) == "booked"


def test_a_case_moves_to_a_verified_time(house: Home, visit: Visit) -> None:
    """Other times are found for this case; the card names what it leaves and whom to tell; the board shows it there."""
    case = first_case(house)
    before = house.store.clinic().cases_by_id[case].start
    page = visit(f"{house.address}/case/{case}", **house.options("scheduler"))
    page.get_by_role("button", name="Find another time").click()
    page.get_by_role("button", name="Move here").first.click()
    expect(page.locator("h1")).to_have_text("Confirm the move")
    expect(page.locator(".touches")).to_contain_text("Tell the patient")
    assert focused(page) != "Move the case"
    page.get_by_role("button", name="Move the case").click()
    expect(page.locator("#booked")).to_contain_text("Moved: Knee")
    expect(page.locator(f'.bar[data-id="{case}"]')).to_have_count(1)
    assert house.store.clinic().cases_by_id[case].start != before


def test_a_case_that_fits_nowhere_else_leads_to_why_not(house: Home, visit: Visit) -> None:
    """A day without a time for it names the reason, and Why not opens with the same request filled in."""
    case = first_case(house)
    page = visit(f"{house.address}/case/{case}", **house.options("director"))
    page.fill("#date_from", "2026-03-11")
    page.fill("#date_to", "2026-03-11")
    page.get_by_role("button", name="Find another time").click()
    expect(page.locator("#places")).to_contain_text("There is no other time")
    page.get_by_role("link", name="See why not").click()
    expect(page.locator("#procedure")).to_have_value("knee-arthroscopy")
    expect(page.locator("#date_from")).to_have_value("2026-03-11")
    expect(page.locator("#reason")).to_be_visible()


def test_a_longer_case_is_checked_where_it_stands(house: Home, visit: Visit) -> None:
    """A length that fits is written; one that doesn't says which rule, and the case stays."""
    case = first_case(house)
    minutes = house.store.clinic().cases_by_id[case].minutes
    page = visit(f"{house.address}/case/{case}", **house.options("director"))
    page.fill("#duration", str(minutes - 5))
    page.get_by_role("button", name="Check the change").click()
    page.get_by_role("button", name="Change the case").click()
    expect(page.locator("#booked")).to_contain_text("Changed: Knee")
    assert house.store.clinic().cases_by_id[case].minutes == minutes - 5
    page.goto(f"{house.address}/case/{case}")
    page.fill("#duration", "1400")
    page.get_by_role("button", name="Check the change").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    assert house.store.clinic().cases_by_id[case].minutes == minutes - 5


def test_a_held_case_counts_down_and_is_booked(house: Home, visit: Visit) -> None:
    """Its page says until when and how long still; with patient and side it becomes a booking."""
    case = hold(house)
    page = board(house, visit)
    expect(page.locator(f'.bar.held[data-id="{case}"]')).to_have_count(1)
    assert "held until" in (page.locator(f'.bar[data-id="{case}"] .hit').get_attribute("aria-label") or "")
    page.locator(f'.bar[data-id="{case}"] .hit').click()
    expect(page.locator(".held-note")).to_contain_text(re.compile(r"Held until \d+:\d\d\sAM, 12 min left"))
    page.fill("#b-name", "Jane Sample")
    page.fill("#b-mrn", "T1000009")
    page.fill("#b-birth", "1970-01-01")
    page.check("[value=left]")
    page.get_by_role("button", name="Check and continue").click()
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.locator("#booked")).to_contain_text("Booked: Knee")
    assert status(house, case) == "booked"
    assert holds.hold_of(house.store, case) is None


def test_the_countdown_runs_and_ends(house: Home, visit: Visit) -> None:
    """The minutes left go down while the page is open, and the end is said; the browser's own clock doesn't matter."""
    case = hold(house)
    house.at += dt.timedelta(minutes=11, seconds=57)
    page = visit(f"{house.address}/case/{case}", **house.options("director"))
    expect(page.locator(".left")).to_have_text(", 1 min left")
    expect(page.locator(".left")).to_have_text(", the time is over: it is free again", timeout=8000)


def test_a_hold_is_released(house: Home, visit: Visit) -> None:
    """Release the hold, confirm: its time is free again."""
    case = hold(house)
    page = visit(f"{house.address}/case/{case}", **house.options("scheduler"))
    page.get_by_role("button", name="Release the hold").click()
    page.get_by_role("button", name="Cancel the case").click()
    expect(page.locator("#booked")).to_contain_text("Cancelled")
    assert status(house, case) == "cancelled"


def test_a_block_is_released_and_taken_back_from_the_board(house: Home, visit: Visit) -> None:
    """The block's bar leads to its page; released it leaves the board, whose foot leads to taking it back."""
    page = board(house, visit)
    bar = page.locator(".bar.block a").first
    address = bar.get_attribute("href") or ""
    bar.focus()
    keyboard(page, "Enter")
    page.get_by_role("button", name="Release the block").click()
    expect(page.locator("h1")).to_have_text("Confirm the release")
    page.get_by_role("button", name="Release the block").click()
    expect(page.locator("#booked")).to_contain_text("Released")
    expect(page.locator(f'.bar.block a[href="{address}"]')).to_have_count(0)
    page.locator(".released a").first.click()
    page.get_by_role("button", name="Take the block back").click()
    page.get_by_role("button", name="Reclaim the block").click()
    expect(page.locator("#booked")).to_contain_text("Reclaimed")
    expect(page.locator(f'.bar.block a[href="{address}"]')).to_have_count(1)


def test_who_may_not_change_is_offered_no_change(house: Home, visit: Visit) -> None:
    """An auditor sees the case without a button; a scheduler sees a block without Release."""
    case = first_case(house)
    page = visit(f"{house.address}/case/{case}", **house.options("auditor"))
    expect(page.locator("main button")).to_have_count(0)
    page = board(house, visit, "scheduler")
    page.locator(".bar.block a").first.click(force=True)
    expect(page.locator("main button")).to_have_count(0)


def test_it_works_without_javascript(house: Home, visit: Visit) -> None:
    """The bar is a link and every step a form: a case is cancelled with scripts off."""
    case = first_case(house)
    page = board(house, visit, java_script_enabled=False)
    page.locator(f'.bar[data-id="{case}"] a').click()
    page.get_by_role("button", name="Cancel the case").click()
    page.get_by_role("button", name="Cancel the case").click()
    expect(page.locator("#booked")).to_contain_text("Cancelled: Knee")
    assert status(house, case) == "cancelled"


@pytest.mark.parametrize("scripts", [True, False])
def test_what_the_conversation_finds_to_move_is_moved_not_booked(
    house: Home, visit: Visit, scripts: bool
) -> None:
    """Cards of a move lead to the confirm card of that move; nobody is asked for a patient."""
    case = first_case(house)
    page = visit(house.address, **house.options("scheduler"), java_script_enabled=scripts)
    page.fill("#text", f"move {case} to the next 14 days")
    page.click("#send")
    page.get_by_role("button", name="Move here").first.click()
    expect(page.locator("h1")).to_have_text("Confirm the move")
    expect(page.locator(".summary")).to_contain_text("Move Knee arthroscopy (Dr. Smith, Tue,")
