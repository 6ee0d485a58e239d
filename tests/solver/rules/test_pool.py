"""Pool arithmetic against counting every minute and trying every assignment."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from solver.rules.pool import Use, clashing, full, packed, packing, units_needed

uses = st.lists(
    st.builds(
        lambda start, length, room: Use(start, start + length, room),
        st.integers(0, 30), st.integers(1, 12), st.sampled_from(["a", "b"]),
    ),
    max_size=5,
)  # fmt: skip
moves = st.sampled_from([0, 3, 8])


def apart(one: Use, other: Use, move: int) -> bool:
    """Whether one unit can do both, in either order."""
    gap = move if one.room != other.room else 0
    return one.end + gap <= other.start or other.end + gap <= one.start


def fits(tried: list[Use], units: int, move: int) -> bool:
    """Whether some assignment of units keeps every two uses of one unit apart."""
    return any(
        all(apart(tried[i], tried[j], move) for j in range(len(tried)) for i in range(j) if by[i] == by[j])
        for by in product(range(units), repeat=len(tried))
    )


@given(uses, moves)
def test_the_units_needed_are_the_fewest_that_some_assignment_takes(tried: list[Use], move: int) -> None:
    """One unit fewer has no assignment; the packing is one and numbers its units from 1."""
    needed, numbers = units_needed(tried, move), packing(tried, move)
    assert fits(tried, needed, move)
    assert needed == 0 or not fits(tried, needed - 1, move)
    assert set(numbers) == set(range(1, needed + 1))
    pairs = [(i, j) for j in range(len(tried)) for i in range(j) if numbers[i] == numbers[j]]
    assert all(apart(tried[i], tried[j], move) for i, j in pairs)


@given(uses, st.integers(0, 3))
def test_full_stretches_are_the_minutes_with_that_many_uses(tried: list[Use], units: int) -> None:
    """A minute is in a full stretch exactly when as many uses run in it as there are units."""
    stretches = full(tried, units)
    for minute in range(-1, 45):
        running = sum(use.start <= minute < use.end for use in tried)
        assert any(start <= minute < end for start, end in stretches) == (running >= units)


@given(uses, uses.filter(bool), moves)
def test_only_clashing_uses_bear_on_whether_a_unit_is_left(
    others: list[Use], mine: list[Use], move: int
) -> None:
    """In a pool that serves the others, one more fits exactly when those that clash with it leave a unit."""
    use = mine[0]
    tied = clashing(others, use, move)
    for units in range(max(1, units_needed(others, move)), 5):
        assert fits([*others, use], units, move) == (units_needed(tied, move) < units)


@given(uses, uses.filter(bool))
def test_the_unit_of_one_use_exists(others: list[Use], mine: list[Use]) -> None:
    """The unit given to a use is one of those needed, and no other use has it meanwhile."""
    unit = packed(others, mine[0])
    assert 1 <= unit <= units_needed([*others, mine[0]])
