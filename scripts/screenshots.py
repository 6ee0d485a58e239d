"""Pictures of the pages Schedule and Why not, made from the demo clinic as it stands on a fixed morning.

Usage: .venv/bin/python scripts/screenshots.py [FOLDER]

Without a folder it writes docs/schedule.png and docs/why-not.png; with one, every state in light, dark and phone width.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.browser.conftest import CHROMIUM, FLAGS, Served, ask  # noqa: E402
from tools.records.demo import demo_clinic  # noqa: E402
from tools.records.store import Store  # noqa: E402
from web.serve import desk_of  # noqa: E402

NOW = dt.datetime(2026, 3, 5, 9, 0, tzinfo=ZoneInfo("America/New_York"))
FOUND = "Dr. Smith, knee scope, next Tuesday"
REFUSED = "Dr. Smith knee scope in OR 2 on Tuesday at 10"
WHY_NOT = "/why-not?procedure=knee-arthroscopy&surgeon=dr-smith&date_from=2026-03-11&date_to=2026-03-13"
"""An ordinary week: on Wednesday and Friday he doesn't operate, on Thursday the only room with a tower is a block."""
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def main() -> None:
    """Serve the demo on a free port, take the pictures, stop."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    store = Store.memory(demo_clinic(NOW.date()))
    desk = desk_of(store, lambda: NOW)
    if desk is None:
        raise SystemExit("The demo did not sign in by itself.")
    served = Served(desk)
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            if folder is None:
                page = page_of(browser, served, "desk", "light")
                answered(page, FOUND)
                page.screenshot(path=ROOT / "docs" / "schedule.png")
                asked = page_of(browser, served, "desk", "light", WHY_NOT)
                asked.screenshot(path=ROOT / "docs" / "why-not.png", full_page=True)
            else:
                everything(browser, served, folder)
            browser.close()
    finally:
        served.close()
        store.close()


def everything(browser: Browser, served: Served, folder: Path) -> None:
    """Start, answer, refusal, dialog and confirm card: each in light and dark, at the desk and on a phone."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        for scheme in ("light", "dark"):
            page = page_of(browser, served, size, scheme)
            for state, draw in STATES.items():
                draw(page)
                whole = size == "phone" and not page.locator("#booking").is_visible()
                page.screenshot(path=folder / f"{state}-{size}-{scheme}.png", full_page=whole)


def page_of(
    browser: Browser, served: Served, size: str, scheme: str, address: str = "/?date=2026-03-10"
) -> Page:
    """A fresh page of a size and a colour scheme, in a browser that thinks it is in Tokyo."""
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, timezone_id="Asia/Tokyo")  # type: ignore[arg-type]
    context.add_cookies([{"name": "slotwright-tour", "value": "off", "url": served.address}])
    page = context.new_page()
    page.goto(f"{served.address}{address}")
    return page


def answered(page: Page, text: str) -> None:
    """Ask, and put the focus on the first card so that its ghost is marked."""
    ask(page, text)
    page.locator(".turn:first-child [data-book]").first.focus()
    page.wait_for_selector(".ghost.on", state="attached")
    page.mouse.move(0, 0)
    page.wait_for_timeout(300)  # the mark fades in


def dialog(page: Page) -> None:
    """The patient's form of the first offer, filled in."""
    answered(page, FOUND)
    page.locator(".turn:first-child [data-book]").first.click()
    for field, value in (("name", "Test Patient"), ("mrn", "Z0000001"), ("birth", "1970-01-01")):
        page.fill(f"#p-{field}", value)
    page.check("#patient [value=left]")


def confirming(page: Page) -> None:
    """The confirm card."""
    page.locator("#patient .primary").click()
    page.wait_for_selector("#confirming:not([hidden])")


STATES = {
    "start": lambda _page: None,
    "refused": lambda page: answered(page, REFUSED),
    "found": lambda page: answered(page, FOUND),
    "patient": dialog,
    "confirm": confirming,
}

if __name__ == "__main__":
    main()
