"""What a turn of the conversation sends to its surface, as it happens.

Every event is a small JSON object with a `type`; surfaces draw cards from `offers`, `explanation`,
`schedule` and `confirm`, which carry tool results as they are, and never read a slot out of `text`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from tools.contract import Alternative, Explanation, Offer, Reason

Outcome = Literal["found", "infeasible", "not_proven", "question", "proposed", "answered", "refused", "error"]
"""How a turn ended: `refused` is bad input or something not done here; `answered` is everything else."""


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StatusEvent(_Event):
    """Work under way, in a few words; the next event replaces it."""

    type: Literal["status"] = "status"
    stage: Literal["reading", "searching", "checking", "looking", "preparing"]
    text: str


class OffersEvent(_Event):
    """Verified slots, best first; near misses are `alternatives` and say how they differ."""

    type: Literal["offers"] = "offers"
    heading: str
    offers: list[Offer]
    alternatives: list[Alternative] = []


class ExplanationEvent(_Event):
    """Why there is no slot: the rules' own sentences, and the explainer's object where there is one."""

    type: Literal["explanation"] = "explanation"
    status: Literal["infeasible", "not_proven"]
    reasons: list[Reason]
    explanation: Explanation | None = None


class ScheduleEvent(_Event):
    """Part of the book, as `get_schedule` returned it."""

    type: Literal["schedule"] = "schedule"
    schedule: dict[str, Any]


class ConfirmEvent(_Event):
    """A stored proposal that a person may confirm; nothing is written yet."""

    type: Literal["confirm"] = "confirm"
    proposal: dict[str, Any]


class TextEvent(_Event):
    """The reply in words; every slot in it was drawn by the server from a tool result."""

    type: Literal["text"] = "text"
    text: str


class QuestionEvent(_Event):
    """One question; `choices` are answers that may be sent back as they stand.

    `kind` "booking-details" asks for patient and side of the offer labelled `offer`: surfaces show their
    form.
    """

    type: Literal["question"] = "question"
    text: str
    choices: list[str] = []
    kind: Literal["clarify", "booking-details"] = "clarify"
    offer: str | None = None


class NoticeEvent(_Event):
    """Who speaks has changed: surfaces show `text` as a banner until `speaker` is "model" again."""

    type: Literal["notice"] = "notice"
    speaker: Literal["offline", "model"]
    text: str


class ErrorEvent(_Event):
    """The turn could not be carried out. Codes: those of `tools.errors`, "busy", "budget", "internal"."""

    type: Literal["error"] = "error"
    code: str
    message: str


class Call(_Event):
    """One tool call of the turn, with the input as validated and the output as returned."""

    tool: str
    input: dict[str, Any]
    output: dict[str, Any]


class DoneEvent(_Event):
    """The last event of every turn."""

    type: Literal["done"] = "done"
    conversation: str
    turn: int
    model: str
    calls: list[Call]
    status: Outcome


Event = Annotated[
    StatusEvent
    | OffersEvent
    | ExplanationEvent
    | ScheduleEvent
    | ConfirmEvent
    | TextEvent
    | QuestionEvent
    | NoticeEvent
    | ErrorEvent
    | DoneEvent,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads an event back from JSON, and gives the JSON Schema of all of them."""
