"""A person's own clock: how it is chosen, and that sentences written on one clock read true on the other."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.web.signed import PAGE, House
from web import reading
from web.format import Formats, clocked, steady
from web.reading import Reader, on_clock

TIMES = st.times().map(lambda time: time.replace(second=0, microsecond=0, tzinfo=None))


@contextmanager
def on(clock: str | None) -> Iterator[None]:
    """Inside, the reader has chosen that clock."""
    kept = reading._CURRENT.set(Reader(clock))
    try:
        yield
    finally:
        reading._CURRENT.reset(kept)


def said(time: dt.time, clock: str) -> str:
    """A time as a page writes it."""
    return Formats("UTC", clock).time(dt.datetime.combine(dt.date(2026, 3, 10), time, dt.UTC))


@given(TIMES)
def test_a_sentence_is_read_on_the_readers_clock(time: dt.time) -> None:
    """A time written on either clock becomes exactly what a page writes on the chosen one."""
    for clock in ("12h", "24h"):
        with on(clock):
            for other in ("12h", "24h"):
                assert (
                    steady(f"OR 1 is closed from {said(time, other)} on.")
                    == f"OR 1 is closed from {said(time, clock)} on."
                )


@given(TIMES)
def test_without_a_choice_a_sentence_stays_as_the_clinic_writes_it(time: dt.time) -> None:
    """Nobody's wish changes nothing but the spaces."""
    for clock in ("12h", "24h"):
        text = f"until {said(time, clock)}"
        assert steady(text) == text


@pytest.mark.parametrize(
    "text", ["Mar 10, 2026", "case-260310-01", "2026-03-10T09:00:00-04:00", "ratio 1:2", "25:61"]
)
def test_what_is_no_time_of_day_stays(text: str) -> None:
    """Dates, ids, instants in ISO 8601 and ratios aren't read as times."""
    for clock in ("12h", "24h"):
        with on(clock):
            assert steady(text) == text


def test_a_reports_cell_follows_the_page() -> None:
    """07:30 in a report is 7:30 AM on a page of 12 hours and stays on one of 24."""
    with on("12h"):
        on_clock("24h")
        assert clocked("07:30") == "7:30\u00a0AM"
    with on(None):
        on_clock("24h")
        assert clocked("07:30") == "07:30"


@pytest.fixture
def house() -> House:
    """The small clinic with its people."""
    return House().settle()


def choose(client: TestClient, clock: str, back: str = "/help?role=admin") -> tuple[int, str, str]:
    """Status, where it goes, and the cookie."""
    answer = client.post("/clock", data={"clock": clock, "back": back}, headers=PAGE)
    return answer.status_code, answer.headers.get("location", ""), answer.headers.get("set-cookie", "")


def test_choosing_goes_back_and_lasts(house: House) -> None:
    """Back to the very page; the cookie is kept for a year and no script reads it."""
    status, where, cookie = choose(house.signed_in("scheduler"), "24h")
    assert (status, where) == (303, "/help?role=admin")
    assert re.search(r"slotwright-clock=24h; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", cookie)


@pytest.mark.parametrize(
    "back", ["https://evil.example.org/", "//evil.example.org", "/\\evil", "javascript:alert(1)"]
)
def test_it_leads_nowhere_else(house: House, back: str) -> None:
    """Another site's address brings one to the schedule."""
    assert choose(house.signed_in("scheduler"), "24h", back)[1] == "/"


def test_a_clock_that_there_is_not(house: House) -> None:
    """Refused with what there is, and nothing is kept; a cookie of that kind counts as none."""
    client = house.signed_in("scheduler")
    assert choose(client, "13h")[0] == 422
    client.cookies.set("slotwright-clock", "13h")
    assert "24-hour clock" in client.get("/help", headers=PAGE).text


def test_over_https_the_cookie_is_secure(house: House) -> None:
    """And where a site may show us in a frame, it comes back there too."""
    secure = replace(house.settings, public_origin="https://or.example.org")
    cookie = choose(House(house.store, settings=secure).signed_in("scheduler"), "24h")[2]
    assert cookie.endswith("; Secure")
    framed = replace(secure, frame_ancestors=("https://emr.example.org",))
    cookie = choose(House(house.store, settings=framed).signed_in("scheduler"), "24h")[2]
    assert "SameSite=None; Partitioned; Secure" in cookie


def test_another_site_chooses_nothing(house: House) -> None:
    """A form on another site is refused."""
    client = house.signed_in("scheduler")
    client.headers["sec-fetch-site"] = "cross-site"
    assert choose(client, "24h")[0] == 403
