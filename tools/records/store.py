"""The store: one clinic's records behind one small interface."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from solver.clinic import Clinic
from solver.request import Plan


@dataclass(frozen=True)
class StoredOffer:
    """A slot that was shown, as it was shown, with the plan behind it."""

    id: str
    label: str
    principal: str
    conversation: str | None
    revision: int
    """The store's revision that the offer was found at."""
    created_at: dt.datetime
    request: Mapping[str, Any]
    """The `tools.contract.Request` that was asked, as JSON."""
    body: Mapping[str, Any]
    """The `tools.contract.Offer` that was shown, as JSON."""
    plan: Plan


class Store(Protocol):
    """What tools may ask of the records."""

    def clinic(self) -> Clinic:
        """The clinic as it stands, cached by revision: the same object until something changes."""

    def revision(self) -> int:
        """Counts every committed change of the clinic's records and cases."""

    def new_id(self, kind: str) -> str:
        """A fresh id such as "offer-7k2m9qxt4c"."""

    def next_letter(self, conversation: str | None) -> str:
        """The letter of a conversation's next list of offers: "A" ... "Z", "AA"; labels are A1, A2 ..."""

    def save_offers(self, offers: Sequence[StoredOffer]) -> None:
        """Keeps offers so that they can be proposed by id."""

    def offer(self, offer_id: str) -> StoredOffer:
        """A kept offer; raises `ToolError("not-found")`."""
