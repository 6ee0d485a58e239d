"""What a reply may say: facts as markers that the server renders, and no slot in the model's own words.

`[[offer:A1]]` and `[[fact:F3]]` are replaced whole, in one pass, from this conversation's tool results,
so a marker inside a record or in a user's text is inert. A time, a date or a room written out by the
model passes only when the user wrote it or a tool was asked about it; anything else refuses the reply.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant import citing, conduct, facts, hearsay, proofs, relations, vocabulary
from assistant.assertions import sentences, stated
from assistant.facts import Names
from assistant.legible import illegible, plain
from assistant.literals import Literal_, literals, unsaid
from assistant.particulars import unfounded
from assistant.proofs import Proof
from assistant.vocabulary import Known

_MARKER = re.compile(r"\[\[(offer|fact):([A-Za-z0-9-]{1,20})\]\]")
_MOST_WORDS = 20_000
"""Characters of the user's own words that are remembered, for what may be said back."""


@dataclass
class FactBook:
    """The offers (by label) and sentences (F1, F2, ...) that tools have established in one conversation."""

    offers: dict[str, dict[str, Any]] = field(default_factory=dict)
    sentences: dict[str, str] = field(default_factory=dict)
    allowed: set[Literal_] = field(default_factory=set)
    words: str = ""
    proofs: dict[str, Proof] = field(default_factory=dict)
    """What each marker proves, by "offer:A1" and "fact:F1"."""
    candidates: list[str] = field(default_factory=list)
    """Names that a look-up gave: a question may put them to the user."""
    confirmed: dict[str, str] = field(default_factory=dict)
    """Proposals whose confirmation was told, and the fact that tells it."""
    _next: int = 1

    def state(self) -> dict[str, Any]:
        """All of it, JSON-ready."""
        return {
            "offers": self.offers, "sentences": self.sentences, "allowed": sorted(map(list, self.allowed)),
            "words": self.words, "next": self._next, "candidates": self.candidates,
            "confirmed": self.confirmed,
            "proofs": {marker: proof.state() for marker, proof in self.proofs.items()},
        }  # fmt: skip

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> FactBook:
        """What `state` gave; one that was kept before there were proofs has none."""
        allowed = {(str(kind), str(value)) for kind, value in state["allowed"]}
        known = {marker: Proof.of(each) for marker, each in (state.get("proofs") or {}).items()}
        return cls(dict(state["offers"]), dict(state["sentences"]), allowed, state["words"], known,
                   list(state.get("candidates") or ()), dict(state.get("confirmed") or {}), state["next"])  # fmt: skip

    def committed(self, confirmed: Mapping[str, str]) -> dict[str, str]:
        """Take in what the person confirmed since; answers the new facts, id -> sentence."""
        made = {}
        for proposal, summary in confirmed.items():
            if proposal not in self.confirmed:
                sentence = f"Confirmed on its card and written to the book: {summary}."
                self.confirmed[proposal] = label = self.keep(sentence, Proof("done", (), sentence))
                made[label] = sentence
        return made

    def heard(self, text: str) -> None:
        """What the user wrote may be said back."""
        self.allowed |= literals(plain(text))
        self.words = f"{self.words}\n{text}"[-_MOST_WORDS:]

    def meant(self, name: str) -> None:
        """Somebody for whom the built-in interpreter took a word of the user's, as "Dr. S", may be named."""
        self.words = f"{name}\n{self.words[len(name) - _MOST_WORDS :]}"

    def learn(
        self, tool: str, asked: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str
    ) -> dict[str, str]:
        """Take in one tool result; answers the new facts, id -> sentence, the summary first."""
        self.allowed |= _asked_literals(asked)
        self.allowed |= literals(names(asked["room"])) if asked.get("room") else set()
        for offer in facts.offers_of(result):
            self.offers[offer["label"]] = dict(offer)
        shown = dict(proofs.of_offers(asked, result, names, clock))
        self.proofs |= {f"offer:{label}": proof for label, proof in shown.items()}
        self.candidates += _candidates(tool, result)
        slots = [unit for proof in shown.values() if proof.verdict == "found" for unit in proof.units]
        made = {}
        for verdict, sentence in _sentences(tool, asked, result, names, clock):
            found = proofs.of_sentence(verdict, sentence, asked, slots if verdict == "found" else (), names)
            made[self.keep(sentence, found)] = sentence
        return made

    def known(self, staff: frozenset[str]) -> Known:
        """Whose words a reply may use."""
        told = {f"fact:{label}": sentence for label, sentence in self.sentences.items()}
        told |= {marker: f"{told.get(marker, '')} {proof.scope}" for marker, proof in self.proofs.items()}
        return Known(self.words, told, self.candidates, staff)

    def labels(self) -> dict[str, str]:
        """Offer id -> the label that stands for it."""
        return {str(offer["id"]): label for label, offer in self.offers.items() if "id" in offer}

    def keep(self, sentence: str, proof: Proof | None = None) -> str:
        """Make a sentence of the server's own citable; answers its id. Without a proof it tells what went wrong."""
        label = f"F{self._next}"
        self._next += 1
        self.sentences[label] = sentence
        self.proofs[f"fact:{label}"] = proof or Proof("error", (), sentence)
        return label


def _candidates(tool: str, result: Mapping[str, Any]) -> list[str]:
    kinds = ("surgeon", "procedure", "room", "equipment") if tool == "resolve" else ()
    return [str(match["name"]) for kind in kinds for match in result.get(kind) or ()]


def _sentences(
    tool: str, asked: Mapping[str, Any], result: Mapping[str, Any], names: Names, clock: str
) -> Iterable[tuple[proofs.Verdict, str]]:
    """(what it stands for, the sentence) of a result, the summary first."""
    verdict = proofs.verdict_of(tool, result)
    if tool in ("find_slots", "explain"):
        yield verdict, facts.find_text(asked, result, names, clock)
    elif tool == "check_slot":
        yield verdict, facts.check_text(asked, result, names, clock)
    elif tool == "get_schedule":
        yield from (("book", line) for line in facts.schedule_lines(asked, result, names, clock))
    elif tool == "what_if":
        yield verdict, facts.what_if_text(asked, result, names, clock)
        yield from (("supposed", line) for line in facts.left_over(result))
    elif tool == "compare_offers":
        yield "other", str(result["text"])
    elif result.get("summary"):
        yield "other", str(result["summary"])
    if tool == "bottlenecks":
        yield from (("other", str(cause["text"])) for cause in result["causes"])
    yield from (("none", str(reason["text"])) for reason in facts.reasons_of(result))
    yield from (("way", way) for way in facts.ways_of(result))


def problems(text: str, book: FactBook, staff: frozenset[str] = frozenset(), ours: bool = False) -> list[str]:
    """Why this reply may not be shown, in words that a model can act on; empty when it may.

    `staff` are the clinic's surnames, which a reply may name only after the user did. What is `ours` was written by
    the built-in interpreter: its words are those of its templates.
    """
    found = [*_problems(plain(text), text, book, staff)]
    return list(dict.fromkeys([*found, *(() if ours else _of_its_own(plain(text), book, staff))]))


def _of_its_own(text: str, book: FactBook, staff: frozenset[str]) -> Iterator[str]:
    known, read = book.known(staff), list(citing.cited(text, book.proofs))
    yield from vocabulary.foreign(read, known)
    yield from relations.misordered(read, book.offers, known.told, staff)
    yield from conduct.invented(read, book.words, staff)
    yield from hearsay.hearsay(read, known)


def _problems(text: str, raw: str, book: FactBook, staff: frozenset[str]) -> Iterator[str]:
    yield from illegible(raw, book.words)
    yield from _foreign_markers(text, book)
    for kind, value in sorted(unsaid(_written(text, book), book.allowed)):
        yield f"the {kind} {value!r} is written out. Maybe cite it as [[offer:...]] or [[fact:...]]"
    if book.words.rstrip().endswith("?") and _ASSENT.fullmatch(text):
        yield "it says yes to a question without proof. Maybe cite the [[fact:...]] that answers"
    yield from citing.unproven(text, book.proofs, staff)
    known, read = book.known(staff), list(citing.cited(text, book.proofs))
    beside = known.beside([mark for sentence in read for mark in sentence.own])
    yield from unfounded(_MARKER.sub("[[fact]]", text), f"{book.words} {beside}", staff)


_SEEKS = re.compile(
    r"\b(?:look|search|check|try|test|include|consider|mean|meant|prefer|rather|widen|extend"
    r"|help)\b",
    re.IGNORECASE,
)
_SUITS = re.compile(r"\b(?:work|suit|do|instead)\b", re.IGNORECASE)


def _written(text: str, book: FactBook) -> set[Literal_]:
    """What is written out; a question whether to look at another day says nothing of that day.

    A room or a day that a marker within the sentence names may stand before it; a time never does.
    """
    found: set[Literal_] = set()
    for whole in sentences(text):
        sentence = _MARKER.sub(" ", whole)
        said = {each for each in literals(sentence) if each[0] != "weekday"}
        said |= literals(citing.EXAMPLE.sub(" ", sentence))
        seeks = not stated(sentence) and _SEEKS.search(sentence)
        suits = not stated(sentence) and _SUITS.search(sentence)
        put = {"date", "weekday"} if seeks else {"weekday"} if suits else set()
        own = [book.sentences.get(mark[2], "") for mark in _MARKER.finditer(whole) if mark[1] == "fact"]
        shown = {each for told in own for each in literals(told) if each[0] != "time"}
        found |= {each for each in said - shown if each[0] not in put}
    return found


_ASSENT = re.compile(
    r"\W*(?:no problem|of course|certainly|sure thing|absolutely|no worries|right away|ok(?:ay)?"
    r"|all right|alright|definitely|sure)\W*",
    re.IGNORECASE,
)


def _foreign_markers(text: str, book: FactBook) -> Iterator[str]:
    for found in _MARKER.finditer(text):
        if not _known(found, book):
            yield f"{found[0]} is not from this conversation's results"
    if "[[" in _MARKER.sub(" ", text) or "]]" in _MARKER.sub(" ", text):
        yield "a marker is written wrongly. Maybe [[offer:A1]] or [[fact:F1]], one label each"


def asked_wrongly(text: str, book: FactBook, staff: frozenset[str] = frozenset()) -> list[str]:
    """Why this question, or this answer to choose, may not be put to the user.

    It may name a day, a person, a candidate that a look-up gave, and whatever one single fact or offer says.
    """
    said = plain(text)
    faults = [*illegible(text, book.words), *_foreign_markers(said, book)]
    bare = _MARKER.sub(" ", said)
    told = [*book.sentences.values(), *(unit for proof in book.proofs.values() for unit in proof.units)]
    everywhere = " ".join([book.words, *told, *book.candidates])
    faults += vocabulary.strangers(_MARKER.sub(" . ", said), everywhere, staff)
    for part in _options(bare):
        named = citing.values(part, staff)
        loose = {each for each in unsaid(named, book.allowed) if each[0] not in ("date", "weekday")}
        loose -= citing.values(f"{book.words} {' '.join(book.candidates)}", staff)
        loose = loose if any(kind in ("time", "room") for kind, _ in named) else set()
        if loose and not any(named <= citing.values(each, staff) for each in told):
            faults.append(
                f"{citing.told(loose)} is from no result. Maybe name the candidates, or cite [[offer:...]]"
            )
    said = said if re.search(r"[.?!]", said) else _ANSWER.sub("", said)
    return list(dict.fromkeys([*faults, *citing.unproven(said, book.proofs, staff, asking=True)]))


_ANSWER = re.compile(r"^\W*(?:yes|no)\b[\s,]*", re.IGNORECASE)
"""How an answer to choose may begin: it is the user who says it."""


def _options(text: str) -> list[str]:
    """The parts of a question that each name one thing to choose."""
    return re.split(r"\s+or\s+(?!\d)|[,;?]\s+", text)


def _known(marker: re.Match[str], book: FactBook) -> bool:
    return marker[2] in (book.offers if marker[1] == "offer" else book.sentences)


_NEXT_SENTENCE = re.compile(r" +[A-Z](?!R \d)[a-z']")


def render(text: str, book: FactBook, names: Names, clock: str) -> str:
    """The reply with every marker replaced by the server's own words."""

    def whole(marker: re.Match[str]) -> str:
        if marker[1] == "fact":
            told = book.sentences[marker[2]]
            return f"{told}." if told[-1:].isalnum() and _NEXT_SENTENCE.match(text, marker.end()) else told
        return facts.offer_text(book.offers[marker[2]], names, clock)

    return _MARKER.sub(whole, text)


def _asked_literals(asked: Mapping[str, Any]) -> set[Literal_]:
    dates = [asked.get("date_from"), asked.get("date_to"), *(asked.get("exclude_dates") or ())]
    days = [dt.date.fromisoformat(str(day)[:10]) for day in dates if day]
    said = {("date", f"{day.month}/{day.day}") for day in days}
    said |= {("weekday", facts.WEEKDAYS[day.weekday()]) for day in days}
    said |= {("weekday", str(day)) for day in asked.get("weekdays") or ()}
    clocks = [str(asked[key]) for key in ("start_from", "start_until", "end_by") if asked.get(key)]
    clocks += [str(asked["at"])[11:16]] if asked.get("at") else []
    return said | {literal for clock in clocks for literal in literals(clock) if literal[0] == "time"}
