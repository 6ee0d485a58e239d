"""The two questions a surface asks: which slots there are, and whether it may be exactly this one."""

from __future__ import annotations

from solver.alternatives import alternatives
from solver.explain import explain, violations_at
from solver.request import Checked, Found, Request, Status
from solver.search import search
from solver.snapshot import Snapshot


def find(snapshot: Snapshot, request: Request, *, ways_out: bool = False) -> Found:
    """Verified offers, best first; where there are none, the reason and the nearest alternatives.

    With `ways_out` also what would open a slot: each is solved again, which takes longer than the search itself.
    """
    result = search(snapshot, request)
    if result.offers:
        return Found(result.status, result.offers)
    proven = result.status is Status.INFEASIBLE
    reason = explain(snapshot, request, proven=proven, ways_out=ways_out)
    return Found(result.status, (), alternatives(snapshot, request), reason)


def check(snapshot: Snapshot, request: Request) -> Checked:
    """The offer for exactly `request.at`, or every rule that stands against it and the nearest alternatives."""
    result = search(snapshot, request)
    if result.offers:
        return Checked(result.status, (), result.offers[0])
    _, violations = violations_at(snapshot, request)
    reasons = tuple(snapshot.catalogue.reason(violation) for violation in violations)
    return Checked(result.status, reasons, None, alternatives(snapshot, request))


__all__ = ["check", "find"]
