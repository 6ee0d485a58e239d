"""The explainer against brute force that reads nothing but `check`, on small random clinics."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from solver.changes import asked as with_overrides
from solver.explain import explain, overlaid
from solver.explain.conflicts import free_under
from solver.explain.corrections import corrections
from solver.explain.joint import Joint
from solver.explain.resolving import resolved
from solver.explain.table import Table
from solver.explain.why import confirmed
from solver.request import Request, Status
from solver.search import search
from solver.snapshot import Snapshot
from solver.verify import verify
from tests.solver.brute import asked, loaded
from tests.solver.explain import by_hand
from tests.solver.strategies import Record, situations

Situation = tuple[Record, Record, datetime]

TRIED = (Phase.explicit, Phase.reuse, Phase.generate)
LOOSE = (HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large)
MOST = 900
"""Plans that brute force tries for one example."""


@st.composite
def coupled(draw: st.DrawFn, plain: bool = False) -> Situation:
    """A situation in which whole teams decide more often: breaks between cases, a laser and who may run it."""
    data, request, now = draw(situations(plain))
    if draw(st.booleans()):
        most = draw(st.sampled_from((90, 150)))
        data["rules"]["breaks"] = {"params": {"after_minutes": most, "minutes": 30}}
    if draw(st.booleans()):
        data["equipment"]["arm"]["laser"] = True
        who = draw(st.sampled_from(("c1", "n1", "x1")))
        data["staff"][who]["certifications"].append({"id": "laser-safety"})
    return data, request, now


def narrowed(situation: Situation) -> tuple[Snapshot, Request]:
    """The situation, asked for a stretch short enough to try everything."""
    data, request, now = situation
    short = {"start_from": "09:00", "start_until": "10:00"}
    return loaded(data, now), asked({**{k: v for k, v in request.items() if k != "end_by"}, **short})


@settings(phases=TRIED, max_examples=15, suppress_health_check=LOOSE, deadline=None)
@given(coupled(plain=True))
def test_corrections_and_conflict_are_those_of_brute_force(situation: Situation) -> None:
    """Every minimal correction is found and no other, and the conflict is a minimal one of the fewest atoms."""
    snapshot, request = narrowed(situation)
    assume(by_hand.teams(snapshot, request) <= MOST)
    truth = by_hand.corrections(snapshot, request)
    assume(truth)
    table = Table.of(snapshot, request)
    joint = Joint(table)
    found = confirmed(table, joint, corrections(table))
    named = {frozenset(table.index.named(atoms)) for atoms in found.sets}
    if found.complete and joint.sure:
        assert named == truth
    else:
        assert all(any(part <= each for part in truth) for each in named)
    if truth != {frozenset()} and len(frozenset().union(*truth)) <= 14:
        told = explain(snapshot, request, ways_out=False)
        conflict = frozenset(reason.atom for reason in told.conflict)
        every = by_hand.conflicts(truth)
        if told.minimal:
            assert conflict in every
            assert len(conflict) == min(map(len, every))


@settings(phases=TRIED, max_examples=15, suppress_health_check=LOOSE, deadline=None)
@given(coupled())
def test_a_conflict_leaves_nothing_and_does_without_any_member(situation: Situation) -> None:
    """A conflict alone leaves no start; without any one of its members it leaves one; none exists where a slot does."""
    data, request, now = situation
    snapshot, request_ = loaded(data, now), asked(request)
    result = search(snapshot, request_)
    told = explain(snapshot, request_, proven=result.status is Status.INFEASIBLE, ways_out=False)
    if result.offers:
        assert not told.conflict
        assert told.status is not Status.INFEASIBLE
        return
    assert told.conflict
    if told.minimal and told.conflict[0].atom.rule != "request":
        table = Table.of(snapshot, request_)
        atoms = table.index.of(reason.atom for reason in told.conflict)
        assert free_under(table, Joint(table), atoms) is None
        for reason in told.conflict:
            assert free_under(table, Joint(table), atoms & ~table.index.bit(reason.atom)) is not None
    assert len(set(told.sentences)) == len(told.sentences)


@settings(phases=TRIED, max_examples=12, suppress_health_check=LOOSE, deadline=None)
@given(coupled(), st.booleans())
def test_every_correction_opens_a_slot_that_the_verifier_passes(situation: Situation, swaps: bool) -> None:
    """With its changes a correction's example passes every rule and its openings are as many on a clinic read afresh.

    One that opens none says so.
    """
    data, request, now = situation
    snapshot, request_ = loaded(data, now), replace(asked(request), allow_swaps=swaps)
    result = search(snapshot, request_)
    assume(not result.offers)
    told = explain(snapshot, request_, proven=result.status is Status.INFEASIBLE)
    for correction in told.corrections:
        then = with_overrides(request_, correction.changes)
        changed = overlaid(snapshot, correction.changes, then)
        cold = Snapshot.of(changed.clinic, snapshot.facts.as_of)
        found = search(cold, replace(then, limit=1)).offers
        assert bool(found) == bool(correction.opens) == (correction.example is not None)
        assert resolved(cold, then)[1] == correction.opens
        if correction.example is None:
            assert "not enough alone" in correction.text
            continue
        facts = cold.facts.without(then.replaces)
        assert verify(correction.example.plan, facts, cold.catalogue, cold.catalogue.waived(then)) == ()
