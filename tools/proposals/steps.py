"""Writing is two steps for everyone: anyone may propose, the person it belongs to confirms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy.exc import IntegrityError

from solver.grid import Calendar
from tools import contract
from tools.audit import IDENTITY
from tools.context import Context, Permission
from tools.errors import Conflict, ToolError
from tools.find import looked_for
from tools.proposals import correcting, undoing
from tools.proposals.action import Action, Broken, Done, Draft, case_out
from tools.proposals.blocks import Release, owned
from tools.proposals.booking import Book
from tools.proposals.cancelling import Cancel
from tools.proposals.contract import CaseOut, Confirmed, Laterality, Proposal, ProposeRequest
from tools.proposals.editing import Edit
from tools.proposals.holding import Hold
from tools.proposals.moving import Move
from tools.proposals.undoing import Undo
from tools.proposals.writing import granted
from tools.records import holds, proposing
from tools.records.engine import is_overlap
from tools.records.proposing import StoredProposal
from tools.records.writer import Writer
from tools.registry import tool

ACTIONS: Mapping[str, Action] = {
    "book": Book(), "hold": Hold(), "move": Move(), "cancel": Cancel(), "edit": Edit(), "release-block": Release(),
    "reclaim-block": Release(back=True), "undo": Undo(), correcting.NAME: correcting.Correct(),
}  # fmt: skip
"""Every way to change the book. The last one's proposals are made by a tool of the staff's alone."""

LASTS = dt.timedelta(minutes=10)
ROUTE = "confirm"
TAKEN = "Somebody else was quicker: what this needs was taken a moment ago."


@tool(permission=Permission.PROPOSE, effect="prepare")
def propose(ctx: Context, body: ProposeRequest) -> Proposal:
    """Prepares a change of the book for the person to confirm: book, hold, move, cancel, edit, release, undo.

    It writes nothing: the person gets a card, and only their confirming it does anything. Booking needs an offer, the
    patient's name with mrn or birth_date, and laterality where the procedure is sided; moving needs an offer that was
    found with replaces set to the case. Returns a summary and everything that confirming would touch; it expires after
    ten minutes. Don't call it to look something up, nor for a change or an offer that the person hasn't chosen.
    """
    return prepared(ctx, body.action, body)


def prepared(ctx: Context, name: str, body: ProposeRequest) -> Proposal:
    """The stored proposal of an action by its name; raises `Conflict` or `ToolError`."""
    action = ACTIONS[name]
    try:
        draft = action.draft(ctx, body)
    except Broken as gone:
        content = {"offer": body.offer} if body.offer else {}
        raise _conflict(ctx, action, content, gone.reasons) from None
    draft = replace(draft, private=_private(ctx, body, draft))
    stored = _stored(ctx, name, draft)
    ctx.store.write(lambda writer: proposing.save(writer, stored))
    return Proposal.model_validate(stored.shown)


def _private(ctx: Context, body: ProposeRequest, draft: Draft) -> dict[str, Any]:
    """What is sealed of a proposal: who it is, why, and each rule that is set aside with the reason for that."""
    waived = draft.content.get("waived", ())
    asked = ctx.store.offer(body.offer).request.get("overrides", ()) if body.offer and waived else ()
    reasons = {each["rule"]: each["reason"] for each in asked}
    overrides = [{"rule": rule, "reason": reasons.get(rule)} for rule in waived]
    return {**(draft.private or {}), "reason": body.reason, "overrides": overrides}


def proposal_of(ctx: Context, proposal_id: str) -> Proposal:
    """One of the principal's own proposals, as it was shown; raises `ToolError("not-found")`."""
    ctx.require(Permission.PROPOSE)
    return Proposal.model_validate(_of_the_book(proposing.shown(ctx.store, proposal_id, ctx.principal.id)))


def _of_the_book(shown: dict[str, Any]) -> dict[str, Any]:
    if shown.get("action") not in ACTIONS:  # an edit of a record waits in the same table
        said = "This proposal changes a record. Maybe confirm it at /api/records/proposals/ID/confirm."
        raise ToolError("invalid", said, "proposal")
    return shown


def confirm(ctx: Context, proposal_id: str, idempotency_key: str, body: str = "") -> Confirmed:
    """Carries out a proposal, once: verified again and written in one transaction.

    The same key with the same proposal, and the same `body` where the surface sent one, gets the same answer again.
    Raises `Conflict` with the reason and fresh offers, or `ToolError` "forbidden", "not-found", "expired", "invalid"
    (a key used for something else).
    """
    ctx.require(Permission.CONFIRM)
    if not 1 <= len(idempotency_key) <= 200:
        said = f"The idempotency key has {len(idempotency_key)} characters. Maybe send 8 to 200 random ones."
        raise ToolError("invalid", said, "Idempotency-Key")
    proposal = _of_the_book(proposing.shown(ctx.store, proposal_id, ctx.principal.id))
    try:
        return _carried_out(ctx, proposal_id, idempotency_key, body)
    except Broken as gone:
        reasons: Sequence[str] = gone.reasons
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        reasons = (TAKEN,)
    action = ACTIONS[proposal["action"]]
    raise _conflict(ctx, action, _content(ctx, proposal_id), reasons)


def _carried_out(ctx: Context, proposal_id: str, key: str, body: str) -> Confirmed:
    def work(writer: Writer) -> Confirmed:
        return _within(replace(ctx, store=writer), writer, proposal_id, key, body)

    holds.expire(
        ctx.store, ctx.now()
    )  # in a turn of its own: within the other's it would lock days out of order
    try:
        return ctx.store.write(work)
    except IntegrityError as error:
        if is_overlap(error):
            raise
    # Two at once wrote the same new patient or key: whoever comes second now sees the first one's row.
    return ctx.store.write(work)


def _within(ctx: Context, writer: Writer, proposal_id: str, key: str, body: str) -> Confirmed:
    proposal = proposing.taken_up(writer, proposal_id, ctx.principal.id)
    asked = {"proposal": proposal_id} | ({"body": body} if body else {})
    before = proposing.replayed(writer, ctx.principal.id, ROUTE, key, asked)
    if before is not None:
        _may_still(ctx, proposal)
        return Confirmed.model_validate(before)
    now = ctx.now()
    if proposal.state != "open":
        raise Conflict("This proposal was carried out already. Maybe look at the schedule.")
    if proposal.expires_at <= now:
        raise ToolError("expired", "This proposal has expired. Maybe propose it anew.", "proposal")
    holds.expire_within(writer, now)
    held = holds.holds(writer)
    done = ACTIONS[proposal.action].carry_out(ctx, writer, proposal)
    answer = _answer(writer, proposal, done, writer.bump())
    proposing.used(writer, proposal_id)
    if proposal.action != "undo":
        undoing.remember(writer, proposal, done, held, now)
    proposing.remember(writer, ctx.principal.id, ROUTE, key, asked, answer.model_dump(mode="json"), now)
    _noted(ctx, writer, proposal, done, answer)
    return answer


def _may_still(ctx: Context, proposal: StoredProposal) -> None:
    """Raises "forbidden" where the principal may no more do what the answer tells of."""
    granted(ctx, frozenset(proposal.content.get("waived", ())))
    if "block" in proposal.content:
        owned(ctx, proposal.content["block"])


def _noted(ctx: Context, writer: Writer, proposal: StoredProposal, done: Done, answer: Confirmed) -> None:
    """The change in the trail: every case before and after, why, and what was set aside for what reason.

    A patient is in it only where one was corrected, under a key that is shown to those who may see identities.
    """
    clinic = writer.clinic()
    olds = [each.before and case_out(each.before, clinic, None) for each in done.changes]
    before: Any = [old and old.model_dump(mode="json") for old in olds] if any(olds) else None
    after: Any = [case.model_dump(mode="json") for case in answer.cases]
    private = proposal.private or {}
    if done.blocks:
        before, after = done.before, done.after
    told = {name: private[name] for name in ("reason", "overrides") if private.get(name)}
    if done.corrected:
        old, new = (correcting.values_of(each) for each in done.corrected)
        before, told = {"cases": before, IDENTITY: old}, {**told, IDENTITY: new}
    after = {"cases": after, **told} if told else after
    objects = [proposal.id, *(each.after.id for each in done.changes)]
    objects += [str(done.blocks["block"])] if done.blocks else []
    writer.audit(ctx.principal, ctx.now(), proposal.action, objects, before, after)


def _answer(writer: Writer, proposal: StoredProposal, done: Done, revision: int) -> Confirmed:
    clinic, cases = writer.clinic(), [each.after for each in done.changes]
    held = holds.holds(writer)
    shown = [
        _shown(case_out(case, clinic, _side(writer, case.id)), held.get(case.id), writer) for case in cases
    ]
    return Confirmed(
        proposal=proposal.id,
        action=proposal.action,
        case=shown[0] if shown else None,
        cases=shown,
        block=dict(done.blocks) if done.blocks else None,
        warnings=list(done.warnings),
        revision=revision,
    )


def _side(writer: Writer, case: str) -> Laterality | None:
    return cast("Laterality | None", writer.laterality(case))


def _shown(case: CaseOut, hold: holds.Hold | None, writer: Writer) -> CaseOut:
    if hold is None:
        return case
    calendar = writer.calendar()
    return case.model_copy(update={"held_until": calendar.wall(calendar.of(hold.until)).isoformat()})


def _stored(ctx: Context, action: str, draft: Draft) -> StoredProposal:
    now = ctx.now()
    expires = now + LASTS
    calendar = Calendar(ctx.store.clinic().timezone)
    shown = Proposal(
        id=ctx.store.new_id("proposal"),
        action=action,
        summary=draft.summary,
        touches=list(draft.touches),
        warnings=list(draft.warnings),
        not_checked=list(draft.not_checked),
        laterality=draft.laterality,
        expires_at=calendar.wall(calendar.of(expires)).isoformat(),
    )
    return StoredProposal(
        id=shown.id,
        action=action,
        principal=ctx.principal.id,
        conversation=ctx.conversation,
        created_at=now,
        expires_at=expires,
        content=draft.content,
        shown=shown.model_dump(mode="json"),
        private=draft.private,
    )


def _content(ctx: Context, proposal_id: str) -> Mapping[str, Any]:
    taken = ctx.store.write(lambda writer: proposing.taken_up(writer, proposal_id, ctx.principal.id))
    return taken.content


def _conflict(ctx: Context, action: Action, content: Mapping[str, Any], reasons: Sequence[str]) -> Conflict:
    """The reasons, with what can be offered instead now."""
    reason = " ".join(reasons)
    request = action.request(ctx, content) if content else None
    if request is None:
        return Conflict(reason, reasons=reasons)
    fields = {name: request[name] for name in contract.Request.model_fields if name in request}
    try:
        found = looked_for(ctx, contract.Request.model_validate(fields))
    except ToolError:  # its dates are over, or its procedure is gone: the reason stands alone
        return Conflict(reason, reasons=reasons)
    offers = found.offers or [near.offer for near in found.alternatives]
    return Conflict(reason, [offer.model_dump(mode="json", by_alias=True) for offer in offers], reasons)
