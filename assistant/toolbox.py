"""The tools of one turn: what the registry allows this principal, plus the assistant's own way of asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel, Field, ValidationError

from assistant.models.protocol import ToolSpec
from tools.contract import Input
from tools.errors import ToolError

ASK_USER = "ask_user"
Model = TypeVar("Model", bound=BaseModel)


class AskUser(Input):
    """Ask the user one question and end the turn."""

    question: str = Field(
        min_length=1,
        max_length=1000,
        description="One plain sentence; no ids. It may cite [[offer:A1]] or [[fact:F1]].",
    )
    choices: list[str] = Field(
        [], max_length=12, description="Short answers the user may pick: every candidate by name."
    )
    kind: Literal["clarify", "booking-details"] = Field(
        "clarify", description='"booking-details" shows the form for patient and side; it needs the offer.'
    )
    offer: str | None = Field(
        None, max_length=20, description="The label of the offer it is about, for example A1."
    )


ASK_SPEC = ToolSpec(
    name=ASK_USER,
    description="Asks the user one question and ends your turn; the answer is the user's next message. For a request "
    "that is ambiguous or lacks what a tool needs. One question at a time, with the candidates as choices. Never ask "
    "for what a tool can look up, nor whether a change may be made: the card that propose shows asks that.",
    input_schema=AskUser.model_json_schema(),
)


class Toolbox(Protocol):
    """What the agent needs of the tool registry."""

    def specs(self) -> Sequence[ToolSpec]:
        """The tools that this principal may use, in a stable order."""
        ...

    def validate(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The input as the tool's model reads it, JSON-ready; ToolError "unknown" or "invalid" otherwise."""
        ...

    def call(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The tool's output, JSON-ready; ToolError when it can't be carried out."""
        ...


def validated(model: type[Model], payload: Mapping[str, Any]) -> Model:
    """`payload` through the tool's model; ToolError "invalid" says every fault and its place."""
    try:
        return model.model_validate(payload)
    except ValidationError as faults:
        raise ToolError("invalid", fault_text(faults), _first_field(faults)) from None


def fault_text(faults: ValidationError) -> str:
    """All faults in one line, each with a way out, without the values: an input may hold a patient's name."""
    listed = [
        f"{'.'.join(str(part) for part in fault['loc']) or 'input'}: {fault['msg']}{_way_out(fault['type'])}"
        for fault in faults.errors(include_url=False, include_input=False, include_context=False)
    ]
    return "; ".join(listed[:6])


_WAYS_OUT = {
    "missing": ". Maybe add it, or ask the user for it",
    "date": ". Maybe write it as 2026-03-10, read off the calendar",
    "time": ". Maybe write it as 13:30",
    "int": ". Maybe give a whole number",
    "list": ". Maybe put it into a list",
}


def _way_out(kind: str) -> str:
    """What may repair a fault, by the kind that pydantic gives it; nothing where its own words say so."""
    return _WAYS_OUT.get(kind) or _WAYS_OUT.get(kind.partition("_")[0], "")


def _first_field(faults: ValidationError) -> str | None:
    first = faults.errors(include_url=False, include_input=False, include_context=False)[0]
    return ".".join(str(part) for part in first["loc"]) or None
