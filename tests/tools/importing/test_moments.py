"""When bookings begin and end, however another system writes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from solver.grid import Calendar
from tests.tools.importing.conftest import Import
from tools.importing.cells import CellError
from tools.importing.moments import Moment, moment
from tools.records.store import Store

TUESDAY = dt.date(2026, 4, 7)


def table(headers: str, *rows: str) -> str:
    """A sheet of bookings, each in a row with these cells of its own."""
    lines = [f"{row};row-{number};Dr. A;OR 1;Knee;left" for number, row in enumerate(rows, 1)]
    return "\n".join([f"{headers};case;surgeon;room;procedure;side", *lines])


def told(done: dict[str, Any], count: int) -> list[str]:
    """What is said of each row that is refused."""
    return [
        " ".join(one["message"] for one in done["faults"] if one["line"] == line)
        for line in range(2, count + 2)
    ]


def times(store: Store) -> list[str]:
    """Begin and minutes of every booking that came in, by the clinic's clock."""
    calendar = Calendar(store.clinic().timezone)
    cases = [each for each in store.clinic().cases if each.id.startswith("row-")]
    return [f"{calendar.wall(each.start):%Y-%m-%dT%H:%M%z} {each.minutes}" for each in cases]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-04-07 07:30",
        "2026-04-07T07:30:00",
        "2026-04-07 07:30:00.000",
        "Tue, Apr 7, 2026 7:30 AM",
        "7 Apr 2026 7:30am",
        "07-Apr-26 0730",
        "Tuesday 04/07/2026, 7:30 a.m.",
        "4/7/2026 7:30:00 AM",
        "07.04.2026 7h30",
    ],
)
def test_date_and_time_in_one_cell(cell: str) -> None:
    """Words, signs and fractions are read."""
    order = "dmy" if "." in cell[:3] else "mdy"
    assert moment(cell, order) == Moment(TUESDAY, 450)


@pytest.mark.parametrize("cell", ["12/30/1899 07:30:00", "1900-01-00 7:30", "7:30 am", "0730", "7am"])
def test_a_time_has_no_day(cell: str) -> None:
    """The day that a spreadsheet puts before a lone time is none."""
    assert moment(cell, None).day is None


@pytest.mark.parametrize(
    "cell", ["soon", "7", "2026-04-07 25:30", "2026-04-07 13:30 PM", "04/07/2026 07:30", "", "T"]
)
def test_what_is_no_moment_is_refused(cell: str) -> None:
    """Nothing, half of something, or one of two days."""
    with pytest.raises(CellError, match="Maybe"):
        moment(cell, None)


def test_bookings_come_in_by_their_instant(sheet: Import, store: Store) -> None:
    """With an offset or without one; what ends earlier by the clock than it begins went over midnight."""
    rows = (
        "2026-04-07 07:30;08:45",
        "2026-04-07T11:30Z;2026-04-07T12:30Z",
        "2026-04-07T07:30:00-04:00;2026-04-07 08:45",
        "2026-04-07 22:30;01:00",
        "2026-04-07 22:30;2026-04-08 01:00",
        "2026-11-01T01:30-04:00;2026-11-01T01:30-05:00",
    )
    assert sheet("bookings", table("start;end", *rows))["faults"] == []
    assert times(store) == [
        "2026-04-07T07:30-0400 75",
        "2026-04-07T07:30-0400 60",
        "2026-04-07T07:30-0400 75",
        "2026-04-07T22:30-0400 150",
        "2026-04-07T22:30-0400 150",
        "2026-11-01T01:30-0400 60",
    ]


def test_what_cannot_be_is_told_row_by_row(sheet: Import, store: Store) -> None:
    """Half a moment, an end before its start, an hour that the clocks skip or repeat: nothing is stored."""
    rows = {
        "2026-04-07;08:30": "has no time of day",
        "07:30;08:30": "has no date",
        "2026-03-08 02:30;04:00": "doesn't exist",
        "2026-11-01 01:30;04:00": "Maybe write 2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00",
        "2026-11-01 00:30;01:30": "happens twice",
        "2026-04-07 13:00;12:45 PM": "is before it starts",
        "2026-04-07 13:00;2026-04-06 14:00": "is before it starts",
        "2026-04-07 07:30;07:30": "is before it starts",
        "2026-04-07 07:30;2026-04-09 08:00": "5 minutes to a day",
        "2026-04-07 07:30;2026-04-07": "has no time of day",
    }
    before = store.revision()
    said = told(sheet("bookings", table("start;end", *rows)), len(rows))
    assert all(words in each for words, each in zip(rows.values(), said, strict=True)), said
    assert store.revision() == before


def test_two_days_in_one_row_are_refused(sheet: Import) -> None:
    """A column for the date, and another day in the start."""
    done = sheet("bookings", table("date;start;end", "2026-04-07;2026-04-08 07:30;08:30"))
    assert "is on another day than 2026-04-07" in told(done, 1)[0]


def test_an_end_is_looked_at_though_the_start_is_wrong(sheet: Import) -> None:
    """Every fault at once."""
    done = sheet("bookings", table("date;start;end", "2026-04-07;25:00;26:00"))
    assert {one["column"] for one in done["faults"]} == {"start", "end"}


def test_a_missing_column_is_told_once(sheet: Import) -> None:
    """Of the header, and not again of each of its rows; other faults of the rows are told beside it."""
    rows = "".join(f"2026-04-07;7:30;Dr. A;OR {n};left\n" for n in range(1, 20))
    done = sheet("bookings", f"date;start;surgeon;room;side\n{rows}")
    said = [(one["line"], one["message"]) for one in done["faults"]]
    assert [each for each in said if "procedure" in each[1]] == [
        (1, "There is no column procedure. Maybe it is called otherwise.")
    ]
    assert any(line > 1 and "is no room here" in words for line, words in said)


@pytest.mark.parametrize("kind", ["staff", "bookings"])
def test_formulas_are_no_values(sheet: Import, kind: str) -> None:
    """A cell that a spreadsheet would run is refused with its line, and a patient's isn't repeated."""
    text = (
        "name;role\n=HYPERLINK(1);circulator\n"
        if kind == "staff"
        else table("date;start;len;patient;mrn", "2026-04-07;7:30;60;=HYPERLINK(1);77")
    )
    done = sheet(kind, text)
    assert [one["line"] for one in done["faults"]] == [2]
    assert "is a formula" in done["faults"][0]["message"]
    assert ("HYPERLINK" in str(done)) is (kind == "staff")
