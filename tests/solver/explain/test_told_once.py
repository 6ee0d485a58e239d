"""What a member says is looked up once for all rooms: it is what it says in each of them looked at by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given, settings

from solver.explain import explain
from solver.explain.joint import Joint
from solver.explain.sentences import _Look
from solver.explain.table import Table
from solver.grid import bits
from solver.request import Status
from solver.search import search
from tests.solver.brute import asked, loaded
from tests.solver.explain.test_against_everything import LOOSE, TRIED, Situation, coupled


@settings(phases=TRIED, max_examples=25, suppress_health_check=LOOSE, deadline=None)
@given(coupled())
def test_a_violation_seen_in_one_room_is_the_one_of_every_room(situation: Situation) -> None:
    """At every start that a member alone forbids, in every room and on every day, it says what its rule says there."""
    data, request, now = situation
    snapshot, one = loaded(data, now), asked(request)
    window = replace(one, date_to=one.date_from + timedelta(days=1))
    assume(search(snapshot, window).status is Status.INFEASIBLE)
    table = Table.of(snapshot, window)
    joint = Joint(table)
    conflict = table.index.of(reason.atom for reason in explain(snapshot, window, ways_out=False).conflict)
    for atom in table.index.named(conflict):
        rule = next((rule for rule in joint.rules if rule.id == atom.rule), None)
        if rule is None:
            continue
        rest = conflict & ~table.index.bit(atom)
        look = _Look(joint, rule, atom, rest, 1)
        for scene in table.scenes:
            for start in list(bits(scene.free(rest)))[::7]:
                assert look._violations(scene, start) == look._broken(scene, start)
