"""Signing in with a real Chromium, at a database that isn't a demo."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, axe
from tests.tools.records.conftest import KEY
from tests.web.cli.conftest import SMALL
from tests.web.signed import OTHER, SECRET
from tools.accounts import links, people, signin
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.records.store import Store
from web.serve import app_of, listen
from web.settings import Environment

Visit = Callable[..., Page]


class Clinic:
    """A database that isn't a demo, served as `slotwright serve --db` does."""

    def __init__(self, url: str) -> None:
        self.late = dt.timedelta()
        self.store = Store.create(url, load(SMALL), at=self.now(), key=KEY)
        self.socket = listen("127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        app = app_of(self.store, self.now, self.address, demo=False, env=Environment())
        config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        sockets = {"sockets": [self.socket]}
        self._thread = threading.Thread(target=self._server.run, kwargs=sockets, daemon=True)
        self._thread.start()

    def now(self) -> dt.datetime:
        """The present, or as much later as the test says."""
        return dt.datetime.now(dt.UTC) + self.late

    def link(self) -> str:
        """The address that makes the first admin."""
        return f"{self.address}/welcome?token={links.first_admin(self.store, self.now())}"

    def settle(self) -> None:
        """An admin and a scheduler, both with the same password."""
        token = links.first_admin(self.store, self.now()) or ""
        links.make_first_admin(self.store, token, "root", "Rita Root", SECRET, self.now())
        admin = Context(self.store, Principal("root", "Rita Root", Role.ADMIN), self.now)
        links.set_password(self.store, people.added(admin, "ann", "Ann Lee", "scheduler"), SECRET, self.now())

    def close(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        self._thread.join(10)
        self.socket.close()
        self.store.close()


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    """The served clinic."""
    made = Clinic(f"sqlite:///{tmp_path}/clinic.db")
    yield made
    made.close()


def enter(page: Page, name: str, password: str = SECRET) -> None:
    """Fill the form by keyboard and send it."""
    page.fill("#name", name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def look(page: Page) -> None:
    """Have the page ask how long is left, as it does by itself every minute."""
    page.wait_for_load_state()
    page.evaluate("document.querySelector('#idle').dispatchEvent(new Event('look'))")


def test_from_the_printed_link_to_a_signed_in_scheduler(clinic: Clinic, visit: Visit) -> None:
    """The first admin makes a scheduler, who chooses a password, sees no admin's link, and signs out."""
    rita = visit(clinic.link())
    rita.fill("#user", "rita")
    rita.fill("#name", "Rita Root")
    rita.fill("#password", SECRET)
    rita.click("text=Save and sign in")
    expect(rita.locator(".signed")).to_contain_text("Rita Root")
    rita.click(".top >> text=People")
    rita.fill("#user", "ann")
    rita.fill("#name", "Ann Lee")
    rita.click("button:text-is('Add')")
    ann = visit(rita.input_value("#secret"))
    ann.fill("#password", OTHER)
    ann.click("text=Save and sign in")
    expect(ann.locator(".signed")).to_contain_text("Ann Lee")
    expect(ann.locator(".top >> text=People")).to_have_count(0)
    ann.goto(f"{clinic.address}/people")
    expect(ann.locator("#main")).to_contain_text("signed in as scheduler")
    ann.click("text=Sign out")
    expect(ann.locator("[role=status]")).to_have_text("You are signed out.")
    ann.goto(clinic.address)
    expect(ann).to_have_url(re.compile("/sign-in"))


def test_sign_in_goes_where_one_wanted(clinic: Clinic, visit: Visit) -> None:
    """A wrong password is said on the form; the right one leads to the page asked for."""
    clinic.settle()
    page = visit(f"{clinic.address}/?date=2026-03-10")
    enter(page, "ann", OTHER)
    expect(page.locator("[role=alert]")).to_contain_text("don't belong together")
    expect(page.locator("#name")).to_have_value("ann")
    enter(page, "ann")
    expect(page).to_have_url(f"{clinic.address}/?date=2026-03-10")
    expect(page.locator(".signed")).to_contain_text("Ann Lee")


def test_the_form_works_without_scripts(clinic: Clinic, visit: Visit) -> None:
    """Signing in and out needs no JavaScript."""
    clinic.settle()
    page = visit(clinic.address, java_script_enabled=False)
    enter(page, "ann")
    expect(page.locator(".signed")).to_contain_text("Ann Lee")
    page.click("text=Sign out")
    expect(page.locator("#name")).to_be_visible()


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/people"])
def test_the_pages_are_accessible_and_fit_a_phone(clinic: Clinic, visit: Visit, path: str) -> None:
    """axe finds nothing, and nothing is wider than 320 px."""
    clinic.settle()
    page = visit(f"{clinic.address}/sign-in", viewport=PHONE)
    if path != "/sign-in":
        enter(page, "root")
        expect(page.locator(".signed")).to_be_visible()
        page.goto(f"{clinic.address}{path}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_admins_form_is_accessible(clinic: Clinic, visit: Visit) -> None:
    """axe finds nothing on the page behind the one-time link."""
    assert axe(visit(clinic.link())) == []


def test_idleness_is_warned_of_and_stay_stays(clinic: Clinic, visit: Visit) -> None:
    """In the last two minutes a dialog asks; staying closes it and prolongs the sign-in."""
    clinic.settle()
    page = visit(f"{clinic.address}/sign-in")
    enter(page, "ann")
    expect(page.locator(".signed")).to_contain_text("Ann Lee")
    page.wait_for_load_state()
    clinic.late = dt.timedelta(minutes=13, seconds=30)
    expect(page.locator("#idle")).to_be_hidden()
    look(page)
    expect(page.locator("#idle")).to_be_visible()
    assert axe(page) == []
    with page.expect_response("**/api/me/stay"):
        page.click("text=Stay signed in")
    expect(page.locator("#idle")).to_be_hidden()
    clinic.late += dt.timedelta(minutes=5)
    page.reload()
    expect(page.locator(".signed")).to_contain_text("Ann Lee")


def test_typed_text_comes_back_to_the_same_person_only(clinic: Clinic, visit: Visit) -> None:
    """Signed out by idleness, Ann finds her request again; Rita, at the same tab, never does."""
    clinic.settle()
    for again, kept in (("ann", "Dr. Smith, knee scope"), ("root", "")):
        page = visit(f"{clinic.address}/sign-in")
        enter(page, "ann")
        page.fill("#text", "Dr. Smith, knee scope")
        clinic.late += dt.timedelta(minutes=16)
        look(page)
        expect(page).to_have_url(re.compile("/sign-in"))
        enter(page, again)
        expect(page.locator(".signed")).to_be_visible()
        expect(page.locator("#text")).to_have_value(kept)
        assert page.evaluate("sessionStorage.length") == 0


def test_another_browser_is_out_at_once(clinic: Clinic, visit: Visit) -> None:
    """A person whose access is taken away sees the sign-in form at the next click."""
    clinic.settle()
    page = visit(f"{clinic.address}/sign-in")
    enter(page, "ann")
    expect(page.locator(".signed")).to_contain_text("Ann Lee")
    admin = Context(clinic.store, Principal("root", "Rita Root", Role.ADMIN), clinic.now)
    people.deactivated(admin, "ann")
    page.reload()
    expect(page).to_have_url(re.compile("/sign-in"))
    with pytest.raises(Exception, match="belong together"):
        signin.sign_in(clinic.store, "ann", SECRET, clinic.now())
