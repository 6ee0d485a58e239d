"""The interpreter's own reading of a message, for comparison with a model's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import structlog

from assistant.models.offline.dialogue import hear
from assistant.models.offline.finding import Talk
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.moves import Use
from assistant.models.offline.reading import Reading
from assistant.models.offline.state import State
from assistant.models.offline.toolset import Tools
from assistant.models.offline.understand import understand
from assistant.models.offline.when import DAY_FIELDS
from assistant.readings import Asked, Days, asked_by
from tools.logs import where

_log = structlog.get_logger(__name__)

_RELATIVE = frozenset(
    {"shift_days", "within_week", "other_day", "later", "longer", "more", "without", "follow"}
)
"""Edits of a request that was made before: what they come to, this message alone doesn't say."""


class Interpreter:
    """Reads a message by itself; `now` is the clinic's wall time, with or without its zone."""

    def __init__(self, lexicon: Lexicon, tools: Collection[str], now: dt.datetime) -> None:
        self._lexicon, self._tools, self._now = lexicon, Tools(frozenset(tools)), now.replace(tzinfo=None)

    def read(self, text: str, first: bool) -> Asked | None:
        """What a message asks for, the conversation's first or a later one; None where that isn't certain."""
        try:
            return _read(text, first, Talk(self._lexicon, self._tools, self._now, (), State()))
        except Exception as fault:  # a second opinion that fails must not cost the answer
            _log.error("second reading failed", error=type(fault).__name__, at=where(fault))
            return None

    def knows(self, asked: Asked) -> bool:
        """Whether its procedures and surgeon are the clinic's: the tool itself answers for an id that isn't."""
        return asked.procedures | {asked.surgeon} - {None} <= self._lexicon.names.keys()


def _read(text: str, first: bool, talk: Talk) -> Asked | None:
    reading = understand(text, talk.lexicon, talk.now)
    if reading.offers or reading.cases or "followup" in reading.cues or _RELATIVE & reading.edits.keys():
        return None
    move = hear(talk, text)
    asked = asked_by(move.tool, move.payload, talk.now.date()) if isinstance(move, Use) else None
    if asked is None:
        return None
    days = _days(reading, asked.days)
    return replace(asked, days=days, any_surgeon=first, wished="surgeon" in talk.state.wished)


def _days(reading: Reading, window: Days | None) -> Days | None:
    """The days, where the words named any; a day that was only wished for binds nobody."""
    when = reading.when
    named = when is not None and any(key in reading.fields for key in DAY_FIELDS)
    if when is None or window is None or not named or when.soonest or when.preference:
        return None
    return Days(window.days, open_ended=when.date_to is None, loose=when.preferred is not None)
