"""Units of a pool are packed so that whatever fits is written."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from solver.clinic import Clinic, Equipment, frozen
from solver.rules.pool import Use, units_needed
from tests.solver.clinics import KNEE, booked, having, setting, small_clinic
from tools.records.occupancy import Taking, assigned, laned, takings

UNITS, MOVE = 3, 10

TAKINGS = st.lists(
    st.builds(
        lambda start, length, room: Taking("c", "equipment", "c-arm", "c-arm", room, start, start + length),
        st.integers(0, 60).map(lambda n: n * 5),
        st.integers(1, 20).map(lambda n: n * 5),
        st.sampled_from(["or-1", "or-2", "or-3", "or-4"]),
    ),
    max_size=9,
).map(lambda all_: [replace(one, case=f"case-{n}") for n, one in enumerate(all_)])


def clinic(move: int) -> Clinic:
    """A clinic with one pool."""
    c_arm = Equipment("c-arm", "C-arm", True, UNITS, move)
    return Clinic("c", "C", "UTC", frozen(), equipment=frozen({"c-arm": c_arm}))


def overlapping(taken: list[Taking], move: int) -> list[tuple[str, str]]:
    """Pairs on one unit that meet, or that leave no time for the move between two rooms."""
    return [
        (one.case, other.case)
        for at, one in enumerate(taken)
        for other in taken[at + 1 :]
        if one.unit == other.unit
        and one.start < other.end + (move if one.room != other.room else 0)
        and other.start < one.end + (move if one.room != other.room else 0)
    ]


@given(taken=TAKINGS)
def test_what_physically_fits_is_packed_without_overlap(taken: list[Taking]) -> None:
    """Where no more than the units there are run at once, no two takings share a unit at a time."""
    placed = assigned(("equipment", "c-arm"), taken, clinic(MOVE))
    assert sorted(one.case for one in placed) == sorted(one.case for one in taken)
    assert all(1 <= one.unit <= UNITS for one in placed)
    if units_needed([Use(one.start, one.end, one.room) for one in taken]) <= UNITS:
        assert overlapping(placed, 0) == []


@given(taken=TAKINGS)
def test_without_moves_the_packing_is_as_good_as_the_rule(taken: list[Taking]) -> None:
    """A pool that needs no moves is packed exactly when the pool's rule counts enough units."""
    placed = assigned(("equipment", "c-arm"), taken, clinic(0))
    fits = units_needed([Use(one.start, one.end, one.room) for one in taken]) <= UNITS
    assert (overlapping(placed, 0) == []) == fits


@given(taken=TAKINGS)
def test_only_accepted_clashes_get_lanes(taken: list[Taking]) -> None:
    """A lane goes to an excepted case that meets another on its unit, to each its own; nobody else has one."""
    placed = assigned(("equipment", "c-arm"), taken, clinic(0))
    clashing = {case for pair in overlapping(placed, 0) for case in pair}
    excepted = frozenset(one.case for one in taken[::2])
    result = laned(placed, excepted)
    assert {one.case for one in result if one.lane is not None} == clashing & excepted
    lanes = [(one.unit, one.lane) for one in result if one.lane is not None]
    assert len(lanes) == len(set(lanes))


def test_a_case_that_opens_two_sets_takes_two() -> None:
    """Two sets of one tray are two takings on two units, so that a third case finds none left."""
    knee = replace(KNEE, trays=("knee-scope-set", "knee-scope-set"))
    small = having(small_clinic(), "procedures", knee)
    taken = [one for one in takings(booked("10:00"), small) if one.kind == "tray"]
    assert len(taken) == 2
    assert [one.unit for one in assigned(("tray", "knee-scope-set"), taken, small)] == [1, 2]


def test_a_year_of_uses_is_packed_in_groups() -> None:
    """Uses of many days are packed day by day: ten thousand take seconds, not hours."""
    uses = [
        Taking(f"case-{n}", "equipment", "c-arm", "c-arm", f"or-{n % 4}", n * 60, n * 60 + 70)
        for n in range(10_000)
    ]
    spread = [
        replace(one, start=one.start + n // 8 * 900, end=one.end + n // 8 * 900) for n, one in enumerate(uses)
    ]
    assert overlapping(assigned(("equipment", "c-arm"), spread, clinic(MOVE))[:200], MOVE) == []


def test_a_tray_that_isnt_reprocessed_is_taken_for_the_case_alone() -> None:
    """Where that rule is off, the rows of a tray end with the case, so that the guard lets the next one have it."""
    case = booked("09:00")
    ends = [
        {one.end - case.end for one in takings(case, each) if one.kind == "tray"}
        for each in (small_clinic(), setting(small_clinic(), "tray-reprocessing", "off"))
    ]
    assert ends == [{180}, {0}]
