"""The loop between a model and the tools: read, call, ground, answer.

Every tool use is validated, permitted and run by the registry; every result becomes facts that a reply
may cite; the finished reply passes the guard before anyone sees it. A turn always ends in `done`,
whatever goes wrong in it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import structlog

from assistant import events, fallback, grounding
from assistant.calling import used
from assistant.conversations import Conversation, Conversations, Shown
from assistant.models.breaker import ModelUnavailableError
from assistant.models.protocol import (
    Message,
    NoteBlock,
    Reply,
    TextBlock,
)
from assistant.readings import Asked
from assistant.settings import OFFLINE
from assistant.toolbox import ASK_SPEC
from assistant.turns import Budget, Setting, SettingFor, Turn
from tools.errors import ToolError
from tools.logs import where
from tools.records.transcripts import Cost

_log = structlog.get_logger(__name__)

LONGEST_TEXT = 4000
"""Characters of a user's message; more is answered with one plain sentence."""

LONGEST_REPLY = 12_000
"""Characters of a reply; a longer one is no answer, and isn't read."""


class Assistant:
    """Takes turns in conversations; one instance serves everyone."""

    def __init__(self, conversations: Conversations, budget: Budget | None = None) -> None:
        self._conversations, self._budget = conversations, budget or Budget()

    async def turn(
        self, text: str, setting_for: SettingFor, principal: str, conversation: str | None = None
    ) -> AsyncIterator[events.Event]:
        """One user message in, typed events out; the last is always `done`."""
        try:
            talk = await asyncio.to_thread(self._conversations.open, conversation, principal)
            setting = setting_for(talk.id)
        except ToolError as refused:
            yield events.ErrorEvent(code=refused.code, message=refused.message)
            yield _ended(conversation or "", 0, "none", [], "refused")
            return
        if talk.lock.locked():
            yield events.ErrorEvent(code="busy", message="Your last message is still being answered.")
            yield _done(talk, setting, [], "refused")
            return
        async with talk.lock:
            async for event in self._locked(text, setting, talk):
                yield event

    async def _locked(self, text: str, setting: Setting, talk: Conversation) -> AsyncIterator[events.Event]:
        turn = Turn(talk, setting, self._budget, time.monotonic() + self._budget.seconds)
        talk.turns_taken += 1
        problem = _unreadable(text)
        drawn: list[events.Event] = []
        if problem:
            turn.status = "refused"
            drawn.append(events.TextEvent(text=problem))
            yield drawn[-1]
        else:
            async for event in _guarded(turn, text):
                drawn.append(event)
                yield event
            talk.turns.append(turn.messages)
        talk.shown.append(_shown(turn, text, drawn))
        cost = turn.setting.cost(turn.usage, turn.setting.speaker.name, turn.status, turn.took())
        await asyncio.to_thread(self._conversations.save, talk, cost)
        _tell(turn, cost)
        yield _done(talk, turn.setting, turn.calls, turn.status)


_REDRAWN = ("offers", "explanation", "confirm", "text", "question", "error", "notice")


def _shown(turn: Turn, text: str, drawn: Sequence[events.Event]) -> Shown:
    """The turn as the person saw it; status lines were gone before it ended."""
    return Shown(
        said=text[:LONGEST_TEXT],
        at=turn.setting.now,
        status=turn.status,
        model=turn.setting.speaker.name,
        calls=[{"tool": call.tool, "input": call.input} for call in turn.calls],
        events=[event.model_dump(mode="json", by_alias=True) for event in drawn if event.type in _REDRAWN],
    )


def _tell(turn: Turn, cost: Cost) -> None:
    """The turn's cost in the log: counts and times, and no word of it."""
    _log.info(
        "turn",
        conversation=turn.conversation.id,
        model=cost.model,
        status=cost.status,
        milliseconds=cost.milliseconds,
        tokens_read=turn.usage.total - turn.usage.written,
        tokens_written=cost.written,
        cost_micros=cost.micros,
    )


def _unreadable(text: str) -> str | None:
    if not any(character.isalnum() for character in text):
        return "There is nothing to read in that message. Maybe say the surgeon, the procedure and a day."
    if len(text) > LONGEST_TEXT:
        return (
            f"That message has {len(text):,} characters and at most {LONGEST_TEXT:,} are read. "
            "Maybe say the surgeon, the procedure and a day in one or two sentences."
        )
    return None


def _done(
    talk: Conversation, setting: Setting, calls: list[events.Call], status: events.Outcome
) -> events.DoneEvent:
    return _ended(talk.id, talk.turns_taken, setting.speaker.name, calls, status)


def _ended(
    conversation: str, turn: int, model: str, calls: list[events.Call], status: events.Outcome
) -> events.DoneEvent:
    return events.DoneEvent(conversation=conversation, turn=turn, model=model, calls=calls, status=status)


async def _guarded(turn: Turn, text: str) -> AsyncIterator[events.Event]:
    """The turn's events; a fault inside becomes one plain sentence and a log entry without any text."""
    try:
        async for event in _run(turn, text):
            yield event
    except TimeoutError:
        turn.status = "error"
        yield events.ErrorEvent(
            code="budget",
            message=f"This took over {turn.budget.seconds:g} seconds and was stopped. Maybe ask for fewer days.",
        )
    except ToolError as refused:
        turn.status = "refused"
        yield events.ErrorEvent(code=refused.code, message=refused.message)
    except Exception as fault:
        kind, at = type(fault).__name__, where(fault)
        _log.error("turn failed", conversation=turn.conversation.id, error=kind, at=at)
        turn.status = "error"
        yield events.ErrorEvent(
            code="internal", message="Something went wrong here, and nothing was changed."
        )


async def _run(turn: Turn, text: str) -> AsyncIterator[events.Event]:
    turn.conversation.facts.heard(text)
    opening = [turn.setting.context, *await _events(turn), text]
    turn.messages.append(Message(role="user", content=tuple(TextBlock(text=each) for each in opening)))
    yield events.StatusEvent(stage="reading", text="Reading your request")
    turn.read = _second_reading(turn, text)
    reasks = turn.budget.reasks
    for _ in range(turn.budget.rounds):
        reply = await _answered(turn)
        if turn.notice:
            yield turn.notice
            turn.notice = None
        turn.messages.append(reply.message())
        uses = reply.message().uses() if reply.stop_reason == "tool_use" else []
        if uses:
            async for event in used(turn, uses):
                yield event
            if turn.asked:
                return
            continue
        prose, faults = await asyncio.to_thread(_judged, reply, turn)
        if faults and reasks:
            reasks -= 1
            turn.messages.append(_reask(faults))
            continue
        yield events.TextEvent(text=_final(prose, faults, turn))
        return
    yield events.TextEvent(text=_final("", ["no reply within the rounds allowed"], turn))


async def _events(turn: Turn) -> list[str]:
    """What was confirmed on this conversation's cards since its last turn, as facts to cite."""
    confirmed = await asyncio.to_thread(turn.setting.confirmed)
    made = turn.conversation.facts.committed(confirmed)
    return [f"<event facts={json.dumps(made)}>" for made in [made] if made]


def _second_reading(turn: Turn, text: str) -> Asked | None:
    """The interpreter's reading beside a model's; beside its own there is nothing to compare."""
    second = turn.setting.second
    if second is None or turn.setting.speaker.name == OFFLINE:
        return None
    return second.read(text, not turn.conversation.turns)


STANDBY_SECONDS = 6.0
"""Kept of a turn's time for the stand-by, in case the model uses up all of its own: a first search also imports."""


async def _answered(turn: Turn) -> Reply:
    """The model's next message; the stand-by's, from this turn's beginning on, when the model can't."""
    talk, standby = turn.conversation, turn.setting.standby
    if standby is None:
        return await _next(turn, 0.0)
    try:
        if turn.usage.total >= turn.setting.tokens:
            raise ModelUnavailableError("turn's budget")
        reply = await _next(turn, STANDBY_SECONDS)
    except (ModelUnavailableError, TimeoutError) as fault:
        _log.warning("model unavailable", conversation=talk.id, kind=getattr(fault, "kind", "timeout"))
        turn.setting, turn.read = replace(turn.setting, speaker=standby, standby=None), None
        turn.notice = _OFFLINE
        talk.degraded, turn.messages[1:] = True, []
        return await _next(turn, 0.0)
    if talk.degraded:
        talk.degraded, turn.notice = False, _BACK
    return reply


_OFFLINE = events.NoticeEvent(
    speaker="offline",
    text="The language model can't be reached. Requests are read by the built-in interpreter: "
    "name the surgeon, the procedure and a day.",
)
_BACK = events.NoticeEvent(speaker="model", text="The language model answers again.")


async def _next(turn: Turn, reserve: float) -> Reply:
    said = [*turn.conversation.messages(), *turn.messages]
    speaker, tools = turn.setting.speaker, [*turn.setting.tools.specs(), ASK_SPEC]
    asked = speaker.reply(turn.setting.system, tools, _for_speaker(said, speaker.name))
    reply = await asyncio.wait_for(asked, max(0.0, turn.left() - reserve))
    turn.usage = turn.usage + reply.usage
    return reply


def _for_speaker(messages: Sequence[Message], speaker: str) -> list[Message]:
    """The history as this speaker may see it: without another's notes, and with no message left empty."""
    kept = [
        message.model_copy(
            update={
                "content": tuple(
                    block
                    for block in message.content
                    if not isinstance(block, NoteBlock) or block.speaker == speaker
                )
            }
        )
        for message in messages
    ]
    return [message for message in kept if message.content]


def _judged(reply: Reply, turn: Turn) -> tuple[str, list[str]]:
    """What of a reply is shown, and why it is sent back instead; no fault where it needn't be."""
    prose, book, setting = reply.message().text(), turn.conversation.facts, turn.setting
    if faults := _faults(reply, prose) or grounding.problems(prose, book, setting.staff):
        return "", faults
    left = grounding.vouched(prose, book, setting.staff, setting.speaker.name == OFFLINE)
    if left.doubts:
        _log.warning("sentences left out", model=setting.speaker.name, doubts=len(left.doubts))
    return left.text, left.doubts if left.hollow else []


def _faults(reply: Reply, prose: str) -> list[str]:
    """Why a reply can't even be read."""
    if reply.stop_reason != "end_turn" or not prose.strip():
        return [f"the reply ended with {reply.stop_reason!r} and can't be shown"]
    if len(prose) > LONGEST_REPLY:
        return [
            f"it has {len(prose):,} characters and at most {LONGEST_REPLY:,} are shown. Maybe a few sentences"
        ]
    return []


def _reask(faults: Sequence[str]) -> Message:
    listed = "; ".join(faults[:8])
    return Message(
        role="user", content=(TextBlock(text=f"That reply can't be shown: {listed}. Write it again."),)
    )


def _final(prose: str, faults: Sequence[str], turn: Turn) -> str:
    """The reply as it is shown; the server's own in its place when nothing of it may be."""
    if faults:
        _log.warning("reply refused", model=turn.setting.speaker.name, faults=len(faults))
        prose = fallback.reply(turn.facts, turn.calls, turn.conversation.facts.sentences)
    return grounding.render(prose, turn.conversation.facts, turn.setting.names, turn.setting.clock)
