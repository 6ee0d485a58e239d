"""The staff's tools to correct a patient's name or birth date. No model is given them: it knows no identity."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from tools.audit import note
from tools.context import Context, Permission
from tools.contract import Id, Input, Output, Text
from tools.errors import ToolError
from tools.proposals.contract import PatientIn, Proposal, ProposeRequest
from tools.proposals.correcting import NAME
from tools.proposals.steps import prepared
from tools.records import proposing
from tools.registry import tool


class CorrectionRequest(Input):
    """One of the patient's cases, and the patient under the same record number, spelt right."""

    case: Id = Field(description="Any case of that patient.")
    patient: PatientIn = Field(
        description="The name, the same mrn, and the birth date; a date left out stays as it is."
    )
    reason: Text | None = Field(None, description="Why; kept in the audit trail.")


class WhichProposal(Input):
    """A proposed correction of one's own."""

    proposal: Id


class Person(Output):
    """Who somebody is."""

    name: str | None
    mrn: str | None
    birth_date: str | None


class Correction(Output):
    """The patient before and after; for the eyes of those who may see identities."""

    before: Person
    after: Person


@tool(permission=Permission.PATIENTS, effect="prepare")
def correct_patient(ctx: Context, body: CorrectionRequest) -> Proposal:
    """Prepares the correction of a patient's name or birth date under the same record number, to be confirmed.

    It writes nothing. All cases of that patient are touched, each named by its id; another record number is refused.
    """
    ctx.require(Permission.PROPOSE)
    if body.patient.model_fields_set - {"name", "mrn", "birth_date"}:
        said = "A correction changes the name and the birth date alone. Maybe leave the other facts out."
        raise ToolError("invalid", said, "patient")
    asked = ProposeRequest(action="edit", case=body.case, patient=body.patient, reason=body.reason)
    return prepared(ctx, NAME, asked)


@tool(permission=Permission.PATIENTS, effect="read")
def patient_correction(ctx: Context, body: WhichProposal) -> Correction:
    """Shows who the patient of a proposed correction is on record, and would be. The look is entered in the trail."""
    stored = proposing.own(ctx.store, body.proposal, ctx.principal.id)
    if stored.action != NAME:
        said = f"{stored.id} corrects no patient. Maybe another proposal was meant."
        raise ToolError("invalid", said, "proposal")
    note(ctx, "patient-read", [stored.content["patient"]])
    private: dict[str, Any] = stored.private
    after = {name: private[name] for name in Person.model_fields}
    return Correction(before=Person(**private["before"]), after=Person(**after))
