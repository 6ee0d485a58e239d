"""Who speaks for this clinic: the model that the environment names, where its words may go there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.identifiers import words_of
from assistant.models.breaker import ModelUnavailableError
from assistant.models.protocol import Message, Reply, Speaker, ToolSpec
from assistant.naming import unknown
from assistant.notes import notes_of
from assistant.privacy import Handles
from assistant.settings import ModelSettings, model_settings
from assistant.spelling import folded, words_of_name
from solver.clinic import Clinic
from tools.context import Context
from tools.records.identities import known_names, known_numbers
from tools.records.transcripts import spent

if TYPE_CHECKING:
    from assistant.models.anthropic import Claude


@dataclass
class Meter:
    """Tokens used today: by all turns that ended, in whatever process, and by the turn that this meter is for.

    Turns under way elsewhere are counted when they end, so that a day is overdrawn by a turn's own budget each at most.
    """

    before: tuple[int, int] = (0, 0)
    """(the user's, everyone's) when the turn began."""
    turn: int = 0

    @classmethod
    def of(cls, ctx: Context) -> Meter:
        """Of a turn that begins now; days are UTC's."""
        midnight = ctx.now().astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(spent(ctx.store, midnight, ctx.principal.id))

    def used(self) -> tuple[int, int]:
        """(the user's, everyone's) tokens of the day."""
        own, everyone = self.before
        return own + self.turn, everyone + self.turn

    def add(self, tokens: int) -> None:
        """Note what a reply cost."""
        self.turn += tokens


@dataclass
class Metered:
    """A speaker that falls silent when the user's or the day's tokens are used up."""

    inner: Claude
    settings: ModelSettings
    meter: Meter = field(default_factory=Meter)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.inner.name

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:
        """The model's next message; `ModelUnavailableError` when a budget is used up."""
        own, everyone = self.meter.used()
        if own >= self.settings.user_tokens or everyone >= self.settings.day_tokens:
            raise ModelUnavailableError("day's budget")
        said = await self.inner.reply(system, tools, messages)
        self.meter.add(said.usage.total)
        return said


def configured_model(ctx: Context, clinic: Clinic) -> Speaker | None:
    """The model to ask first; None where none is configured, or this clinic's words may not go to it."""
    settings = model_settings()
    if not settings.may_speak(ctx.store.demo):
        return None
    from assistant.models.anthropic import Claude

    claude = Claude(settings, handles_for(ctx, clinic))
    speaker: Speaker = Metered(claude, settings, Meter.of(ctx))  # type: ignore[assignment]
    return speaker


def handles_for(ctx: Context, clinic: Clinic) -> Callable[[], Handles]:
    """How a model's requests hide this clinic's patients: fresh handles a request, from its records' names."""
    words = words_of(_names(clinic))
    since, notes, travel = (ctx.now() - RECENT).year, notes_of(clinic), model_settings().notes
    day_first = clinic.settings.date_order == "dmy"

    def made() -> Handles:
        names = [name for name in known_names(ctx.store) if _telling(name, words)]
        return Handles(
            names, words, since, day_first, notes, travel, frozenset(map(folded, known_numbers(ctx.store)))
        )

    return made


def _telling(name: str, words: frozenset[str]) -> bool:
    """Whether a name tells a person wherever it stands: more than one word, or one that is no word here."""
    return len(words_of_name(name)) > 1 or unknown(name, words)


RECENT = dt.timedelta(days=90)
"""How far back dates of the schedule are talked of; one in a year before is a birth date."""


def _names(clinic: Clinic) -> Iterable[str]:
    """Everything that the clinic calls by a name, patients excepted."""
    yield clinic.name
    for person in clinic.staff.values():
        yield from (person.name, *person.aliases)
    for procedure in clinic.procedures.values():
        yield from filter(None, (procedure.name, procedure.short, *procedure.synonyms, *procedure.cpt))
    for records in (clinic.rooms, clinic.equipment, clinic.trays, clinic.bays):
        yield from (record.name for record in records.values())
