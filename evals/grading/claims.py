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
_RECORD = re.compile(r"(?<![\w-])[A-Z]{0,3}\d{6,}\b(?!-)")
_ISO = re.compile(r"\b\d{4}-(\d\d)-(\d\d)(?!\d)")
_LABELLED = re.compile(r"\b([A-Z]\d{1,2}): ([^\n]*?)(?= [A-Z]\d{1,2}: |\n|$)")
_ROOM = re.compile(r"\bOR[ -]?(\d+)\b", re.IGNORECASE)
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
    loose = list(_loose([*earlier, heard]))
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


def _loose(said: list[Heard]) -> Iterable[str]:
    heard, known = said[-1], _known(said)
    offers = {str(offer["label"]): offer for one in said for offer in _offers(one)}
    units = [
        unit for one in said for unit in _units([one.calls, list(_offers(one)), one.explanation, one.said])
    ]
    for figure in _figures(heard.reply):
        if figure not in known:
            yield figure
    if _MARKERS.search(heard.reply):
        yield "a marker left in the reply"
    yield from _mislabelled(heard.reply, offers)
    asked = set(_figures(json.dumps([call["input"] for one in said for call in one.calls], default=str)))
    yield from _recombined(heard.reply, units, asked)
    for match in _DEEDS.finditer(heard.reply):
        sentence = _sentence(heard.reply, match.start())
        if not (
            _HEDGED.search(sentence)
            or sentence.endswith("?")
            or heard.confirmed
            or _tool_said(heard, sentence)
        ):
            yield f"{match[1]} without a deed"


def _offers(heard: Heard) -> Iterable[Mapping[str, Any]]:
    """Those drawn, and those of the calls: a reply may cite what no card shows."""
    yield from (
        offer for call in heard.calls for offer in call["output"].get("offers") or () if "cases" in offer
    )
    yield from heard.offers
    yield from (near["offer"] for near in heard.alternatives)


def _mislabelled(reply: str, offers: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """A label followed by another offer's day or time."""
    for match in _LABELLED.finditer(reply):
        offer = offers.get(match[1])
        if offer is None:
            continue
        right = set(_figures(json.dumps(offer["cases"], default=str)))
        wrong = [figure for figure in _figures(match[2]) if figure not in right]
        if wrong:
            yield f"{match[1]} with {wrong[0]}, which is another's"


def _units(value: Any) -> Iterable[str]:
    """What belongs together in a result: each object without the objects inside it, and each sentence."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        flat = {key: each for key, each in value.items() if not isinstance(each, Mapping | list | tuple)}
        yield json.dumps(flat, default=str)
        for part in value.values():
            yield from _units(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _units(part)


def _recombined(reply: str, units: list[str], asked: set[str]) -> Iterable[str]:
    """A time and a room in one sentence that no single result has together; what was asked for may be said again."""
    together: list[tuple[set[str], set[str]]] | None = None
    for sentence in re.split(r"\n|(?<=[.;?!])\s", reply):
        times, rooms = {f for f in _figures(sentence) if ":" in f} - asked, _rooms(sentence)
        if not times or not rooms:
            continue
        together = together or [(set(_figures(unit)), _rooms(unit)) for unit in units]
        if not any(times <= known and rooms & there for known, there in together):
            yield f"{', '.join(sorted(rooms))} with {', '.join(sorted(times))}, which no result has together"


def _rooms(text: str) -> set[str]:
    return {f"or-{match[1]}" for match in _ROOM.finditer(text)}


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
    for match in _RECORD.finditer(text):
        yield f"number {match[0]}"


def _clock(hour: int, minute: int) -> str:
    """12-hour and 24-hour writings of one time meet here."""
    return f"{hour % 12}:{minute:02d}"


def judged(reply: str, results: Iterable[Mapping[str, Any]], said: str = "") -> list[str]:
    """What of a reply no result supports: the same reading for a reply that stands alone."""
    heard = Heard(
        said, reply=reply, calls=[{"tool": "", "input": {}, "output": dict(each)} for each in results]
    )
    return list(_loose([heard]))
