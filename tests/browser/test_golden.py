"""The schedule page in Chromium, with golden events in place of an assistant."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Served, ask, axe, focused, keyboard
from tests.web.golden import OFFERS

ASK = "Dr. Smith, knee scope, next Tuesday"
Visit = Callable[..., Page]
FIRST = ".turn:first-child "


def patient(page: Page) -> None:
    """Type the patient into the open dialog, by keyboard, and continue."""
    page.keyboard.type("Test Patient")
    keyboard(page, "Tab")
    page.keyboard.type("T0000001")
    keyboard(page, "Tab")
    page.keyboard.type("01011970")
    page.check("#patient [value=left]")
    keyboard(page, "Enter")
    page.wait_for_selector("#confirming:not([hidden])")


def on(page: Page) -> list[str]:
    """The offers whose ghosts are marked and visible."""
    marked = page.eval_on_selector_all(
        ".ghost.on", "all => all.filter(n => n.getClientRects().length).map(n => n.dataset.id)"
    )
    return list(marked)


def test_a_request_is_answered_with_cards_and_ghosts(golden: Served, visit: Visit) -> None:
    """Cards stand in rank order, and the board turns to the best offer's day with its ghosts drawn."""
    page = visit(golden.address)
    ask(page, ASK)
    assert page.eval_on_selector_all(FIRST + ".card", "all => all.map(n => n.dataset.offer)") == [
        offer["id"] for offer in OFFERS
    ]
    expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")
    expect(page.locator(".bar.ghost")).to_have_count(3)
    expect(page.locator(FIRST + ".card").first).to_contain_text("9:15\u00a0AM to 10:10\u00a0AM")


def test_clinic_time_in_a_tokyo_browser(golden: Served, visit: Visit) -> None:
    """Board, cards and header show the clinic's time though the browser's clock is Tokyo's."""
    page = visit(f"{golden.address}/?date=2026-03-10")
    assert page.evaluate("Intl.DateTimeFormat().resolvedOptions().timeZone") == "Asia/Tokyo"
    expect(page.locator(".zone")).to_have_text("All times Eastern Time (EDT, UTC\u22124)")
    expect(page.locator(".hours span").first).to_have_text("7\u00a0AM")
    label = page.locator('[data-id="case-1"] .hit').get_attribute("aria-label") or ""
    assert "7:30\u00a0AM to 8:25\u00a0AM" in label
    ask(page, ASK)
    page.click("#next")
    expect(page.locator("#board-title")).to_have_text("Wednesday, March 11")


def test_focusing_a_card_marks_one_ghost_and_turns_to_its_day(golden: Served, visit: Visit) -> None:
    """Whatever card has the focus or the pointer, exactly its ghost is marked, on whatever day, without a jump."""
    page = visit(golden.address)
    ask(page, ASK)
    page.evaluate(
        """window.shift = 0; new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
        }).observe({type: "layout-shift"})"""
    )
    for index in (0, 1, 3, 2):
        page.locator(FIRST + ".card [data-book]").nth(index).focus()
        page.wait_for_function(
            "id => document.querySelector(`.bar.ghost.on[data-id='${id}']`)", arg=OFFERS[index]["id"]
        )
        assert on(page) == [OFFERS[index]["id"]]
        expect(page.locator(".bar.ghost.on")).to_be_in_viewport()
    page.locator(FIRST + ".card").nth(1).hover()
    page.wait_for_function(
        "id => document.querySelector(`.bar.ghost.on[data-id='${id}']`)", arg=OFFERS[1]["id"]
    )
    assert on(page) == [OFFERS[1]["id"]]
    assert page.evaluate("window.shift") < 0.02


def test_a_day_drawn_by_the_script_is_the_day_drawn_by_the_server(golden: Served, visit: Visit) -> None:
    """Turning to a day gives the same board, element for element, as loading that day."""
    tree = """() => { const walk = (n) => n.nodeType === 3 ? n.data.trim() : n.nodeType !== 1 ? "" :
        [n.tagName, n.className, n.getAttribute("aria-label"), n.dataset.id,
        ...[...n.childNodes].map(walk).filter(Boolean)];
        return JSON.stringify(walk(document.getElementById("day"))); }"""
    loaded = visit(f"{golden.address}/?date=2026-03-10").evaluate(tree)
    page = visit(f"{golden.address}/?date=2026-03-09")
    page.click("#next")
    expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")
    assert page.evaluate(tree) == loaded


def test_a_booking_by_keyboard_alone(golden: Served, visit: Visit) -> None:
    """From the answer at most 6 keystrokes to the booking's dialog; patient and side are typed; the board shows it."""
    page = visit(golden.address)
    page.focus("#text")
    page.keyboard.type(ASK)
    keyboard(page, "Enter")
    page.wait_for_selector(FIRST + ".answer[aria-busy=false]")
    keystrokes = 0
    while not focused(page).startswith("Book offer 1"):
        keyboard(page, "Tab")
        keystrokes += 1
        assert keystrokes < 6
    keyboard(page, "Enter")
    assert keystrokes + 1 <= 6
    expect(page.locator("#booking")).to_be_visible()
    assert page.evaluate("document.activeElement.name") == "name"
    page.keyboard.type("Test Patient")
    keyboard(page, "Tab")
    page.keyboard.type("T0000001")
    keyboard(page, "Tab")
    page.keyboard.type("01011970")
    while page.evaluate("document.activeElement.name") != "laterality":
        keyboard(page, "Tab")
    keyboard(page, "Space", "Enter")
    expect(page.locator("#confirming")).to_contain_text("Knee scope set 2 until 1:10\u00a0PM")
    assert golden.desk.booked == []
    keyboard(page, "Enter")
    expect(page.locator("#booked")).to_contain_text("Booked: Knee arthroscopy, Dr. Smith, OR 1")
    expect(page.locator(".bar.case.fresh")).to_have_count(1)
    assert len(golden.desk.booked) == 1


def test_escape_gives_the_focus_back(golden: Served, visit: Visit) -> None:
    """Leaving the dialog books nothing and puts the focus on the button that opened it."""
    page = visit(golden.address)
    ask(page, ASK)
    page.locator(FIRST + "[data-book]").nth(1).click()
    keyboard(page, "Escape")
    expect(page.locator("#booking")).to_be_hidden()
    assert focused(page).startswith("Book offer 2")
    assert golden.desk.booked == []


def test_a_double_click_posts_once(golden: Served, visit: Visit) -> None:
    """Two clicks on Confirm send one request, with an idempotency key, and book one case."""
    page = visit(golden.address)
    sent: list[str | None] = []
    page.on(
        "request",
        lambda request: (
            sent.append(request.headers.get("idempotency-key")) if "/confirm" in request.url else None
        ),
    )
    ask(page, ASK)
    page.locator(FIRST + "[data-book]").first.click()
    patient(page)
    page.locator("#confirming .primary").dblclick(no_wait_after=True)
    expect(page.locator("#booked")).to_be_visible()
    assert len(sent) == 1
    assert sent[0]
    assert len(golden.desk.booked) == 1


def test_the_second_of_two_browsers_is_told_what_took_the_slot(golden: Served, visit: Visit) -> None:
    """One wins; the other's card greys and says why, without a patient, and offers what is free now."""
    pages = [visit(golden.address) for _ in range(2)]
    for page in pages:
        ask(page, ASK)
        page.locator(FIRST + "[data-book]").first.click()
        patient(page)
    for page in pages:
        page.locator("#confirming .primary").click()
    expect(pages[0].locator("#booked")).to_be_visible()
    expect(pages[1].locator(".card.gone")).to_have_count(1)
    expect(pages[1].locator(".gone-note")).to_contain_text("OR 1 is taken by another case")
    expect(pages[1].locator(".gone-note .card")).to_have_count(1)
    assert "Test Patient" not in pages[1].locator("body").inner_text()
    assert len(golden.desk.booked) == 1
    assert focused(pages[1]).startswith("Book offer 3")


def test_a_missing_side_is_asked_for_in_the_form(golden: Served, visit: Visit) -> None:
    """Without a side the form stays, and nothing is proposed."""
    page = visit(golden.address)
    ask(page, ASK)
    page.locator(FIRST + "[data-book]").first.click()
    page.keyboard.type("Test Patient")
    page.fill("#p-mrn", "T1")
    page.fill("#p-birth", "1970-01-01")
    page.locator("#patient .primary").click()
    expect(page.locator("#patient")).to_be_visible()
    assert golden.desk.proposals == {}


def test_the_wait_has_a_name_and_can_be_stopped(golden: Served, visit: Visit) -> None:
    """A status names the stage while the server works; Stop ends its work and says that nothing was booked."""
    golden.desk.pause = 30
    page = visit(golden.address)
    page.fill("#text", ASK)
    keyboard(page, "Enter")
    expect(page.locator(FIRST + ".progress")).to_have_text("Searching the schedule")
    expect(page.locator(FIRST + ".answer")).to_have_attribute("aria-busy", "true")
    page.click("#stop")
    expect(page.locator(FIRST + ".banner")).to_have_text("Stopped. Nothing was booked.")
    expect(page.locator("#stop")).to_be_hidden()
    page.wait_for_timeout(300)
    assert golden.desk.cancelled == 1


def test_a_cut_stream_says_so(golden: Served, visit: Visit) -> None:
    """A stream that ends early, and a server that is gone, say that nothing was booked; the request stays typed."""
    page = visit(golden.address)
    ask(page, "cut the stream")
    expect(page.locator(FIRST + ".banner")).to_have_text("The connection dropped. Nothing was booked.")
    expect(page.locator("#text")).to_have_value("cut the stream")
    page.route("**/api/chat", lambda route: route.abort())
    ask(page, ASK)
    expect(page.locator(FIRST + ".banner")).to_have_text("The connection dropped. Nothing was booked.")
    expect(page.locator("#text")).to_have_value(ASK)


def test_a_change_of_speaker_is_a_banner(golden: Served, visit: Visit) -> None:
    """When the language model is away, a banner says who answers instead."""
    page = visit(golden.address)
    ask(page, "outage")
    expect(page.locator(FIRST + ".banner")).to_have_text(
        "The language model is away; the interpreter answers."
    )


def test_a_body_that_comes_whole_is_read_too(golden: Served, visit: Visit) -> None:
    """A proxy that doesn't stream delivers the same cards."""
    page = visit(golden.address)

    def whole(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.body())

    page.route("**/api/chat", whole)
    ask(page, ASK)
    expect(page.locator(FIRST + ".card")).to_have_count(len(OFFERS))


def test_a_refusal_lists_the_rules_and_labels_the_near_miss(golden: Served, visit: Visit) -> None:
    """Every violated rule stands with its sentence and its facts, and the alternative says how it differs."""
    page = visit(golden.address)
    ask(page, "Dr. Smith knee scope in OR 2 on Tuesday at 10")
    expect(page.locator(FIRST + ".reason")).to_have_count(2)
    page.locator(FIRST + ".why summary").click()
    expect(page.locator(FIRST + ".facts").first).to_contain_text("OR 1")
    expect(page.locator(FIRST + ".card .differs")).to_contain_text("Another room")


def test_a_question_offers_its_choices(golden: Served, visit: Visit) -> None:
    """A choice is a button that sends itself as the next message."""
    page = visit(golden.address)
    ask(page, "which one")
    page.get_by_role("button", name="Dr. Smithson").click()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(FIRST + ".said")).to_have_text("Dr. Smithson")


def test_a_models_markup_stays_text(golden: Served, visit: Visit) -> None:
    """Markup in a reply is shown as characters; no element comes of it."""
    page = visit(golden.address)
    ask(page, "html")
    expect(page.locator(FIRST + ".text")).to_have_text("<img src=x onerror=alert(1)><b>bold</b>")
    assert page.locator(FIRST + ".text *").count() == 0


def test_the_answer_is_announced_once(golden: Served, visit: Visit) -> None:
    """Nothing that streams is live; the one polite region gets its text at the end."""
    page = visit(golden.address)
    page.evaluate(
        """window.said = []; const region = document.getElementById("announce");
        new MutationObserver(() => window.said.push(region.textContent)).observe(region,
        {childList: true, characterData: true, subtree: true})"""
    )
    ask(page, ASK)
    page.wait_for_function("window.said.some(Boolean)")
    assert [text for text in page.evaluate("window.said") if text] == [page.locator("#announce").inner_text()]
    assert page.locator(".turns [aria-live], .turns [role=status], .turns [role=alert]").count() == 0


def test_arrows_move_over_the_board(golden: Served, visit: Visit) -> None:
    """The board is one tab stop; arrows go along a room and between rooms, Home and End to its ends."""
    page = visit(f"{golden.address}/?date=2026-03-10")
    assert page.locator('.bar .hit[tabindex="0"]').count() == 1
    page.locator('[data-id="case-1"] .hit').focus()
    keyboard(page, "ArrowDown")
    assert focused(page).startswith("Carpal tunnel release, Dr. Lee, OR 2, 8:00 AM")
    keyboard(page, "ArrowRight")
    assert focused(page).startswith("Carpal tunnel release, Dr. Lee, OR 2, 9:00 AM")
    keyboard(page, "End")
    assert focused(page).startswith("Blocked: Humidity repair")
    keyboard(page, "ArrowDown", "Home")
    assert focused(page).startswith("Robotic hysterectomy, Dr. Evans, OR 3, 7:30 AM")
    expect(page.locator("#tip")).to_contain_text("7:30\u00a0AM to 10:30\u00a0AM")
    keyboard(page, "Escape")
    expect(page.locator("#tip")).to_be_hidden()


def test_choosing_a_ghost_goes_to_its_card(golden: Served, visit: Visit) -> None:
    """From the board to the card: pressing a ghost puts the focus on that offer's Book."""
    page = visit(golden.address)
    ask(page, ASK)
    page.locator(f'.bar.ghost[data-id="{OFFERS[2]["id"]}"] button').click()
    assert focused(page).startswith("Book offer 3")


def test_the_address_follows_the_day_and_back_returns(golden: Served, visit: Visit) -> None:
    """Each day has an address that can be kept, and the browser's Back goes to the day before."""
    page = visit(f"{golden.address}/?date=2026-03-10")
    page.click("#next")
    expect(page).to_have_url(re.compile("date=2026-03-11"))
    page.go_back()
    expect(page.locator("#board-title")).to_have_text("Tuesday, March 10")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE])
def test_axe_finds_nothing(golden: Served, visit: Visit, scheme: str, viewport: dict[str, int]) -> None:
    """Start, answer, refusal, dialog, confirm card and fault: no WCAG rule broken, light or dark, desk or phone."""
    page = visit(f"{golden.address}/?date=2026-03-10", color_scheme=scheme, viewport=viewport)
    assert axe(page) == []
    ask(page, "Dr. Smith knee scope in OR 2 on Tuesday at 10")
    assert axe(page) == []
    ask(page, ASK)
    assert axe(page) == []
    page.locator(FIRST + "[data-book]").first.click()
    assert axe(page) == []
    patient(page)
    assert axe(page) == []
    page.route("**/confirm", lambda route: route.abort())
    page.locator("#confirming .primary").click()
    expect(page.locator("#confirming [data-problem]")).to_be_visible()
    assert axe(page) == []


@pytest.mark.parametrize("view", ["auto", "board", "list"])
def test_nothing_scrolls_sideways_at_320_px(golden: Served, visit: Visit, view: str) -> None:
    """At 320 px the page is 320 px wide in every view, before and after an answer; the list is the default."""
    page = visit(f"{golden.address}/?date=2026-03-10&view={view}", viewport=PHONE)
    expect(page.locator(".board .list")).to_be_visible(visible=view != "board")
    for text in (ASK, "Dr. Smith knee scope in OR 2 on Tuesday at 10"):
        ask(page, text)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.locator(FIRST + "[data-book]").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.getElementById('booking'))")


def test_the_room_stays_in_view_on_a_phones_board(golden: Served, visit: Visit) -> None:
    """Scrolled to the evening, the board still shows which room a row is."""
    page = visit(f"{golden.address}/?date=2026-03-10&view=board", viewport=PHONE)
    page.eval_on_selector(".scroll", "box => box.scrollLeft = 400")
    left = page.eval_on_selector("tbody th", "node => node.getBoundingClientRect().left")
    assert 0 <= left < 60


def test_targets_are_large_enough(golden: Served, visit: Visit) -> None:
    """Everything to press is at least 24 by 24 px (WCAG 2.2, 2.5.8), the narrow boxes on the board by their height."""
    page = visit(f"{golden.address}/?date=2026-03-10")
    ask(page, ASK)
    small = page.evaluate(
        """[...document.querySelectorAll("button, a, input, summary, textarea")].filter(n => n.getClientRects().length
        && !n.closest(".skip, .vh")).map(n => [n.outerHTML.slice(0, 80), n.getBoundingClientRect()])
        .filter(([, r]) => r.width < 24 || r.height < 24).filter(([html]) => !html.includes('type="radio"'))
        .filter(([html]) => !html.includes('class="skip"')).map(([html, r]) => `${html} ${r.width}x${r.height}`)"""
    )
    assert small == []


def test_forced_colours_keep_what_the_marks_mean(golden: Served, visit: Visit) -> None:
    """With the system's own colours, a ghost is still dashed and a booked case solid."""
    page = visit(golden.address, forced_colors="active")
    ask(page, ASK)
    expect(page.locator(".bar.ghost")).to_have_count(3)
    style = "node => getComputedStyle(node).borderTopStyle"
    assert page.eval_on_selector(".bar.ghost:not(.on)", style) == "dashed"
    assert page.eval_on_selector(".bar.case", style) == "solid"
    assert axe(page) == []


def test_it_prints_the_board_alone(golden: Served, visit: Visit) -> None:
    """On paper: the board with its day and an as-of time; no chat, no buttons, no proposals."""
    page = visit(f"{golden.address}/?date=2026-03-10")
    ask(page, ASK)
    page.emulate_media(media="print")
    for hidden in (".chat", ".days", ".demo", ".bar.ghost"):
        expect(page.locator(hidden).first).to_be_hidden()
    for visible in ("#board-title", ".bar.case", ".as-of", ".zone"):
        expect(page.locator(visible).first).to_be_visible()


def test_without_javascript_the_whole_way_works(golden: Served, visit: Visit) -> None:
    """Ask, cards, Book, patient, confirm, booked: by plain forms."""
    page = visit(golden.address, java_script_enabled=False)
    page.fill("#text", ASK)
    page.get_by_role("button", name="Send").click()
    page.locator("[data-book]").first.click()
    page.get_by_label("Patient name").fill("Test Patient")
    page.get_by_label("MRN").fill("T0000001")
    page.get_by_label("Birth date").fill("1970-01-01")
    page.get_by_label("Left").check()
    page.get_by_role("button", name="Check and continue").click()
    page.get_by_role("button", name="Confirm booking").click()
    expect(page.locator("#booked")).to_contain_text("Booked: Knee arthroscopy")
    assert len(golden.desk.booked) == 1


def test_the_mark_survives_a_board_that_is_still_being_drawn(golden: Served, visit: Visit) -> None:
    """A card focused while its day is on the way gets its ghost marked when the day arrives."""
    page = visit(golden.address)
    ask(page, ASK)
    expect(page.locator(".bar.ghost")).to_have_count(3)

    def late(route: Route) -> None:
        page.wait_for_timeout(200)
        route.continue_()

    page.route("**/api/board*", late)
    ask(page, ASK)
    page.locator(FIRST + "[data-book]").nth(1).focus()
    page.wait_for_function(
        "id => document.querySelector(`.bar.ghost.on[data-id='${id}']`)", arg=OFFERS[1]["id"]
    )
    page.wait_for_timeout(600)
    assert on(page) == [OFFERS[1]["id"]]
