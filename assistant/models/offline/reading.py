"""What one message was read to say, before anybody decides what to do about it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assistant.models.offline.dates.reading import WhenReading
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.text import Utterance

Patch = dict[str, Any]
"""Fields of a request to set, JSON-ready; None takes a field away."""

ANY_BUT = frozenset({"any", "anyone", "anybody", "everyone", "everybody", "whoever", "every", "all", "someone",
                     "somebody", "anywhere", "anything"})  # fmt: skip
"""First words of a "not" that opens the choice again: "anyone but Patel"."""
_BUT = ("but", "except", "except for", "other than", "besides", "excluding", "apart from")
_ANY = ("anyone", "anybody", "any", "any room", "any or", "any theatre", "any theater", "any suite", "any surgeon",
        "any doctor", "everyone", "everybody", "whoever", "every room", "every surgeon", "all", "all rooms",
        "all surgeons", "someone", "somebody",
        "anyone else", "anywhere", "anything")  # fmt: skip
NEGATORS = (*(f"{any_} {but}" for any_ in _ANY for but in _BUT),
            "any other room than", "any other surgeon than", "someone else than", "anyone else than",
            "instead of", "rather than", "other than", "apart from", "but not", "neither", "neither in",
            "neither with", "not using", "do not use", "dont use", "never", "never in", "never with", "skip",
            "skipping", "keep out of", "stay out of", "not to use", "with the exception of", "dont want",
            "do not want", "leaving out", "not to", "dont put it", "dont put this", "do not put it", "dont put her",
            "dont put him", "dont put them", "not to be in", "not with", "not in", "not by", "not", "no", "without",
            "except for",
            "except in", "except", "excluding", "avoiding", "avoid", "exclude", "besides", "minus", "drop", "lose",
            "leave out", "but")  # fmt: skip
_NEGATORS_BY_LAST: dict[str, tuple[tuple[str, ...], ...]] = {}
for _said in (tuple(words.split()) for words in NEGATORS):
    _NEGATORS_BY_LAST[_said[-1]] = (*_NEGATORS_BY_LAST.get(_said[-1], ()), _said)
_TOGETHER = frozenset({"and", "with", "w", "plus", "then"})
_ARTICLES = frozenset({"the", "a", "an", "in", "for", "dr", "doctor", "drs", "with", "by", "any"})


@dataclass(frozen=True)
class Choice:
    """An answer to a question, and what it sets."""

    label: str
    patch: Patch


@dataclass(frozen=True)
class Issue:
    """Something to ask before acting; `slot` says what kind of answer settles it."""

    slot: str
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Mention:
    """Words [i, j) that name one of `ids`; `negated` when the user wants something else."""

    i: int
    j: int
    ids: tuple[str, ...]
    negated: bool = False


@dataclass
class Reading:
    """The message, what it sets, what must be asked about it, and what should be said back."""

    utterance: Utterance
    lexicon: Lexicon
    now: datetime
    fields: Patch = field(default_factory=dict)
    wishes: set[str] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    cues: set[str] = field(default_factory=set)
    when: WhenReading | None = None
    procedures: list[Mention] = field(default_factory=list)
    surgeons: list[Mention] = field(default_factory=list)
    rooms: list[Mention] = field(default_factory=list)
    offers: tuple[str, ...] = ()
    cases: list[str] = field(default_factory=list)
    """Ids of booked cases that were typed out."""
    edits: dict[str, Any] = field(default_factory=dict)
    """Changes relative to the last request: "longer", "later", "shift_days"."""

    def ask(self, slot: str, text: str, choices: tuple[Choice, ...] = ()) -> None:
        """Note a question; the first one noted for a slot stands."""
        if all(issue.slot != slot for issue in self.issues):
            self.issues.append(Issue(slot, text, choices))

    def negator_before(self, i: int) -> int | None:
        """The first word of a "not", "except", "instead of" right before word `i`, or None."""
        u, start = self.utterance, i
        while u.free(start - 1) and u.at(start - 1) in _ARTICLES:
            start -= 1
        for words in _NEGATORS_BY_LAST.get(u.at(start - 1), ()):
            k = start - len(words)
            same = words == ("but",) and u.at(k - 1) in {"same", "thing"}  # "same but with the robot"
            if not same and u.free(k, start) and all(u.at(k + n) == word for n, word in enumerate(words)):
                return k
        return None

    def take_between(self, mentions: list[Mention]) -> None:
        """The "and" or "or" between mentions is accounted for by what is done about them."""
        for first, second in itertools.pairwise(mentions):
            for k in range(first.j, second.i):
                if self.utterance.at(k) in {"or", *_TOGETHER}:
                    self.utterance.take(k, k + 1, "joint")

    def joined_by(self, first: Mention, second: Mention) -> str:
        """The free word "and" or "or" between two mentions, or ""."""
        between = {self.utterance.at(k) for k in range(first.j, second.i)}
        if (
            "+"
            in self.utterance.text[
                self.utterance.words[first.j - 1].end : self.utterance.words[second.i].begin
            ]
        ):
            return "and"
        return "or" if "or" in between else "and" if between & _TOGETHER else ""


def positive(mentions: list[Mention]) -> list[Mention]:
    """The mentions the user wants, one per set of ids, in order."""
    wanted: dict[tuple[str, ...], Mention] = {}
    for mention in sorted(mentions, key=lambda each: each.i):
        if not mention.negated:
            wanted.setdefault(mention.ids, mention)
    return list(wanted.values())


def listed(words: list[str], last: str = "or") -> str:
    """ "a, b or c"."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
