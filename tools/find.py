"""Which slots there are, and whether it may be exactly this one; every offer is verified, stored and labelled."""

from __future__ import annotations

import time
from collections.abc import Sequence

from solver.answer import check, find
from solver.grid import Calendar
from solver.request import Alternative, Offer, Plan, Status
from solver.reserve import mode_of
from solver.snapshot import Snapshot
from tools import contract
from tools.asking import solver_request
from tools.context import Context, Permission
from tools.records import unmet
from tools.records.store import StoredOffer
from tools.registry import tool
from tools.render import Renderer
from tools.snapshots import snapshot_of


@tool(permission=Permission.FIND, effect="read")
def find_slots(ctx: Context, body: contract.Request) -> contract.FindResult:
    """Finds ranked slots for a procedure between two dates, or the reason why there are none.

    Status "found": offers with labels (A1, A2), best first, each verified against every rule. "infeasible": proven that
    there is none; the conflict in sentences, and `alternatives`, which differ from what was asked as `differs` says.
    "not_proven": time ran out, which is no proof that there is none. Set only what the person asked for: every field
    narrows. Not for an exact start in a named room (check_slot), nor to look at the book (get_schedule).
    """
    result = looked_for(ctx, body)
    if result.status == Status.INFEASIBLE.value and result.explanation:
        atoms = [(member.rule, member.subject) for member in result.explanation.conflict]
        unmet.keep(ctx, body.model_dump(mode="json", exclude_defaults=True), _minutes_of(ctx, body), atoms)
    return result


def looked_for(ctx: Context, body: contract.Request) -> contract.FindResult:
    """The same without being kept among the clinic's unmet requests: for what only looks."""
    begun = time.perf_counter()
    snapshot = snapshot_of(ctx)
    found = find(snapshot, solver_request(body, snapshot.clinic, snapshot.facts.as_of), ways_out=True)
    spent = round((time.perf_counter() - begun) * 1000, 3)
    shelf = _Shelf(ctx, snapshot, body)
    offers = [shelf.keep(offer) for offer in found.offers]
    alternatives = shelf.alternatives(found.alternatives)
    explanation = shelf.renderer.explanation(found.explanation) if found.explanation else None
    shelf.store()
    return contract.FindResult(
        status=found.status.value,
        offers=offers,
        alternatives=alternatives,
        explanation=explanation,
        solver_ms=spent,
    )


def _minutes_of(ctx: Context, request: contract.Request) -> int:
    """How long what was asked for would take, all cases together: as asked, or as long as it usually does."""
    named = (request.procedure, *request.additional_procedures)
    mode = mode_of(
        ctx.store.clinic(), named, request.surgeon or "", request.anesthesia, request.duration_minutes
    )
    return mode.minutes * request.count


@tool(permission=Permission.FIND, effect="read")
def check_slot(ctx: Context, body: contract.CheckRequest) -> contract.CheckResult:
    """Checks one exact start: every rule it would break, or the verified offer for it.

    Use it when the person names a day and an exact time ("in OR 2 on Tuesday at 10"). Returns the `offer` when that
    start is possible; otherwise all `violations` at once with their facts, and the nearest verified alternatives. Not
    for a day or a part of one ("Tuesday morning"): that is find_slots.
    """
    begun = time.perf_counter()
    snapshot = snapshot_of(ctx)
    request = solver_request(body, snapshot.clinic, snapshot.facts.as_of, body.at)
    checked = check(snapshot, request)
    spent = round((time.perf_counter() - begun) * 1000, 3)
    shelf = _Shelf(ctx, snapshot, body)
    offer = shelf.keep(checked.offer) if checked.offer else None
    alternatives = shelf.alternatives(checked.alternatives)
    shelf.store()
    return contract.CheckResult(
        status=checked.status.value,
        violations=[shelf.renderer.reason(reason) for reason in checked.violations],
        offer=offer,
        alternatives=alternatives,
        solver_ms=spent,
    )


class _Shelf:
    """The offers of one answer, labelled in order and stored together."""

    def __init__(self, ctx: Context, snapshot: Snapshot, body: contract.Request) -> None:
        self.ctx, self.body = ctx, body
        self.renderer = Renderer(snapshot.clinic)
        self.calendar = Calendar(snapshot.clinic.timezone)
        self.kept: list[StoredOffer] = []
        self.letter = ""
        self.revision = ctx.store.revision()

    def keep(self, offer: Offer) -> contract.Offer:
        """The offer under a fresh id and the next label of this conversation."""
        self.letter = self.letter or self.ctx.store.next_letter(self.ctx.conversation)
        rank = len(self.kept) + 1
        shown = self.renderer.offer(offer, self.ctx.store.new_id("offer"), f"{self.letter}{rank}", rank)
        stored = StoredOffer(
            id=shown.id,
            label=shown.label,
            principal=self.ctx.principal.id,
            conversation=self.ctx.conversation,
            revision=self.revision,
            created_at=self.ctx.now(),
            request=self.body.model_dump(mode="json"),
            body=shown.model_dump(mode="json", by_alias=True),
            plan=offer.plan,
        )
        self.kept.append(stored)
        return shown

    def alternatives(self, found: Sequence[Alternative]) -> list[contract.Alternative]:
        """The near misses; that a case stays where it is, is none."""
        near = [each for each in found if not self._stays(each.offer.plan)]
        return [
            contract.Alternative(offer=self.keep(each.offer), differs=list(each.differs)) for each in near
        ]

    def _stays(self, plan: Plan) -> bool:
        """Whether this is where the case that would be moved stands already."""
        case = self.renderer.clinic.cases_by_id.get(self.body.replaces or "")
        places = [(each.room, each.start, each.surgeon) for each in plan.cases]
        return case is not None and places == [(case.room, case.start, case.surgeon)]

    def store(self) -> None:
        if self.kept:
            self.ctx.store.save_offers(self.kept)
