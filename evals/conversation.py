"""An eval conversation as a file has it: what is said, what else happens meanwhile, and what is expected of it.

The keys here are normative; other keys are kept, for the suites that need them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Table = dict[str, Any]


class _Open(BaseModel):
    """Extra keys are allowed and kept."""

    model_config = ConfigDict(extra="allow")


class ExpectedCall(_Open):
    """A tool that must be called; the named fields of its input must match, others may be anything."""

    tool: str
    input: Table = {}


class ExpectedOffers(_Open):
    """What the shown offers must be like."""

    min: int | None = Field(None, ge=0)
    max: int | None = Field(None, ge=0)
    room: str | None = None
    surgeon: str | None = None


class Expect(_Open):
    """What a turn must lead to; what isn't named isn't judged."""

    calls: list[ExpectedCall] = []
    must_not_call: list[str] = []
    offers: ExpectedOffers | None = None
    outcome: str | None = Field(
        None, description='How the turn ends, such as "found", "question" or "conflict".'
    )
    says: list[str] = Field([], description="Facts that must be communicated, matched on the server's facts.")


class Turn(_Open):
    """A message of the user, or something that happens elsewhere between two messages."""

    user: str | None = None
    elsewhere: Table | None = Field(None, description="What another person does: {book: {label: A1}}.")
    when_asked: Table = Field({}, description="Answers given if the assistant asks for them.")
    confirm: bool = Field(False, description="The person presses Confirm on the card, if one is shown.")
    expect: Expect | None = None


class Conversation(_Open):
    """One conversation of a suite, from a clinic's state to the state that it must leave behind."""

    id: str = Field(min_length=1)
    suite: str = Field(min_length=1)
    clinic: str = Field("demo", description='"demo", or a clinic file beside this one.')
    now: dt.datetime = Field(description="Clinic wall time.")
    role: str = "scheduler"
    turns: list[Turn] = Field(min_length=1)
    final_state: Table = {}
    reads_required: list[str] = Field(
        [], description="Tools that must be called, so that doing nothing can't pass."
    )
    model_script: str | Table | list[Any] | None = Field(
        None, description="A scripted misbehaving model, or none."
    )
