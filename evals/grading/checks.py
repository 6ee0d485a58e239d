"""A check and what it found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Check:
    """One claim about a turn (0: the whole conversation); `said` tells what was seen where it failed."""

    name: str
    turn: int
    ok: bool
    said: str = ""


@dataclass
class Graded:
    """All checks of a conversation, with what was counted on the way."""

    checks: list[Check] = field(default_factory=list)
    counts: dict[str, float] = field(default_factory=dict)
    not_judged: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every check held; a conversation without checks proves nothing."""
        return bool(self.checks) and all(check.ok for check in self.checks)

    def add(self, name: str, turn: int, ok: bool, said: Any = "") -> None:
        """One more check."""
        self.checks.append(Check(name, turn, ok, "" if ok else str(said)))

    def count(self, name: str, by: float = 1) -> None:
        """Adds to a count."""
        self.counts[name] = self.counts.get(name, 0) + by
