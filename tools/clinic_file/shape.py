"""Faults of shape: every value that its record can't hold, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tools.clinic_file.faults import Fault, Place, maybe
from tools.clinic_file.models import ClinicFile
from tools.invalid import seen

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table of keys",
    "model_type": "a table of keys",
    "model_attributes_type": "a table of keys",
}


def shaped(values: Any) -> tuple[ClinicFile | None, list[Fault]]:
    """The file as records, or None and all that its records can't hold."""
    try:
        return ClinicFile.model_validate(values), []
    except ValidationError as error:
        return None, list(_faults(error))


def _faults(error: ValidationError) -> Iterator[Fault]:
    for detail in error.errors(include_url=False):
        place = tuple(key for key in detail["loc"] if key != "[key]")
        yield Fault(place, _said(detail, place))


def _said(detail: ErrorDetails, place: Place) -> str:
    kind, value = detail["type"], detail["input"]
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return f"is not a key here. {maybe(str(place[-1]), _keys(place[:-1]), shown=30)}"
    if kind in _KINDS:
        return f"{seen(value)} is not {_KINDS[kind]}{_quoted(kind, value)}"
    if kind == "value_error":
        return str(detail["msg"]).removeprefix("Value error, ")
    if kind == "literal_error":
        return f"{seen(value)} is not one of {detail['ctx']['expected']}"
    reason = str(detail["msg"]).removeprefix("Input should be ").removeprefix("a valid ")
    return f"{seen(value)} can't be used; it should be {reason}"


def _quoted(kind: str, value: Any) -> str:
    if kind == "string_type" and isinstance(value, int | float):
        return f'. Maybe quote it: "{value}"'
    if kind in {"int_type", "float_type"} and isinstance(value, str):
        return ". Maybe leave out the quotes" if value.strip().isdecimal() else ""
    return ". Maybe put it into [ ]" if kind == "list_type" and not isinstance(value, dict) else ""


def _keys(place: Sequence[str | int]) -> list[str]:
    """The keys that the record at a place may have."""
    model = _model_at(ClinicFile, place)
    return [] if model is None else [field.alias or name for name, field in model.model_fields.items()]


def _model_at(kind: Any, place: Sequence[str | int]) -> type[BaseModel] | None:
    model = next((each for each in _unions(kind) if isinstance(each, type)), None)
    if not place:
        return model if model and issubclass(model, BaseModel) else None
    if model and issubclass(model, BaseModel):
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        return _model_at(fields[str(place[0])].annotation, place[1:]) if place[0] in fields else None
    holder = next((each for each in _unions(kind) if get_origin(each) in (list, dict)), None)
    return _model_at(get_args(holder)[-1], place[1:]) if holder else None


def _unions(kind: Any) -> list[Any]:
    return [kind] if get_origin(kind) in (list, dict) or isinstance(kind, type) else list(get_args(kind))
