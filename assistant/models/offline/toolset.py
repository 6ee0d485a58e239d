"""The tools that this conversation has, so that what is absent is said and never tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.models.protocol import ToolSpec


@dataclass(frozen=True)
class Tools:
    """Tool names, and what `propose` takes as its action; None where its schema doesn't list them."""

    names: frozenset[str]
    actions: frozenset[str] | None = None

    @classmethod
    def of(cls, specs: Sequence[ToolSpec]) -> Tools:
        """From the tools as a model sees them."""
        schemas = [spec.input_schema for spec in specs if spec.name == "propose"]
        return cls(frozenset(spec.name for spec in specs), _actions(schemas[0]) if schemas else None)

    def __contains__(self, name: object) -> bool:
        """Whether there is a tool of this name, or an action "propose:hold" of the proposing one."""
        tool, _, action = str(name).partition(":")
        there = tool in self.names
        return there and (not action or self.actions is None or action in self.actions)

    def __iter__(self) -> Iterator[str]:
        """The tools' names."""
        return iter(sorted(self.names))


def _actions(schema: dict[str, Any]) -> frozenset[str] | None:
    given = schema.get("properties", {}).get("action", {})
    found = given.get("enum") or [given[key] for key in ("const",) if key in given]
    return frozenset(found) or None
