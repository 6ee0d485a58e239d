"""A clinic, a clock and a scripted way to talk, shared by the assistant's tests."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from assistant import turns
from assistant.agent import Assistant
from assistant.conversations import InMemory
from assistant.events import Event
from assistant.models import anthropic, transport
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.model import OfflineModel
from assistant.models.protocol import ToolSpec
from assistant.prompt import context_text, system_text
from assistant.session import answer_of
from assistant.toolbox import validated
from assistant.turns import Setting
from solver.clinic import Clinic
from tools.clinic_file import load
from tools.contract import CheckRequest, Request
from tools.errors import ToolError
from tools.records.demo import demo_clinic


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no slow model: tests that are about time give their own budget."""
    monkeypatch.setattr(anthropic, "SECONDS", 300.0)
    monkeypatch.setattr(transport, "CONNECT_SECONDS", 60.0)
    monkeypatch.setattr(turns, "SECONDS", 600.0)


NOW = dt.datetime(2026, 3, 5, 9, 0)  # noqa: DTZ001 - clinic wall time
INPUTS = {"find_slots": Request, "check_slot": CheckRequest}


def an_offer(label: str, start: str, room: str = "or-1", surgeon: str = "dr-smith") -> dict[str, Any]:
    """A slot as a tool returns it."""
    begin = dt.datetime.fromisoformat(start)
    case = {
        "procedure": "knee-arthroscopy", "additional_procedures": [], "surgeon": surgeon, "room": room,
        "start": f"{begin.isoformat()}-04:00", "end": f"{(begin + dt.timedelta(minutes=55)).isoformat()}-04:00",
        "anesthesia": "general", "team": [], "resources": [],
    }  # fmt: skip
    return {
        "id": f"offer-{label}-secret", "label": label, "rank": 1, "cases": [case], "swaps": [], "terms": {},
        "reasons": [], "warnings": [], "not_checked": [], "verified": True, "rules_checked": 30,
    }  # fmt: skip


def found(*offers: dict[str, Any]) -> dict[str, Any]:
    """A search's result."""
    return {
        "status": "found" if offers else "infeasible", "offers": list(offers), "alternatives": [],
        "explanation": None, "solver_ms": 1.0,
    }  # fmt: skip


@dataclass
class FakeTools:
    """The tool boundary: real input models, canned results, and a record of every call."""

    results: dict[str, Callable[[dict[str, Any]], dict[str, Any]]]
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def specs(self) -> Sequence[ToolSpec]:
        """The canned tools."""
        return [ToolSpec(name=name, description=name, input_schema={}) for name in self.results]

    def validate(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Through the real input model, where there is one."""
        if name not in self.results:
            raise ToolError("unknown", f"There is no tool {name!r}")
        if name not in INPUTS:
            return dict(payload)
        return validated(INPUTS[name], payload).model_dump(mode="json", exclude_unset=True)

    def call(self, name: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Record the call and answer from the can."""
        self.calls.append((name, dict(payload)))
        return self.results[name](dict(payload))


@dataclass
class Chat:
    """One conversation with the offline interpreter, or any speaker."""

    clinic: Clinic
    tools: FakeTools
    speaker: Any
    assistant: Assistant = field(default_factory=lambda: Assistant(InMemory()))
    conversation: str | None = None
    events: list[Event] = field(default_factory=list)

    def say(self, text: str, principal: str = "someone") -> dict[str, Any]:
        """Send a message; the answer as one object."""
        setting = Setting(
            speaker=self.speaker, tools=self.tools, names=self.clinic.name_of, system=system_text(),
            context=context_text(self.clinic.name, NOW, "scheduler"),
        )  # fmt: skip

        async def collect() -> list[Event]:
            turn = self.assistant.turn(text, lambda _: setting, principal, self.conversation)
            return [event async for event in turn]

        self.events = asyncio.run(collect())
        answer = answer_of(self.events)
        self.conversation = answer["conversation"] or self.conversation
        return answer


def two_slots(_: dict[str, Any]) -> dict[str, Any]:
    """Two slots on the same Tuesday."""
    return found(an_offer("A1", "2026-03-10T09:00:00"), an_offer("A2", "2026-03-10T13:30:00"))


@pytest.fixture(scope="session")
def clinic() -> Clinic:
    """The demo clinic."""
    return load(demo_clinic(NOW.date())).clinic


@pytest.fixture(scope="session")
def lexicon(clinic: Clinic) -> Lexicon:
    """Its words."""
    return Lexicon.of(clinic)


@pytest.fixture
def tools() -> FakeTools:
    """Canned tools."""

    def checked(_: dict[str, Any]) -> dict[str, Any]:
        return {"status": "infeasible", "violations": [
            {"rule": "room-equipment", "subject": "or-2", "title": "Room equipment", "facts": {}, "resources": [],
             "text": "Only OR 1 has the arthroscopy tower; OR 2 does not."}
        ], "offer": None, "alternatives": [], "solver_ms": 1.0}  # fmt: skip

    board = {"rooms": [], "cases": [], "blocked": []}
    return FakeTools({
        "find_slots": two_slots, "check_slot": checked, "get_schedule": lambda _: board,
        "propose": lambda _: {"id": "p1"},
    })  # fmt: skip


@pytest.fixture
def chat(clinic: Clinic, lexicon: Lexicon, tools: FakeTools) -> Chat:
    """A conversation with the offline interpreter."""
    return Chat(clinic, tools, OfflineModel(lexicon))


@pytest.fixture(autouse=True)
def _no_ambient_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine's environment names, tests choose their own model."""
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "SLOTWRIGHT_MODEL", "SLOTWRIGHT_BAA"):
        monkeypatch.delenv(name, raising=False)
