"""Clinic time in a browser that thinks it is in Tokyo, the hour that comes twice, and a clock of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ask
from tests.browser.house import TUESDAY, Home, home
from tests.web.cli.conftest import SMALL
from web.pages import PAGES

Visit = Callable[..., Page]
CASE = """\
  - {id: CASE, procedure: knee-arthroscopy, surgeon: dr-smith, room: or-1, start: 2026-11-01T01:30OFFSET,
     minutes: 30, anesthesia: local}
"""
TWICE = "".join(
    CASE.replace("CASE", name).replace("OFFSET", offset)
    for name, offset in (("first", "-04:00"), ("second", "-05:00"))
)
NIGHT = (
    SMALL.replace("hours: {tue", 'hours: {sun: "00:00-08:00", tue')
    .replace("shifts: {tue", 'shifts: {sun: "00:00-08:00", tue')
    .replace("patients:\n", f"{TWICE}patients:\n")
)  # fmt: skip
"""The small clinic on the Sunday when the clocks go back, with a case in each of the two hours from 1 to 2."""


@pytest.fixture(scope="module")
def house() -> Iterator[Home]:
    """The demo's clinic, with a flooded room."""
    with home() as made:
        made.flood()
        yield made


def plain(text: str | None) -> str:
    """A text whose spaces are all of one kind."""
    return " ".join((text or "").replace("\u00a0", " ").split())


@pytest.mark.parametrize("address", [address for address, _, _ in PAGES])
def test_every_page_names_the_clinics_zone(house: Home, visit: Visit, address: str) -> None:
    """In Tokyo the header of each page says whose time it shows."""
    who = "auditor" if address == "/audit" else "director"
    page = visit(house.address + address, **house.options(who))
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Tokyo"
    assert "All times Eastern Time (E" in plain(page.inner_text(".zone"))


def test_the_worklist_is_in_clinic_time(house: Home, visit: Visit) -> None:
    """When the case is, and since when it is flagged, as the clinic's wall clock shows it."""
    page = visit(f"{house.address}/worklist", **house.options("director"))
    said = plain(page.inner_text("#main"))
    assert "Tuesday, March 10, 7:30 AM to 8:25 AM, OR 1" in said
    assert "Since Thu, Mar 5, 9:00 AM" in said


def test_the_hour_that_comes_twice_names_its_zone(visit: Visit) -> None:
    """Two cases at 1:30 in the night when the clocks go back: one EDT, one EST, on either clock."""
    with home(NIGHT) as house:
        page = visit(f"{house.address}/?date=2026-11-01", **house.options("scheduler"))
        labels = plain(str([bar.get_attribute("aria-label") for bar in page.locator(".bar .hit").all()]))
        assert "1:30 AM EDT" in labels.replace("\\xa0", " ")
        assert "1:30 AM EST" in labels.replace("\\xa0", " ")
        page.click("text=24-hour clock")
        expect(page.locator(".zone")).to_contain_text("Eastern Time")
        labels = plain(str([bar.get_attribute("aria-label") for bar in page.locator(".bar .hit").all()]))
        assert "01:30 EDT" in labels.replace("\\xa0", " ")
        assert "01:30 EST" in labels.replace("\\xa0", " ")


def test_a_person_chooses_the_clock_and_keeps_it(house: Home, visit: Visit) -> None:
    """One click: board, cards, rule sentences and reports tell 24 hours, on the same page and on every other."""
    page = visit(f"{house.address}/?date={TUESDAY}", **house.options("director"))
    expect(page.locator(".hours span").first).to_have_text("7\u00a0AM")
    page.click("text=24-hour clock")
    expect(page).to_have_url(f"{house.address}/?date={TUESDAY}")
    expect(page.locator(".hours span").first).to_have_text("07:00")
    ask(page, "Dr. Smith, knee scope, next Tuesday")
    times = plain(page.locator(".card h3").first.inner_text())
    assert "AM" not in times
    assert ":" in times
    page.goto(f"{house.address}/worklist")
    assert "07:00 to 09:00" in plain(page.inner_text("#main"))
    page.goto(f"{house.address}/reports?from={TUESDAY}")
    assert " AM" not in plain(page.inner_text("#main"))
    page.click("text=12-hour clock")
    assert "7:30 AM" in plain(page.inner_text("#main"))


def test_the_clock_is_one_persons_alone(house: Home, visit: Visit) -> None:
    """Another browser goes on with the clinic's own clock."""
    mine = visit(house.address, **house.options("scheduler"))
    mine.click("text=24-hour clock")
    other = visit(house.address, **house.options("director"))
    expect(other.locator(".clock")).to_have_text("24-hour clock")
    expect(mine.locator(".clock")).to_have_text("12-hour clock")
