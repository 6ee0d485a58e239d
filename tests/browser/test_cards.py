"""What a card and a confirm card say: the solver's own reasons, what isn't checked yet, everybody whom it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, ask
from tests.browser.house import KNEE, Home, home
from tests.solver.joint.test_swaps import taken_scrub
from tests.web.golden import GoldenDesk
from tools.clinic_file.build import Loaded
from tools.clinic_file.export import exported

Visit = Callable[..., Page]


@pytest.fixture
def house() -> Iterator[Home]:
    """The demo's book with its people."""
    with home() as made:
        yield made


def test_every_card_says_why_it_ranks_in_the_solvers_terms(house: Home, visit: Visit) -> None:
    """Rank by rank the reasons on the cards are those that the search gave, and so is what isn't checked yet."""
    found = house.desk("scheduler").call("find_slots", KNEE)["offers"]
    page = visit(house.address, **house.options("scheduler"))
    ask(page, "Dr. Smith, knee scope, next Tuesday")
    said = page.eval_on_selector_all(
        ".card", "all => all.map(card => [...card.querySelectorAll('.reasons li')].map(n => n.textContent))"
    )
    assert [[each.lower() for each in card] for card in said] == [
        [each.lower() for each in offer["reasons"]] for offer in found[: len(said)]
    ]
    assert all(said)
    for text in page.locator(".card .unchecked").all_inner_texts():
        assert all(part in text for part in ("Not checked yet", "age", "ASA class", "weight"))
    assert page.locator(".card .unchecked").count() == len(said)


def test_a_slot_without_the_solvers_proof_shows_no_card(golden: Served, visit: Visit) -> None:
    """What a model made up, drawn as an offer that nobody verified, gives neither a card nor a ghost."""
    assert isinstance(golden.desk, GoldenDesk)
    page = visit(golden.address)
    ask(page, "forged")
    expect(page.locator(".turn .said")).to_have_text("forged")
    assert page.locator(".card, .bar.ghost").count() == 0
    assert "6:00" not in page.locator(".turn").inner_text()


def test_the_confirm_card_shows_whose_staff_is_exchanged(visit: Visit) -> None:
    """A slot that needs the scrub of another case says so on its card, and whom to tell before it is confirmed."""
    clinic = taken_scrub()
    clinic = replace(clinic, cases=tuple(replace(each, id="wrist-1") for each in clinic.cases))
    with home(exported(Loaded(clinic))) as house:
        page = visit(house.address, **house.options("director"))
        page.get_by_text("Fill in a form instead").click()
        page.get_by_text("More: room").click()
        page.select_option("#f-procedure", "knee-arthroscopy")
        page.select_option("#f-surgeon", "dr-smith")
        for name in ("date_from", "date_to"):
            page.fill(f"#f-{name}", "2026-03-10")
        for name in ("start_from", "start_until"):
            page.fill(f"#f-{name}", "08:00")
        page.check("[name=allow_swaps]")
        page.get_by_role("button", name="Find times").click()
        expect(page.locator(".card .swaps").first).to_contain_text("takes")
        expect(page.locator(".card .swaps").first).not_to_contain_text("wrist-1")
        page.locator("[data-book]").first.click()
        page.fill("#p-name", "Jane Sample")
        page.fill("#p-mrn", "T1000001")
        page.fill("#p-birth", "1970-01-01")
        page.locator("#patient .primary").click()
        first = page.locator("#confirming .touches li").first
        expect(first).to_contain_text("in place of")
        expect(first).to_contain_text("both must be told")
