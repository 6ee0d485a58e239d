"""What is wrong with an input, in words: the field, the value seen, and the way out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tools.errors import ToolError

SHOWN = 3
"""How many faults one message spells out."""

PRIVATE = frozenset({"patient"})
"""Fields whose values are never repeated: an error text travels further than the form it came from."""


def explain_invalid(error: ValidationError, model: type[BaseModel]) -> ToolError:
    """One `ToolError("invalid")` for all faults that pydantic found; its `field` is the first one's."""
    faults = error.errors(include_url=False)
    said = [_sentence(fault, model) for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        said.append(f"({len(faults) - SHOWN} more)")
    return ToolError("invalid", " ".join(said), path(faults[0]["loc"]) or field_of(faults[0]["msg"]))


def field_of(message: str) -> str | None:
    """The field that a fault of the whole begins with: "date_to 2026-03-10 is before ..." is about `date_to`."""
    first = message.removeprefix("Value error, ").partition(" ")[0]
    return first if re.fullmatch(r"[a-z]+(_[a-z]+)+", first) else None


def path(place: Sequence[str | int]) -> str:
    """`("cases", 0, "room")` as "cases[0].room"."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place).lstrip(".")


def seen(value: Any, limit: int = 60) -> str:
    """A value as it is shown in an error: short, and on one line."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}..."


def _sentence(fault: ErrorDetails, model: type[BaseModel]) -> str:
    name = path(fault["loc"]) or "The input"
    private = bool(fault["loc"]) and fault["loc"][0] in PRIVATE
    if fault["type"] == "missing":
        return f"{name} is missing.{_description(fault['loc'], model)}"
    if fault["type"] == "extra_forbidden":
        return f"{name} is not a field here.{_maybe(str(fault['loc'][-1]), list(model.model_fields))}"
    reason = fault["msg"].removeprefix("Value error, ").rstrip(".")
    if fault["type"] == "value_error" and not fault["loc"] and field_of(reason):
        return f"{reason}."
    if fault["type"] == "value_error" or private:
        return f"{name}: {reason}."
    return f"{name}: {seen(fault['input'])} can't be used. {reason}."


def _description(place: Sequence[str | int], model: type[BaseModel]) -> str:
    field = model.model_fields.get(str(place[0])) if len(place) == 1 else None
    return f" Maybe add it: {field.description}" if field and field.description else " Maybe add it."


def _maybe(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f" Maybe you meant {near[0]}." if near else f" Fields: {', '.join(known)}."
