"""What is solved again with changes in place is what a clinic that had always been so would answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
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
from tests.solver.clinics import TUESDAY, ask, at, booked, small_clinic, window, with_cases
from tests.solver.clinics import snapshot as frozen_at
from tests.solver.strategies import Record, situations

TRIED = (Phase.explicit, Phase.reuse, Phase.generate)
LOOSE = (HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large)
HOURS = st.sampled_from([window("00:00-24:00"), window("06:00-11:00"), window("12:00-20:00")])
TAKEN = booked("10:00")
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


def masks(snapshot: Snapshot, request: Request) -> dict[object, object]:
    """Everything that is compiled of a request's needs: what is left to each candidate, and by what it is forbidden."""
    made: dict[object, object] = {}
    for day, mode, room in brute.sites(snapshot, request):
        made[day.date, mode.surgeon] = day.everywhere(request, mode)
        made[day.date, mode.surgeon, room] = day.standing(request, mode).starts(room)
        for need in mode.needs:
            filling = day.filling(request, mode, need, room)
            left = {unit: filling.allowed(unit) for unit in filling.units}
            causes = {unit: sorted(filling.forbidden(unit)) for unit in filling.units}
            made[day.date, mode.surgeon, room, need.key] = left, causes
    return made


@settings(phases=TRIED, max_examples=60, suppress_health_check=LOOSE, deadline=None)
@given(situations(), st.booleans(), st.data())
def test_what_is_kept_of_a_day_is_what_would_be_compiled(
    situation: Situation, explained: bool, data: st.DataObject
) -> None:
    """Each mask and each cause of an overlay is that of the changed clinic compiled afresh, whatever was looked at."""
    content, request, now = situation
    snapshot, request_ = brute.loaded(content, now), brute.asked(request)
    if explained:  # causes of every candidate, else masks of some
        masks(snapshot, request_)
    else:
        search(snapshot, request_)
    day = request_.date_from
    any_ = st.one_of(
        changes_on(day), st.builds(OverrideRule, st.sampled_from(OPEN)),
        st.builds(SetHours, st.sampled_from(("clinic", "r1")), st.just(day.weekday()), HOURS),
    )  # fmt: skip
    laid = tuple(data.draw(st.lists(any_, min_size=1, max_size=2)))
    try:
        changed = overlaid(snapshot, laid, request_)
    except UnknownTarget:
        assume(False)
    then = asked(request_, laid)
    assert masks(changed, then) == masks(Snapshot(replace(changed.facts), changed.catalogue), then)


@pytest.mark.parametrize(
    "change",
    [
        SetHours("clinic", TUESDAY.weekday(), window("12:00-16:00")),
        SetHours("or-1", TUESDAY.weekday(), window("12:00-16:00")),
        OverrideRule("facility-hours"),
        OverrideRule("turnover"),
        OverrideRule("surgeon-days"),
        OverrideRule("staff-shift"),
        AddShift("circulator-1", TUESDAY, window("05:00-22:00")),
        MoveCase(TAKEN.id, start=at("13:00")),
    ],
    ids=repr,
)
def test_a_change_that_bears_on_a_day_is_seen_there(change: Change) -> None:
    """On a day that was compiled before, each of these changes some mask, and all are as if compiled afresh."""
    clinic = with_cases(small_clinic(), TAKEN)
    plain, request = frozen_at(clinic), ask(surgeon="dr-smith")
    before = masks(plain, request)
    changed, then = overlaid(plain, (change,), request), asked(request, (change,))
    assert masks(changed, then) == masks(Snapshot(replace(changed.facts), changed.catalogue), then)
    assert masks(changed, then) != before


def test_a_cancelled_case_takes_nothing_where_it_is_moved() -> None:
    """A what-if that moves a case which isn't in the book leaves every mask as it was."""
    clinic = with_cases(small_clinic(), replace(TAKEN, status="cancelled"))
    plain, request = frozen_at(clinic), ask(surgeon="dr-smith")
    before = masks(plain, request)
    assert masks(overlaid(plain, (MoveCase(TAKEN.id, start=at("13:00")),), request), request) == before


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
