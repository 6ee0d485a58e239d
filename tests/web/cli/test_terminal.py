"""The picture of the day and the tables, in any width, with and without colour."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tests.web.cli.conftest import DEMO, TUESDAY, Run
from tools.context import Context, Principal, Role
from tools.records.store import Store
from web.terminal.answers import draw_found
from web.terminal.day import in_ascii, picture
from web.terminal.page import Page

NOW = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
DAY = dt.date(2026, 3, 10)


def page_of(text: str) -> Page:
    """A page over a clinic file's text."""
    return Page(Context(Store.memory(text), Principal("t", "T", Role.SCHEDULER), lambda: NOW))


@pytest.fixture
def page(clinic_file: Path) -> Page:
    """The small clinic: OR 1 from 7:30 to 17:00, one case at 8:00."""
    return page_of(clinic_file.read_text())


def offer(start: str, end: str) -> dict[str, Any]:
    """As much of an offer as the picture looks at."""
    return {"label": "A1", "cases": [{"room": "or-1", "start": start, "end": end}]}


def row(page: Page, offers: list[dict[str, Any]], width: int = 80, date: dt.date = DAY) -> str:
    """The first room's line."""
    return picture(page, date, offers, width)[2].plain


def test_the_day_shows_closed_open_booked_and_offered(page: Page) -> None:
    """At six columns an hour: 3 closed, 3 open, the case's 6, 3 open, the offer's 6, and open until 17:00."""
    shown = row(page, [offer("2026-03-10T09:30-04:00", "2026-03-10T10:30-04:00")])
    assert shown == " OR 1  " + "░░░···Smith█···A1════" + "·" * 39


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_the_picture_keeps_to_the_width(page: Page, width: int) -> None:
    """From 20 columns up, room rows fit, and the hours over them don't touch."""
    title, hours, room, _ = (line.plain for line in picture(page, DAY, [], width))
    assert title.strip() == "Tuesday, March 10"
    assert len(room) <= width
    assert "AM" in hours
    assert "  " in hours.strip() or hours.strip().count("M") == 1 or width >= 60


def test_a_narrow_offer_still_shows(page: Page) -> None:
    """An offer of five minutes at one column an hour is one column wide, and drawn over the open time."""
    assert "═" in row(page, [offer("2026-03-10T10:00-04:00", "2026-03-10T10:05-04:00")], width=20)


def test_an_offer_of_another_day_is_not_drawn(page: Page) -> None:
    """The picture holds one day."""
    assert "A1" not in row(page, [offer("2026-03-12T10:00-04:00", "2026-03-12T11:00-04:00")])


def test_a_day_without_hours_is_all_closed(page: Page) -> None:
    """On a day when no room runs the usual hours are drawn, closed."""
    assert set(row(page, [], date=dt.date(2026, 3, 11)).removeprefix(" OR 1  ")) == {"░"}


def test_a_clinic_on_24_hours_reads_them(clinic_file: Path) -> None:
    """The clinic's clock setting decides how hours and offers are written."""
    page = page_of(
        clinic_file.read_text().replace("name: Harbor Clinic", "name: H\n  settings: {clock: 24h}")
    )
    hours = picture(page, DAY, [], 80)[1].plain
    assert hours.split()[:3] == ["07:00", "08:00", "09:00"]


def test_the_picture_has_an_ascii_twin(page: Page) -> None:
    """For a stream without block letters every line has a twin of plain ones, as long."""
    for line in picture(page, DAY, [offer("2026-03-10T09:30-04:00", "2026-03-10T10:30-04:00")], 80):
        twin = in_ascii(line).plain
        assert len(twin) == len(line.plain)
        assert set(twin.replace("\u00a0", " ")) <= set(map(chr, range(32, 127)))


def test_eighty_columns_hold_an_answer(run: Run) -> None:
    """Through a pipe an answer has no line over 80 columns, no escape, and no blank at a line's end."""
    for ran in (run("find", *TUESDAY, *DEMO), run("find", *TUESDAY, "--room", "or-2", *DEMO)):
        for line in ran.out.splitlines():
            assert len(line) <= 80
            assert line == line.rstrip()
        assert "\x1b" not in ran.out


def test_no_color_is_honoured(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colour comes with a terminal that asks for it, and goes with NO_COLOR."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[1;32m" in run("find", *TUESDAY, *DEMO).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;32m" not in run("find", *TUESDAY, *DEMO).out


def test_warnings_swaps_and_partial_gaps_are_said(page: Page, run: Run, clinic_file: Path) -> None:
    """A warning and a swap stand under their offer, and what only one offer misses names it."""
    body = run("find", *TUESDAY, "--clinic", clinic_file, "--now", "2026-03-05T09:00", "--json").body
    first, second = body["offers"][:2]
    first["warnings"] = ["The block is Dr. Patel's."]
    first["swaps"] = [{"case": "case-9", "role": "scrub", "from": "scrub-1", "to": "scrub-2"}]
    second["not_checked"] = []
    console = Console(width=80, record=True, file=io.StringIO())
    draw_found(console, page, body)
    shown = console.export_text()
    assert "Mind: The block is Dr. Patel's." in shown
    assert "takes scrub-1's place" in shown
    assert f"Not checked yet for {first['label']}" in shown
