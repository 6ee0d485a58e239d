"""What a reply claims: that something is free, that there is none, that a deed is done, a bare yes or no.

Such a sentence is never the model's own to say. Free and none stand only beside a marker that proves them; a deed is
said by the event that did it, and by nobody else. Questions and conditions claim nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from assistant.guard.phrases import (
    ABLE,
    ASKS,
    CLAUSE,
    CONDITION,
    CONFIRMING,
    DEED,
    FREE,
    GUESS,
    HEADING,
    IN_QUESTION,
    MODAL,
    NEGATED,
    NO,
    NONE,
    OF_CARDS,
    POLITE,
    RELATIVE,
    SAYS_NO,
    SETTING,
    TRUE_NO,
    WHICH_IS,
    YES,
)

Claim = Literal["free", "supposed", "none", "done", "yes", "no"]

FAULTS: Mapping[Claim, str] = {
    "done": "only the event that wrote it says that something is done. Maybe say what the user can do next",
    "yes": "a bare yes is no proof. Maybe cite the [[fact:...]] that answers",
    "no": "a bare no is no proof. Maybe cite the [[fact:...]] that answers",
    "supposed": "what would make room is said by a tool. Maybe try it with what_if, or cite the [[fact:...]]",
    "free": "what is free is said by a checked offer of just that slot. Maybe cite [[offer:...]] or [[fact:...]]",
    "none": "that there is none needs a tool's proof for just that. Maybe cite its [[fact:...]]",
}
"""What a model is told of a claim without its proof."""

_SENTENCE = re.compile(
    r"(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bvs)(?<!\b[ap]\.m)(?<!\n\d)(?<!\n\d\d)"
    r"(?:(?<!\bno)[.!?]+|[!?]+|(?<=\bno)\.(?!\s\d))(?=\s|$)|(?<!:)\n+|(?<=\s)\|(?=\s|$)",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each with its closing mark; a new line ends one too."""
    yield from (text[start:end] for start, end in spans(text))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text stands, from its first letter to behind its last."""
    edges = [0, *(end.end() for end in _SENTENCE.finditer(text)), len(text)]
    for start, end in itertools.pairwise(edges):
        part = text[start:end]
        if part.strip():
            at = start + len(part) - len(part.lstrip())
            yield at, at + len(part.strip())


def stated(sentence: str) -> str:
    """What of a sentence is said rather than asked: nothing of a question but what stands before its last comma."""
    if not sentence.endswith("?"):
        return sentence
    if ASKS.search(sentence) or re.match(rf"\W*{CONDITION}", sentence, re.IGNORECASE):
        return ""
    parts = IN_QUESTION.split(sentence)[:-1]
    asked = next((at for at, part in enumerate(parts) if at and ASKS.search(part)), len(parts))
    parts = parts[:asked]
    return ", ".join(part for part in parts if not SETTING.match(part))


def claims(sentence: str) -> Iterator[tuple[Claim, str]]:
    """Each claim of a statement, with the clause that makes it; weakened ones claim nothing."""
    if YES.search(sentence) and not POLITE.search(sentence):
        yield "yes", sentence
    elif NO.search(sentence) and not POLITE.search(sentence) and not TRUE_NO.search(sentence):
        yield "no", sentence
    sentence = WHICH_IS.sub("; it is", sentence)
    rest = OF_CARDS.sub(" ", POLITE.sub(" ", sentence))
    at = 0
    for clause in [part for part in CLAUSE.split(rest) if part]:
        before = rest[: rest.find(clause, at)]
        at = len(before) + len(clause)
        yield from ((kind, clause) for kind in _claims_of(clause, before))


def _claims_of(clause: str, before: str) -> Iterator[Claim]:
    if any(not _undone(clause, found) for found in DEED.finditer(clause)):
        yield "done"
        return
    if (found := NONE.search(clause)) and not _excused(clause, found, before):
        yield "none"
        return
    if HEADING.search(clause):
        return
    if (found := FREE.search(clause)) and not _weakened(clause, found, before):
        yield "supposed" if _supposed(clause, found) else "free"


def _supposed(clause: str, found: re.Match[str]) -> bool:
    """Whether it would only be so, if something else were."""
    would = re.search(r"\b(?:would|might|could|may)\b", found[0], re.IGNORECASE)
    return bool(would and re.search(r"\bif\b", clause, re.IGNORECASE))


def _undone(clause: str, found: re.Match[str]) -> bool:
    """Whether a deed is denied, yet to come, or waits for somebody to confirm it."""
    ahead = clause[: found.end()]
    own = re.split(r"[,:]", clause[: found.start()])[-1] + found[0]
    waiting = re.search(CONFIRMING, clause, re.IGNORECASE)
    open_ = re.search(rf"{CONDITION}|{RELATIVE}|{MODAL}", own, re.IGNORECASE)
    return bool(open_ or waiting or re.search(NEGATED, ahead, re.IGNORECASE))


def _excused(clause: str, found: re.Match[str], before: str) -> bool:
    ahead = clause[: found.start()]
    own = re.split(r"[,:]", ahead)[-1]
    return bool(
        ABLE.search(ahead) or re.search(rf"{CONDITION}|{RELATIVE}|{GUESS}", own, re.IGNORECASE)
    ) or _opened(before)


def _weakened(clause: str, found: re.Match[str], before: str) -> bool:
    """A condition, a negation or a mere possibility around the claim: "if that is free, ..."."""
    saying_no = SAYS_NO.match(found[0]) or (re.match(r"is|are|'s", found[0]) and SAYS_NO.search(found[0]))
    negated = not saying_no and re.search(NEGATED, clause[: found.end()], re.IGNORECASE)
    own = re.split(r"[,:]", clause[: found.start()])[-1]
    hedged = re.search(rf"{CONDITION}|{RELATIVE}|{GUESS}", own, re.IGNORECASE)
    return bool(negated or hedged) or _opened(before)


def _opened(before: str) -> bool:
    """Whether a condition that was opened before has not come to its comma yet."""
    return bool(re.match(rf"^\W*{CONDITION}[^,.;]*$", before, re.IGNORECASE))
