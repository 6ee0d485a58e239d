"""The JSON contracts of writing: what is proposed, what a confirm card shows, what confirming answers."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from tools.contract import Id, Input, NotChecked, Output, PatientFacts, TeamOut, Text

Laterality = Literal["left", "right", "bilateral"]


class PatientIn(PatientFacts):
    """Who the patient is, by two identifiers, and the clinical facts that rules need."""

    name: str = Field(min_length=1, max_length=200)
    mrn: str | None = Field(None, min_length=1, max_length=60, description="Medical record number.")
    birth_date: dt.date | None = Field(None, description="YYYY-MM-DD.")

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


Action = Literal[
    "book", "hold", "move", "cancel", "edit", "release-block", "reclaim-block", "undo",
]  # fmt: skip


class ProposeRequest(Input):
    """What is to be done, and what each action needs for it."""

    action: Action = Field(
        "book",
        description="book {offer or a held case, patient, laterality}; hold {offer, minutes}; move {case, offer found "
        "with replaces=case}; cancel {case}; edit {case, what changes}; release-block or reclaim-block {block, date}; "
        "undo {} takes back the last change, within a minute.",
    )
    offer: Id | None = Field(None, description="The offer as it was shown to you; to book, hold or move.")
    case: Id | None = Field(
        None, description="Case id, from get_schedule; to move, cancel or edit, or the held case to book."
    )
    patient: PatientIn | None = Field(None, description="Needed to book; to edit, who it is instead.")
    laterality: Laterality | None = Field(
        None, description="Side; needed where the procedure is sided. Never guess."
    )
    minutes: int | None = Field(
        None, ge=1, le=1440, description="How long to hold; the clinic's usual if left out."
    )
    duration_minutes: int | None = Field(None, ge=5, le=1440, description="To edit: wheels-in to wheels-out.")
    pinned: bool | None = Field(None, description="To edit: whether the team may not be exchanged any more.")
    block: Id | None = Field(None, description="Block id, from get_schedule; to release or reclaim.")
    date: dt.date | None = Field(None, description="Which day of the block.")
    reason: Text | None = Field(None, description="Why, in the person's words; kept in the audit trail.")


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
    held_until: str | None = Field(None, description="Of a held case: ISO 8601 with offset.")


class Confirmed(Output):
    """What was done. The same idempotency key gives the same answer again."""

    proposal: str
    action: str
    case: CaseOut | None = Field(description="The case that it was about; null for a block.")
    cases: list[CaseOut]
    block: dict[str, Any] | None = None
    warnings: list[str]
    revision: int
