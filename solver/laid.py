"""A clinic with one record laid over another: what every change is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from solver.clinic import Clinic, frozen


class UnknownTarget(ValueError):
    """A change names a record that the clinic doesn't have."""

    def __init__(self, kind: str, target: str, known: Iterable[str]) -> None:
        super().__init__(
            f"There is no {kind} {target!r}. Maybe you meant one of: {', '.join(sorted(known)) or 'none'}."
        )


def found(table: Any, kind: str, target: str) -> Any:
    """The record of that id; raises `UnknownTarget`."""
    if target not in table:
        raise UnknownTarget(kind, target, table)
    return table[target]


def with_record(clinic: Clinic, table: str, record: Any) -> Clinic:
    """The clinic with the record in place of the one with its id, or beside the others."""
    changed: dict[str, Any] = {table: frozen({**getattr(clinic, table), record.id: record})}
    return replace(clinic, **changed)
