"""A labelled request put to a speaker: what was said before it, with canned results, and the first move it makes."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.model import OfflineModel
from assistant.models.protocol import Message, Reply, Speaker, TextBlock, ToolResultBlock, ToolSpec
from assistant.prompt import context_text
from evals.corpus.requests import Request
from evals.corpus.words import clinic_of
from tools.registry import default

_STARTS = ("09:00", "11:30", "14:15")
_ROUNDS = 4


@dataclass(frozen=True)
class Given:
    """What the speaker did: a call with its input, a question with its choices, or words alone."""

    tool: str = ""
    input: dict[str, Any] = field(default_factory=dict)
    question: str = ""
    choices: tuple[str, ...] = ()
    offer: str = ""
    said: str = ""


class Player:
    """Puts requests to the offline interpreter of their clinic; one lexicon a clinic."""

    def __init__(self, speaker_of: Callable[[str, dt.datetime], Speaker] | None = None) -> None:
        self._speakers: dict[str, Speaker] = {}
        self._speaker_of = speaker_of or _offline
        self._specs = [ToolSpec(name=t.name, description="", input_schema={}) for t in default().tools()]
        self._specs.append(ToolSpec(name="ask_user", description="", input_schema={}))

    def play(self, request: Request) -> Given:
        """The speaker's first move on the request's own text."""
        return asyncio.run(self._play(request))

    async def _play(self, request: Request) -> Given:
        now = dt.datetime.fromisoformat(request.now)
        if request.clinic not in self._speakers:
            self._speakers[request.clinic] = self._speaker_of(request.clinic, now)
        talk = _Talk(self._speakers[request.clinic], self._specs, request, now)
        for text in request.before:
            await talk.whole(text)
        return _given(await talk.first(request.text))


def _offline(clinic: str, now: dt.datetime) -> Speaker:
    return OfflineModel(Lexicon.of(clinic_of(clinic, now.date())))


class _Talk:
    """One conversation: its messages, and results that fit what is asked."""

    def __init__(self, speaker: Speaker, specs: list[ToolSpec], request: Request, now: dt.datetime) -> None:
        self.speaker, self.specs, self.request, self.now = speaker, specs, request, now
        self.messages: list[Message] = []
        self.lists = 0

    async def first(self, text: str) -> Reply:
        context = context_text(self.request.clinic, self.now, "scheduler")
        self.messages.append(Message(role="user", content=(TextBlock(text=context), TextBlock(text=text))))
        return await self._next()

    async def whole(self, text: str) -> None:
        """A message and everything it leads to, up to the words that end the turn."""
        reply = await self.first(text)
        for _ in range(_ROUNDS):
            uses = reply.message().uses()
            if not uses:
                return
            results = tuple(
                ToolResultBlock(tool_use_id=use.id, content=json.dumps(self._result(use.name, use.input)))
                for use in uses
            )
            self.messages.append(Message(role="user", content=results))
            if uses[0].name == "ask_user":
                return
            reply = await self._next()

    async def _next(self) -> Reply:
        reply = await self.speaker.reply("", self.specs, self.messages)
        self.messages.append(reply.message())
        return reply

    def _result(self, tool: str, given: dict[str, Any]) -> dict[str, Any]:
        if tool == "ask_user":
            return {"asked": True}
        if tool == "find_slots":
            return {"result": self._found(given), "facts": {"F1": "There are 3 slots."}}
        return {
            "result": {"status": "infeasible", "conflict": [], "violations": []},
            "facts": {"F1": "None."},
        }

    def _found(self, given: dict[str, Any]) -> dict[str, Any]:
        letter = chr(ord("A") + self.lists)
        self.lists += 1
        offers = [self._offer(f"{letter}{n}", at, given) for n, at in enumerate(_STARTS, 1)]
        return {
            "status": "found",
            "offers": offers,
            "alternatives": [],
            "explanation": None,
            "solver_ms": 1.0,
        }

    def _offer(self, label: str, at: str, given: dict[str, Any]) -> dict[str, Any]:
        clinic = clinic_of(self.request.clinic, self.now.date())
        start = dt.datetime.fromisoformat(f"{given['date_from']}T{at}")
        case = {
            "procedure": given["procedure"], "surgeon": given.get("surgeon") or next(iter(clinic.staff)),
            "room": given.get("room") or next(iter(clinic.rooms)), "start": start.isoformat(),
            "end": (start + dt.timedelta(hours=1)).isoformat(),
        }  # fmt: skip
        return {"label": label, "cases": [case]}


def _given(reply: Reply) -> Given:
    uses = reply.message().uses()
    if not uses:
        return Given(said=reply.message().text())
    use = uses[0]
    if use.name == "ask_user":
        offer = use.input.get("offer") or ""
        return Given(question=use.input["question"], choices=tuple(use.input.get("choices", ())), offer=offer)
    return Given(tool=use.name, input=use.input)
