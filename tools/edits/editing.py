"""The tools that change records: facts at once, policy in two steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from solver.grid import Calendar
from tools.breaks import Break
from tools.context import Context, Permission
from tools.edits.contract import BreakOut, ConfirmEdit, EditRequest, EditResult
from tools.edits.drafting import Draft, drafted
from tools.edits.saving import lock_records, same_breaks, saved
from tools.errors import Conflict, ToolError
from tools.records import proposing
from tools.records.proposing import StoredProposal
from tools.records.writer import Writer
from tools.registry import tool

ACTION = "edit-record"
ROUTE = "confirm-edit"
LASTS = dt.timedelta(minutes=30)


@tool(permission=Permission.FACTS, effect="write")
def edit_record(ctx: Context, body: EditRequest) -> EditResult:
    """Creates, changes or ends one record of the clinic.

    Outages, leave and closures are facts: they are saved at once and flag the cases that they hit. Everything else
    lists the bookings that it would break and waits to be confirmed by whoever asked for it.
    """
    draft = drafted(ctx, body)
    if not draft.facts_only:
        ctx.require(Permission.EDIT)
    if not draft.changes:
        return _result("unchanged", draft)
    if body.preview:
        return _result("previewed", draft)
    return (
        ctx.store.write(lambda writer: _saved(ctx, writer, body))
        if draft.facts_only
        else _proposed(ctx, draft)
    )


@tool(permission=Permission.EDIT, effect="write")
def confirm_edit(ctx: Context, body: ConfirmEdit) -> EditResult:
    """Carries out a proposed edit, once: thought through again and written in one transaction.

    The same key gets the same answer again. "conflict" where the record changed, or where more bookings would break
    than were shown.
    """
    proposing.shown(ctx.store, body.proposal, ctx.principal.id)
    try:
        return ctx.store.write(lambda writer: _confirmed(ctx, writer, body))
    except IntegrityError:  # two at once with one key: whoever comes second now finds the first one's answer
        return ctx.store.write(lambda writer: _confirmed(ctx, writer, body))


def _saved(ctx: Context, writer: Writer, body: EditRequest) -> EditResult:
    lock_records(writer)
    draft = drafted(replace(ctx, store=writer), body)
    if not draft.changes:
        return _result("unchanged", draft)
    return _written(ctx, writer, draft)


def _written(ctx: Context, writer: Writer, draft: Draft) -> EditResult:
    flagged = saved(ctx, writer, draft)
    result = _result("saved", draft)
    return result.model_copy(
        update={"flagged": flagged, "version": draft.version + (draft.key in draft.changes)}
    )


def _proposed(ctx: Context, draft: Draft) -> EditResult:
    now = ctx.now()
    expires = Calendar(draft.before.timezone).wall(Calendar("UTC").of(now + LASTS))
    id_ = ctx.store.new_id("proposal")
    shown = _result("proposed", draft).model_copy(update={"proposal": id_, "expires_at": expires.isoformat()})
    request = draft.request.model_dump(mode="json")
    values: dict[str, Any] = shown.model_dump(mode="json")
    stored = StoredProposal(
        id_, ACTION, ctx.principal.id, ctx.conversation, now, now + LASTS, {"request": request}, values
    )
    ctx.store.write(lambda writer: proposing.save(writer, stored))
    return shown


def _confirmed(ctx: Context, writer: Writer, body: ConfirmEdit) -> EditResult:
    lock_records(writer)
    proposal = proposing.taken_up(writer, body.proposal, ctx.principal.id)
    asked = {"proposal": body.proposal}
    before = proposing.replayed(writer, ctx.principal.id, ROUTE, body.key, asked)
    if before is not None:
        return EditResult.model_validate(before)
    _open(proposal, ctx.now())
    draft = drafted(replace(ctx, store=writer), EditRequest.model_validate(proposal.content["request"]))
    _as_shown(proposal, draft)
    result = _written(ctx, writer, draft)
    proposing.used(writer, proposal.id)
    answer = result.model_dump(mode="json")
    proposing.remember(writer, ctx.principal.id, ROUTE, body.key, asked, answer, ctx.now())
    return result


def _open(proposal: StoredProposal, now: dt.datetime) -> None:
    if proposal.action != ACTION:
        said = f"{proposal.id} changes the book, not a record. Maybe confirm it in the schedule."
        raise ToolError("invalid", said, "proposal")
    if proposal.state != "open":
        raise Conflict("This edit was carried out already. Maybe look at the record.")
    if proposal.expires_at <= now:
        raise ToolError("expired", "This edit was proposed too long ago. Maybe propose it anew.", "proposal")


def _as_shown(proposal: StoredProposal, draft: Draft) -> None:
    if not draft.changes:
        raise Conflict("The record is so already. Maybe look at it.")
    shown = [Break(**each) for each in proposal.shown["breaks"]]
    if not same_breaks(shown, list(draft.breaks)):
        said = f"It would break more than was shown: now {_counted(draft)}. Maybe propose it anew and look."
        raise Conflict(said)


def _result(status: Any, draft: Draft) -> EditResult:
    before, after = draft.changes.get(draft.key, (None, None))
    if draft.key not in draft.changes:
        held = draft.held.get(draft.key)
        before = after = held.body if held else None
    return EditResult(
        status=status,
        kind=draft.key[0],
        id=draft.key[1],
        op=draft.request.op,
        summary=_summary(draft),
        before=before,
        after=after,
        version=draft.version,
        breaks=[BreakOut(**vars(one)) for one in draft.breaks],
    )


def _summary(draft: Draft) -> str:
    kind, id_ = draft.key
    first = f" from {draft.request.from_date}" if draft.request.from_date else ""
    others = [f"{other}/{name}" for other, name in draft.changes if (other, name) != draft.key]
    also = f", changing {', '.join(others)}" if others else ""
    return f"{draft.request.op.capitalize()} {kind}/{id_}{first}{also}: {_counted(draft)}."


def _counted(draft: Draft) -> str:
    cases = len({one.case for one in draft.breaks})
    if not cases:
        return "no booking stands against it"
    return f"{cases} booking{'s' if cases > 1 else ''} would stand against a rule"
