"""Several cases together: how many fit, and what stands against the next one once they are in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from solver.changes import asked
from solver.clinic import Case
from solver.explain.overlay import overlaid
from solver.explain.resolving import resolved
from solver.request import Atom, Correction, Explanation, Offer, Plan, Reason, Request, Status
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
    kept = (_for_all(snapshot, request, each) for each in inner.corrections)
    return replace(
        inner, status=Status.INFEASIBLE, conflict=(first, *reasons), minimal=False, complete=False,
        corrections=tuple(kept), sentences=(first.text, *inner.sentences),
    )  # fmt: skip


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
