"""What is said of an offer beside its marker, held against it: its day, half of the day, time, room and surgeon.

Whoever asked for a morning is told "a morning" of an offer only when it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.guard.citing import Cited, values
from assistant.guard.literals import Literal_
from assistant.guard.vocabulary import Known

_PART = re.compile(r"[;\u2014()]|\s-\s|,?\s(?:and|but|while|whereas|so|then)\s(?=[^\[]*\[\[)")
_OFFER = re.compile(r"\[\[offer:([A-Za-z0-9-]+)\]\]")
_NO_TRAIT = re.compile(
    r"n't\b|\b(?:not|no|none|nothing|neither|nor|never|without|instead|rather|other than|although|though"
    r"|besides|unlike"
    r"|cannot|you (?:asked|wanted)(?= for| next| on)|request|wish|nearest|closest|alternatives? to|than"
    r"|away|apart|outside|before|after|differ\w*"
    r"|from (?=\S)|past|second choice)\b",
    re.IGNORECASE,
)
"""Words beside which a day or a room isn't said of the offer."""
_HALF = re.compile(r"\b(morning|afternoon|evening)s?\b(?! people)", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:is|are|falls?|starts?|comes?) (?:\w+ )?(?:(?:next|this) (?:week|month)|today|tomorrow)\b",
    re.IGNORECASE,
)
_BEFORE_NOON = re.compile(r"\bbefore (?:noon|midday)\b", re.IGNORECASE)
_AFTER_NOON = re.compile(r"\b(?:after|from|past) (?:noon|midday)\b", re.IGNORECASE)
_NOON, _EVENING = "12", "17"


def untrue(sentence: Cited, offers: Mapping[str, Mapping[str, Any]], known: Known) -> Iterator[str]:
    """What a sentence says of offers that they aren't, in words that a model can act on."""
    for part in _PART.split(sentence.text):
        labels = [label for label in _OFFER.findall(part) if label in offers]
        if not labels and part.rstrip().endswith(":"):
            labels = [mark[6:] for mark in sentence.marks if mark[:6] == "offer:" and mark[6:] in offers]
        if not labels or _NO_TRAIT.search(_AFTER_NOON.sub(" ", _BEFORE_NOON.sub(" ", _OFFER.sub(" ", part)))):
            continue
        said = _by_kind(values(_OFFER.sub(" ", part), known.staff) | _halves(part))
        each = [_traits(label, known, offers[label]) for label in labels]
        if _RELATIVE.search(part):
            yield "when that is, counted from today, is no tool's word. Maybe cite it alone"
        if re.search(r"\bonly\b", part, re.IGNORECASE) and not _alone(labels, said, offers, known):
            yield "it isn't the only one of which that is so. Maybe cite it alone"
        for kind, named in said.items():
            if not _match(named, [{one for one in traits if one[0] == kind} for traits in each]):
                yield "that isn't when, where or whose the offer is. Maybe cite it alone"


def _alone(
    labels: Sequence[str],
    said: Mapping[str, set[Literal_]],
    offers: Mapping[str, Mapping[str, Any]],
    known: Known,
) -> bool:
    """Whether what is said of some offers is so of no other that was found with them."""
    named = set().union(*said.values())
    others = [label for label in offers if label[:1] == labels[0][:1] and label not in labels]
    return bool(named) and not any(named <= _traits(label, known, offers[label]) for label in others)


def _match(named: set[Literal_], each: Sequence[set[Literal_]]) -> bool:
    """Whether every offer has one of what is named, and everything named is one's."""
    return all(named & traits for traits in each) and named <= set().union(*each)


def _by_kind(named: set[Literal_]) -> dict[str, set[Literal_]]:
    kinds: dict[str, set[Literal_]] = {}
    for one in named:
        kinds.setdefault(one[0], set()).add(one)
    return kinds


def _halves(part: str) -> set[Literal_]:
    said = _AFTER_NOON.sub(" afternoon ", _BEFORE_NOON.sub(" morning ", part))
    return {("half", found.lower()) for found in _HALF.findall(said)}


def _traits(label: str, known: Known, offer: Mapping[str, Any]) -> set[Literal_]:
    units = known.slots.get(f"offer:{label}", "")
    found = values(units, known.staff)
    for case in offer.get("cases") or ():
        hour = str(case.get("start", ""))[11:13]
        found.add(("half", "morning" if hour < _NOON else "afternoon" if hour < _EVENING else "evening"))
    return found
