"""Why not and Reports in a real Chromium: no barrier in light, dark or at 320 px, and no violation of the policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, Served, axe
from tools.context import Context
from tools.records.demo import demo_clinic
from tools.records.store import Store
from web.serve import DEMO_DIRECTOR, StoreDesk

PAGES = (
    "/why-not",
    "/why-not?procedure=knee-arthroscopy&surgeon=dr-smith&date_from=2026-03-11&date_to=2026-03-12",
    "/why-not?procedure=nothing&date_from=2026-03-11",
    "/reports?from=2026-03-10",
)


@pytest.fixture(scope="module")
def demo() -> Iterator[Served]:
    """The demo clinic on March 5, served."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    now = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
    served = Served(StoreDesk(Context(store, DEMO_DIRECTOR, lambda: now)))
    yield served
    served.close()
    store.close()


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (DESK, "dark"), (PHONE, "light")])
def test_no_barrier_and_no_sideways_scroll(
    demo: Served, visit: Callable[..., Page], address: str, viewport: Any, scheme: str
) -> None:
    """axe finds nothing, and the page is as wide as its window."""
    page = visit(demo.address + address, viewport=viewport, color_scheme=scheme)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_a_way_out_is_tried_with_the_keyboard(demo: Served, visit: Callable[..., Page]) -> None:
    """From the first Try it: Enter shows before and after, in the clinic's own time though the browser is in Tokyo."""
    page = visit(demo.address + PAGES[1])
    page.get_by_role("button", name="Try it").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#tried")
    assert "With the change" in page.inner_text("#tried")
    assert "Eastern Time" in page.inner_text("header")


def test_reports_on_a_phone_waste_no_screen(demo: Served, visit: Callable[..., Page]) -> None:
    """No row of a report is squeezed until it is taller than a third of the window."""
    page = visit(demo.address + "/reports?from=2026-03-10", viewport={"width": 390, "height": 844})
    heights = page.eval_on_selector_all("tbody tr", "rows => rows.map(row => row.offsetHeight)")
    assert max(heights) < 844 / 3
