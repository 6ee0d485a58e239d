"""Why there is no slot, what would open one, what if, and why one offer ranks above another. Nothing is written."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from solver.answer import find
from solver.changes import Change, UnknownTarget, asked
from solver.clinic import Clinic
from solver.explain import compare, impossible, overlaid
from solver.explain import explain as reason_for
from solver.request import Found, Request, Status
from solver.rules import NotWaivable
from solver.search import search
from solver.snapshot import Snapshot
from solver.wording import Wording
from tools import contract
from tools.asking import solver_request
from tools.changes import Change as ChangeIn
from tools.changes import WhatIfRequest, WhatIfResult
from tools.changing import change_in
from tools.context import Context, Permission
from tools.errors import ToolError
from tools.find import check_slot, find_slots
from tools.registry import tool
from tools.render import Renderer
from tools.snapshots import snapshot_of

LETTERS = {"now": "N", "imagined": "W"}
"""The letter of the labels on either side of a what-if, which no list of a conversation has so."""


@tool(permission=Permission.FIND, effect="read")
def explain(ctx: Context, body: contract.ExplainRequest) -> contract.FindResult:
    """Says why a request has no slot: the smallest conflict, day by day, and what would open one.

    For "why not" and "what would it take". With `at` it is about exactly that start. Returns the `conflict` in
    sentences and `corrections`: changes that would open a slot, as what_if takes them, each tried. A request that has a
    slot gets its offers and no explanation. Not needed right after find_slots found none: its result has the same.
    """
    snapshot = snapshot_of(ctx)
    request = solver_request(body, snapshot.clinic, snapshot.facts.as_of, body.at)
    _refuse_impossible(snapshot, request)
    given = body.model_dump(mode="json", exclude_unset=True, exclude={"at"})
    if body.at is None:
        return find_slots(ctx, contract.Request.model_validate(given))
    begun = time.perf_counter()
    checked = check_slot(
        ctx, contract.CheckRequest.model_validate(given | {"at": f"{body.at:%Y-%m-%dT%H:%M}"})
    )
    why = None if checked.offer else reason_for(snapshot, request, proven=checked.status == "infeasible")
    return contract.FindResult(
        status=checked.status,
        offers=[checked.offer] if checked.offer else [],
        alternatives=checked.alternatives,
        explanation=Renderer(snapshot.clinic).explanation(why) if why else None,
        solver_ms=_since(begun),
    )


@tool(permission=Permission.FIND, effect="read")
def what_if(ctx: Context, body: WhatIfRequest) -> WhatIfResult:
    """Tries changes of the clinic's records on a request: what it finds now, and what it would find then.

    For "what if": one more unit, other hours, a released block, somebody back from leave. All changes are tried
    together. Returns find_slots' answer `before` and `after`. Nothing is written, and offers of `after` can't be
    booked. To carry a change out, propose has the actions for the book and its blocks; the rest a person records.
    """
    snapshot = snapshot_of(ctx)
    request = solver_request(body.request, snapshot.clinic, snapshot.facts.as_of)
    begun = time.perf_counter()
    before = _imagined(snapshot, find(snapshot, request, ways_out=True), "now", begun)
    begun = time.perf_counter()
    try:
        changes, said = _in_order(snapshot.clinic, body.changes)
        changed = overlaid(snapshot, changes, request)
        then = asked(request, changes)
        _refuse_impossible(changed, then)
        after = Found(Status.FOUND, search(changed, then).offers)
        if not after.offers:
            after = find(changed, then)
    except (UnknownTarget, NotWaivable) as error:
        raise ToolError("unknown", str(error), "changes") from None
    return WhatIfResult(
        before=before,
        after=_imagined(changed, after, "imagined", begun),
        changes=said,
    )


@tool(permission=Permission.FIND, effect="read")
def compare_offers(ctx: Context, body: contract.CompareRequest) -> contract.CompareResult:
    """Puts the ranking terms of two offers side by side: which ranks higher, and the term that decides.

    Takes two offers that were shown, and returns the `higher` one (null for a tie) with every term; smaller is better.
    Use it when the person asks which of two is better or why one comes first. It finds and checks nothing anew.
    """
    first, second = (
        contract.Offer.model_validate(ctx.store.offer(id_).body) for id_ in (body.first, body.second)
    )
    rows = compare.compared(first.terms, second.terms, ctx.store.clinic().ranking)
    deciding = [row for row in rows if row.decides]
    sums = [sum(row.weight * value for row, value in zip(deciding, terms, strict=True)) for terms in (
        [row.first for row in deciding], [row.second for row in deciding],
    )]  # fmt: skip
    higher = None if not deciding else (first.id if sums[0] < sums[1] else second.id)
    text = _ranked(first, second, higher, deciding, Wording(ctx.store.clinic()))
    return contract.CompareResult(
        higher=higher, terms=[contract.TermOut.model_validate(vars(row)) for row in rows], text=text
    )


def _in_order(clinic: Clinic, asked_for: Iterable[ChangeIn]) -> tuple[tuple[Change, ...], list[str]]:
    """The changes, each read and said on the clinic with those before it in place."""
    changes: list[Change] = []
    said: list[str] = []
    for each in asked_for:
        change = change_in(each, clinic)
        then = change.apply(clinic)
        changes.append(change)
        said.append(change.say(clinic))
        clinic = then
    return tuple(changes), said


_TERMS = {
    "day": "days after the first one asked for", "overtime": "minutes of overtime",
    "gap": "minutes left too short to use", "scarce": "scarce equipment held that the case doesn't need",
    "utilisation": "minutes outside block or prime time that has room for it",
    "preference": "preferences of the surgeon that it goes against",
    "overrun": "minutes that it may run over", "swaps": "people exchanged",
}  # fmt: skip
"""What a term counts; one that isn't here goes by its name."""


def _ranked(
    first: contract.Offer,
    second: contract.Offer,
    higher: str | None,
    rows: Sequence[compare.TermPair],
    words: Wording,
) -> str:
    """Which ranks above which, and by what, in a sentence that stands alone."""
    if higher is None:
        return f"{first.label} and {second.label} are equal in every term; the tie-break is the start, then the room."
    above, below = (first, second) if higher == first.id else (second, first)
    terms = ", ".join(_term(row, first is above, words) for row in rows)
    return f"{above.label} ranks above {below.label}: {terms}; smaller is better."


def _term(row: compare.TermPair, in_order: bool, words: Wording) -> str:
    values = (row.first, row.second) if in_order else (row.second, row.first)
    one, other = (words.minute(int(v)) if row.term == "start" else f"{v:g}" for v in values)
    return f"{_TERMS.get(row.term, row.term)} {one} against {other}"


def _refuse_impossible(snapshot: Snapshot, request: Request) -> None:
    told = impossible(snapshot, request)
    if told is not None:
        raise ToolError("invalid", told.text, told.field)


def _imagined(snapshot: Snapshot, found: Found, when: str, begun: float) -> contract.FindResult:
    """One side of a what-if: its offers are shown and not kept, so that nothing at all is written."""
    spent, letter = _since(begun), LETTERS[when]
    renderer = Renderer(snapshot.clinic)
    offers = [renderer.offer(o, f"{when}-{n}", f"{letter}{n}", n) for n, o in enumerate(found.offers, 1)]
    alternatives = [
        contract.Alternative(
            offer=renderer.offer(a.offer, f"{when}-near-{n}", f"{letter}{len(offers) + n}", len(offers) + n),
            differs=list(a.differs),
        )
        for n, a in enumerate(found.alternatives, 1)
    ]
    why = renderer.explanation(found.explanation) if found.explanation else None
    return contract.FindResult(
        status=found.status.value, offers=offers, alternatives=alternatives, explanation=why, solver_ms=spent
    )


def _since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 3)
