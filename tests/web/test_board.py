"""The board's geometry: columns, clipping, sub-rows, the two odd days of the year."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.golden import NOW, TUESDAY, GoldenDesk, blocked, case
from web import geometry, pages
from web.board import Ghost, build
from web.format import Formats
from web.geometry import NARROW, ROOMY, Day, column_css, gaps, lane_css, spill, subrows

NEW_YORK = Formats("America/New_York")
SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 60)).map(lambda p: (p[0], p[0] + p[1])), max_size=30
)


def schedule(day: dt.date, **parts: Any) -> dict[str, Any]:
    """The golden schedule of a day, some parts replaced."""
    whole = GoldenDesk().call("get_schedule", {"date_from": day.isoformat(), "date_to": day.isoformat()})
    return whole | parts


def ghost(start: str, end: str, offer: str = "o1", room: str = "or-1") -> Ghost:
    """An offered slot."""
    return Ghost(offer, "1", room, start, end, "Knee arthroscopy", "Dr. Smith")


def classes(text: str, prefix: str) -> int:
    """The number in the one class with that prefix."""
    found = [word for word in text.split() if word.startswith(prefix) and word[len(prefix) :].isdecimal()]
    assert len(found) == 1, text
    return int(found[0][len(prefix) :])


def column(text: str) -> int:
    """The column at which a box begins, from 0."""
    return classes(text, "a") * 12 + classes(text, "b")


def width(text: str) -> int:
    """How many columns a box takes."""
    return classes(text, "d") * 12 + classes(text, "e")


@given(SPANS)
def test_no_two_boxes_of_one_subrow_overlap(spans: list[tuple[int, int]]) -> None:
    """Whatever overlaps in time lies in different sub-rows."""
    rows = subrows(spans)
    for i, (start, end) in enumerate(spans):
        for j in range(i):
            if rows[i] == rows[j]:
                assert end <= spans[j][0] or spans[j][1] <= start


@given(SPANS)
def test_there_are_no_more_subrows_than_boxes_at_once(spans: list[tuple[int, int]]) -> None:
    """The number of sub-rows is the largest number of boxes that lie over one moment."""
    busiest = max((sum(a <= moment < b for a, b in spans) for moment in range(261)), default=0)
    assert len(set(subrows(spans))) == busiest


@given(SPANS, st.tuples(st.integers(0, 100), st.integers(101, 288)))
def test_gaps_are_exactly_what_is_not_covered(spans: list[tuple[int, int]], within: tuple[int, int]) -> None:
    """A step lies in a gap exactly when it is inside the window and under no span."""
    free = {step for a, b in gaps(spans, within) for step in range(a, b)}
    assert free == {step for step in range(*within) if not any(a <= step < b for a, b in spans)}


@given(SPANS, st.integers(0, 200), st.integers(1, 30))
def test_the_words_of_a_narrow_box_never_reach_over_another(
    taken: list[tuple[int, int]], start: int, wide: int
) -> None:
    """They may take more than the box only where everything behind it is free, and a wide box needs no more."""
    others = [each for each in taken if each[1] <= start or each[0] >= start + wide]
    reach = spill((start, start + wide), others, 288)
    if reach:
        assert wide <= NARROW
        assert wide < reach <= ROOMY
        assert start + reach <= 288
        assert not any(first < start + reach and last > start + wide for first, last in others)
    elif wide <= NARROW and start + wide < 288:
        assert any(first <= start + wide < last for first, last in others)


def test_a_short_case_may_write_over_the_free_time_behind_it() -> None:
    """25 minutes with an hour to the next case have that hour for their words; what is closed ends it sooner."""
    short = case("a", TUESDAY, "or-1", "09:00", "09:25", "carpal-tunnel", "dr-lee")
    later = case("b", TUESDAY, "or-1", "10:00", "12:00", "carpal-tunnel", "dr-lee")
    shut = blocked(TUESDAY, "or-1", "09:45", "09:55", "Humidity repair", "closure")
    for closed, steps in (([], 12), ([shut], 9)):
        drawn = build(schedule(TUESDAY, cases=[short, later], blocked=closed), TUESDAY, NEW_YORK, NOW)
        placed = {item.id: item.classes for item in drawn.rows[0].items}
        assert classes(placed["a"], "s") == steps
        assert "spill" not in placed["b"]


@pytest.mark.parametrize(
    ("rooms", "height"), [(3, "few"), (5, "few"), (6, ""), (12, ""), (13, "many"), (40, "many")]
)
def test_few_rooms_stand_high_and_many_low(rooms: int, height: str) -> None:
    """Few rooms fill the screen with a line more in each box; forty are low enough to be looked over."""
    more = [{"id": f"r{n}", "name": f"R {n}", "hours": []} for n in range(rooms)]
    assert build(schedule(TUESDAY, rooms=more), TUESDAY, NEW_YORK, NOW).grid == f"grid {height}".strip()


def test_a_box_stands_at_its_wall_time() -> None:
    """7:30 on a board that starts at 7 AM is column 6, and 55 minutes are 11 columns wide."""
    item = next(i for i in build(schedule(TUESDAY), TUESDAY, NEW_YORK, NOW).rows[0].items if i.id == "case-1")
    assert (column(item.classes), width(item.classes)) == (6, 11)


@pytest.mark.parametrize(
    ("day", "steps"),
    [(dt.date(2026, 11, 1), 300), (dt.date(2027, 3, 14), 276), (dt.date(2026, 3, 10), 288)],
)
def test_a_day_is_as_wide_as_it_is_long(day: dt.date, steps: int) -> None:
    """The day on which clocks go back has 300 columns, the other 276, and any other 288."""
    assert Day.of(day, NEW_YORK).steps == steps


def test_the_repeated_hour_is_drawn_twice_and_named() -> None:
    """On the 25-hour day two columns say 1 AM, with EDT and EST, and 7 AM stands eight elapsed hours in."""
    day = dt.date(2026, 11, 1)
    night = case("n", day, "or-1", "00:30", "08:00", "carpal-tunnel", "dr-lee")
    drawn = build(schedule(day, cases=[night], blocked=[]), day, NEW_YORK, NOW)
    texts = [tick.text.replace("\u00a0", " ") for tick in drawn.hours]
    assert texts[:4] == ["12 AM", "1 AM EDT", "1 AM EST", "2 AM"]
    assert column(drawn.hours[texts.index("7 AM")].classes) == 8 * 12
    assert width(drawn.rows[0].items[0].classes) == (8 * 60 + 30) // 5


def test_the_skipped_hour_is_not_drawn() -> None:
    """On the 23-hour day 1 AM is followed by 3 AM, and a case over the gap is as wide as it lasts."""
    day = dt.date(2027, 3, 14)
    night = case("n", day, "or-1", "01:00", "04:00", "carpal-tunnel", "dr-lee")
    drawn = build(schedule(day, cases=[night], blocked=[]), day, NEW_YORK, NOW)
    assert [tick.text.replace("\u00a0", " ") for tick in drawn.hours] == ["1 AM", "3 AM"]
    assert width(drawn.rows[0].items[0].classes) == 24


def test_what_runs_over_midnight_is_clipped_to_each_day() -> None:
    """A case from 23:00 to 01:00 takes one hour at the end of its day and one at the start of the next."""
    zone = ZoneInfo("America/New_York")
    start = dt.datetime(2026, 3, 10, 23, tzinfo=zone).isoformat()
    end = dt.datetime(2026, 3, 11, 1, tzinfo=zone).isoformat()
    first = Day.of(TUESDAY, NEW_YORK).span(start, end)
    second = Day.of(TUESDAY + dt.timedelta(days=1), NEW_YORK).span(start, end)
    assert (first, second) == ((276, 288), (0, 12))
    assert Day.of(TUESDAY + dt.timedelta(days=2), NEW_YORK).span(start, end) is None


def test_overlapping_ghosts_get_subrows_of_their_own() -> None:
    """Two offers that overlap in one room stand in two sub-rows, and the lane is two rows high."""
    ghosts = [
        ghost("2026-03-10T09:15:00-04:00", "2026-03-10T10:10:00-04:00"),
        ghost("2026-03-10T09:45:00-04:00", "2026-03-10T10:40:00-04:00", "o2"),
    ]
    row = build(schedule(TUESDAY, blocked=[]), TUESDAY, NEW_YORK, NOW, ghosts).rows[0]
    assert [classes(i.classes, "r") for i in row.items if "ghost" in i.classes] == [1, 2]
    assert "rows2" in row.lane


def test_a_ghost_of_another_day_or_room_is_not_drawn_here() -> None:
    """A ghost shows on its own day and in its own room only."""
    ghosts = [ghost("2026-03-12T09:15:00-04:00", "2026-03-12T10:10:00-04:00")]
    drawn = build(schedule(TUESDAY), TUESDAY, NEW_YORK, NOW, ghosts)
    assert not [i for row in drawn.rows for i in row.items if "ghost" in i.classes]


def test_a_block_is_a_band_above_the_cases() -> None:
    """A block takes the lane's first row, and every case of that room stands below it."""
    row = build(schedule(TUESDAY), TUESDAY, NEW_YORK, NOW).rows[0]
    assert "banded" in row.lane
    assert {classes(i.classes, "r") for i in row.items if "bar case" in i.classes} == {2}
    assert {classes(i.classes, "r") for i in row.items if "bar block " in i.classes} == {1}


def test_time_outside_hours_is_shaded_unless_a_record_explains_it() -> None:
    """A closure outside the room's hours is drawn once, with its cause, and not shaded again."""
    shut = blocked(TUESDAY, "or-2", "17:00", "18:00", "Cleaning", "closed")
    late = case("late", TUESDAY, "or-1", "17:00", "18:00", "carpal-tunnel", "dr-lee")
    drawn = build(schedule(TUESDAY, blocked=[shut], cases=[late]), TUESDAY, NEW_YORK, NOW)
    assert len([c for c in drawn.rows[0].closed if c.startswith("closed")]) == 2
    assert len([c for c in drawn.rows[1].closed if c.startswith("closed")]) == 1


def test_a_cancelled_case_is_not_drawn() -> None:
    """Only what occupies its room is on the board."""
    gone = case("gone", TUESDAY, "or-1", "09:00", "10:00", "carpal-tunnel", "dr-lee") | {
        "status": "cancelled"
    }
    drawn = build(schedule(TUESDAY, cases=[gone]), TUESDAY, NEW_YORK, NOW)
    assert not [i for row in drawn.rows for i in row.items if i.id == "gone"]


def test_a_closed_day_shows_the_usual_hours_all_shaded() -> None:
    """A Sunday without cases shows ten hours, each room shaded from end to end."""
    sunday = dt.date(2026, 3, 15)
    drawn = build(schedule(sunday), sunday, NEW_YORK, NOW)
    assert [row.closed for row in drawn.rows] == [("closed a0 b0 d10 e0",)] * 3
    assert all(row.free for row in drawn.rows)


def test_now_is_marked_on_todays_board_only() -> None:
    """The line of the present moment stands on the day it belongs to."""
    today, other = (build(schedule(day), day, NEW_YORK, NOW) for day in (NOW.date(), TUESDAY))
    assert "now a2 b0 d0 e1" in today.rows[0].closed
    assert not [c for c in other.rows[0].closed if c.startswith("now")]


def test_every_box_says_its_whole_text() -> None:
    """A box's label holds procedure, surgeon, room, times, state and initials: what its width can't show."""
    item = next(i for i in build(schedule(TUESDAY), TUESDAY, NEW_YORK, NOW).rows[1].items if i.id == "case-3")
    said = item.label.replace("\u00a0", " ")
    assert said == "Carpal tunnel release, Dr. Lee, OR 2, 8:00 AM to 8:30 AM, booked, patient A.B."


def test_more_overlaps_than_classes_still_show() -> None:
    """Twenty cases at once all stand on the board, the last ones sharing the last sub-row."""
    many = [case(f"x{n}", TUESDAY, "or-1", "09:00", "10:00", "carpal-tunnel", "dr-lee") for n in range(20)]
    row = build(schedule(TUESDAY, cases=many, blocked=[]), TUESDAY, NEW_YORK, NOW).rows[0]
    assert len(row.items) == 20
    assert max(classes(i.classes, "r") for i in row.items) == geometry.MOST_SUBROWS


def test_the_static_columns_are_the_ones_the_board_uses() -> None:
    """The committed style sheet is what `column_css` writes."""
    assert Path(pages.STATIC / "css" / "cols.css").read_text() == column_css()
    assert Path(pages.STATIC / "css" / "lanes.css").read_text() == lane_css()
