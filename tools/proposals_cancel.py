"""Cancelling a case: its time is free again, and those who follow it are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solver.clinic import Case
from solver.grid import Calendar
from tools.context import Context
from tools.errors import ToolError
from tools.proposals_actions import Broken, Done, Draft, case_out, said_case
from tools.proposals_contract import ProposeRequest, Touched
from tools.records.occupancy import takings
from tools.records.proposing import StoredProposal
from tools.records.writer import Writer, scopes_of

CANCELLABLE = frozenset({"held", "booked"})


class Cancel:
    """Takes a case out of the book; its record stays."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The cancellation of a case that is still to come."""
        if body.case is None:
            raise ToolError("invalid", "case is missing. Maybe add the id of the case to cancel.", "case")
        clinic = ctx.store.clinic()
        case = clinic.cases_by_id.get(body.case)
        if case is None:
            said = f"There is no case {body.case!r}. Maybe look it up in the schedule."
            raise ToolError("not-found", said, "case")
        _still_to_come(ctx, case)
        side = ctx.store.laterality(case.id)
        followers = [other for other in clinic.cases if other.follows == case.id and other.occupies]
        told = [
            Touched(kind="case", id=other.id, text=f"{other.id} follows it and stays where it is")
            for other in followers
        ]
        freed = Touched(kind="case", id=case.id, text=f"frees {said_case(case, clinic, side)}")
        content = {"case": case.id, "start": case.start, "room": case.room}
        summary = f"Cancel {case.id}: {said_case(case, clinic, side)}"
        return Draft(summary, content, [freed, *told], private={"reason": body.reason})

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Cancels exactly the case that was shown; raises `Broken` when it was changed meanwhile."""
        clinic = writer.clinic()
        content = proposal.content
        writer.lock(scopes_of(takings(writer.case(content["case"]), clinic), Calendar(clinic.timezone)))
        case = writer.case(content["case"])
        if (case.start, case.room) != (content["start"], content["room"]):
            raise Broken([f"{case.id} was moved after this was shown. Maybe look at it again."])
        _still_to_come(ctx, case)
        writer.set_status(case.id, "cancelled")
        side: Any = writer.laterality(case.id)
        gone = case_out(replace(case, status="cancelled"), clinic, side)
        return Done([gone], {"status": case.status}, {"status": "cancelled"})

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """Nothing to search for."""
        return None


def _still_to_come(ctx: Context, case: Case) -> None:
    if case.status not in CANCELLABLE:
        raise Broken([f"{case.id} is {case.status} already."])
    if case.start <= Calendar("UTC").of(ctx.now()):
        raise Broken([f"{case.id} has begun. Maybe note its end instead."])
