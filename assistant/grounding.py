"""What a reply may say: facts as markers that the server renders, and no slot in the model's own words.

`[[offer:A1]]` and `[[fact:F3]]` are replaced whole, in one pass, from this conversation's tool results,
so a marker inside a record or in a user's text is inert. A time, a date or a room written out by the
model passes only when the user wrote it or a tool was asked about it; anything else refuses the reply.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant import facts
from assistant.assertions import unproven
from assistant.facts import Names
from assistant.particulars import unfounded

_MARKER = re.compile(r"\[\[(offer|fact):([A-Za-z0-9-]{1,20})\]\]")
_MOST_WORDS = 20_000
"""Characters of the user's own words that are remembered, for what may be said back."""
Literal_ = tuple[str, str]
"""What kind of thing is written out ("time", "date", "weekday", "room") and its canonical form."""


@dataclass
class FactBook:
    """The offers (by label) and sentences (F1, F2, ...) that tools have established in one conversation."""

    offers: dict[str, dict[str, Any]] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    allowed: set[Literal_] = field(default_factory=set)
    words: str = ""
    _next: int = 1

    def state(self) -> dict[str, Any]:
        """All of it, JSON-ready."""
        return {
            "offers": self.offers, "sentences": self.sentences, "allowed": sorted(map(list, self.allowed)),
            "words": self.words, "next": self._next,
        }  # fmt: skip

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> FactBook:
        """What `state` gave."""
        allowed = {(str(kind), str(value)) for kind, value in state["allowed"]}
        return cls(dict(state["offers"]), dict(state["sentences"]), allowed, state["words"], state["next"])

    def heard(self, text: str) -> None:
        """What the user wrote may be said back."""
        self.allowed |= literals(text)
        self.words = f"{self.words}\n{text}"[-_MOST_WORDS:]

    def learn(
        self, tool: str, asked: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str
    ) -> dict[str, str]:
        """Take in one tool result; answers the new facts, id -> sentence, the summary first."""
        self.allowed |= _asked_literals(asked)
        self.allowed |= literals(names(asked["room"])) if asked.get("room") else set()
        for offer in facts.offers_of(result):
            self.offers[offer["label"]] = dict(offer)
        return {self.keep(sentence): sentence for sentence in _sentences(tool, asked, result, names, clock)}

    def labels(self) -> dict[str, str]:
        """Offer id -> the label that stands for it."""
        return {str(offer["id"]): label for label, offer in self.offers.items() if "id" in offer}

    def keep(self, sentence: str) -> str:
        """Make a sentence of the server's own citable; answers its id."""
        label = f"F{self._next}"
        self._next += 1
        self.sentences[label] = sentence
        return label


def _sentences(
    tool: str, asked: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str
) -> Iterable[str]:
    if tool == "find_slots" or (tool == "explain" and result.get("status") != "infeasible"):
        yield facts.find_text(asked, result, names, clock)
    elif tool == "check_slot":
        yield facts.check_text(asked, result, names, clock)
    elif tool == "get_schedule":
        yield facts.schedule_text(asked, result, names, clock)
    elif tool == "what_if":
        yield facts.what_if_text(asked, result, names, clock)
    elif tool == "compare_offers":
        yield str(result["text"])
    elif result.get("summary"):
        yield str(result["summary"])
    if tool == "bottlenecks":
        yield from (str(cause["text"]) for cause in result["causes"])
    yield from (str(reason["text"]) for reason in facts.reasons_of(result))
    if tool == "explain":
        yield from facts.ways_of(result)


def problems(text: str, book: FactBook, staff: frozenset[str] = frozenset()) -> list[str]:
    """Why this reply may not be shown, in words that a model can act on; empty when it may.

    `staff` are the clinic's surnames, which a reply may name only after the user did.
    """
    unknown = [found.group(0) for found in _MARKER.finditer(text) if not _known(found, book)]
    written = literals(_MARKER.sub(" ", text)) - book.allowed
    return (
        [f"{marker} is not from this conversation's results" for marker in unknown]
        + [
            f"the {kind} {value!r} is written out. Maybe cite it as [[offer:...]] or [[fact:...]]"
            for kind, value in sorted(written)
        ]
        + list(dict.fromkeys(unproven(text)))
        + list(dict.fromkeys(unfounded(_MARKER.sub("[[fact]]", text), book.words, staff)))
    )


def _known(marker: re.Match[str], book: FactBook) -> bool:
    return marker[2] in (book.offers if marker[1] == "offer" else book.sentences)


def render(text: str, book: FactBook, names: Names, clock: str) -> str:
    """The reply with every marker replaced by the server's own words."""

    def whole(marker: re.Match[str]) -> str:
        if marker[1] == "fact":
            return book.sentences[marker[2]]
        return facts.offer_text(book.offers[marker[2]], names, clock)

    return _MARKER.sub(whole, text)


_NUMBER_WORDS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_HOUR_WORD = "|".join(_NUMBER_WORDS)
_TIME = re.compile(
    rf"""\b(?P<h>[01]?\d|2[0-4])[:.h](?P<m>[0-5]\d)\s*(?P<ap>[ap]\.?m\b)?
       | \b(?P<h2>1[0-2]|0?[1-9])\s*(?P<ap2>[ap]\.?m\b)
       | \b(?P<mil>[0-2]\d[0-5]\d)\s*(?:hrs|hours|h)\b
       | \b(?P<at>1[0-2]|[1-9]|{_HOUR_WORD})\s*o.?clock\b
       | \b(?P<word>noon|midday|midnight)\b
       | \b(?P<spelt>{_HOUR_WORD})\s+(?P<min>fifteen|thirty|forty.five)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in facts.MONTHS)
_DATE = re.compile(
    rf"""\b(?P<y>\d{{4}})-(?P<mo>\d\d)-(?P<d>\d\d)\b
       | \b(?P<name>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b
       | \b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name2>{_MONTH})\b
       | \b(?P<mo4>1[0-2]|0?[1-9])/(?P<d4>[0-3]?\d)\b
       | \bthe\s+(?P<d5>\d{{1,2}})(?:st|nd|rd|th)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_DAY = re.compile(
    r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?s?\b|\b(today|tomorrow)\b", re.IGNORECASE
)
_ROOM = re.compile(
    r"\b(?:OR|room|theat(?:re|er)|suite)[\s-]*(?:#\s*)?(\d+|one|two|three|four|five)\b", re.IGNORECASE
)


def literals(text: str) -> set[Literal_]:
    """Every time, date, weekday and room written out in `text`, in canonical form."""
    found = {("time", _minutes(match)) for match in _TIME.finditer(text)}
    found |= {("date", _month_day(match)) for match in _DATE.finditer(text)}
    found |= {("weekday", (match[1] or match[2]).lower()) for match in _DAY.finditer(text)}
    return found | {("room", _number(match[1])) for match in _ROOM.finditer(text)}


def _number(word: str) -> str:
    low = word.lower()
    return str(_NUMBER_WORDS.index(low) + 1) if low in _NUMBER_WORDS else str(int(low))


def _minutes(match: re.Match[str]) -> str:
    """On a twelve-hour face: "10", "10 am" and "22:00" are one time, so that an echo may change the form."""
    part = match.groupdict()
    if part["word"]:
        return "12:00"
    if part["mil"]:
        return f"{int(part['mil'][:2]) % 12 or 12}:{part['mil'][2:]}"
    hour = part["h"] or part["h2"] or part["at"] or part["spelt"]
    spelt = {"fifteen": "15", "thirty": "30"}.get((part["min"] or "").lower(), "45" if part["min"] else "00")
    return f"{int(_number(hour)) % 12 or 12}:{part['m'] or spelt}"


def _month_day(match: re.Match[str]) -> str:
    part = match.groupdict()
    day = next(part[key] for key in ("d", "d2", "d3", "d4", "d5") if part[key])
    name = part["name"] or part["name2"]
    month = part["mo"] or part["mo4"] or (name and _month_number(name)) or 0
    return f"{int(month)}/{int(day)}"


def _month_number(name: str) -> int:
    return next(
        number for number, month in enumerate(facts.MONTHS, 1) if month[:3].lower() == name[:3].lower()
    )


def _asked_literals(asked: Mapping[str, Any]) -> set[Literal_]:
    dates = [asked.get("date_from"), asked.get("date_to"), *(asked.get("exclude_dates") or ())]
    days = [dt.date.fromisoformat(str(day)[:10]) for day in dates if day]
    said = {("date", f"{day.month}/{day.day}") for day in days}
    said |= {("weekday", facts.WEEKDAYS[day.weekday()]) for day in days}
    said |= {("weekday", str(day)) for day in asked.get("weekdays") or ()}
    clocks = [str(asked[key]) for key in ("start_from", "start_until", "end_by") if asked.get(key)]
    clocks += [str(asked["at"])[11:16]] if asked.get("at") else []
    return said | {literal for clock in clocks for literal in literals(clock) if literal[0] == "time"}
