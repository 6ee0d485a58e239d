"""Cancelling a case: its time is free again, and those who follow it are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tools.context import Context
from tools.proposals.action import Change, Done, Draft, said_case
from tools.proposals.contract import ProposeRequest, Touched
from tools.proposals.writing import locked, standing, tell_team, unchanged
from tools.records import holds
from tools.records.proposing import StoredProposal
from tools.records.states import CANCELLED, HELD
from tools.records.writer import Writer

TELL = "Tell the patient not to come in"


class Cancel:
    """Takes a case out of the book; its record stays."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The cancellation of a case that is still to come."""
        case, clinic = standing(ctx, body.case), ctx.store.clinic()
        side = ctx.store.laterality(case.id)
        followers = [other for other in clinic.cases if other.follows == case.id and other.occupies]
        told = [
            Touched(kind="case", id=other.id, text=f"{other.id} follows it and stays where it is")
            for other in followers
        ]
        freed = Touched(kind="case", id=case.id, text=f"frees {said_case(case, clinic, side)}")
        patient = [] if case.status == HELD else [Touched(kind="tell", id=case.id, text=TELL)]
        content = {"case": case.id, "version": ctx.store.version(case.id)}
        summary = f"Cancel {case.id}: {said_case(case, clinic, side)}"
        whom = [*patient, tell_team(clinic, case)]
        return Draft(summary, content, [freed, *told, *whom])

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Cancels exactly the case that was shown; raises `Broken` when it was changed meanwhile."""
        content = proposal.content
        locked(writer, [writer.glance(content["case"])])
        unchanged(writer, content["case"], content["version"])
        case = standing(ctx, content["case"])
        writer.set_status(case.id, CANCELLED)
        holds.drop(writer, case.id)
        side = writer.laterality(case.id)
        changes = [Change(case, replace(case, status=CANCELLED), side, side)]
        return Done(changes)

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """Nothing to search for."""
        return None
