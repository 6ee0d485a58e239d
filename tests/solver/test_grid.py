"""Clinic time: the two days when the clocks change, and masks that are exact off the grid too."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.grid import bits, merge
from tests.solver.clinics import NEW_YORK

SPRING, PLAIN, AUTUMN = dt.date(2026, 3, 8), dt.date(2026, 3, 10), dt.date(2026, 11, 1)
days = st.sampled_from([SPRING, PLAIN, AUTUMN])


@pytest.mark.parametrize(("day", "slots"), [(SPRING, 276), (PLAIN, 288), (AUTUMN, 300)], ids=str)
def test_a_day_has_the_minutes_that_its_clocks_show(day: dt.date, slots: int) -> None:
    """The spring day is an hour short and the autumn one an hour long, in grid steps and quarter hours."""
    frame = NEW_YORK.frame(day)
    assert frame.slots == slots
    assert NEW_YORK.step_mask(day, 15).bit_count() == slots // 3
    assert frame.end == NEW_YORK.frame(day + dt.timedelta(days=1)).origin


@pytest.mark.parametrize("day", [SPRING, PLAIN, AUTUMN], ids=str)
def test_half_past_seven_is_half_past_seven(day: dt.date) -> None:
    """A wall time in the morning stays the same wall time when the clocks have changed in the night."""
    assert f"{NEW_YORK.wall(NEW_YORK.instant(day, 450)):%H:%M}" == "07:30"


def test_a_skipped_time_moves_behind_the_gap_and_a_repeated_one_is_the_first() -> None:
    """02:30 in spring is 03:30 of daylight time; 01:30 in autumn is the one of daylight time."""
    assert NEW_YORK.wall(NEW_YORK.instant(SPRING, 150)).isoformat() == "2026-03-08T03:30:00-04:00"
    assert NEW_YORK.wall(NEW_YORK.instant(AUTUMN, 90)).isoformat() == "2026-11-01T01:30:00-04:00"


@given(days, st.integers(-40, 90), st.integers(1, 200), st.integers(-300, 1700), st.integers(1, 400))
def test_masks_are_what_every_start_says(day: dt.date, begin: int, length: int, at: int, busy: int) -> None:
    """A start is in a mask exactly when its interval meets, or lies inside, the stretch to the minute."""
    frame, end = NEW_YORK.frame(day), begin + length
    stretch = (frame.origin + at, frame.origin + at + busy)
    meets, inside = frame.overlapping(begin, end, stretch), frame.inside(begin, end, [stretch])
    for bit in range(frame.slots):
        first, last = frame.instant(bit) + begin, frame.instant(bit) + end
        assert meets >> bit & 1 == (first < stretch[1] and stretch[0] < last)
        assert inside >> bit & 1 == (stretch[0] <= first and last <= stretch[1])
    assert meets | inside <= frame.full


@given(days, st.integers(0, 1500), st.integers(1, 3000))
def test_the_dates_of_an_interval_are_those_of_its_minutes(day: dt.date, at: int, length: int) -> None:
    """The end is not part of an interval: one that ends at midnight doesn't touch the next day."""
    start = NEW_YORK.frame(day).origin + at
    assert set(NEW_YORK.dates(start, start + length)) == {
        NEW_YORK.date(minute) for minute in [*range(start, start + length, 30), start + length - 1]
    }


def test_only_instants_on_the_grid_have_a_bit() -> None:
    """Two minutes past is no start of the grid, nor is the next day."""
    frame = NEW_YORK.frame(PLAIN)
    assert [frame.bit(frame.origin + m) for m in (0, 5, 7, -5, 1440)] == [0, 1, None, None, None]
    assert list(bits(0b1010)) == [1, 3]


def test_windows_that_touch_are_one() -> None:
    """A shift from seven to twelve and one from twelve to four hold a case over noon."""
    assert merge([(12, 16), (7, 12), (20, 22)]) == [(7, 16), (20, 22)]
