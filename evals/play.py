"""Plays a conversation: the person's messages, their answers and their pressing of Confirm, against the product."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.agent import Assistant
from assistant.choosing import handles_for
from assistant.conversations import InMemory
from assistant.events import (
    ConfirmEvent,
    DoneEvent,
    ErrorEvent,
    Event,
    ExplanationEvent,
    OffersEvent,
    QuestionEvent,
    TextEvent,
)
from assistant.models.breaker import ModelUnavailableError
from assistant.models.offline.model import OfflineModel
from assistant.models.protocol import Message, Reply, Speaker, ToolSpec, Usage
from assistant.models.wire import message_params
from assistant.privacy import Handles, hidden
from assistant.session import lexicon_of, setting_of
from assistant.turns import Budget, Setting
from evals.conversation import Conversation, Turn
from evals.elsewhere import act
from evals.heard import Board, Heard, Played, Proof, Traced
from evals.loading import Script
from evals.world import BLOCK, ELSEWHERE, USER, World, opened
from tools import proposals
from tools.errors import Conflict, ToolError
from tools.freshness import Shown, still_free
from tools.registry import default

MOST_ANSWERS = 4
"""Questions answered within one turn; a person would have hung up by then."""

UNHURRIED = Budget(seconds=600.0)
"""What a turn may cost where nobody waits: a busy machine must not change a verdict."""

FORM = ("patient", "laterality", "reason")
"""What the form under a card asks for."""

DONE = {
    "book": "booked", "hold": "held", "move": "moved", "cancel": "cancelled", "edit": "edited", "undo": "undone",
    "release-block": "released", "reclaim-block": "reclaimed",
}  # fmt: skip
"""How a turn ended once a person confirmed the action."""

MakeSpeaker = Callable[[World], Speaker]
"""A conversation's fresh world -> who speaks in it."""


def offline(world: World) -> Speaker:
    """The built-in interpreter, whatever the environment names."""
    return OfflineModel(lexicon_of(world.store))


@dataclass
class Counted:
    """A speaker that counts how often it was asked, what it cost, and why it couldn't answer."""

    inner: Speaker
    name: str
    handles: Callable[[], Handles]
    rounds: int = 0
    usage: Usage = field(default_factory=Usage)
    fault: str | None = None
    told: list[str] = field(default_factory=list)

    async def reply(self, system: str, tools: Sequence[ToolSpec], messages: Sequence[Message]) -> Reply:
        """The speaker's own answer."""
        self.rounds += 1
        self.told = [
            json.dumps(message_params(hidden(messages, self.handles()), "another model"), default=str)
        ]
        try:
            reply = await self.inner.reply(system, tools, messages)
        except ModelUnavailableError as unavailable:
            self.fault = unavailable.kind
            raise
        self.usage = self.usage + reply.usage
        return reply


class NotPlayed(Exception):
    """What should have happened between two turns couldn't: the product is no longer as the conversation needs it."""


@dataclass
class Player:
    """One conversation under way."""

    script: Conversation
    world: World
    speaker: Speaker
    standby: Speaker | None = None
    assistant: Assistant = field(default_factory=lambda: Assistant(InMemory(), UNHURRIED))
    conversation: str | None = None
    loop: asyncio.Runner = field(default_factory=asyncio.Runner)
    by: dict[str, set[str]] = field(default_factory=lambda: {USER: set(), ELSEWHERE: set()})
    seen: dict[str, Any] = field(default_factory=dict)
    asked: Mapping[str, Any] = field(default_factory=dict)
    """The last request for a slot, which what is offered after a conflict must answer as well."""
    begun: tuple[Mapping[str, Any], Any] = ({}, None)

    def play(self) -> Played:
        """Every turn in order, in one event loop: a model's connections belong to one."""
        before, records, turns = self.world.book(), self.world.records(), []
        self.begun = self.world.store.export(), self.world.clock.now
        with asyncio.Runner() as self.loop:
            for number, turn in enumerate(self.script.turns, 1):
                if turn.elsewhere is not None:
                    self._elsewhere(number, turn.elsewhere)
                if turn.user is not None:
                    heard = self._turn(number, turn)
                    self.seen |= {str(offer["label"]): offer for offer in heard.offers}
                    turns.append((number, heard))
        return Played(turns, before, self.world.book(), self.by, (records, self.world.records()))

    def _elsewhere(self, number: int, action: Mapping[str, Any]) -> None:
        try:
            self.by[ELSEWHERE] |= act(self.world, action, self.seen)
        except ToolError as refused:
            raise NotPlayed(f"turn {number}: {refused.message}") from None

    def _turn(self, number: int, turn: Turn) -> Heard:
        heard, begun = Heard(str(turn.user)), time.perf_counter()
        answers = dict(turn.when_asked)
        self._say(heard, str(turn.user))
        for _ in range(MOST_ANSWERS):
            question = heard.questions[-1] if heard.outcome == "question" else None
            if question is None or not answers:
                break
            if question["kind"] == "booking-details":
                self._fill_in(heard, question, answers)
                break
            words = _answer(question, answers)
            if words is None:
                break
            heard.answers.append(words)
            self._say(heard, words)
        if turn.meanwhile is not None:
            self.seen |= {str(offer["label"]): offer for offer in heard.offers}
            self._elsewhere(number, turn.meanwhile)
        if turn.confirm and heard.proposal is not None and heard.conflict is None:
            self._confirm(heard, str(heard.proposal["id"]))
        if turn.expect is not None and turn.expect.gone is not None:
            self._look_again(heard)
        heard.seconds = time.perf_counter() - begun
        return heard

    def _say(self, heard: Heard, text: str) -> None:
        events = self.loop.run(self._events(text, heard))
        done = next(event for event in reversed(events) if isinstance(event, DoneEvent))
        self.conversation = done.conversation or self.conversation
        heard.model, heard.outcome = done.model, done.status
        heard.calls += (made := [call.model_dump(mode="json") for call in done.calls])
        boards = [call for call in made if call["tool"] == "get_schedule"]
        heard.boards += [self._board(call) for call in boards]
        heard.traced += [self._traced(call) for call in made if call["tool"] == "why_changed"]
        for event in events:
            self._note(heard, event)

    def _board(self, call: Mapping[str, Any]) -> Board:
        world = self.world
        return Board(call["input"], call["output"], world.book(), world.store.export(), world.clock.now)

    def _traced(self, call: Mapping[str, Any]) -> Traced:
        now = self.world.clock.now
        return Traced(call["input"], call["output"], self.world.store.export(), now, self.begun)

    async def _events(self, text: str, heard: Heard) -> list[Event]:
        counted: list[Counted] = []

        def setting(conversation: str) -> Setting:
            made = setting_of(replace(self.world.user, conversation=conversation))
            who = handles_for(self.world.user, self.world.store.clinic())
            counted.append(Counted(self.speaker, self.speaker.name, who))
            return replace(made, speaker=counted[-1], standby=self.standby)

        stream = self.assistant.turn(text, setting, USER, self.conversation)
        events: list[Event] = []
        misses: list[Proof] = []
        async for event in stream:
            events.append(event)
            # The clinic as it is now: what happens later must not judge what was shown before.
            if isinstance(event, OffersEvent) and event.offers:
                offers = [offer.model_dump(mode="json", by_alias=True) for offer in event.offers]
                heard.proofs.append(self._proof({}, offers))
            if isinstance(event, OffersEvent) and event.alternatives:
                near = [each.offer.model_dump(mode="json", by_alias=True) for each in event.alternatives]
                differs = [each.differs for each in event.alternatives]
                misses.append(replace(self._proof({}, near), near=True, differs=differs))
            elif isinstance(event, ExplanationEvent) and event.status == "infeasible":
                heard.proven_none.append(self._proof({}, ()))
        for each in counted:
            heard.rounds += each.rounds
            heard.usage = heard.usage + each.usage
            heard.fault = each.fault or heard.fault
            heard.told += each.told
        done = events[-1]
        if isinstance(done, DoneEvent):
            _tie(heard.proofs, done, lambda output: output.get("offers") or output.get("offer"))
            _tie(heard.proven_none, done, lambda output: output.get("status") == "infeasible")
            _tie(misses, done, lambda output: output.get("alternatives"))
            heard.proofs += misses
            self.asked = next(
                (call.input for call in reversed(done.calls) if "procedure" in call.input), self.asked
            )
        return events

    def _proof(self, request: Mapping[str, Any], offers: Sequence[Any]) -> Proof:
        return Proof(self.world.store.export(), request, offers, now=self.world.clock.now)

    @staticmethod
    def _note(heard: Heard, event: Event) -> None:
        """What the event shows; a later search replaces an earlier one's cards."""
        if isinstance(event, TextEvent):
            heard.reply = f"{heard.reply}\n{event.text}".strip()
        elif isinstance(event, QuestionEvent):
            heard.questions.append(event.model_dump(mode="json"))
        elif isinstance(event, ErrorEvent):
            heard.error = event.message
        elif isinstance(event, OffersEvent):
            body = event.model_dump(mode="json", by_alias=True)
            heard.offers, heard.alternatives = body["offers"], body["alternatives"]
        elif isinstance(event, ExplanationEvent):
            body = event.model_dump(mode="json", by_alias=True)
            heard.explanation = body["explanation"] or {"conflict": body["reasons"], "status": body["status"]}
        elif isinstance(event, ConfirmEvent):
            heard.proposal = event.proposal

    def _fill_in(self, heard: Heard, question: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
        """The form under a card: patient and side, sent to the same tool that the page posts to."""
        offers = {offer["label"]: offer["id"] for offer in heard.offers}
        label = question.get("offer")
        offer = offers.get(str(label)) or self._earlier(str(label))
        form = {key: value for key, value in answers.items() if key in FORM}
        body = {"action": "book", "offer": offer} | form
        heard.answers.append(f"the booking form: {', '.join(form) or 'left empty'}")
        heard.form = form
        try:
            made = default().call("propose", self._ctx(), body)
        except ToolError as refused:
            self._refused(heard, refused)
            return
        heard.proposal, heard.outcome = made.model_dump(mode="json", by_alias=True), "proposed"
        heard.calls.append({"tool": "propose", "input": body, "output": heard.proposal})

    def _earlier(self, label: str) -> str:
        """The id of an offer shown in an earlier turn."""
        talk = self.assistant._conversations.open(self.conversation, USER)
        return str(talk.facts.offers.get(label, {}).get("id", label))

    def _confirm(self, heard: Heard, proposal: str) -> None:
        key = secrets.token_hex(8)
        try:
            done = proposals.confirm(self._ctx(), proposal, key)
        except ToolError as refused:
            self._refused(heard, refused)
            return
        heard.confirmed = done.model_dump(mode="json", by_alias=True)
        heard.again = list(self._pressed_again(proposal, key, heard.confirmed))
        heard.outcome = DONE.get(done.action, done.action)
        self.by[USER] |= {case.id for case in done.cases}
        if done.block:
            self.by[USER].add(f"{BLOCK}{done.block['block']}")
        heard.book = self.world.book()

    def _pressed_again(self, proposal: str, key: str, told: Mapping[str, Any]) -> Iterator[str]:
        """The same press that comes twice is answered as before; another press finds that it is done already."""
        try:
            if proposals.confirm(self._ctx(), proposal, key).model_dump(mode="json", by_alias=True) != told:
                yield "the same press was answered otherwise"
        except ToolError as refused:
            yield f"the same press was refused: {refused.message}"
        try:
            proposals.confirm(self._ctx(), proposal, secrets.token_hex(8))
            yield "a second press carried it out again"
        except ToolError:
            pass

    def _look_again(self, heard: Heard) -> None:
        """What the board greys of the offers shown until now."""
        offers = {str(offer["id"]): label for label, offer in self.seen.items()}
        offers |= {str(offer["id"]): str(offer["label"]) for offer in heard.offers}
        found: Any = still_free.run(self._ctx(), Shown(offers=list(offers)))
        heard.standing = list(offers.values())
        heard.gone = [offers[each.offer] for each in found.gone]

    def _refused(self, heard: Heard, refused: ToolError) -> None:
        heard.outcome = "conflict" if isinstance(refused, Conflict) else "refused"
        if isinstance(refused, Conflict):
            heard.conflict, heard.offers = refused.message, [dict(offer) for offer in refused.offers]
            heard.proofs.append(replace(self._proof(self.asked, heard.offers), near=True, instead=True))
        else:
            heard.error = refused.message

    def _ctx(self) -> Any:
        return replace(self.world.user, conversation=self.conversation)


def _tie(proofs: list[Proof], done: DoneEvent, wanted: Callable[[Mapping[str, Any]], Any]) -> None:
    """Each proof gets the request that it answers; cards are drawn one a call, in order."""
    calls = [call for call in done.calls if call.tool != "what_if" and wanted(call.output)]
    untied = [proof for proof in proofs if not proof.request]
    for proof, call in zip(untied, calls, strict=False):
        proof.request = call.input
        explanation = call.output.get("explanation") or call.output
        proof.conflict = explanation.get("conflict") or call.output.get("violations") or ()
        proof.ways = explanation.get("corrections") or ()


def _answer(question: Mapping[str, Any], answers: dict[str, Any]) -> str | None:
    """The answer that fits the question best, taken out of `answers`; the only one left fits any question."""
    text = " ".join([str(question["text"]), *question.get("choices", ())]).casefold()
    for key, value in answers.items():
        words = [str(value), *WORDS.get(key, (key.replace("_", " "),))]
        if any(word.casefold() in text for word in words):
            return _said(answers.pop(key))
    rest = [key for key in answers if key not in ("patient", "laterality")]
    return _said(answers.pop(rest[0])) if len(rest) == 1 else None


WORDS = {
    "laterality": ("side", "left"), "date": ("day", "date", "when"), "surgeon": ("surgeon", "dr."),
    "procedure": ("procedure", "operation", "which one"), "room": ("room",),
}  # fmt: skip
"""What a question that asks for it says."""


def _said(value: Any) -> str:
    return ", ".join(str(part) for part in value.values()) if isinstance(value, dict) else str(value)


def play(
    script: Script,
    speaker: MakeSpeaker = offline,
    standby: MakeSpeaker | None = None,
    budget: Budget = UNHURRIED,
) -> Played:
    """The conversation in a fresh world; `standby` answers where `speaker` can't."""
    assistant = Assistant(InMemory(), budget)
    with opened(script.conversation, script.folder) as world:
        other = standby(world) if standby else None
        return Player(script.conversation, world, speaker(world), other, assistant).play()
