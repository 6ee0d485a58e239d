"""Records and parameters laid over a clinic as its file writes them: checked like a file, and stored nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from solver import changes as solver
from solver.clinic import Clinic
from tools import changes
from tools.clinic_file import ClinicFileError, Loaded, exported, load
from tools.errors import ToolError
from tools.invalid import path

HEAD = ("name", "hours", "start_step_minutes", "holidays", "settings")
"""What the clinic's own record says; its id and time zone stay."""

Values = dict[str, Any]


def record_in(change: changes.SetRecordIn, clinic: Clinic) -> solver.SetRecord:
    """The record as the solver reads it, with the values changed; `ToolError` where no clinic file could say so."""
    kind, id_ = change.kind, _id(change)
    if kind == "clinic" and not set(change.values) <= set(HEAD):
        raise ToolError("invalid", f"Of the clinic itself only {', '.join(HEAD)} may change.", "changes")
    values = _values(clinic)
    held = _held(values, kind, id_)
    body = {key: value for key, value in {**held, **change.values}.items() if value is not None}
    _put(values, kind, id_, body)
    made = _loaded(values).clinic
    return solver.SetRecord(kind, id_, _taken(made, kind, id_), _said(made, change, new=not held))


def param_in(change: changes.SetParamIn, clinic: Clinic) -> Any:
    """The value of a rule's parameter as the solver reads it."""
    values = _values(clinic)
    rule = values.setdefault("rules", {}).setdefault(change.rule, {})
    rule["params"] = {**rule.get("params", {}), change.param: change.value}
    return _loaded(values).clinic.rules[change.rule].params[change.param]


def _id(change: changes.SetRecordIn) -> str:
    if change.kind == "clinic":
        return "clinic"
    if change.id is None:
        raise ToolError("invalid", f"id is missing. Maybe the record's id among {change.kind}.", "changes")
    return change.id


def _values(clinic: Clinic) -> Values:
    """The clinic file without its cases and patients: they bear on no record."""
    return exported(Loaded(replace(clinic, cases=(), readiness={})))


def _held(values: Values, kind: str, id_: str) -> Values:
    if kind == "clinic":
        return dict(values["clinic"])
    if kind == "blocks":
        return next((dict(block) for block in values.get(kind, []) if block["id"] == id_), {})
    return dict(values.get(kind, {}).get(id_, {}))


def _put(values: Values, kind: str, id_: str, body: Values) -> None:
    if kind == "clinic":
        values["clinic"] = body
    elif kind == "blocks":
        others = [block for block in values.get(kind, []) if block["id"] != id_]
        values[kind] = [*others, {**body, "id": id_}]
    else:
        values[kind] = {**values.get(kind, {}), id_: body}


def _loaded(values: Mapping[str, Any]) -> Loaded:
    try:
        return load(values)
    except ClinicFileError as error:
        said = "; ".join(f"{path(fault.place)}: {fault.said.rstrip('.')}" for fault in error.faults[:4])
        raise ToolError("invalid", f"{said}.", "changes") from None


def _taken(clinic: Clinic, kind: str, id_: str) -> Any:
    if kind == "clinic":
        return {name: getattr(clinic, name) for name in HEAD}
    if kind == "blocks":
        return next(block for block in clinic.blocks if block.id == id_)
    return getattr(clinic, kind)[id_]


def _said(clinic: Clinic, change: changes.SetRecordIn, *, new: bool) -> str:
    """ "Knee scope set with reprocessing minutes 60"; what isn't a plain value is only named."""
    name = clinic.name if change.kind == "clinic" else clinic.name_of(change.id or "")
    if new:
        return f"{name} added"
    told = [f"{key.replace('_', ' ')} {_plain(value)}" for key, value in change.values.items()]
    return f"{name} with {', '.join(told)}"


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) else "none" if value is None else "as given"
