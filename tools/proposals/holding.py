"""Holding an offer: its time is kept for a while, before anybody knows whose it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solver.clinic import Case
from tools.context import Context
from tools.errors import ToolError
from tools.proposals.action import Change, Done, Draft, said_case
from tools.proposals.booking import not_checked, offer_source
from tools.proposals.contract import ProposeRequest, Touched
from tools.proposals.writing import TEAM_CHANGED, granted, locked, override_touches, touches, verified
from tools.records import holds
from tools.records.plans import plan_from, plan_values
from tools.records.proposing import StoredProposal
from tools.records.states import HELD
from tools.records.writer import Writer

SWAPPED = "An offer with swaps can be booked, but not held: others would work for a case that may never come."


class Hold:
    """Keeps an offer's time for everyone else."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The hold of an offer; raises `ToolError("invalid")` for what is missing, `Broken` when it is gone."""
        if body.offer is None:
            raise ToolError("invalid", "offer is missing. Maybe add the id of the offer to hold.", "offer")
        source, clinic = offer_source(ctx, body.offer), ctx.store.clinic()
        if source.plan.swaps:
            raise ToolError("invalid", f"{SWAPPED} Maybe book it, or take one without.", "offer")
        plan, changed = verified(ctx, source.plan, source.waived)
        minutes = body.minutes or clinic.settings.hold_minutes
        words = "; ".join(said_case(case, clinic, None) for case in plan.cases)
        said = f"Held for {_span(minutes)} from its confirmation on, then free again"
        taken = [one for case in plan.cases for one in touches(case, clinic)]
        return Draft(
            summary=f"Hold {words} for {_span(minutes)}",
            content=source.content | {"plan": plan_values(plan), "minutes": minutes},
            touches=[Touched(kind="hold", id="hold", text=said), *taken, *override_touches(source.waived)],
            warnings=[TEAM_CHANGED] if changed else [],
            not_checked=not_checked(clinic, plan.patient),
        )

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Verifies the plan against the book as it is now and keeps its time; raises `Broken`."""
        content = proposal.content
        waived = granted(ctx, frozenset(content["waived"]))
        plan = plan_from(content["plan"])
        locked(writer, plan.cases)
        plan, changed = verified(ctx, plan, waived)
        until = ctx.now() + dt.timedelta(minutes=content["minutes"])
        changes = [_written(writer, case, waived, proposal.principal, until) for case in plan.cases]
        return Done(changes, warnings=[TEAM_CHANGED] if changed else [])

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """What was asked when the offer was found."""
        return ctx.store.offer(content["offer"]).request


def _written(
    writer: Writer, case: Case, waived: frozenset[str], principal: str, until: dt.datetime
) -> Change:
    id_, position = writer.next_case()
    case = replace(case, id=id_, status=HELD, exceptions=tuple(sorted(waived)))
    writer.add_case(case, None, position)
    holds.note(writer, holds.Hold(id_, principal, until))
    return Change(None, case)


def _span(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    return " ".join([*parts, *([f"{rest} minutes"] if rest else [])])
