"""When to stop asking a model that fails, and when to try it again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

FAILURES, WITHIN, REST = 3, 60.0, 60.0
"""So many failures within so many seconds, and the model is left alone for so many seconds."""


class ModelUnavailableError(Exception):
    """The model gave no usable answer. `kind` is for logs and never holds any text of a conversation.

    It is `lasting` where waiting can't mend it, and `ours` where the request was kept back here.
    """

    def __init__(self, kind: str, lasting: bool = False, ours: bool = False) -> None:
        super().__init__(kind)
        self.kind, self.lasting, self.ours = kind, lasting, ours


@dataclass
class Breaker:
    """Closed while the model answers; open after repeated failures, or one that waiting can't mend."""

    clock: Callable[[], float] = time.monotonic
    failed_at: list[float] = field(default_factory=list)
    until: float = float("-inf")

    @property
    def open(self) -> bool:
        """Whether the model is to be left alone for now."""
        return self.clock() < self.until

    def failed(self, lasting: bool = False) -> None:
        """Note a failure; a lasting one (a refused key, an unknown model) opens at once."""
        now = self.clock()
        self.failed_at = [at for at in self.failed_at if now - at < WITHIN] + [now]
        if lasting or len(self.failed_at) >= FAILURES:
            self.until, self.failed_at = now + REST, []

    def answered(self) -> None:
        """Note a success."""
        self.failed_at = []
