"""Several cases together: how many fit, and what stands against the next one once they are in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from solver.changes import asked
from solver.clinic import Case
from solver.explain.costs import cost, costs_of
from solver.explain.overlay import overlaid
from solver.explain.resolving import resolved
from solver.request import Atom, Correction, Explanation, Offer, Plan, Reason, Request, Status
from solver.rules.base import listed
from solver.search import search
from solver.snapshot import Snapshot
from solver.wording import Wording

Explain = Callable[[Snapshot, Request], Explanation]
"""The explanation of one case, handed in since it hands several over to here."""


def together(snapshot: Snapshot, request: Request, explain: Explain) -> Explanation:
    """One case has a start, and all of them have proven none together: the most that fit, and why no more do.

    The other places that the first ones could take aren't gone through, so nothing is said to be minimal or complete.
    """
    most = _most(snapshot, request)
    first = _count(snapshot, request, most)
    if most is None:
        return Explanation(Status.INFEASIBLE, (first,), sentences=(first.text,))
    inner = explain(_laid(snapshot, most), _next(request, most.plan.cases[-1]))
    reasons = inner.conflict if inner.status is Status.INFEASIBLE else ()
    kept = {frozenset(one.changes): one for one in _ways(snapshot, request, inner.corrections)}
    return replace(
        inner, status=Status.INFEASIBLE, conflict=(first, *reasons), minimal=False, complete=False,
        corrections=tuple(sorted(kept.values(), key=lambda one: (not one.opens, one.cost if one.opens else 0))),
        sentences=(first.text, *inner.sentences),
    )  # fmt: skip


def _ways(snapshot: Snapshot, request: Request, found: Iterable[Correction]) -> Iterator[Correction]:
    """What opens a place for the next case, solved again for all, without what they can do without elsewhere."""
    for each in found:
        way = _for_all(snapshot, request, each)
        yield _least(snapshot, request, way) if way.opens else way


def _least(snapshot: Snapshot, request: Request, way: Correction) -> Correction:
    """The way without the changes that it takes only where the first cases were put to begin with."""
    costs, clinic = costs_of(snapshot.clinic), snapshot.clinic
    for change in sorted(way.changes, key=lambda each: -cost((each,), None, costs)):
        changes = tuple(each for each in way.changes if each != change)
        said = listed(dict.fromkeys(each.say(clinic) for each in changes))
        points = cost(changes, way.granted_by, costs)
        fewer = replace(way, changes=changes, text=f"{said[:1].upper()}{said[1:]}:", cost=points)
        tried = _for_all(snapshot, request, fewer) if changes else fewer
        way = tried if changes and tried.opens else way
    return way


def _most(snapshot: Snapshot, request: Request) -> Offer | None:
    """The best offer of the most cases that fit, by halving: fewer cases fit wherever more do."""
    best, fits, fails = None, 0, request.count
    while fails - fits > 1:
        count = (fits + fails) // 2
        arrangement = request.arrangement if count > 1 else "any"
        offers = search(snapshot, replace(request, count=count, arrangement=arrangement, limit=1)).offers
        best, fits, fails = (offers[0], count, fails) if offers else (best, fits, count)
    return best


def _count(snapshot: Snapshot, request: Request, most: Offer | None) -> Reason:
    how = {"back-to-back": " back to back", "flip": " flipping between two rooms"}
    text = f"Of such cases, {request.count} do not fit together{how.get(request.arrangement, '')} on the days asked for"
    if most is not None:
        words, cases = Wording(snapshot.clinic), most.plan.cases
        at = ", ".join(f"{words.clock(c.start)} in {snapshot.clinic.name_of(c.room)}" for c in cases)
        text += f"; {len(cases)} would, for example at {at}, and then the next one doesn't"
    return Reason(Atom("request", "count"), "Several cases together", f"{text}.")


def _laid(snapshot: Snapshot, offer: Offer) -> Snapshot:
    """The clinic as if the offer's cases were booked, of patients who aren't told apart."""
    cases = tuple(replace(case, patient=None) for case in offer.plan.cases)
    return Snapshot(snapshot.facts.after(Plan(cases, swaps=offer.plan.swaps)), snapshot.catalogue)


def _next(request: Request, last: Case) -> Request:
    one = replace(request, count=1)
    return one if request.arrangement == "any" else replace(one, after_case=last.id, surgeon=last.surgeon)


def _for_all(snapshot: Snapshot, request: Request, correction: Correction) -> Correction:
    """What a change that opens a place for the next case does for all of them together."""
    then = asked(request, correction.changes)
    example, opens = resolved(overlaid(snapshot, correction.changes, request), then)
    said = correction.text.rpartition(":")[0]
    text = (
        f"{said}: not enough for all {request.count}." if not opens else f"{said}: all {request.count} fit."
    )
    return replace(correction, opens=opens, example=example, text=text)
