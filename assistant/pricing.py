"""What a turn costs, from configured prices; nothing is assumed where none are."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.models.protocol import Usage

CACHE_READ, CACHE_WRITTEN = 0.1, 1.25
"""The provider's prices of cached tokens, as shares of the price of tokens read."""


@dataclass(frozen=True)
class Prices:
    """Prices of a million tokens read and written, in one currency; None where they aren't configured."""

    read: float | None = None
    written: float | None = None

    def micros(self, usage: Usage) -> int | None:
        """Millionths of the currency; None without prices, 0 for a turn that used no tokens."""
        if self.read is None or self.written is None:
            return None
        read = usage.read + CACHE_READ * usage.cache_read + CACHE_WRITTEN * usage.cache_written
        return round(self.read * read + self.written * usage.written)
