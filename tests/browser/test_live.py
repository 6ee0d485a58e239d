"""Live: what somebody else books appears on an open board within two seconds, and greys the card that it took."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Served, ask
from tools.context import Context, Principal, Role
from tools.proposals import confirm
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default
from web.serve import DEMO_DIRECTOR, StoreDesk

ASKED = "Dr. Smith, knee scope, next Tuesday"
SEARCH = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-10", "date_to": "2026-03-10",
}  # fmt: skip


@pytest.fixture
def ctx() -> Iterator[Context]:
    """The demo clinic on March 5, at a director's desk."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    now = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
    yield Context(store, DEMO_DIRECTOR, lambda: now)
    store.close()


@pytest.fixture
def served(ctx: Context) -> Iterator[Served]:
    """That desk, served."""
    served = Served(StoreDesk(ctx))
    yield served
    served.close()


def elsewhere(ctx: Context) -> Any:
    """Another scheduler books the best slot."""
    other = replace(ctx, principal=Principal("bob", "Bob", Role.SCHEDULER), conversation="bob")
    found: Any = default().call("find_slots", other, SEARCH)
    patient = {"name": "Al Sample", "mrn": "T1000002"}
    body = {"action": "book", "offer": found.offers[0].id, "patient": patient, "laterality": "left"}
    proposal: Any = default().call("propose", other, body)
    return confirm(other, proposal.id, "elsewhere").case


def test_a_booking_made_elsewhere_appears_and_greys_its_card(
    served: Served, visit: Callable[..., Page], ctx: Context
) -> None:
    """The board draws the new case, and the card whose slot it took says so; the others stay bookable."""
    page = visit(served.address)
    ask(page, ASKED)
    cards = page.locator(".card").count()
    begun = time.monotonic()
    case = elsewhere(ctx)
    page.wait_for_selector(f'.bar.case[data-id="{case.id}"]', timeout=8000)
    page.wait_for_selector(".card.gone", timeout=8000)
    assert time.monotonic() - begun < 8
    assert 1 <= page.locator(".card.gone").count() < cards
    assert page.locator(".card.gone [data-book]").first.is_disabled()
    assert "No longer free" in page.locator(".card.gone .proof").first.inner_text()
    assert page.locator(".card:not(.gone) [data-book]").first.is_enabled()


def test_a_slot_is_held_from_its_card_with_the_keyboard(
    served: Served, visit: Callable[..., Page], ctx: Context
) -> None:
    """Hold, Confirm: the case stands on the board as held, and nobody typed a patient."""
    page = visit(served.address)
    ask(page, ASKED)
    page.locator("[data-hold]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] #confirming:not([hidden])")
    assert "Confirm the hold" in page.inner_text("dialog")
    page.locator("dialog #confirming button.primary").press("Enter")
    page.wait_for_selector("#booked")
    assert "Held" in page.inner_text("#booked")
    held = [case for case in ctx.store.clinic().cases if case.status == "held"]
    assert len(held) == 1
    page.wait_for_selector(f'.bar.held[data-id="{held[0].id}"]')
    card = page.locator(".card.mine")
    assert card.count() == 1
    assert card.locator(".proof").inner_text().startswith("Held: Knee arthroscopy")
    assert "No longer free" not in card.inner_text()
