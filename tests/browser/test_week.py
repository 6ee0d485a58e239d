"""The week, rooms by days, at 3 and at 40 rooms; and the day's sheets on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from evals.bench.clinics import SIZES, clinic_of
from tests.browser.conftest import PHONE, Served, ask, axe
from tests.browser.house import TUESDAY, Home, home
from tools.clinic_file.build import Loaded
from tools.clinic_file.export import exported
from tools.context import Context
from tools.records.store import Store
from web.serve import DEMO_DIRECTOR, StoreDesk

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def house() -> Iterator[Home]:
    """The demo's book with its people."""
    with home() as made:
        yield made


@pytest.fixture(scope="module")
def large() -> Iterator[Served]:
    """A clinic of 40 rooms, booked to 70 %."""
    store = Store.memory(exported(Loaded(clinic_of(SIZES["L"], 1))))
    now = dt.datetime(2026, 3, 2, 14, tzinfo=dt.UTC)
    served = Served(StoreDesk(Context(store, DEMO_DIRECTOR, lambda: now)))
    yield served
    served.close()
    store.close()


def test_the_week_leads_to_its_days(house: Home, visit: Visit) -> None:
    """From the board to its week; a cell tells cases and free time and leads to that day's board."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    page.get_by_role("link", name="Week", exact=True).click()
    expect(page.locator(".week tbody tr")).to_have_count(3)
    cell = page.locator(f'.week td a[href="/?date={TUESDAY}"]').first
    expect(cell).to_contain_text("free")
    expect(cell).to_contain_text("case")
    cell.click()
    expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")


def test_the_links_follow_the_day_of_the_board(house: Home, visit: Visit) -> None:
    """Turning the board's day turns what Week and Print lead to."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    page.click("#next")
    expect(page.locator("[data-day='/print']")).to_have_attribute("href", "/print?date=2026-03-11")


def test_offers_stand_in_the_week_too(house: Home, visit: Visit) -> None:
    """From an answer to its week: offers stand in their room's day with their ranks, and the way back has them."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("scheduler"))
    ask(page, "Dr. Smith, knee scope, next Tuesday")
    expect(page.locator(".bar.ghost")).to_have_count(page.locator(".card").count())
    ranks = page.eval_on_selector_all(".card .rank", "all => all.map(n => n.textContent).join(', ')")
    page.get_by_role("link", name="Week", exact=True).click()
    expect(page.locator(".week span.offered .rank")).to_have_text(ranks)
    expect(page.locator(".week path.offered")).to_have_count(1)
    expect(page.locator(".zone")).to_contain_text("EDT")
    assert axe(page) == []
    page.get_by_role("link", name="Back to the day").click()
    expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")
    expect(page.locator(".card").first).to_be_visible()


def test_forty_rooms_have_a_week_and_a_day(large: Served, visit: Visit) -> None:
    """Drawn whole without a barrier, on a phone too; the hours stay in view over the rooms and cover no focus."""
    page = visit(f"{large.address}/week?date=2026-03-04")
    expect(page.locator(".week tbody tr")).to_have_count(40)
    expect(page.locator(".week td")).to_have_count(280)
    heights = page.eval_on_selector_all(".week tbody tr", "rows => rows.map(row => row.offsetHeight)")
    assert max(heights) <= 64  # a dozen rooms or more to a screen
    assert axe(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page = visit(f"{large.address}/?date=2026-03-04")
    expect(page.locator("#day tbody tr")).to_have_count(40)
    assert page.locator(".bar.case").count() > 100
    page.eval_on_selector(".board .scroll", "box => box.scrollTop = box.scrollHeight")
    expect(page.locator(".hours span").first).to_be_in_viewport()
    expect(page.locator("#day tbody tr").last).to_be_in_viewport()
    page.locator("#day tbody tr").nth(4).locator(".hit").first.focus()
    covered = """hit => hit.getBoundingClientRect().top
        - document.querySelector(".board thead th").getBoundingClientRect().bottom"""
    assert page.locator("#day tbody tr").nth(4).locator(".hit").first.evaluate(covered) >= 0


def test_the_day_sheet_prints_one_landscape_page_a_room(house: Home, visit: Visit) -> None:
    """On paper each room begins a page of its own, says as of when, and shows no navigation."""
    page = visit(f"{house.address}/print?date={TUESDAY}", **house.options("scheduler"))
    rooms = page.locator(".room-day").count()
    assert rooms == 3
    assert page.locator(".room-day .as-of").count() == rooms
    expect(page.locator(".room-day").first).to_contain_text("7:30")
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".room-day .as-of").first).to_be_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert (
        paper.count(b"/Type /Page\n") == rooms
        or paper.count(b"/Type /Page") - paper.count(b"/Type /Pages") == rooms
    )
    box = paper.split(b"/MediaBox [")[1].split(b"]")[0].split()
    assert float(box[2]) > float(box[3])
