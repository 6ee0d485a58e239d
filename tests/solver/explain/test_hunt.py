"""How a smallest conflict is hunted for: lighter sets, corrections that come to light, what days teach each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from solver.explain import explain
from solver.explain.hitting import minimal
from solver.explain.joint import Joint
from solver.explain.leanest import apart, opens
from solver.explain.lighter import lighter
from solver.explain.table import Table
from solver.grid import bits
from solver.request import Status
from solver.search import search
from tests.solver.explain import by_hand
from tests.solver.explain.test_against_everything import LOOSE, MOST, TRIED, Situation, coupled, narrowed

ATOMS = 9
FAMILIES = st.lists(
    st.sets(st.integers(0, ATOMS - 1), min_size=2, max_size=4).map(lambda s: sum(1 << bit for bit in s)),
    min_size=4,
    max_size=14,
)
WEIGHTS = st.lists(st.integers(3, 9), min_size=ATOMS, max_size=ATOMS)


def least(sets: list[int], weights: list[int]) -> int:
    """What the lightest hitting set weighs, by trying all."""
    chosen = (c for size in range(ATOMS + 1) for c in combinations(range(ATOMS), size))
    hits = (c for c in chosen if all(any(each >> bit & 1 for bit in c) for each in sets))
    return min(sum(weights[bit] for bit in c) for c in hits)


@given(FAMILIES, WEIGHTS, st.integers(0, (1 << ATOMS) - 1))
def test_a_lighter_set_is_the_lightest_of_all_or_there_is_none(
    sets: list[int], weights: list[int], than: int
) -> None:
    """It hits every set and weighs what brute force says; None where nothing weighs less than the other one."""
    found = lighter(minimal(sets), weights.__getitem__, than)
    limit, best = sum(weights[bit] for bit in bits(than)), least(sets, weights)
    if best >= limit:
        assert found is None
    else:
        assert found is not None
        assert all(each & found for each in sets)
        assert sum(weights[bit] for bit in bits(found)) == best


@settings(phases=TRIED, max_examples=25, suppress_health_check=LOOSE, deadline=None)
@given(coupled(), st.randoms(use_true_random=False))
def test_what_comes_to_light_is_a_correction_and_shares_no_atom(situation: Situation, dice: object) -> None:
    """A whole team stands with each of them set aside, cross-trained people and all, and none has an atom in force.

    Masks may leave it open, but where they say that a set opens a start, a whole team stands there.
    """
    snapshot, request = narrowed(situation)
    table = Table.of(snapshot, request)
    on = dice.getrandbits(len(table.index.atoms)) & dice.getrandbits(len(table.index.atoms))  # type: ignore[attr-defined]
    taken = on
    for atoms in apart(table, Joint(table), on):
        assert not atoms & taken
        taken |= atoms
        places = [(scene, free) for scene in table.scenes if (free := scene.free(~atoms))]
        assert Joint(table).setting_aside(atoms, places) is not None
    off = dice.getrandbits(len(table.index.atoms))  # type: ignore[attr-defined]
    if opens(table, Joint(table), off):
        places = [(scene, free) for scene in table.scenes if (free := scene.free(~off))]
        assert Joint(table).setting_aside(off, places) is not None


@settings(phases=TRIED, max_examples=15, suppress_health_check=LOOSE, deadline=None)
@given(coupled(plain=True))
def test_each_day_of_a_window_has_a_smallest_conflict_of_its_own(situation: Situation) -> None:
    """What earlier days taught never makes a day's conflict larger than brute force over that day finds."""
    snapshot, request = narrowed(situation)
    window = replace(request, date_to=request.date_from + timedelta(days=2))
    assume(by_hand.teams(snapshot, window) <= 3 * MOST)
    result = search(snapshot, window)
    assume(result.status is Status.INFEASIBLE)
    told = explain(snapshot, window, ways_out=False)
    joint = Joint(Table.of(snapshot, window))
    for day in told.days:
        truth = by_hand.corrections(snapshot, replace(window, date_from=day.date, date_to=day.date))
        conflict = frozenset(reason.atom for reason in day.conflict)
        assert all(conflict & each for each in truth)
        if len(frozenset().union(*truth)) <= 14:
            every = by_hand.conflicts(truth)
            assert conflict in every
            if all(joint.masks_decide(scene) for scene in joint.table.scenes):
                assert len(conflict) == min(map(len, every))
