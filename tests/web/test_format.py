"""Clinic time in words."""

from __future__ import annotations

import datetime as dt

import pytest

from web.format import Formats, steady

NEW_YORK = Formats("America/New_York")
EARLY, LATE = "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"


@pytest.mark.parametrize(
    ("clock", "text"), [("12h", "9:00\u00a0AM to 1:55\u00a0PM"), ("24h", "09:00 to 13:55")]
)
def test_a_time_never_breaks_over_two_lines(clock: str, text: str) -> None:
    """Inside a time stands U+00A0 and no other space, in both clocks."""
    said = Formats("America/New_York", clock).times("2026-03-10T09:00:00-04:00", "2026-03-10T13:55:00-04:00")
    assert said == text


def test_an_instant_is_written_in_clinic_time_whatever_its_offset() -> None:
    """The same instant in UTC and in Tokyo's offset reads the same."""
    assert (
        NEW_YORK.time("2026-03-10T13:00:00+00:00")
        == NEW_YORK.time("2026-03-10T22:00:00+09:00")
        == "9:00\u00a0AM"
    )


def test_the_repeated_hour_names_its_zone() -> None:
    """1:30 AM on the day clocks go back says EDT or EST; an ordinary time says neither."""
    assert (NEW_YORK.time(EARLY), NEW_YORK.time(LATE)) == ("1:30\u00a0AM\u00a0EDT", "1:30\u00a0AM\u00a0EST")
    assert Formats("America/New_York", "24h").time(LATE) == "01:30\u00a0EST"


def test_a_year_is_said_only_when_it_is_another() -> None:
    """This year's days go without the year; another year's have it."""
    today = dt.date(2026, 3, 5)
    assert NEW_YORK.day(dt.date(2026, 3, 10), today) == "Tuesday, March 10"
    assert NEW_YORK.day(dt.date(2027, 1, 5), today) == "Tuesday, January 5, 2027"
    assert NEW_YORK.short_day(dt.date(2026, 3, 10), today) == "Tue,\u00a0Mar\u00a010"


@pytest.mark.parametrize(
    ("zone", "month", "text"),
    [
        ("America/New_York", 3, "Eastern Time (EST, UTC\u22125)"),
        ("America/New_York", 7, "Eastern Time (EDT, UTC\u22124)"),
        ("Asia/Kolkata", 3, "India Time (IST, UTC+5:30)"),
        ("Asia/Dubai", 3, "United Arab Emirates Time (UTC+4)"),
    ],
)
def test_the_zone_is_named_with_its_offset(zone: str, month: int, text: str) -> None:
    """The header names the clinic's zone, its letters where it has any, and its offset of that day."""
    assert Formats(zone).zone_line(dt.datetime(2026, month, 5, tzinfo=dt.UTC)) == text


def test_a_time_without_an_offset_is_refused() -> None:
    """A naive time would be read in somebody's own zone, so it is an error with a hint."""
    with pytest.raises(ValueError, match="has no offset. Maybe"):
        NEW_YORK.time("2026-03-10T09:00:00")


def test_times_inside_sentences_hold_together() -> None:
    """A rule's sentence gets U+00A0 inside its times and nowhere else."""
    assert steady("busy 9:15 AM to 1 PM, PM team") == "busy 9:15\u00a0AM to 1\u00a0PM, PM team"
