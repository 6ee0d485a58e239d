"""The clinic says what opening a slot takes, and the ways out come in that order."""

from __future__ import annotations

from dataclasses import replace

from solver.clinic import Clinic, frozen
from solver.explain import explain
from solver.explain.costs import COSTS
from solver.request import Correction
from tests.solver.clinics import snapshot
from tests.solver.explain.test_ways_out import PLANTED, request_of


def ways(clinic: Clinic, costs: dict[str, float]) -> list[Correction]:
    """The ways out of a case that stands in another surgeon's block, at a clinic with these costs."""
    request = replace(request_of(BLOCKED.bites), at=None)
    return list(explain(snapshot(replace(clinic, costs=frozen(costs))), request).corrections)


BLOCKED = next(claim for claim in PLANTED if claim.rule == "block")


def test_what_the_clinic_calls_dear_is_named_last() -> None:
    """The first way out of all defaults gives way to the second, once its changes cost more there."""
    first, second, *_ = ways(BLOCKED.clinic, {})
    assert {change.type for change in first.changes}.isdisjoint(change.type for change in second.changes)
    dear = {change.type: 50_000.0 for change in first.changes}
    assert ways(BLOCKED.clinic, dear)[0].changes == second.changes


def test_the_points_that_are_shown_are_the_clinics() -> None:
    """A point more for a type of change is a point more on the ways that need it, and on no other."""
    before = {way.changes: way.cost for way in ways(BLOCKED.clinic, {})}
    after = {
        way.changes: way.cost for way in ways(BLOCKED.clinic, {"release-block": COSTS["release-block"] + 1})
    }
    assert set(before) == set(after)
    for changes, points in after.items():
        released = sum(change.type == "release-block" for change in changes)
        assert round(points - before[changes], 2) == released
    assert any(after[changes] > before[changes] for changes in after)
