"""Every check of a conversation, in the order in which a person would look."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.pricing import Prices
from assistant.settings import model_settings
from evals.conversation import Expect
from evals.grading import boards, claims, deeds, offers, private, proofs, sentences, state, traced, turns
from evals.grading.checks import Graded
from evals.heard import Heard, Played
from evals.loading import Script
from evals.world import Book


def grade(script: Script, played: Played, right: Book | None = None) -> Graded:
    """What held and what didn't, over all turns and the state left behind; `right` is `state.right_book`."""
    result = Graded(not_judged=[*script.conversation.unknown(), *_uncallable(script)])
    earlier: list[Heard] = []
    for number, heard in played.turns:
        expect = script.conversation.turns[number - 1].expect
        if expect is not None:
            _expected(result, number, expect, heard)
        proofs.proven(result, number, heard, script.conversation.now)
        claims.grounded(result, number, heard, earlier)
        sentences.named(result, number, heard)
        boards.shown(result, number, heard)
        traced.told(result, number, heard)
        private.hidden(result, number, heard, script.conversation)
        earlier.append(heard)
        _counted(result, heard)
    state.reads(result, script.conversation, played)
    state.final(result, script.conversation.final_state, played)
    deeds.done(result, played)
    state.writes(result, script, played, right)
    return result


def _uncallable(script: Script) -> Iterator[str]:
    """Names in must_not_call of what could never be called, unless the scripted model tries."""
    tried = str(script.conversation.model_script)
    for turn in script.conversation.turns:
        for name in turn.expect.must_not_call if turn.expect else ():
            if name not in turns.known_tools() and name not in tried:
                yield f"must_not_call {name} (there is no such tool)"


def _expected(result: Graded, number: int, expect: Expect, heard: Heard) -> None:
    turns.outcome(result, number, expect, heard)
    turns.calls(result, number, expect, heard)
    turns.says(result, number, expect, heard)
    turns.question(result, number, expect, heard)
    turns.explanation(result, number, expect, heard)
    offers.gone(result, number, expect, heard)
    if expect.offers is not None:
        offers.expected(result, number, expect.offers, heard)


def _counted(result: Graded, heard: Heard) -> None:
    result.count("turns")
    result.count("rounds", heard.rounds)
    result.count("calls", len(heard.calls))
    result.count("questions", len(heard.questions))
    result.count("tokens", heard.usage.total)
    micros = _prices().micros(heard.usage)
    if micros is None:
        result.count("tokens without a price", heard.usage.total)
    else:
        result.count("cost in millionths", micros)


def _prices() -> Prices:
    settings = model_settings()
    return Prices(settings.price_read, settings.price_written)
