"""The two questions a surface asks: which slots there are, and whether it may be exactly this one."""

from __future__ import annotations

from solver.alternatives import alternatives
from solver.explain import NothingToCheck, alone, beside, explain, impossible, request_itself, violations_at
from solver.request import Checked, Found, Reason, Request, Status
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
    against = _against(snapshot, request)
    if not against and request.count > 1:
        # One such case has its start: it is the others that have none.
        proven = result.status is Status.INFEASIBLE
        against = explain(snapshot, request, proven=proven, ways_out=False).conflict
    return Checked(result.status, against, None, alternatives(snapshot, request))


def _against(snapshot: Snapshot, request: Request) -> tuple[Reason, ...]:
    """Every rule against the start, and the place beside other cases that was asked for, where it isn't there."""
    place = beside(snapshot, request)
    try:
        _, violations = violations_at(snapshot, request)
        first: tuple[Reason, ...] = ()
    except NothingToCheck:
        told = impossible(snapshot, request)
        if told is not None:
            return request_itself(told.field, told.text).conflict
        if place is None:
            raise
        _, violations = violations_at(snapshot, alone(request))
        first = (place,)
    return (*first, *(snapshot.catalogue.reason(violation) for violation in violations))


__all__ = ["check", "find"]
