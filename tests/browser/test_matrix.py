"""Every page in every look: light, dark, a phone's 320 px, forced colours; with dialogs open and with errors shown.

Pages are found in the application's routes, so that a new one can't stay out. Pictures go to test-results/pages/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, ask, axe
from tests.browser.house import TUESDAY, Home, home
from tests.web.signed import PAGE, House
from tests.web.test_signin import _all
from tools.accounts import people
from web.pages import PAGES

PICTURES = Path(__file__).parents[2] / "test-results" / "pages"
LOOKS: dict[str, tuple[dict[str, int], dict[str, Any]]] = {
    "light": (DESK, {"color_scheme": "light", "forced_colors": "none"}),
    "dark": (DESK, {"color_scheme": "dark", "forced_colors": "none"}),
    "phone": (PHONE, {"color_scheme": "light", "forced_colors": "none"}),
    "phone-dark": (PHONE, {"color_scheme": "dark", "forced_colors": "none"}),
    "forced": (DESK, {"color_scheme": "light", "forced_colors": "active"}),
}
READERS = ("director", "root", "auditor", "scheduler")
SMALL_TARGETS = """
() => [...document.querySelectorAll("button, .button, input, select, textarea, summary, nav a, .signed a, .plain > li > a")]
  .filter((node) => node.checkVisibility() && !node.closest(".skip, .vh, [aria-hidden=true]") && !node.matches("[type=hidden], .vh"))
  .map((node) => [(node.closest("label") ?? node).getBoundingClientRect(), node.outerHTML.slice(0, 100)])
  .filter(([box]) => box.width && (box.width < 24 || box.height < 24) && !(box.right < 0 || box.bottom < 0))
  .map(([box, html]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)
"""  # noqa: E501
ASKED = "procedure=knee-arthroscopy&surgeon=dr-smith"
Visit = Callable[..., Page]


def gets() -> list[str]:
    """The paths that a browser can open: every GET route that isn't the program's interface."""
    paths = {route.path for route in _all(list(House().app.routes)) if "GET" in (route.methods or ())}
    return sorted(
        path for path in paths if not path.startswith(("/api/", "/healthz", "/openapi", "/sign-in/"))
    )


@pytest.fixture(scope="module")
def house() -> Iterator[Home]:
    """The served clinic, with a flooded room on its worklist."""
    with home() as made:
        made.flood()
        yield made


SAMPLES = {
    "case": "case-260310-01", "block": "patel-tue", "room": "or-1", "date": TUESDAY, "day": TUESDAY, "week": TUESDAY,
    "kind": "rooms", "id": "or-1", "record": "or-1", "rule": "turnover", "name": "room-use",
}  # fmt: skip
"""Something that is there for each parameter of a path."""
BELOW = {
    "case": {"id": "case-260310-01"},
    "block": {"id": "patel-tue"},
    "logic": {"id": "turnover", "record": "turnover"},
}
"""What the same name means under one part of the site."""


def address_of(house: Home, path: str) -> str:
    """The path with something that is there for each of its parameters, and the query that it can't do without."""
    samples = SAMPLES | BELOW.get(path.split("/")[1], {})
    unknown = set(re.findall(r"{(\w+)", path)) - set(samples) - {"proposal"}
    assert not unknown, f"{path} needs {unknown}: give this test a sample, so that the page is looked at too"
    waiting = {"proposal": house.proposal()} if "{proposal}" in path else {}
    filled = re.sub(r"{(\w+)[^}]*}", lambda found: (samples | waiting)[found[1]], path)
    if path == "/book":
        return f"/book?offer={house.offer()}"
    if path == "/welcome":
        token = people.added(
            house.admin, f"new-{house.store.revision()}-{id(path)}", "New Person", "scheduler"
        )
        return f"/welcome?token={token}"
    return filled


def reader_of(house: Home, address: str) -> str | None:
    """Somebody who may see the page; None where it is no page, but a file or a way on."""
    if address.startswith(("/sign-in", "/welcome")):
        return ""
    seen = {}
    for name in READERS:
        answer = house.signed_in(name).get(address, headers=PAGE)
        seen[name] = answer.status_code
        if answer.is_redirect or (answer.status_code == 200 and "html" not in answer.headers["content-type"]):
            return None
        if answer.status_code == 200:
            return name
    raise AssertionError(f"nobody can see {address}: {seen}")


def look(page: Page, name: str) -> list[str]:
    """What is wrong with a page in any look, after taking its picture in each."""
    faults = []
    PICTURES.mkdir(parents=True, exist_ok=True)
    for each, (size, media) in LOOKS.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(**media)
        page.wait_for_timeout(150)
        page.screenshot(path=PICTURES / f"{name}-{each}.png", full_page=True)
        faults += [f"{each}: {fault}" for fault in axe(page)]
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{each}: {wide} px wide"] * (wide > size["width"])
        faults += [f"{each}: small target {target}" for target in page.evaluate(SMALL_TARGETS)]
    return faults


def shown(path: str) -> str:
    """A file's name for a path."""
    return re.sub(r"\W+", "-", path).strip("-") or "schedule"


def test_the_matrix_has_every_page_of_the_navigation() -> None:
    """The routes found include all pages of the top line, sign-in and the forms of booking."""
    assert {address for address, _, _ in PAGES} | {"/sign-in", "/book", "/proposals/{proposal}"} <= set(
        gets()
    )


@pytest.mark.parametrize("path", gets())
def test_a_page_has_no_barrier_in_any_look(house: Home, visit: Visit, path: str) -> None:
    """axe finds nothing, nothing scrolls sideways, every target has 24 px, and the policy isn't violated."""
    address = address_of(house, path)
    name = reader_of(house, address)
    if name is None:
        return
    page = visit(house.address + address, **(house.options(name) if name else {}))
    assert page.locator("main h1").count() == 1
    assert look(page, shown(path)) == []


def _answered(page: Page) -> None:
    ask(page, "Dr. Smith, knee scope, next Tuesday")


def _refused(page: Page) -> None:
    ask(page, "Dr. Smith knee scope in OR 2 on Tuesday at 10")


def _booking(page: Page) -> None:
    _answered(page)
    page.locator(".card:not(.gone) [data-book]").first.click()
    page.wait_for_selector("#booking[open]")


def _confirming(page: Page) -> None:
    _answered(page)
    page.locator(".card:not(.gone) [data-hold]").first.click()
    page.wait_for_selector("#booking[open]")


def _idle(page: Page) -> None:
    page.evaluate("document.getElementById('idle').showModal()")


def _noting(page: Page) -> None:
    page.locator(".entry summary").first.click()


def _wrong(page: Page) -> None:
    page.fill("#name", "nobody")
    page.fill("#password", "not the one")
    page.click("form .primary")
    page.wait_for_selector("[role=alert]")


def _unasked(page: Page) -> None:
    """Send a form without what it asks for, as a browser would that checks nothing."""
    page.evaluate("for (const node of document.querySelectorAll('[required]')) node.required = false")
    page.click("main form .primary")
    page.wait_for_selector("main [role=alert]")


def _taken(page: Page) -> None:
    page.click("main form .primary")
    page.wait_for_selector("main .card")


def _again(page: Page) -> None:
    page.fill("#user", "root")
    page.fill("#name", "Rita Again")
    page.click("button:text-is('Add')")
    page.wait_for_selector("[role=alert]")


def _no_note(page: Page) -> None:
    _noting(page)
    page.fill(".entry input", "  ")
    page.click(".entry button")
    page.wait_for_selector("[role=alert]")


def _stale(house: Home) -> str:
    """A booking that waits, whose slot somebody else takes."""
    mine, other = house.proposal(), house.proposal("T1000002")
    house.desk("director").confirm(other, "another-persons-key")
    return f"/proposals/{mine}"


def _broken(page: Page) -> None:
    """A policy that breaks bookings, before it is saved."""
    page.fill("#f-hours-tue", "12:00-17:00")
    page.fill("#reason", "staffing")
    page.click(".primary:text('See what it breaks')")
    page.wait_for_selector("#breaks")


def _no_hours(page: Page) -> None:
    page.fill("#f-hours-tue", "noonish")
    page.fill("#reason", "staffing")
    page.click(".primary:text('See what it breaks')")
    page.wait_for_selector("[role=alert]")


def _approved(page: Page) -> None:
    """The logic map after it was approved, or with what says that it was already."""
    if page.locator(".approve").count():
        page.fill("#note", "Read with the board")
        page.click(".approve .primary")
        page.wait_for_selector("[role=status]")


def _verified(page: Page) -> None:
    page.click("button:text('Verify the trail')")
    page.wait_for_selector(".anchor")


def _no_anchor(page: Page) -> None:
    page.click("summary")
    page.fill("#a-audit", "my notes")
    page.click("button:text('Verify the trail')")
    page.wait_for_selector("[role=alert]")


def _pasted(page: Page) -> None:
    """A spreadsheet with faults, tried dry."""
    page.select_option("#kind", "rooms")
    page.fill("#text", "id,name,hours,days\nor-9,,25:00-99:00,tue\n")
    page.click("button:text('Try it, store nothing')")
    page.wait_for_selector("#result")


def _tried_it(page: Page) -> None:
    page.locator("button:text-is('Try it')").first.click()
    page.wait_for_selector("#tried")
    page.locator(".own summary").click()


Where = str | Callable[[Home], str]
STATES: dict[str, tuple[Where, str, Callable[[Page], None] | None]] = {
    "schedule-tour": ("/?tour=1", "director", None),
    "schedule-answered": (f"/?date={TUESDAY}", "director", _answered),
    "schedule-refused": ("/", "director", _refused),
    "schedule-list": (f"/?date={TUESDAY}&view=list", "director", None),
    "schedule-booking-dialog": ("/", "director", _booking),
    "schedule-confirm-dialog": ("/", "director", _confirming),
    "schedule-idle-dialog": ("/", "scheduler", _idle),
    "why-not-answered": (f"/why-not?{ASKED}&date_from=2026-03-11&date_to=2026-03-12", "director", None),
    "why-not-error": ("/why-not?procedure=nothing&date_from=2026-03-11", "director", None),
    "book-error": (lambda house: f"/book?offer={house.offer()}", "director", _unasked),
    "gone": (_stale, "director", _taken),
    "admin-confirm": ("/admin/rooms/or-1", "director", _broken),
    "admin-error": ("/admin/rooms/or-1", "director", _no_hours),
    "admin-staff": ("/admin/staff/dr-smith", "director", None),
    "admin-procedure": ("/admin/procedures/knee-arthroscopy", "director", None),
    "admin-rule": ("/admin/rules/turnover", "director", None),
    "admin-ranking": ("/admin/ranking/ranking", "director", None),
    "logic-map-approved": ("/logic-map", "root", _approved),
    "audit-verified": ("/audit", "auditor", _verified),
    "audit-error": ("/audit", "auditor", _no_anchor),
    "audit-none": ("/audit?principal=nobody-here", "auditor", None),
    "import-faults": ("/admin/import", "director", _pasted),
    "why-not-tried": (f"/why-not?{ASKED}&date_from=2026-03-11&date_to=2026-03-12", "director", _tried_it),
    "why-not-slots": (f"/why-not?{ASKED}&date_from=2026-03-10&date_to=2026-03-20", "director", None),
    "report-alone": ("/reports?from=2026-03-09&only=overtime", "director", None),
    "admin-new": ("/admin/staff/-", "director", None),
    "admin-rules": ("/admin/rules", "director", None),
    "people-error": ("/people", "root", _again),
    "account-error": ("/account", "director", _unasked),
    "worklist-error": ("/worklist", "director", _no_note),
    "worklist-noting": ("/worklist", "director", _noting),
    "worklist-auditor": ("/worklist", "auditor", None),
    "worklist-resolved": ("/worklist?state=resolved", "director", None),
    "help-scheduler": ("/help?role=scheduler", "director", None),
    "help-nurse": ("/help?role=charge-nurse", "director", None),
    "error-404": ("/nowhere", "director", None),
    "error-403": ("/reports", "scheduler", None),
    "error-422": ("/help?role=pilot", "director", None),
    "sign-in-wrong": ("/sign-in", "", _wrong),
    "sign-in-bye": ("/sign-in?bye=true", "", None),
}  # fmt: skip
"""Dialogs, errors and what a page shows after something was done on it."""


@pytest.mark.parametrize("state", STATES)
def test_a_state_has_no_barrier_in_any_look(house: Home, visit: Visit, state: str) -> None:
    """The same holds with a dialog open, an error shown, an answer drawn."""
    where, name, act = STATES[state]
    address = where if isinstance(where, str) else where(house)
    page = visit(house.address + address, **(house.options(name) if name else {}))
    if act:
        act(page)
    assert look(page, f"state-{state}") == []
