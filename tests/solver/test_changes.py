"""Each change does what its name says to a new clinic, and leaves the old one alone."""

from __future__ import annotations

import datetime as dt

import pytest

from solver import changes as c
from solver.clinic import Block, Leave
from tests.solver.clinics import TUESDAY, at, booked, small_clinic, window, with_blocks, with_cases
from tests.solver.rules.claims import changed

LEAVE = Leave(dt.date(2026, 3, 9), dt.date(2026, 3, 12))


def test_changes_are_laid_over_the_clinic_in_order() -> None:
    """Units, equipment, hours, shifts, releases, parameters and moves, each seen in the result alone."""
    old = with_cases(
        with_blocks(small_clinic(), Block("b", "dr-patel", "or-1", 1, window("07:30-15:30"))), booked("10:00")
    )
    new = c.apply(
        old,
        (
            c.AddUnit("c-arm"),
            c.AddEquipment("or-2", "arthroscopy-tower"),
            c.SetHours("or-1", 1, window("09:00-12:00")),
            c.SetHours("clinic", 1, None),
            c.AddShift("dr-smith", dt.date(2026, 3, 11), window("08:00-12:00")),
            c.ReleaseBlock("b", TUESDAY),
            c.SetParam("turnover", "specialty_change_minutes", 0),
            c.MoveCase(old.cases[0].id, at("12:00"), "or-2"),
        ),
    )
    assert new.equipment["c-arm"].units == 2
    assert "arthroscopy-tower" in new.rooms["or-2"].equipment
    assert new.rooms["or-1"].hours[1] == (window("09:00-12:00"),)
    assert 1 not in new.hours
    assert new.staff["dr-smith"].windows_on(dt.date(2026, 3, 11)) == (window("08:00-12:00"),)
    assert new.blocks[0].released == (TUESDAY,)
    assert new.rules["turnover"].params["specialty_change_minutes"] == 0
    assert (new.cases[0].start, new.cases[0].room) == (at("12:00"), "or-2")
    assert (old.equipment["c-arm"].units, old.cases[0].room) == (1, "or-1")


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [
        ((2026, 3, 10), (2026, 3, 10), [(9, 9), (11, 12)]),
        ((2026, 3, 9), (2026, 3, 12), []),
        ((2026, 3, 1), (2026, 3, 9), [(10, 12)]),
        ((2026, 3, 20), (2026, 3, 21), [(9, 12)]),
    ],
)
def test_back_from_leave_on_some_days_only(
    first: tuple[int, ...], last: tuple[int, ...], left: object
) -> None:
    """The rest of a leave stays, before and after the days that are worked."""
    clinic = changed("staff", "dr-smith", leave=(LEAVE,))
    after = c.RemoveLeave("dr-smith", dt.date(*first), dt.date(*last)).apply(clinic)
    assert [(each.first.day, each.last.day) for each in after.staff["dr-smith"].leave] == left


@pytest.mark.parametrize(
    "change",
    [
        c.AddUnit("x"), c.AddEquipment("x", "c-arm"), c.SetHours("x", 1, None), c.ReleaseBlock("x", TUESDAY),
        c.AddShift("x", TUESDAY, (0, 60)), c.MoveCase("x"), c.RemoveLeave("x", TUESDAY, TUESDAY),
    ],
    ids=lambda change: change.type,
)  # fmt: skip
def test_a_change_of_something_unknown_says_what_there_is(change: c.Change) -> None:
    """The error names what was asked for, and those that exist."""
    with pytest.raises(c.UnknownTarget, match=r"'x'\. Maybe you meant"):
        change.apply(small_clinic())
