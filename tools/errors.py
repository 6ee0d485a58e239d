"""Plain errors that people read: what was seen, and the way out."""

from __future__ import annotations

from collections.abc import Sequence


class ToolError(Exception):
    """A request that can't be carried out. `code` is stable, `field` names the input at fault.

    Codes: "invalid", "unknown", "ambiguous", "forbidden", "conflict", "expired", "not-found", "unavailable".
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.field = code, message, field


class Conflict(ToolError):
    """What was true when it was offered is true no more: the reason, and fresh offers to choose from.

    `reasons` are the sentences of the message, the first one telling most.
    """

    def __init__(
        self, message: str, offers: list[dict[str, object]] | None = None, reasons: Sequence[str] = ()
    ) -> None:
        super().__init__("conflict", message)
        self.offers = offers or []
        self.reasons = tuple(reasons) or (message,)


class Busy(ToolError):
    """The database is away or busy: nothing was written, and the same request may work in a moment.

    `at_once` says that the transaction may be run again right away, as after a deadlock.
    """

    def __init__(self, message: str, *, at_once: bool = False) -> None:
        super().__init__("unavailable", message)
        self.at_once = at_once
