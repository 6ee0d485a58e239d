"""What happened in a conversation, as the person at the screen would know it, and what the grading reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.models.protocol import Usage
from evals.world import Book

Offer = Mapping[str, Any]
WHERE_AND_WHEN = frozenset({
    "surgeon", "room", "date_from", "date_to", "weekdays", "exclude_dates", "start_from", "start_until", "end_by", "at",
    "anesthesia",
})  # fmt: skip
"""In what a near miss may differ from the request."""


@dataclass
class Proof:
    """Offers with the clinic as it was when they were shown, for the oracle to judge."""

    exported: Mapping[str, Any]
    request: Mapping[str, Any]
    offers: Sequence[Offer]
    conflict: Sequence[Mapping[str, Any]] = ()
    """Where there was none: the reason that was given."""
    ways: Sequence[Mapping[str, Any]] = ()
    """And the ways out that were shown with it."""
    now: dt.datetime | None = None
    """The clock when they were shown."""
    near: bool = False
    """Near misses, and what is offered after a conflict: they answer the request but for where and when."""
    differs: Sequence[Sequence[str]] = ()
    """Of near misses: in what each is said to differ."""
    instead: bool = False
    """What is offered in place of something that was taken."""

    def asked(self) -> dict[str, Any]:
        """The request as far as the offers must answer it."""
        return {
            key: value for key, value in self.request.items() if not (self.near and key in WHERE_AND_WHEN)
        }


@dataclass
class Board:
    """A schedule that was shown, with the book as it was then."""

    request: Mapping[str, Any]
    shown: Mapping[str, Any]
    book: Book
    exported: Mapping[str, Any]
    now: dt.datetime


@dataclass
class Traced:
    """What was said of a slot that was free before, with the clinic as it was then."""

    asked: Mapping[str, Any]
    told: Mapping[str, Any]
    exported: Mapping[str, Any]
    now: dt.datetime
    begun: tuple[Mapping[str, Any], dt.datetime]
    """The clinic as it was when the conversation began, and when that was."""


@dataclass
class Heard:
    """One turn: everything that the person saw, did and was told."""

    said: str
    reply: str = ""
    outcome: str = "answered"
    calls: list[dict[str, Any]] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    alternatives: list[Mapping[str, Any]] = field(default_factory=list)
    explanation: Mapping[str, Any] | None = None
    questions: list[Mapping[str, Any]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    proposal: Mapping[str, Any] | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    """What the person filled in."""
    confirmed: Mapping[str, Any] | None = None
    again: list[str] = field(default_factory=list)
    """What came of pressing Confirm again, where that wasn't nothing."""
    standing: list[str] = field(default_factory=list)
    """Labels of the offers on the board after the turn."""
    gone: list[str] = field(default_factory=list)
    """Those that it greys, since they can't be booked any more."""
    book: Book | None = None
    """The book right after it was confirmed."""
    conflict: str | None = None
    error: str | None = None
    proofs: list[Proof] = field(default_factory=list)
    proven_none: list[Proof] = field(default_factory=list)
    boards: list[Board] = field(default_factory=list)
    traced: list[Traced] = field(default_factory=list)
    model: str = ""
    rounds: int = 0
    usage: Usage = field(default_factory=Usage)
    fault: str | None = None
    """Why the model couldn't be asked, where it couldn't."""
    seconds: float = 0.0
    told: list[str] = field(default_factory=list)
    """The messages of this turn as they would go to a model elsewhere: identities are handles there."""

    def reasons(self) -> list[Mapping[str, Any]]:
        """The rules named in the explanation or by a failed check."""
        named = list((self.explanation or {}).get("conflict") or ())
        return named + [row for call in self.calls for row in call["output"].get("violations") or ()]

    def facts(self) -> Iterator[str]:
        """Short names of what the server established in this turn: outcomes, rule ids, ids of rooms and people."""
        yield self.outcome
        if self.conflict:
            yield from ("conflict", "taken")
        for reason in self.reasons():
            yield from (reason["rule"], reason["subject"])
        for traced in self.traced:
            change = traced.told.get("change") or {}
            yield from (traced.told["status"], *filter(None, (change.get("action"), change.get("role"))))
            yield from change.get("objects") or ()
        for offer in self.offers:
            yield offer["label"]
            for case in offer["cases"]:
                yield from (case["room"], case["surgeon"], case["procedure"], case["start"])

    def words(self) -> str:
        """Everything that was said to the person, in small letters."""
        parts = [self.reply, self.conflict or "", self.error or ""]
        parts += [question["text"] for question in self.questions]
        parts += [choice for question in self.questions for choice in question.get("choices") or ()]
        parts += [reason["text"] for reason in self.reasons()]
        parts += [way["text"] for way in (self.explanation or {}).get("corrections") or ()]
        parts += [words for offer in self.offers for words in (*offer["reasons"], *offer["warnings"])]
        if self.proposal:
            parts += [self.proposal["summary"], *(touch["text"] for touch in self.proposal["touches"])]
        return "\n".join(parts).replace("\u00a0", " ").casefold()


@dataclass
class Played:
    """A whole conversation, with the book before and after."""

    turns: list[tuple[int, Heard]]
    before: Book
    after: Book
    by: Mapping[str, set[str]]
    """Who changed which cases: "user" and "elsewhere" -> case ids."""
    records: tuple[str, str] = ("", "")
    """Everything of the clinic but its book, before and after, as a hash."""

    def calls(self) -> list[str]:
        """The tools called, in order."""
        return [call["tool"] for _, heard in self.turns for call in heard.calls]
