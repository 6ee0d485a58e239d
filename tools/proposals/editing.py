"""Editing a case where it stands: its side, its length, its patient, or whether its team may be exchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solver.request import Plan, patient_of
from tools.context import Context
from tools.errors import ToolError
from tools.proposals.action import Done, Draft
from tools.proposals.booking import detailed, identity, owned, private, sided
from tools.proposals.contract import ProposeRequest, Touched
from tools.proposals.moving import moved, moved_draft
from tools.proposals.writing import granted, locked, standing
from tools.records.plans import plan_from, plan_values
from tools.records.proposing import StoredProposal
from tools.records.writer import Writer

FIELDS = ("laterality", "duration_minutes", "pinned", "patient")


class Edit:
    """Changes what is known of a case; a longer one may take along those that follow it."""

    def draft(self, ctx: Context, body: ProposeRequest) -> Draft:
        """The edit; raises `ToolError("invalid")` where nothing is to change, `Broken` where it wouldn't fit."""
        case, clinic = standing(ctx, body.case), ctx.store.clinic()
        changed = [name for name in FIELDS if getattr(body, name) is not None]
        if not changed:
            said = f"Nothing is to change. Maybe add one of: {', '.join(FIELDS)}."
            raise ToolError("invalid", said, "case")
        side = ctx.store.laterality(case.id) if body.laterality is None else body.laterality
        if body.laterality is not None:
            sided([case], clinic, body.laterality)
        after = replace(
            case,
            minutes=case.minutes if body.duration_minutes is None else body.duration_minutes,
            pinned=case.pinned if body.pinned is None else body.pinned,
        )
        plan = Plan((after,), patient=patient_of(case))
        if body.patient is not None:
            plan = detailed(plan, body.patient, clinic)
        waived = (
            granted(ctx, frozenset(case.exceptions)) if _placed_anew(changed) else frozenset(case.exceptions)
        )
        content = {
            "case": case.id, "version": ctx.store.version(case.id), "waived": sorted(waived), "laterality": side,
            "changed": changed,
        }  # fmt: skip
        draft = moved_draft(ctx, case, plan, waived, content, "Edit")
        told = [
            Touched(kind="edit", id=case.id, text=f"{name.replace('_', ' ')} changes") for name in changed
        ]
        kept = [one for one in draft.touches if one.id != case.id or one.kind != "case"]
        sealed = private(body.patient) if body.patient else None
        return replace(
            draft, summary=f"Edit {case.id}: {', '.join(name.replace('_', ' ') for name in changed)}",
            touches=[*told, *kept], private=sealed, laterality=side,  # type: ignore[arg-type]
        )  # fmt: skip

    def carry_out(self, ctx: Context, writer: Writer, proposal: StoredProposal) -> Done:
        """Writes the edit, verified with what is known now."""
        if "name" not in proposal.private:
            return moved(ctx, writer, proposal)
        # The days before the patient, as every other action has it.
        locked(writer, [writer.glance(proposal.content["case"]), *plan_from(proposal.content["plan"]).cases])
        ref = writer.patient_ref(identity(proposal.private))
        plan = owned(plan_from(proposal.content["plan"]), ref)
        content = dict(proposal.content) | {"plan": plan_values(plan), "patient": ref}
        return moved(ctx, writer, replace(proposal, content=content))

    def request(self, ctx: Context, content: Mapping[str, Any]) -> Mapping[str, Any] | None:  # noqa: ARG002
        """Nothing to search for."""
        return None


def _placed_anew(changed: list[str]) -> bool:
    """Whether rules that were set aside once are to be set aside anew: for another length or patient they are."""
    return bool({"duration_minutes", "patient"} & set(changed))
