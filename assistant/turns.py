"""One turn while it runs: what it may cost, who speaks in it and with which tools, and what came of it so far."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant import events
from assistant.conversations import Conversation
from assistant.facts import Names
from assistant.models.protocol import (
    Message,
    Speaker,
    Usage,
)
from assistant.pricing import Prices
from assistant.readings import Asked, SecondReading
from assistant.toolbox import Toolbox
from tools.records.transcripts import Cost

SECONDS = 20.0
"""Of wall time, until a turn has answered."""


@dataclass(frozen=True)
class Budget:
    """What one turn may cost: model rounds, tool calls, seconds of wall time, re-asks of a refused reply."""

    rounds: int = 6
    calls: int = 8
    seconds: float = field(default_factory=lambda: SECONDS)
    reasks: int = 1


@dataclass(frozen=True)
class Setting:
    """The surroundings of one turn: who speaks, with which tools, and how the clinic names things."""

    speaker: Speaker
    tools: Toolbox
    names: Names
    system: str
    context: str
    clock: str = "12h"
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    """The clinic's clock when the turn began."""
    prices: Prices = field(default_factory=Prices)
    tokens: float = math.inf
    """What a remote model may read and write in this turn; beyond it the stand-by answers."""
    standby: Speaker | None = None
    """Who answers when `speaker` can't: the offline interpreter beside a remote model."""
    staff: frozenset[str] = frozenset()
    """The clinic's surnames, which a reply names only after the user did."""
    second: SecondReading | None = None
    """How the interpreter reads a message, to compare a remote model's calls with; None compares nothing."""

    confirmed: Callable[[], Mapping[str, str]] = dict
    """What this conversation's person has confirmed on its cards so far: proposal id -> what was written."""

    def cost(self, usage: Usage, model: str, status: str, milliseconds: int) -> Cost:
        """What a turn cost, in tokens, in time, and in money where prices are configured."""
        micros = self.prices.micros(usage)
        return Cost(
            model,
            status,
            milliseconds,
            usage.read,
            usage.written,
            usage.cache_read,
            usage.cache_written,
            micros,
        )


SettingFor = Callable[[str], Setting]
"""Conversation id -> the surroundings of its next turn."""


@dataclass
class Turn:
    """The state of one turn while it runs."""

    conversation: Conversation
    setting: Setting
    budget: Budget
    deadline: float
    messages: list[Message] = field(default_factory=list)
    calls: list[events.Call] = field(default_factory=list)
    status: events.Outcome = "answered"
    asked: bool = False
    facts: list[str] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    notice: events.NoticeEvent | None = None
    begun: float = field(default_factory=time.monotonic)
    read: Asked | None = None
    """What the interpreter is certain that this message asks for."""

    def took(self) -> int:
        """Milliseconds since it began."""
        return round((time.monotonic() - self.begun) * 1000)

    def left(self) -> float:
        """Seconds until its time is over."""
        return max(0.0, self.deadline - time.monotonic())
