"""The calls that a reply asks for: compared with the words, validated, permitted, run, and told back.

What a model passes is checked here: ids behind labels come from this conversation alone, and results lose them again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from assistant import events, grounding
from assistant.guard.book import FactBook
from assistant.models.protocol import (
    Message,
    ToolResultBlock,
    ToolUseBlock,
)
from assistant.presenting import shown, status_of, working
from assistant.readings import Asked, asked_by, differences, question
from assistant.seen import foreign, readable
from assistant.settings import OFFLINE
from assistant.toolbox import ASK_USER, AskUser, validated
from assistant.turns import Turn
from tools.errors import ToolError

_log = structlog.get_logger(__name__)


async def used(turn: Turn, uses: Sequence[ToolUseBlock]) -> AsyncIterator[events.Event]:
    """Run the tools a reply asked for, in order, and put all results into one user message."""
    results: list[ToolResultBlock] = []
    if disagreed := _disagreement(turn, uses):
        turn.asked, turn.status = True, "question"
        turn.messages.append(Message(role="user", content=tuple(_error(use, _ASKED) for use in uses)))
        yield disagreed
        return
    for use in uses:
        if use.name == ASK_USER:
            block, asked = _ask(turn, use)
            if asked:
                yield asked
        else:
            if len(turn.calls) < turn.budget.calls:
                yield working(use.name)
            block, drawn = await _call(turn, use)
            for event in drawn:
                yield event
        results.append(block)
    turn.messages.append(Message(role="user", content=tuple(results)))


_ASKED = "Not run: the user's words can be read in another way too, and the user is asked which is meant."


def _disagreement(turn: Turn, uses: Sequence[ToolUseBlock]) -> events.QuestionEvent | None:
    """The question which reading is meant, when a call differs from the words in surgeon, procedure or date."""
    for use in uses:
        asked = _asked(turn, use)
        if turn.read is None or asked is None:
            continue
        if differ := differences(turn.read, asked):
            _log.warning("readings differ", model=turn.setting.speaker.name, fields=differ)
            text, choices = question(turn.read, asked, turn.setting.names)
            return events.QuestionEvent(text=text, choices=choices)
        turn.read = replace(turn.read, answered=True)
    return None


def _asked(turn: Turn, use: ToolUseBlock) -> Asked | None:
    """What a call asks for; None where it can't run, and so will be told what is wrong with it."""
    second = turn.setting.second
    if second is None or turn.read is None:
        return None
    try:
        payload = turn.setting.tools.validate(use.name, with_ids(turn.conversation.facts, use.input))
    except ToolError:
        return None
    asked = asked_by(use.name, payload, turn.setting.now.date())
    return asked if asked and second.knows(asked) else None


def _ask(turn: Turn, use: ToolUseBlock) -> tuple[ToolResultBlock, events.QuestionEvent | None]:
    if turn.asked:
        return _error(use, "One question at a time."), None
    book, setting = turn.conversation.facts, turn.setting
    try:
        question = validated(AskUser, use.input)
    except ToolError as refused:
        return _error(use, refused.message), None
    if question.offer is not None and question.offer not in book.offers:
        return _error(use, _no_offer(book, question.offer)), None
    parts = [question.question, *question.choices]
    own = setting.speaker.name == OFFLINE  # its questions are ours, made from the clinic's records
    wrong = (
        [] if own else [each for part in parts for each in grounding.asked_wrongly(part, book, setting.staff)]
    )
    if wrong:
        return _error(use, f"That can't be asked: {'; '.join(wrong[:8])}."), None
    turn.asked, turn.status = True, "question"
    text, *choices = (
        part if own else grounding.render(part, book, setting.names, setting.clock) for part in parts
    )
    event = events.QuestionEvent(text=text, choices=choices, kind=question.kind, offer=question.offer)
    return ToolResultBlock(tool_use_id=use.id, content='{"asked": true}'), event


async def _call(turn: Turn, use: ToolUseBlock) -> tuple[ToolResultBlock, list[events.Event]]:
    if len(turn.calls) >= turn.budget.calls:
        return _error(use, f"At most {turn.budget.calls} calls a turn. Answer with what is known."), []
    try:
        payload = _validated(turn, use)
        output = await asyncio.wait_for(
            asyncio.to_thread(turn.setting.tools.call, use.name, payload), turn.left()
        )
    except ToolError as refused:
        return _refused(turn, use, refused)
    turn.calls.append(events.Call(tool=use.name, input=payload, output=output))
    turn.status = status_of(use.name, output, turn.status)
    book, setting = turn.conversation.facts, turn.setting
    if setting.speaker.name == OFFLINE and payload.get("surgeon"):
        book.meant(setting.names(payload["surgeon"]))
    learnt = book.learn(use.name, payload, output, setting.names, setting.clock)
    turn.facts += list(learnt)
    told = {"result": _for_model(output, book.labels()), "facts": learnt}
    block = ToolResultBlock(tool_use_id=use.id, content=json.dumps(told, default=str))
    return block, shown(use.name, output, next(iter(learnt.values()), ""))


def _validated(turn: Turn, use: ToolUseBlock) -> dict[str, Any]:
    """The call's input with ids for labels; `ToolError` for what is wrong in it, or from no result."""
    payload = turn.setting.tools.validate(use.name, with_ids(turn.conversation.facts, use.input))
    if turn.setting.speaker.name != OFFLINE:
        foreign(payload, [*turn.conversation.messages(), *turn.messages])
    return payload


def _refused(turn: Turn, use: ToolUseBlock, error: ToolError) -> tuple[ToolResultBlock, list[events.Event]]:
    """What a tool couldn't do, citable where it quotes nothing that a model made up."""
    book = turn.conversation.facts
    if turn.setting.speaker.name != OFFLINE and not readable(error.message, use, book.words):
        return _error(use, error.message), []
    return _error(use, f"{error.message} (Cite this as [[fact:{book.keep(error.message)}]].)"), []


OFFER_FIELDS = ("offer", "first", "second")
"""Fields of calls that name an offer."""


def with_ids(book: FactBook, given: Mapping[str, Any]) -> dict[str, Any]:
    """A model names offers by label; the ids behind them stay here, and must be from this conversation."""
    return {
        **given,
        **{key: _id(book, given[key], key) for key in OFFER_FIELDS if isinstance(given.get(key), str)},
    }


def _id(book: FactBook, label: str, field: str) -> str:
    known = book.offers.get(label)
    if known is None:
        raise ToolError("unknown", _no_offer(book, label), field)
    return str(known["id"])


def _no_offer(book: FactBook, label: str) -> str:
    labels = ", ".join(book.offers) or "none yet"
    return f"No offer {label[:60]!r} in this conversation. Maybe one of: {labels}"


def _for_model(value: Any, labels: Mapping[str, str]) -> Any:
    """A result as a model sees it: labels instead of offer ids, wherever one stands."""
    if isinstance(value, dict):
        hidden = {"id"} if {"label", "cases"} <= value.keys() else set()
        return {key: _for_model(part, labels) for key, part in value.items() if key not in hidden}
    if isinstance(value, list):
        return [_for_model(part, labels) for part in value]
    return labels.get(value, value) if isinstance(value, str) else value


def _error(use: ToolUseBlock, message: str) -> ToolResultBlock:
    return ToolResultBlock(tool_use_id=use.id, content=message, is_error=True)
