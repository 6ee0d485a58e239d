"""A real Chromium in a Tokyo clock, against a served page. Run the browser tests with `-m browser`."""

from __future__ import annotations

import os
import shutil
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.golden import GoldenDesk
from web.app import create_app
from web.desk import Desk, Settings
from web.serve import listen

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 320, "height": 720}
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => {
  window.violations.push(`${e.violatedDirective} ${e.sample}`);
});
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a browser test; without a browser it is skipped loudly, in CI it fails."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.browser)
    if here and CHROMIUM is None and not os.environ.get("CI"):
        said = f"NO CHROMIUM: {len(here)} browser tests are skipped. Maybe: apt-get install chromium"
        warnings.warn(pytest.PytestWarning(said), stacklevel=1)
        for item in here:
            item.add_marker(pytest.mark.skip(reason=said))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium; Playwright's own is never downloaded."""
    assert CHROMIUM, "There is no Chromium, and CI may not skip. Maybe: apt-get install chromium"
    return {"executable_path": CHROMIUM, "args": FLAGS}


class Served:
    """An application on a free loopback port, in a thread."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.socket = listen("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        app = create_app(desk, Settings(demo=True))
        config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self.socket]}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(10)
        self.socket.close()


@pytest.fixture
def golden() -> Iterator[Served]:
    """The golden desk, served."""
    served = Served(GoldenDesk())
    yield served
    served.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens an address in a context of its own; at the end no page may have met a policy violation or a fault."""
    opened: list[tuple[BrowserContext, Page, list[str]]] = []

    def open_(address: str, **options: Any) -> Page:
        context = browser.new_context(
            timezone_id="Asia/Tokyo", locale="en-GB", **{"viewport": DESK, **options}
        )
        context.add_init_script(WATCH)
        page, faults = context.new_page(), []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        opened.append((context, page, faults))
        return page

    yield open_
    seen = [(faults, page.evaluate("window.violations ?? []")) for _, page, faults in opened]
    for context, _, _ in opened:
        context.close()
    assert seen == [([], [])] * len(opened)


def axe(page: Page) -> list[str]:
    """Rules of WCAG that the page breaks, by axe-core, with the elements."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


def ask(page: Page, text: str) -> None:
    """Send a request and wait for the end of its answer."""
    page.fill("#text", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn:first-child .answer[aria-busy=false]", state="attached")


def keyboard(page: Page, *keys: str) -> None:
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    """The accessible text of what has the focus."""
    said = page.evaluate(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
    )
    return str(said).replace("\u00a0", " ")
