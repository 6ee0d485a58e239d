"""A turn against what was expected of it: how it ended, what was called, said, asked and explained."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.toolbox import ASK_SPEC
from evals.conversation import Expect, ExpectedCall
from evals.grading.checks import Graded
from evals.heard import Heard
from tools.proposals.steps import ACTIONS
from tools.registry import default

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d")


def outcome(result: Graded, turn: int, expect: Expect, heard: Heard) -> None:
    """How the turn ended."""
    if expect.outcome is not None:
        why = heard.error or heard.conflict
        said = f"{heard.outcome}, not {expect.outcome}" + (f": {why}" if why else "")
        result.add("outcome", turn, heard.outcome == expect.outcome, said)
    asked = any(question["kind"] != "booking-details" for question in heard.questions)
    wanted = expect.question is not None or expect.outcome == "question"
    result.count("asked" + ("" if wanted else " needlessly"), asked)
    result.count("not asked though needed", wanted and not asked)


def calls(result: Graded, turn: int, expect: Expect, heard: Heard) -> None:
    """Every expected call was made with the named fields, and none that mustn't be."""
    for wanted in expect.calls:
        rivals = [call for call in heard.calls if _is(wanted.tool, call)]
        best = max(rivals, key=lambda call: _agreeing(wanted.input, call["input"]), default=None)
        if best is None:
            made = ", ".join(call["tool"] for call in heard.calls) or "nothing"
            result.add(f"calls {wanted.tool}", turn, False, f"called {made}")
            result.count("fields", max(1, len(wanted.input)))
            continue
        wrong = _unlike(wanted.input, best["input"])
        result.count("fields", max(1, len(wanted.input)))
        result.count("fields right", max(1, len(wanted.input)) - len(wrong))
        result.add(f"calls {wanted.tool}", turn, not wrong, _told(wrong, wanted.input))
        answers(result, turn, wanted, best["output"])
    for name in expect.must_not_call:
        done = any(_is(name, call) for call in heard.calls)
        result.add(f"must not call {name}", turn, not done, "it was called")


def answers(result: Graded, turn: int, wanted: ExpectedCall, output: Mapping[str, Any]) -> None:
    """What a call answered has the named fields."""
    if wanted.output:
        other = _unlike(wanted.output, output)
        result.add(f"{wanted.tool} answers", turn, not other, _told(other, wanted.output))


def _unlike(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: given.get(key) for key, value in wanted.items() if not same(value, given.get(key))}


def _told(wrong: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} is {value!r}, not {wanted[key]!r}"[:200] for key, value in wrong.items())


def known_tools() -> tuple[str, ...]:
    """What `calls` and `must_not_call` may name: the tools, and what can be proposed."""
    tools = [tool.name for tool in default().tools()]
    return (*tools, ASK_SPEC.name, *ACTIONS)


def _is(name: str, call: Mapping[str, Any]) -> bool:
    """A tool by its name, or what is proposed by its action."""
    action = call["input"].get("action", "book") if call["tool"] == "propose" else ""
    return name in (call["tool"], action)


def _agreeing(wanted: Mapping[str, Any], given: Mapping[str, Any]) -> int:
    return sum(same(value, given.get(key)) for key, value in wanted.items())


def same(wanted: Any, given: Any) -> bool:
    """Equal as JSON would write it; of an object only the named fields, of a list the members in any order."""
    if isinstance(wanted, Mapping):
        return isinstance(given, Mapping) and all(
            same(value, given.get(key)) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        return (
            isinstance(given, list)
            and len(wanted) == len(given)
            and all(any(same(one, other) for other in given) for one in wanted)
            and all(any(same(one, other) for one in wanted) for other in given)
        )
    if wanted is None or given is None:
        return wanted is given
    said, seen = str(wanted).casefold(), str(given).casefold()
    # "2026-03-10T10:00" names the same start as one written with its seconds or its offset.
    return said == seen or (_MOMENT.fullmatch(said) is not None and seen.startswith(said))


def says(result: Graded, turn: int, expect: Expect, heard: Heard) -> None:
    """Facts that must be communicated: by the server's short names, or in words."""
    facts, words = {fact.casefold() for fact in heard.facts()}, heard.words()
    for wanted in expect.says:
        told = wanted.casefold() in facts or wanted.casefold() in words
        result.add(f"says {wanted!r}", turn, told, f"the reply was {heard.reply[:160]!r}")
    for unwanted in expect.not_says:
        result.add(f"doesn't say {unwanted!r}", turn, unwanted.casefold() not in words, "it is there")


def question(result: Graded, turn: int, expect: Expect, heard: Heard) -> None:
    """What must be asked, and what may be picked."""
    if expect.question is None:
        return
    asked = " ".join(str(one["text"]) for one in heard.questions).casefold()
    choices = " ".join(choice for one in heard.questions for choice in one.get("choices") or ()).casefold()
    result.add("asks", turn, bool(heard.questions), f"the reply was {heard.reply[:160]!r}")
    for word in expect.question.about:
        result.add(f"asks about {word!r}", turn, word.casefold() in asked, f"asked {asked[:160]!r}")
    for choice in expect.question.choices:
        result.add(f"offers {choice!r}", turn, choice.casefold() in choices, f"offered {choices[:160]!r}")


def explanation(result: Graded, turn: int, expect: Expect, heard: Heard) -> None:
    """The planted reason against the conflict shown, as sets over atoms."""
    wanted = expect.explanation
    if wanted is None:
        return
    shown = {f"{reason['rule']}:{reason['subject']}" for reason in heard.reasons()}
    hit = {name for name in wanted.rules if any(_names(name, atom) for atom in shown)}
    extra = {atom for atom in shown if not any(_names(name, atom) for name in wanted.rules)}
    result.count("planted", len(wanted.rules))
    result.count("planted found", len(hit))
    result.count("reasons shown", len(shown))
    result.count("reasons right", len(shown) - len(extra))
    missing = sorted(set(wanted.rules) - hit)
    result.add("names the reason", turn, not missing, f"{missing} not in {sorted(shown)}")
    if wanted.exact:
        result.add("names nothing else", turn, not extra, f"also {sorted(extra)}")
    if wanted.opens is not None:
        opens = any(way.get("opens") for way in (heard.explanation or {}).get("corrections") or ())
        name = "says what would open one" if wanted.opens else "opens nothing"
        said = "a way out is said to open one" if opens else "no way out was shown that opens one"
        result.add(name, turn, opens == wanted.opens, said)


def _names(name: str, atom: str) -> bool:
    """ "rule:subject" names one atom, "rule" any of the rule's."""
    return name in (atom, atom.partition(":")[0])
