"""A second reading of every reply: no time, date or label that no tool gave, no deed that nothing recorded.

Written apart from the assistant's own guard, on purpose: the one must not inherit the other's mistakes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from evals.grading.checks import Graded
from evals.heard import Heard

_TIME = re.compile(r"(?<![\d-])(\d{1,2}):(\d\d)(?::\d\d)?\s*([ap])?\.?m?\b", re.IGNORECASE)
_HOUR = re.compile(r"(?<![:\d])(\d{1,2})\s*([ap])\.?m\b", re.IGNORECASE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\.?\s+(\d{{1,2}})\b", re.IGNORECASE)
_ISO = re.compile(r"\b\d{4}-(\d\d)-(\d\d)(?!\d)")
_LABEL = re.compile(r"\b([A-Z]\d{1,2})\b")
_DEEDS = re.compile(
    r"\b(?:is|are|has been|have been|was|i have|i've)?\s*(?:now )?(booked|cancelled|canceled|moved|held|released)\b",
    re.IGNORECASE,
)
_MARKERS = re.compile(r"\[\[.*?\]\]")
_HEDGED = re.compile(
    r"\b(?:nothing|not|no|can|could|may|be|before|until|if|to be|already|who|when)\b", re.IGNORECASE
)


def grounded(result: Graded, turn: int, heard: Heard, earlier: list[Heard]) -> None:
    """Everything said in this turn against everything that the tools said until now."""
    known = _known([*earlier, heard])
    loose = list(_loose(heard, known))
    result.count("claims checked")
    result.count("ungrounded", len(loose))
    result.add("says only what tools said", turn, not loose, ", ".join(loose[:4]))


def _known(heard: Iterable[Heard]) -> set[str]:
    """Every time, date and label in tool results, and in the person's own words."""
    found: set[str] = set()
    for one in heard:
        data = json.dumps([*(call["input"] for call in one.calls), *(call["output"] for call in one.calls),
                           one.offers, one.alternatives, one.explanation, one.proposal], default=str)  # fmt: skip
        for text in (data, one.said, *one.answers, one.error or "", one.conflict or ""):
            found |= set(_figures(text))
        found |= {offer["label"] for offer in one.offers}
    return found


def _loose(heard: Heard, known: set[str]) -> Iterable[str]:
    for figure in _figures(heard.reply):
        if figure not in known:
            yield figure
    if _MARKERS.search(heard.reply):
        yield "a marker left in the reply"
    for match in _DEEDS.finditer(heard.reply):
        sentence = _sentence(heard.reply, match.start())
        if not (
            _HEDGED.search(sentence)
            or sentence.endswith("?")
            or heard.confirmed
            or _tool_said(heard, sentence)
        ):
            yield f"{match[1]} without a deed"


def _sentence(text: str, at: int) -> str:
    first = max(text.rfind(". ", 0, at), text.rfind("\n", 0, at)) + 1
    ends = [end for end in (text.find(". ", at), text.find("\n", at), text.find("? ", at)) if end >= 0]
    return text[first : min(ends, default=len(text)) + 1].strip()


def _tool_said(heard: Heard, sentence: str) -> bool:
    """A rule's own sentence may say that a room is booked."""
    return (
        sentence.rstrip(".").casefold()
        in json.dumps([c["output"] for c in heard.calls], default=str, ensure_ascii=False).casefold()
    )


def _figures(text: str) -> Iterable[str]:
    """Times as minutes of the day in both halves where it isn't said, dates as month-day, labels as they are."""
    text = text.replace("\u00a0", " ").replace("\u202f", " ")
    for match in _TIME.finditer(text):
        yield _clock(int(match[1]), int(match[2]))
    for match in _HOUR.finditer(text):
        yield _clock(int(match[1]), 0)
    for match in re.finditer(r"T(\d\d):(\d\d)", text):
        yield _clock(int(match[1]), int(match[2]))
    for match in _DATE.finditer(text):
        yield f"{_MONTHS.index(match[1][:3].lower()) + 1}-{int(match[2])}"
    for match in _ISO.finditer(text):
        yield f"{int(match[1])}-{int(match[2])}"


def _clock(hour: int, minute: int) -> str:
    """12-hour and 24-hour writings of one time meet here."""
    return f"{hour % 12}:{minute:02d}"


def judged(reply: str, results: Iterable[Mapping[str, Any]], said: str = "") -> list[str]:
    """What of a reply no result supports: the same reading for a reply that stands alone."""
    heard = Heard(
        said, reply=reply, calls=[{"tool": "", "input": {}, "output": dict(each)} for each in results]
    )
    return list(_loose(heard, _known([heard])))
