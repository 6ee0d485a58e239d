"""The JSON contracts of editing the clinic's records."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from tools.contract import Input, Output, Text

Kind = Literal[
    "clinic", "ranking", "rooms", "equipment", "trays", "bays", "staff", "procedures", "blocks", "rules",
    "readiness",
]  # fmt: skip
"""The tables of the clinic file, but for cases and patients; `clinic` and `ranking` are one record each."""

Op = Literal["create", "change", "end"]


def _written(value: str) -> str:
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in value) or not value.strip():
        raise ValueError("it is empty or has control characters. Maybe type it anew")
    return value.strip()


Id = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_written)]
Reason = Annotated[Text, AfterValidator(_written)]
"""A sentence that a person wrote, without the signs that no database keeps."""


class ListRecords(Input):
    """Which records; without a kind, only the kinds with their counts."""

    kind: Kind | None = None
    id: Id | None = Field(None, description="Only this record.")
    history: bool = Field(False, description="Also who changed them, when, why, from what to what.")


class KindOut(Output):
    """A kind of record: how many there are, and the JSON Schema of one."""

    kind: str
    title: str
    count: int
    facts: list[str] = Field(
        description="Keys whose change is a fact: saved at once, flagging the cases it hits."
    )
    record_schema: dict[str, Any]


class RecordOut(Output):
    """One record as the clinic file writes it; `version` counts its changes."""

    kind: str
    id: str
    name: str
    version: int
    body: dict[str, Any]


class ChangeOut(Output):
    """One change of a record."""

    kind: str
    id: str
    version: int
    op: str
    at: str
    by: str
    reason: str
    from_date: dt.date | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class RecordsOut(Output):
    """Kinds, or the records of one, by their order in the clinic file; `history` newest first."""

    kinds: list[KindOut] = Field([])
    records: list[RecordOut] = Field([])
    history: list[ChangeOut] = Field([])


class EditRequest(Input):
    """One change of one record.

    `create` takes a whole record, `change` the keys that change (null takes one out; a rule's params are merged),
    `end` nothing; `add` puts items into lists, such as a leave, and needs no version. `from_date` says from which
    day on: parameters of rules, and the end of what is ended.
    """

    kind: Kind
    id: Id | None = Field(None, description="Record id; left out for clinic and ranking.")
    op: Op = "change"
    body: dict[str, Any] = Field({})
    add: dict[str, list[Any]] = Field({}, description='Items to add to lists: {"leave": [{"from", "to"}]}.')
    from_date: dt.date | None = None
    version: int | None = Field(
        None, ge=1, description="The version that was looked at; needed to change body or to end."
    )
    reason: Reason = Field(description="Why; it is kept with the change.")
    preview: bool = Field(False, description="Only say what it would do; nothing is stored.")

    @model_validator(mode="after")
    def _of_text(self) -> EditRequest:
        try:
            json.dumps([self.body, self.add], ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError):
            raise ValueError("body holds something that no record can. Maybe type it anew") from None
        return self


class BreakOut(Output):
    """A booking that the change breaks, and the rule in its own words; no patient."""

    case: str
    rule: str
    subject: str
    text: str


class EditResult(Output):
    """What was done, or would be.

    "proposed": confirm `proposal` before `expires_at`. "saved": facts, with the worklist entries they made in
    `flagged`. "previewed" and "unchanged": nothing was stored. `version` is the record's as it stands now.
    """

    status: Literal["proposed", "saved", "previewed", "unchanged"]
    kind: str
    id: str
    op: str
    summary: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    version: int
    breaks: list[BreakOut]
    flagged: list[str] = Field([], description="Ids in the worklist.")
    proposal: str | None = None
    expires_at: str | None = Field(None, description="ISO 8601 with offset.")


class ConfirmEdit(Input):
    """A proposed edit to carry out, once; the same key again gets the same answer."""

    proposal: Id
    key: str = Field(min_length=1, max_length=200, description="Idempotency key, random.")
