"""Who speaks for this clinic: the model that the environment names, where its words may go there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.identifiers import words_of
from assistant.models.breaker import ModelUnavailableError
from assistant.models.protocol import Message, Reply, Speaker, ToolSpec
from assistant.privacy import Handles
from assistant.settings import ModelSettings, model_settings
from solver.clinic import Clinic
from tools.context import Context
from tools.records.identities import known_names

if TYPE_CHECKING:
    from assistant.models.anthropic import Claude


@dataclass
class Meter:
    """Tokens used today, by everyone and by each user, in this process."""

    day: dt.date = dt.date.min
    spent: dict[str, int] = field(default_factory=dict)

    def used(self, day: dt.date, user: str) -> tuple[int, int]:
        """(the user's, everyone's) tokens of that day; a new day begins at nothing."""
        if day != self.day:
            self.day, self.spent = day, {}
        return self.spent.get(user, 0), sum(self.spent.values())

    def add(self, user: str, tokens: int) -> None:
        """Note what a reply cost."""
        self.spent[user] = self.spent.get(user, 0) + tokens


_METER = Meter()


@dataclass
class Metered:
    """A speaker that falls silent when the user's or the day's tokens are used up."""

    inner: Claude
    settings: ModelSettings
    user: str
    day: dt.date
    meter: Meter = field(default_factory=lambda: _METER)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.inner.name

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:
        """The model's next message; `ModelUnavailableError` when a budget is used up."""
        own, all_ = self.meter.used(self.day, self.user)
        if own >= self.settings.user_tokens or all_ >= self.settings.day_tokens:
            raise ModelUnavailableError("day's budget")
        said = await self.inner.reply(system, tools, messages)
        self.meter.add(self.user, said.usage.total)
        return said


def configured_model(ctx: Context, clinic: Clinic) -> Speaker | None:
    """The model to ask first; None where none is configured, or this clinic's words may not go to it."""
    settings = model_settings()
    if not settings.may_speak(ctx.store.demo):
        return None
    from assistant.models.anthropic import Claude

    claude = Claude(settings, handles_for(ctx, clinic))
    speaker: Speaker = Metered(claude, settings, ctx.principal.id, ctx.now().date())  # type: ignore[assignment]
    return speaker


def handles_for(ctx: Context, clinic: Clinic) -> Callable[[], Handles]:
    """How a model's requests hide this clinic's patients: fresh handles a request, from its records' names."""
    words = words_of(_names(clinic))
    return lambda: Handles(known_names(ctx.store), words)


def _names(clinic: Clinic) -> Iterable[str]:
    """Everything that the clinic calls by a name, patients excepted."""
    yield clinic.name
    for person in clinic.staff.values():
        yield from (person.name, *person.aliases)
    for procedure in clinic.procedures.values():
        yield from filter(None, (procedure.name, procedure.short, *procedure.synonyms))
    for records in (clinic.rooms, clinic.equipment, clinic.trays, clinic.bays):
        yield from (record.name for record in records.values())
