"""Cells as people type them: what is clear is read, what could be two things is refused, nothing crashes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.clinic_file.conftest import TEXT
from tests.tools.edits.conftest import context
from tests.tools.records.conftest import NOW
from tools import registry
from tools.importing import cells
from tools.importing.cells import CellError
from tools.importing.columns import COLUMNS, column_of
from tools.importing.table import NotATable, decoded, sheet
from tools.records.store import Store

DAY = dt.date(2026, 3, 14)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-14", "2026/3/14", "2026.03.14", "3/14/2026", "14/3/2026", "14.03.2026", "3-14-26", "14-Mar-26",
        "14 March 2026", "14th Mar 2026", "Mar 14, 2026", "March 14 2026", "Sat, March 14, 2026",
        "Saturday 14 Mar 2026", "2026-03-14 00:00:00", "3/14/2026 0:00", "14mar2026", "2026-03-14T00:00",
    ],
)  # fmt: skip
def test_a_day_is_a_day(text: str) -> None:
    """However a day is written that can't be two, it is that day, whatever order the file is said to have."""
    assert cells.date(text) == DAY


@pytest.mark.parametrize(
    ("text", "order", "words"),
    [
        ("3/4/2026", None, "March 4 or April 3"),
        ("03.04.26", None, "2026-03-04 or 2026-04-03"),
        ("3/14/2026", "dmy", "no day"),
        ("14/3/2026", "mdy", "no day"),
        ("2026-02-29", None, "no day"),
        ("46095", None, "Excel's number"),
        ("soon", None, "not a date"),
        ("14 Foo 2026", None, "no month"),
        ("", None, "not a date"),
    ],
)
def test_a_day_that_is_none_or_two_is_refused(text: str, order: str | None, words: str) -> None:
    """An ambiguous or impossible date says why, and what to write."""
    with pytest.raises(CellError, match=words) as caught:
        cells.date(text, order)
    assert "Maybe" in str(caught.value)


def test_a_birth_date_has_its_century() -> None:
    """Of a birth date the year is written in full; the same day of the month twice is clear."""
    with pytest.raises(CellError, match="century"):
        cells.date("13-Mar-80", past=True)
    assert cells.date("3/3/1980", past=True) == dt.date(1980, 3, 3)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("7:30", 450), ("07:30:00", 450), ("0730", 450), ("730", 450), ("7:30 AM", 450), ("7:30am", 450),
        ("7.30", 450), ("7h30", 450), ("7 a.m.", 420), ("12:15 AM", 15), ("12 PM", 720), ("1:05 p.m.", 785),
        ("24:00", 1440),
    ],
)  # fmt: skip
def test_a_time_is_a_time(text: str, minutes: int) -> None:
    """Clocks of 12 and of 24 hours, with and without points."""
    assert cells.clock(text) == minutes


@pytest.mark.parametrize("text", ["7", "25:00", "13:00 AM", "0:30 PM", "7:60", "noon", "-1:00", ""])
def test_no_time_is_refused(text: str) -> None:
    """A lone number, or a time that no clock shows, is refused with the way out."""
    with pytest.raises(CellError, match="Maybe"):
        cells.clock(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("7:30-15:30", "07:30-15:30"), ("7:00 AM - 3:30 PM", "07:00-15:30"), ("0700\u20131530", "07:00-15:30"),
        ("7 to 15", "07:00-15:00"),
    ],
)  # fmt: skip
def test_a_window_is_written_as_the_file_has_it(text: str, written: str) -> None:
    """Dashes of all lengths and words between two times."""
    assert cells.window(text) == written


@pytest.mark.parametrize("text", ["7-3", "22:00-06:00", "7:30", "all day"])
def test_a_window_that_turns_round_is_refused(text: str) -> None:
    """7-3 may be meant as an afternoon, and a night goes over midnight: both are refused."""
    with pytest.raises(CellError, match="Maybe"):
        cells.window(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("75", 75), ("75 min", 75), ("1:15", 75), ("1h15", 75), ("1 hr 15 min", 75), ("1.25 h", 75), ("75.0", 75),
        ("2 hours", 120),
    ],
)  # fmt: skip
def test_a_length_is_minutes(text: str, minutes: int) -> None:
    """Minutes, hours and minutes, and parts of hours."""
    assert cells.length(text) == minutes


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon", ["mon"]), ("Mon-Fri", ["mon", "tue", "wed", "thu", "fri"]), ("Tue, Thu", ["tue", "thu"]),
        ("Mondays & Wednesdays", ["mon", "wed"]), ("M-F", ["mon", "tue", "wed", "thu", "fri"]),
        ("Sat/Sun", ["sat", "sun"]),
    ],
)  # fmt: skip
def test_weekdays(text: str, days: list[str]) -> None:
    """One weekday, a row of them, or a list."""
    assert cells.days(text) == days


@pytest.mark.parametrize("text", ["T", "S", "Fri-Mon", "Funday", "T-Th"])
def test_a_weekday_that_could_be_two_is_refused(text: str) -> None:
    """T is Tuesday or Thursday: refused."""
    with pytest.raises(CellError, match="Maybe"):
        cells.days(text)


READS: list[Any] = [
    cells.date, cells.clock, cells.window, cells.length, cells.count, cells.switch, cells.side, cells.days, cells.slug,
]  # fmt: skip


@given(st.sampled_from(READS), st.text(alphabet="0123456789:/-. apmhTue,;é\u2013", max_size=12))
def test_no_cell_crashes(read: Any, text: str) -> None:
    """Any text is read or refused in words."""
    try:
        read(text)
    except CellError as error:
        said = str(error)
        assert said.endswith(".") and "Maybe" in said  # noqa: PT018


@pytest.mark.parametrize("text", ["OR3", "or-3", "OR 3", "Or  3", "or_3"])
def test_names_are_found_in_any_dress(text: str) -> None:
    """Signs and spaces don't make another room; what two are called, and what nobody is, is refused."""
    called = [("OR 3", "or-3"), ("or-3", "or-3"), ("Lee, Ann", "a"), ("Lee, Ann", "b")]
    assert cells.known(text, called, "room") == "or-3"
    for unknown, words in (("OR 4", "Maybe OR 3"), ("Lee Ann", "several")):
        with pytest.raises(CellError, match=words):
            cells.known(unknown, called, "room")


KINDS = sorted(COLUMNS)
HEADERS = st.sampled_from(
    ["Name", "Role", "Date", "Start", "End", "OR", "Surgeon", "Procedure", "Tue", "Hours", "MRN", "?"]
)
CELLS = st.one_of(
    st.text(alphabet='ab,";\t0123456789:/-\u00e9 ', max_size=6),
    st.sampled_from(["Dr. A", "knee", "OR 1", "2026-03-17", "7:30", "60", "surgeon", "circulator", "x"]),
)


@settings(max_examples=60)
@given(
    st.sampled_from(KINDS), st.lists(HEADERS, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=4),
    st.sampled_from([",", ";", "\t", "|"]),
)  # fmt: skip
def test_no_sheet_crashes(kind: str, header: list[str], rows: list[list[str]], mark: str) -> None:
    """Any sheet is tried dry without a crash, every fault has its line, and nothing is stored."""
    text = "\n".join(mark.join(row) for row in [header, *rows])
    store = Store.memory(TEXT, as_of=NOW)
    before = store.export(patients=True)
    done: Any = registry.staffed().call("import_csv", context(store), {"kind": kind, "text": text})
    assert (done.status == "ready") == (not done.faults)
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in done.faults)
    assert store.export(patients=True) == before
    store.close()


def test_headers_are_known_whatever_their_dress() -> None:
    """Case, signs, brackets, underscores and run-on words don't hide a header."""
    for header in ("Start Time", "START_TIME", "startTime", "Start-Time (24h)*", " start  time "):
        assert column_of("bookings", header) == "start"
    assert column_of("bookings", "Favourite colour") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_spreadsheet_programs(encoding: str) -> None:
    """What Excel and its like save is read, whichever of its encodings."""
    assert decoded("Name\nJos\u00e9".encode(encoding)) == "Name\nJos\u00e9"


def test_lines_are_those_of_the_file() -> None:
    """A cell with line breaks, a blank line and Excel's own first line don't shift the count."""
    found = sheet('sep=;\nname;role\n"a\nb";c\n\nd;e\n', lambda cell: cell in ("name", "role"))
    assert [line for line, _ in found.rows] == [3, 6]
    with pytest.raises(NotATable, match="workbook"):
        decoded(b"PK\x03\x04")
