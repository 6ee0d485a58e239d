"""What is asked instead of guessed, and what a reading tells about itself."""

from datetime import date, datetime, time

import pytest

from assistant.models.offline.dates import TimeSettings, WhenReading, read_when
from tests.assistant.offline.dates_shown import NOW, shown

MONDAY = datetime.fromisoformat("2026-03-09T08:00")


def reading_of(text: str, now: datetime = NOW, settings: TimeSettings | None = None) -> WhenReading:
    """The reading of a text that has one."""
    reading = read_when(text, now, settings)
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tues the 9th", "!mismatch"),
        ("Tuesday morning or Thursday afternoon", "12:00 !either-or"),
        ("next Friday", "03-13 !ambiguous"),
        ("Friday the 12th", "!mismatch"),
        ("February 30", "!no-such-date"),
        ("Feb 29", "!no-such-date"),
        ("March 1", "2027-03-01 !past"),
        ("March 3, 2025", "2025-03-03 !past"),
        ("yesterday", "03-04 !past"),
        ("last Tuesday", "03-03 !past"),
        ("today at 8", "03-05 08:00 !past"),
        ("week of Feb 24", "2027-02-24 !past"),
        ("Feb 30", "!no-such-date"),
        ("the 45th", "!no-such-date"),
        ("Tuesday the second", "!mismatch"),
        ("Wednesday, March 10", "!mismatch"),
        ("any Friday except Fridays", "03-06 not fri !conflict"),
        ("2 weeks ago", "02-19 !past"),
        ("last week", "02-23..03-01 !past"),
        ("last day of October 2015", "2015-10-31 !past"),
        ("the 1st of March at 3pm", "2027-03-01 15:00 !past"),
        ("week of 3/16 or 3/23", "!either-or"),
        ("this morning at 7", "03-05 07:00 !past"),
        ("Tuesday the 10th, Wednesday", "!conflict"),
        ("Tuesday at 9 or 2", "03-10 !either-or"),
        ("next week, in May", "!conflict"),
        ("after 3 and before 1pm", "15:00-13:00 !conflict"),
        ("morning at 7pm Tuesday", "03-10 19:00"),
        ("from 2pm till tomorrow 4:30pm", "..03-06 !conflict"),
    ],
)
def test_what_cannot_be_is_a_problem(text: str, expected: str) -> None:
    """Impossible, past, clashing or two-fold times carry a problem to ask about."""
    assert shown(text) == expected


def test_next_tuesday_said_on_monday_offers_both() -> None:
    """ "next Tuesday" said on a Monday is tomorrow or eight days on: asked, with both dates."""
    reading = reading_of("next Tuesday", MONDAY)
    assert reading.single_day == date(2026, 3, 17)
    assert reading.alternatives == (date(2026, 3, 10),)
    assert [(p.kind, p.dates) for p in reading.problems] == [
        ("ambiguous", (date(2026, 3, 10), date(2026, 3, 17)))
    ]


def test_next_friday_said_on_monday_keeps_the_other_a_click_away() -> None:
    """ "next Friday" said on a Monday is that of next week, this week's is an alternative, nothing is asked."""
    reading = reading_of("next Friday", MONDAY)
    assert (reading.single_day, reading.alternatives) == (date(2026, 3, 20), (date(2026, 3, 13),))
    assert not reading.problems


def test_the_soonest_weekday_is_after_today() -> None:
    """ "Monday" said on a Monday is in seven days."""
    assert shown("Monday", MONDAY) == "03-16"


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        (
            "next Tuesday after 2pm except Fridays",
            "Tuesday, March 10, 2026, wheels-in 2:00 PM or later, not Fridays",
        ),
        ("Tuesday at 7", "Tuesday, March 10, 2026, wheels-in at 7:00 AM"),
        ("Jan 5, done by 3", "Tuesday, January 5, 2027, wheels-out by 3:00 PM"),
        ("Tuesdays in April", "Tuesdays, Wednesday, April 1, 2026 through Thursday, April 30, 2026"),
        ("asap", "The soonest from Thursday, March 5, 2026"),
    ],
)
def test_the_assumption_echoes_weekday_full_date_and_half_of_day(text: str, echo: str) -> None:
    """The echo names weekday, date with year, and AM or PM."""
    assert reading_of(text).assumption == echo


def test_a_mismatch_offers_the_candidates() -> None:
    """The Tuesday that is a Thursday offers the 12th, the Tuesday nearest, and the next Tuesday the 12th."""
    problem = reading_of("Tuesday the 12th").problems[0]
    assert problem.dates == (date(2026, 3, 12), date(2026, 3, 10), date(2026, 5, 12))


def test_a_wish_inside_a_firm_window_is_told_apart() -> None:
    """ "next week, ideally Tuesday morning" requires the week and prefers the Tuesday morning."""
    reading = reading_of("next week, ideally Tuesday morning")
    assert (reading.date_from, reading.date_to) == (date(2026, 3, 9), date(2026, 3, 15))
    assert not reading.preference
    assert reading.preferred is not None
    assert reading.preferred.single_day == date(2026, 3, 10)
    assert reading.preferred.start_until == time(12)


def test_a_window_that_began_keeps_its_calendar_period() -> None:
    """ "this week" searches from today and remembers Monday to Sunday for a board."""
    reading = reading_of("this week")
    assert (reading.date_from, reading.period) == (NOW.date(), (date(2026, 3, 2), date(2026, 3, 8)))


def test_an_exact_start_is_told_from_a_window() -> None:
    """ "at 10" is a point, "around 10" and "after 10" are not."""
    assert reading_of("at 10").exact_start == time(10)
    assert reading_of("around 10").exact_start is None
    assert reading_of("after 10").exact_start is None


def test_settings_decide_order_clock_and_hours() -> None:
    """Day-first dates, a 24-hour echo and evening ORs follow the clinic's settings."""
    settings = TimeSettings(date_order="dmy", clock="24h", opening=time(13), closing=time(22))
    reading = reading_of("3/4 at 8", settings=settings)
    assert reading.assumption == "Friday, April 3, 2026, wheels-in at 20:00"
    assert shown("in the afternoon", settings=settings) == "12:00-22:00"


def test_a_year_is_rolled_over_and_echoed() -> None:
    """A month gone by means next year's, said with its year."""
    assert reading_of("January 12").assumption == "Tuesday, January 12, 2027"
    assert shown("next March") == "2027-03-01..2027-03-31"
    assert shown("next March", datetime.fromisoformat("2026-02-10T09:00")) == "03-01..03-31"
