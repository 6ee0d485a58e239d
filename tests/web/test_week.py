"""A week's minutes: what is booked and what is left in each room's hours."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evals.bench.clinics import SIZES, clinic_of
from tests.web.golden import NEW_YORK, TUESDAY, GoldenDesk, blocked, case
from tools.clinic_file.build import Loaded
from tools.clinic_file.export import exported
from tools.context import Context
from tools.records.store import Store
from web.board import Ghost
from web.format import Formats
from web.serve import DEMO_DIRECTOR, StoreDesk
from web.strips import HIGH, strips
from web.week import Cell, build_week, monday_of, overlap

FORMATS = Formats("America/New_York")
MIDNIGHT = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)
SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 60)).map(lambda p: (p[0], p[0] + p[1])), max_size=12
)


def tuesday(cases: list[Any], closed: list[Any] | None = None) -> Cell:
    """The cell of OR 1 on Tuesday, open from 7:30 AM to 5 PM."""
    day = GoldenDesk().call(
        "get_schedule", {"date_from": TUESDAY.isoformat(), "date_to": TUESDAY.isoformat()}
    )
    shown = build_week(day | {"cases": cases, "blocked": closed or []}, monday_of(TUESDAY), FORMATS, TUESDAY)
    return shown.rows[0].cells[1]


def moments(spans: list[tuple[int, int]]) -> list[tuple[dt.datetime, dt.datetime]]:
    """Minutes after midnight as instants."""
    return [(MIDNIGHT + dt.timedelta(minutes=a), MIDNIGHT + dt.timedelta(minutes=b)) for a, b in spans]


@given(SPANS, st.integers(0, 100), st.integers(1, 150))
def test_every_minute_counts_once(spans: list[tuple[int, int]], start: int, length: int) -> None:
    """Minutes taken inside a window are those that a minute-by-minute count finds."""
    window = (start, start + length)
    counted = sum(any(a <= minute < b for a, b in spans) for minute in range(*window))
    assert overlap(moments(spans), moments([window])) == counted


def test_a_cell_counts_cases_and_what_they_leave() -> None:
    """Two cases of 55 min in 9 h 30 leave 7 h 40, and 19 % is booked."""
    cell = tuesday([
        case("a", TUESDAY, "or-1", "07:30", "08:25", "knee-arthroscopy", "dr-smith"),
        case("b", TUESDAY, "or-1", "11:00", "11:55", "knee-arthroscopy", "dr-smith"),
    ])  # fmt: skip
    said = (cell.cases, cell.used.replace("\u00a0", " "), cell.free.replace("\u00a0", " "), cell.percent)
    assert said == ("2 cases", "1 h 50 booked", "7 h 40 free", 19)


def test_a_closure_and_time_outside_the_hours_are_not_free() -> None:
    """A closure takes open time, once where a case lies in it; a case after hours takes none."""
    cell = tuesday(
        [case("a", TUESDAY, "or-1", "16:00", "18:00", "knee-arthroscopy", "dr-smith")],
        [blocked(TUESDAY, "or-1", "15:30", "16:30", "Humidity repair", "closed")],
    )
    assert cell.free.replace("\u00a0", " ") == "8 h 00 free"
    assert cell.note == "closed in part"


def test_a_block_names_its_owner() -> None:
    """Blocks stand in the cell; their time is still free of cases."""
    cell = tuesday([], [blocked(TUESDAY, "or-1", "07:30", "15:30", "Dr. Smith's block", "block")])
    assert (cell.blocks, cell.cases, cell.free.replace("\u00a0", " ")) == (
        ("Dr. Smith's block",),
        "",
        "9 h 30 free",
    )


def columns(path: str) -> list[tuple[int, int]]:
    """The columns of a path: where each of its boxes begins and how wide it is."""
    found = re.findall(rf"M(\d+) 0h(\d+)v{HIGH}h-\d+z", path)
    assert "".join(f"M{a} 0h{b}v{HIGH}h-{b}z" for a, b in found) == path
    return [(int(a), int(b)) for a, b in found]


def test_a_strip_draws_each_case_and_offer_in_its_place() -> None:
    """On one scale from 7 AM: a case at 7:30 stands in column 6, 55 minutes are 11 wide; an offer stands apart."""
    whole = GoldenDesk().call(
        "get_schedule", {"date_from": TUESDAY.isoformat(), "date_to": TUESDAY.isoformat()}
    )
    ghost = Ghost("o1", "1", "or-1", "2026-03-10T09:15:00-04:00", "2026-03-10T10:10:00-04:00")
    drawn = strips(whole, [TUESDAY], FORMATS, [ghost])
    paths = dict(drawn.of("or-1", TUESDAY).paths)
    assert columns(paths["booked"]) == [(6, 11), (48, 11)]
    assert columns(paths["offered"]) == [(27, 11)]
    assert (drawn.of("or-1", TUESDAY).ranks, drawn.of("or-2", TUESDAY).ranks) == (("1",), ())
    assert (drawn.width, drawn.first, drawn.last) == (120, "7\u00a0AM", "5\u00a0PM")
    assert columns(dict(drawn.of("or-2", TUESDAY).paths)["shut"]) == [(60, 48)]


def test_a_strip_clips_what_runs_over_midnight_and_counts_elapsed_hours() -> None:
    """A case over midnight stands on both days; on the day of 25 hours 7 AM is eight hours in."""
    day = dt.date(2026, 11, 1)
    night = case("n", day, "or-1", "00:00", "07:00", "carpal-tunnel", "dr-lee")
    night["start"] = dt.datetime(2026, 10, 31, 23, tzinfo=NEW_YORK).isoformat()
    whole = {"rooms": [{"id": "or-1", "hours": []}], "cases": [night], "blocked": []}
    drawn = strips(whole, [day - dt.timedelta(days=1), day], FORMATS)
    assert columns(dict(drawn.of("or-1", day - dt.timedelta(days=1)).paths)["booked"]) == [(23 * 12, 12)]
    assert columns(dict(drawn.of("or-1", day).paths)["booked"]) == [(0, 8 * 12)]


def test_forty_rooms_agree_with_the_book() -> None:
    """At 40 rooms every case of the week is counted in exactly one cell."""
    clinic = clinic_of(SIZES["L"], 1)
    store = Store.memory(exported(Loaded(clinic)))
    now = dt.datetime(2026, 3, 2, 9, tzinfo=NEW_YORK)
    desk = StoreDesk(Context(store, DEMO_DIRECTOR, lambda: now))
    monday = dt.date(2026, 3, 2)
    book = desk.call("get_schedule", {"date_from": "2026-03-02", "date_to": "2026-03-08"})
    shown = build_week(book, monday, FORMATS, monday)
    store.close()
    assert len(shown.rows) == 40
    counted = sum(int(cell.cases.split()[0]) for row in shown.rows for cell in row.cells if cell.cases)
    assert counted == len(book["cases"]) > 500
