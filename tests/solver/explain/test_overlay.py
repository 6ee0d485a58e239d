"""What is solved again with changes in place is what a clinic that had always been so would answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from solver.changes import (
    AddEquipment,
    AddFeature,
    AddShift,
    AddStaff,
    AddUnit,
    Change,
    ChangeRequest,
    MoveCase,
    OverrideRule,
    ReleaseBlock,
    RemoveLeave,
    ReopenRoom,
    SetHours,
    SetParam,
    UnknownTarget,
    asked,
)
from solver.explain import explain, overlaid
from solver.request import Request
from solver.search import search
from solver.snapshot import Snapshot
from tests.solver import brute
from tests.solver.clinics import window
from tests.solver.strategies import Record, situations

TRIED = (Phase.explicit, Phase.reuse, Phase.generate)
LOOSE = (HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large)
HOURS = st.sampled_from([window("00:00-24:00"), window("06:00-11:00"), window("12:00-20:00")])
Situation = tuple[Record, Record, dt.datetime]
OPEN = ("turnover", "leave", "staff-shift", "block", "facility-hours", "surgeon-days", "equipment-move")


def changes_on(day: dt.date) -> st.SearchStrategy[Change]:
    """Changes of every type that bear on the random clinics and their day."""
    person = st.sampled_from(("s1", "s2", "a1", "c1", "n1", "n2", "x1"))
    room, weekday = st.sampled_from(("r1", "r2")), st.just(day.weekday())
    return st.one_of(
        st.builds(AddUnit, st.sampled_from(("arm", "set", "pacu"))),
        st.builds(AddEquipment, room, st.just("tower")),
        st.builds(AddFeature, room, st.just("lead")),
        st.builds(SetHours, st.sampled_from(("clinic", "r1", "r2", "pacu")), weekday, HOURS),
        st.builds(AddShift, person, st.just(day), HOURS),
        st.builds(
            AddStaff, st.sampled_from(("scrub", "rad-tech")), st.just(day), HOURS, st.just(("cert", "fluoro"))
        ),
        st.builds(RemoveLeave, person, st.just(day), st.just(day)),
        st.builds(ReopenRoom, room, st.just(day)),
        st.builds(ReleaseBlock, st.just("block"), st.just(day)),
        st.builds(OverrideRule, st.sampled_from(OPEN)),
        st.builds(ChangeRequest, st.just("surgeon"), st.sampled_from(("s1", "s2", None))),
        st.builds(MoveCase, st.just("case-0"), room=room),
        st.just(SetParam("turnover", "specialty_change_minutes", 0)),
    )


def told(snapshot: Snapshot, request: Request) -> object:
    """What a search found, for comparison."""
    found = search(snapshot, request)
    return found.status, [(offer.plan, offer.key) for offer in found.offers]


@settings(phases=TRIED, max_examples=30, suppress_health_check=LOOSE, deadline=None)
@given(situations(), st.data())
def test_a_warm_overlay_answers_as_a_cold_clinic(situation: Situation, data: st.DataObject) -> None:
    """Whatever was compiled before, up to two changes laid over it find what they find on a clinic read afresh."""
    content, request, now = situation
    snapshot, request_ = brute.loaded(content, now), brute.asked(request)
    if not search(snapshot, request_).offers:
        explain(snapshot, request_, ways_out=False)
    laid = tuple(data.draw(st.lists(changes_on(request_.date_from), min_size=1, max_size=2)))
    try:
        changed = overlaid(snapshot, laid, request_)
    except UnknownTarget:
        assume(False)
    then = asked(request_, laid)
    cold = Snapshot(replace(changed.facts), changed.catalogue)
    assert told(changed, then) == told(cold, then)
    assert told(snapshot, request_) == told(brute.loaded(content, now), request_)
