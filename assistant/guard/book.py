"""The book of one conversation: the offers and sentences that tools have established, and what each marker proves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant import facts
from assistant.facts import Names
from assistant.guard import proofs
from assistant.guard.legible import plain
from assistant.guard.literals import Literal_, literals
from assistant.guard.proofs import Proof
from assistant.guard.vocabulary import Known

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
        made: dict[str, str] = {}
        for verdict, sentence in _sentences(tool, asked, result, names, clock):
            of = {} if verdict == "book" and made else asked  # a line of the schedule is about itself alone
            found = proofs.of_sentence(verdict, sentence, of, slots if verdict == "found" else (), names)
            made[self.keep(sentence, found)] = sentence
        return made

    def known(self, staff: frozenset[str]) -> Known:
        """Whose words a reply may use."""
        told = {f"fact:{label}": sentence for label, sentence in self.sentences.items()}
        told |= {marker: f"{told.get(marker, '')} {proof.scope}" for marker, proof in self.proofs.items()}
        slots = {marker: " ".join(proof.units) for marker, proof in self.proofs.items()}
        verdicts = frozenset(proof.verdict for proof in self.proofs.values())
        return Known(self.words, told, self.candidates, staff, slots, verdicts)

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
    elif tool == "why_changed":
        yield verdict, facts.changed_text(asked, result, names, clock)
        yield from (("none", str(reason)) for reason in result["reasons"])
    elif tool == "get_schedule":
        yield from (("book", line) for line in facts.schedule_lines(asked, result, names, clock))
    elif tool == "what_if":
        yield verdict, facts.what_if_text(asked, result, names, clock)
        yield from (("tried", line) for line in facts.left_over(result))
    elif tool == "compare_offers":
        yield "other", str(result["text"])
    elif result.get("summary"):
        yield "card" if tool == "propose" else "other", str(result["summary"])
    if tool == "bottlenecks":
        yield from (("other", str(cause["text"])) for cause in result["causes"])
    yield from (("none", str(reason["text"])) for reason in facts.reasons_of(result))
    yield from (("short" if "not enough" in way else "way", way) for way in facts.ways_of(result))


def _asked_literals(asked: Mapping[str, Any]) -> set[Literal_]:
    dates = [asked.get("date_from"), asked.get("date_to"), *(asked.get("exclude_dates") or ())]
    days = [dt.date.fromisoformat(str(day)[:10]) for day in dates if day]
    said = {("date", f"{day.month}/{day.day}") for day in days}
    said |= {("weekday", facts.WEEKDAYS[day.weekday()]) for day in days}
    said |= {("weekday", str(day)) for day in asked.get("weekdays") or ()}
    clocks = [str(asked[key]) for key in ("start_from", "start_until", "end_by") if asked.get(key)]
    clocks += [str(asked["at"])[11:16]] if asked.get("at") else []
    return said | {literal for clock in clocks for literal in literals(clock) if literal[0] == "time"}
