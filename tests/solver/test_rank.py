"""The objective, term by term."""

from __future__ import annotations

import datetime as dt

import pytest

from solver import rank
from solver.clinic import Block, Clinic, RankTerm
from solver.reserve import mode_of
from tests.solver.clinics import ask, at, booked, small_clinic, snapshot, window, with_blocks, with_cases
from tests.solver.rules.claims import two_towers

BOOKED = with_cases(small_clinic(), booked("10:00"))
OWNED = with_blocks(small_clinic(), Block("b", "dr-smith", "or-1", 1, window("07:30-12:00")))


def placed(clinic: Clinic, clock: str, room: str = "or-1", day: dt.date | None = None) -> rank.Placed:
    """Dr. Smith's knee at that time, asked for from Tuesday on."""
    mode = mode_of(clinic, ("knee-arthroscopy",), "dr-smith")
    start = at(clock, day) if day else at(clock)
    return rank.Placed(mode, room, start, snapshot(clinic).facts, ask())


@pytest.mark.parametrize(
    ("term", "where", "value"),
    [
        ("day", placed(small_clinic(), "09:00", day=dt.date(2026, 3, 12)), 2),
        ("start", placed(small_clinic(), "09:15"), 555),
        ("overtime", placed(OWNED, "11:30"), 30),
        ("overtime", placed(OWNED, "11:00"), 0),
        ("overtime", placed(small_clinic(), "16:00"), 0),
        ("gap", placed(BOOKED, "08:00"), 25),
        ("gap", placed(BOOKED, "11:35"), 0),
        ("gap", placed(BOOKED, "11:55"), 20),
        ("gap", placed(BOOKED, "14:00"), 0),
        ("scarce", placed(two_towers(), "09:00"), 0),
        ("scarce", placed(small_clinic(), "09:00", "or-2"), 0),
    ],
)
def test_a_term_measures_what_it_is_named_for(term: str, where: rank.Placed, value: float) -> None:
    """Days and minutes as they are; a gap only where it is too short to use."""
    assert rank.terms(where)[term] == value


def test_levels_come_in_order_and_ties_are_broken() -> None:
    """An earlier level decides whatever the later ones say; equal sums are told apart by start, room, surgeon."""
    early, late = placed(small_clinic(), "09:00"), placed(small_clinic(), "10:00")
    values = {"day": 0.0, "start": 1.0}
    levels = ((RankTerm("day"),), (RankTerm("start", 2),))
    assert rank.key(early, values, levels) == (0, 2, at("09:00"), "or-1", "dr-smith")
    assert rank.key(early, {"day": 0, "start": 900}, levels) < rank.key(late, {"day": 1, "start": 0}, levels)
    assert rank.key(early, values, levels) < rank.key(late, values, levels)


def test_the_first_level_tells_whether_days_come_first() -> None:
    """Only a level of the day alone lets a search stop at the first day that has enough."""
    assert rank.day_first(((RankTerm("day"),), (RankTerm("gap"),)))
    assert not rank.day_first(((RankTerm("day"), RankTerm("gap")),))
    assert not rank.day_first(((RankTerm("day", 0),),))
    assert not rank.day_first(())
