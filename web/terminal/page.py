"""What drawing needs to know: names for ids, the clinic's way of writing time, and the book of a day."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any

from web.cards import Words
from web.format import Formats

if TYPE_CHECKING:
    from tools.context import Context


class Page:
    """One clinic as the person at a terminal sees it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    @cached_property
    def words(self) -> Words:
        """Cards, names and formats, as on the page."""
        clinic = self._ctx.store.clinic()
        formats = Formats(clinic.timezone, clinic.settings.clock)
        return Words(clinic, formats, formats.local(self._ctx.now()).date())

    @property
    def formats(self) -> Formats:
        """The clinic's way of writing time."""
        return self.words.formats

    def schedule(self, day: dt.date) -> dict[str, Any]:
        """The book of one day, as `get_schedule` gives it."""
        from tools.registry import default

        asked = {"date_from": day.isoformat(), "date_to": day.isoformat()}
        return default().call("get_schedule", self._ctx, asked).model_dump(mode="json")
