"""A plan as JSON and back, so that an offer means the same after a restart."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from solver.request import Plan


@cache
def _adapter() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def plan_values(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON values."""
    values: dict[str, Any] = _adapter().dump_python(plan, mode="json")
    return values


def plan_from(values: Any) -> Plan:
    """The plan of `plan_values`."""
    return _adapter().validate_python(values)
