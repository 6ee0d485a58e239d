"""An eval conversation as a file has it: what is said, what else happens meanwhile, and what is expected of it.

The keys of the published example are all here; a key that is known nowhere is named in the report as not judged.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Table = dict[str, Any]


class _Open(BaseModel):
    """Extra keys are allowed and kept, and told apart from what is judged."""

    model_config = ConfigDict(extra="allow")

    def unknown(self) -> Iterator[str]:
        """The keys, here and below, that nothing reads."""
        yield from self.model_extra or ()
        for name in type(self).model_fields:
            value = getattr(self, name)
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, _Open):
                    yield from (f"{name}.{key}" for key in part.unknown())


class ExpectedCall(_Open):
    """A tool that must be called; the named fields of its input must match, others may be anything."""

    tool: str
    input: Table = {}
    output: Table = Field({}, description="The same of what it answered, such as {status: found}.")


class ExpectedOffers(_Open):
    """What the shown offers must be like: how many, and what every one of them has."""

    min: int | None = Field(None, ge=0)
    max: int | None = Field(None, ge=0)
    room: str | None = None
    surgeon: str | None = None
    procedure: str | None = None
    date: dt.date | None = None
    start_from: str | None = Field(None, description="HH:MM; no offer starts before.")
    start_until: str | None = Field(None, description="HH:MM; no offer starts after.")
    first: Table = Field({}, description="Fields of the first offer's first case, such as start or room.")


class ExpectedExplanation(_Open):
    """The planted reason: rule ids, or rule and subject as "rule:subject"."""

    rules: list[str] = []
    exact: bool = Field(False, description="Nothing else may be in the conflict.")
    opens: bool | None = Field(None, description="Whether some correction opens at least one slot.")


class ExpectedQuestion(_Open):
    """What must be asked: words of the question, and answers among its choices."""

    about: list[str] = []
    choices: list[str] = []


class Expect(_Open):
    """What a turn must lead to; what isn't named isn't judged."""

    calls: list[ExpectedCall] = []
    must_not_call: list[str] = []
    offers: ExpectedOffers | None = None
    outcome: str | None = Field(
        None,
        description="How the turn ends: found, infeasible, not_proven, question, proposed, answered, refused, error; "
        "or, once a person confirmed, booked, held, moved, cancelled ... or conflict.",
    )
    says: list[str] = Field([], description="Facts that must be communicated, matched on the server's facts.")
    not_says: list[str] = Field([], description="What must appear nowhere in the turn's words.")
    question: ExpectedQuestion | None = None
    explanation: ExpectedExplanation | None = None
    gone: list[str] | None = Field(
        None,
        description="Labels of the offers shown until now that can't be booked any more: these, no others.",
    )


class Turn(_Open):
    """A message of the user, or something that happens elsewhere between two messages."""

    user: str | None = None
    elsewhere: Table | None = Field(
        None, description="What another person does, or time: {book: {label: A1}}, {wait: {minutes: 30}}."
    )
    when_asked: Table = Field({}, description="Answers given if the assistant asks for them.")
    confirm: bool = Field(False, description="The person presses Confirm on the card, if one is shown.")
    meanwhile: Table | None = Field(
        None,
        description="As `elsewhere`, but after the card was shown and before the person presses Confirm.",
    )
    expect: Expect | None = None


class FinalState(_Open):
    """How the book must differ from the one at the beginning."""

    cases_added: int | None = Field(None, ge=0)
    cases_removed: int | None = Field(None, ge=0)
    cases_changed: int | None = Field(None, ge=0)
    blocks_changed: int | None = Field(None, ge=0, description="Blocks released or reclaimed on some day.")
    by: Literal["user", "elsewhere"] | None = Field(None, description="Who did it.")
    cases: list[Table] = Field(
        [], description="Fields that added or changed cases must have, one table a case."
    )
    unchanged: bool | None = None


class Conversation(_Open):
    """One conversation of a suite, from a clinic's state to the state that it must leave behind."""

    id: str = Field(min_length=1)
    suite: str = Field(min_length=1)
    title: str = ""
    clinic: str = Field("demo", description='"demo", or a clinic file beside this one.')
    now: dt.datetime = Field(description="Clinic wall time.")
    role: str = "scheduler"
    turns: list[Turn] = Field(min_length=1)
    final_state: FinalState = FinalState()
    reads_required: list[str] = Field(
        [], description="Tools that must be called, so that doing nothing can't pass."
    )
    writes: list[Table] = Field(
        [],
        description="The writes that are right, replayed on a fresh clinic; the states must then be equal: "
        "the actions of `elsewhere`, such as {book: {procedure, surgeon, room, at}} or {cancel: {case}}.",
    )
    model_script: str | Table | list[Any] | None = Field(
        None,
        description="A scripted misbehaving model, or none: a list of replies, one, or a baseline's name.",
    )
    fails: list[str] = Field(
        [], description="Checks that must fail, by how their names begin: so the grading itself is judged."
    )
    mutant: str | None = Field(None, description="A fault that is planted while this is played.")
    planted: list[str] = Field(
        [],
        description="Identities that no model may be told and no cassette may hold, beside those of forms.",
    )
    killed_by: str | None = Field(None, description="A mutant of the product under which this must fail.")
