"""The JSON contracts of writing: what is proposed, what a confirm card shows, what confirming answers."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, field_validator, model_validator

from tools.contract import Id, Input, NotChecked, Output, PatientFacts, TeamOut, Text

Laterality = Literal["left", "right", "bilateral"]


class PatientIn(PatientFacts):
    """Who the patient is, by two identifiers, and the clinical facts that rules need."""

    name: str = Field(min_length=1, max_length=200)
    mrn: str | None = Field(None, min_length=1, max_length=60, description="Medical record number.")
    birth_date: dt.date | None = None

    @field_validator("name", "mrn")
    @classmethod
    def _one_line(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.strip() or not value.isprintable():
            raise ValueError("it is empty or has control characters. Maybe type it anew")
        return " ".join(value.split())

    @model_validator(mode="after")
    def _two_identifiers(self) -> PatientIn:
        if self.mrn is None and self.birth_date is None:
            raise ValueError("two identifiers are needed. Maybe add mrn or birth_date to the name")
        return self


class ProposeRequest(Input):
    """What is to be done. Booking takes an offer and a patient, cancelling a case."""

    action: Literal["book", "cancel"] = "book"
    offer: Id | None = Field(None, description="Offer id; needed to book.")
    patient: PatientIn | None = Field(None, description="Needed to book.")
    laterality: Laterality | None = Field(None, description="Needed where the procedure is sided.")
    case: Id | None = Field(None, description="Case id; needed to cancel.")
    reason: Text | None = None


class Touched(Output):
    """Something that confirming would change, or somebody who must be told."""

    kind: str
    id: str
    text: str


class Proposal(Output):
    """A stored proposal: nothing is written until the person it belongs to confirms it."""

    id: str
    action: str
    summary: str
    touches: list[Touched]
    warnings: list[str]
    not_checked: list[NotChecked]
    laterality: Laterality | None = None
    expires_at: str = Field(description="ISO 8601 with offset.")


class CaseOut(Output):
    """A case as it stands in the book."""

    id: str
    procedure: str
    additional_procedures: list[str]
    surgeon: str
    room: str
    start: str = Field(description="Wheels-in, ISO 8601 with offset.")
    end: str = Field(description="Wheels-out, ISO 8601 with offset.")
    anesthesia: str
    team: list[TeamOut]
    laterality: Laterality | None
    status: str


class Confirmed(Output):
    """What was done. The same idempotency key gives the same answer again."""

    proposal: str
    action: str
    case: CaseOut
    cases: list[CaseOut]
    warnings: list[str]
    revision: int
