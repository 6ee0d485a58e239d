"""The assistant wired to the tools of one clinic: what surfaces call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from assistant.agent import Assistant
from assistant.choosing import configured_model
from assistant.conversations import InMemory
from assistant.events import DoneEvent, ErrorEvent, Event, ExplanationEvent, QuestionEvent, TextEvent
from assistant.guard.particulars import surnames
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.model import OfflineModel
from assistant.models.protocol import ToolSpec
from assistant.pricing import Prices
from assistant.prompt import context_text, system_text
from assistant.second import Interpreter
from assistant.settings import model_settings
from assistant.toolbox import validated
from assistant.transcript import Recorded
from assistant.turns import Setting
from solver.clinic import Clinic
from tools.context import Context
from tools.records.proposing import carried_out
from tools.records.store import Store
from tools.registry import Registry, Tool, default

_MEMORY = InMemory()
_LEXICONS: dict[int, tuple[Clinic, Lexicon]] = {}
_MOST_LEXICONS = 8


@cache
def _schema(tool: Tool[Any, Any]) -> dict[str, Any]:
    """A tool's input as JSON Schema, made once: it never changes, and every turn shows it."""
    schema: dict[str, Any] = tool.input.model_json_schema()
    return schema


@dataclass(frozen=True)
class RegistryToolbox:
    """The registry as one principal may use it."""

    registry: Registry
    ctx: Context

    def specs(self) -> Sequence[ToolSpec]:
        """The tools that this principal may use, in the registry's order."""
        return [
            ToolSpec(name=tool.name, description=tool.doc, input_schema=_schema(tool))
            for tool in self.registry.tools()
            if self.ctx.principal.may(tool.permission)
        ]

    def validate(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The input as the tool's model reads it, JSON-ready; ToolError "unknown" or "invalid" otherwise."""
        body = validated(self.registry.get(name).input, payload)
        return dict(body.model_dump(mode="json", by_alias=True, exclude_unset=True))

    def call(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """The tool's output, JSON-ready; ToolError when it can't be carried out."""
        output = self.registry.call(name, self.ctx, payload)
        return dict(output.model_dump(mode="json", by_alias=True))


def lexicon_of(store: Store) -> Lexicon:
    """The interpreter's words for this clinic, built once a revision (a clinic object is one revision)."""
    clinic = store.clinic()
    kept = _LEXICONS.get(id(clinic))
    if kept is None or kept[0] is not clinic:
        while len(_LEXICONS) >= _MOST_LEXICONS:
            _LEXICONS.pop(next(iter(_LEXICONS)))
        kept = _LEXICONS[id(clinic)] = (clinic, Lexicon.of(clinic, store.aliases()))
    return kept[1]


def setting_of(ctx: Context, registry: Registry | None = None) -> Setting:
    """Who speaks and with what, for one turn of this principal."""
    clinic = ctx.store.clinic()
    now = ctx.now().astimezone(ZoneInfo(clinic.timezone))
    offline = OfflineModel(lexicon_of(ctx.store))
    model, settings = configured_model(ctx, clinic), model_settings()
    tools = RegistryToolbox(registry or default(), ctx)
    return Setting(
        speaker=model or offline,
        standby=offline if model else None,
        tools=tools,
        names=clinic.name_of,
        system=system_text(),
        context=context_text(clinic.name, now, str(ctx.principal.role), clinic.settings),
        clock=clinic.settings.clock,
        staff=surnames(person.name for person in clinic.staff.values()),
        now=now,
        confirmed=lambda: carried_out(ctx.store, ctx.conversation or "", ctx.principal.id),
        second=Interpreter(lexicon_of(ctx.store), [tool.name for tool in tools.registry.tools()], now),
        prices=Prices(settings.price_read, settings.price_written) if model else Prices(0.0, 0.0),
        tokens=settings.turn_tokens,
    )


async def turn(
    text: str,
    ctx: Context,
    conversation: str | None = None,
    *,
    assistant: Assistant | None = None,
    registry: Registry | None = None,
) -> AsyncIterator[Event]:
    """One message in, typed events out; the last is always `done`, whose `conversation` continues it."""

    def setting(conversation_id: str) -> Setting:
        return setting_of(replace(ctx, conversation=conversation_id), registry)

    talks = Recorded(_MEMORY, ctx, model_settings().transcript_days)
    async for event in (assistant or Assistant(talks)).turn(text, setting, ctx.principal.id, conversation):
        yield event


def ask(text: str, ctx: Context, conversation: str | None = None, **wiring: Any) -> dict[str, Any]:
    """One message and its whole answer: the contract object of `slotwright ask --json`.

    Beside the contract's keys it has `conversation` (to go on with), `alternatives` and `notice` (who speaks has
    changed). Not for use inside a running event loop: collect `turn` there.
    """
    return answer_of(asyncio.run(_collect(text, ctx, conversation, wiring)))


async def _collect(
    text: str, ctx: Context, conversation: str | None, wiring: Mapping[str, Any]
) -> list[Event]:
    return [event async for event in turn(text, ctx, conversation, **wiring)]


def answer_of(events: Sequence[Event]) -> dict[str, Any]:
    """A turn's events as one object."""
    shown = [event for event in events if isinstance(event, TextEvent | QuestionEvent | ErrorEvent)]
    done = next(event for event in reversed(events) if isinstance(event, DoneEvent))
    asked = next((event for event in reversed(events) if isinstance(event, QuestionEvent)), None)
    answer: dict[str, Any] = {
        "reply": "\n".join(e.message if isinstance(e, ErrorEvent) else e.text for e in shown),
        "model": done.model,
        "calls": [call.model_dump(mode="json") for call in done.calls],
        "status": done.status,
        "offers": [],
        "alternatives": [],
        "explanation": None,
        "question": asked and asked.model_dump(mode="json", exclude={"type"}),
        "proposal": None,
        "notice": None,
        "conversation": done.conversation,
    }
    return answer | _objects(events)


def _objects(events: Sequence[Event]) -> dict[str, Any]:
    """The last of each kind of object shown in the turn: a later search replaces an earlier one."""
    found: dict[str, Any] = {}
    for event in events:
        body = event.model_dump(mode="json", by_alias=True)
        if event.type == "offers":
            found |= {"offers": body["offers"], "alternatives": body["alternatives"]}
        elif isinstance(event, ExplanationEvent):
            found["explanation"] = body["explanation"] or _violations(event)
        elif event.type == "confirm":
            found["proposal"] = body["proposal"]
        elif event.type == "notice":
            found["notice"] = {"speaker": body["speaker"], "text": body["text"]}
    return found


def _violations(event: ExplanationEvent) -> dict[str, Any]:
    """A check's complete list of violated rules, in the shape of an explanation that claims no minimality."""
    return {
        "status": event.status,
        "conflict": [reason.model_dump(mode="json") for reason in event.reasons],
        "corrections": [], "days": [], "lanes": [], "minimal": False, "complete": True, "swaps_allowed": False,
    }  # fmt: skip
