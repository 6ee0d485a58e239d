"""Names that nothing but their words give away: given names, and words that are neither English nor the clinic's.

A person who types in small letters, or a patient called like a surgeon, is hidden too. What is hidden by mistake
costs a model one word; what isn't hidden can't be called back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_WORD = r"[^\W\d_][^\W\d_'\u2019-]*(?:['\u2019-][^\W\d_]+)*"
_PARTICLE = r"(?:van|von|de|der|den|la|le|di|da|dos|del|della|bin|ibn|al|el|ter|ten|st\.?|san)"
_TITLED = re.compile(
    rf"\b(?:mr|mrs|ms|miss|mx|patient(?:'s|\u2019s)?(?:\s+name)?|pt|name(?:d)?|called|surname"
    rf"|last\s+name|first\s+name)\b\.?\s*"
    rf"(?:is|was|:|=|-)?\s*(?P<name>{_WORD}(?:\s+(?:{_PARTICLE}\s+)*{_WORD}){{0,2}})",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"(?=(?<![\w'\u2019-])(?P<name>(?P<one>{_WORD})(?P<gap>,?\s+(?:{_PARTICLE}\s+)*"
    rf"|\s*\()(?P<two>{_WORD})))",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:[Ff]or|[Oo]f|FOR)\s+(?P<name>[A-Z\u00c0-\u00de][^\W\d_]+(?:['\u2019-][^\W\d_]+)*)"
    r"(?=\s+(?:on|at|in|with|to|next|this|tomorrow|today|and|needs|please)\b|\s*[.,;!?)]|\s*$)"
)
_DOCTOR = re.compile(r"(?:\bdr\.?|\bdoctor|\bsurgeon|\bnurse)\s*$", re.IGNORECASE)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset((_HERE / name).read_text(encoding="utf-8").split())


def _plain(word: str) -> str:
    low = word.casefold().replace("\u2019", "'")
    return low.removesuffix("'s")


def given_name(word: str) -> bool:
    """Whether people are called so, and nothing else."""
    return _plain(word) in _listed("given.txt")


def unknown(word: str, vocabulary: frozenset[str]) -> bool:
    """Whether a word is neither English nor one of the clinic's."""
    parts = [_plain(word), *_plain(word).split("-")]
    return len(parts[0]) > 1 and not any(
        part in vocabulary or part in _listed("english.txt") for part in parts
    )


def told_by_words(text: str, vocabulary: frozenset[str]) -> Iterator[str]:
    """Names behind "patient" or "name is", a given name with its neighbour, and two unknown words in a row."""
    for found in _TITLED.finditer(text):
        name = _while_unknown(found["name"], vocabulary)
        if name:
            yield name
    for found in _PAIR.finditer(text):
        if _DOCTOR.search(text[: found.start("one")]):
            continue
        if _is_name(found["one"], found["two"], found["gap"], vocabulary):
            yield found["name"]
    for found in _FOR.finditer(text):
        if unknown(found["name"], vocabulary) and len(found["name"]) > 2:
            yield found["name"]


def _while_unknown(words: str, vocabulary: frozenset[str]) -> str:
    kept: list[str] = []
    for word in words.split():
        if not (
            unknown(word, vocabulary) or given_name(word) or re.fullmatch(_PARTICLE, word, re.IGNORECASE)
        ):
            break
        kept.append(word)
    while kept and re.fullmatch(_PARTICLE, kept[-1], re.IGNORECASE) and not given_name(kept[-1]):
        kept.pop()
    return " ".join(kept)


def _is_name(one: str, two: str, gap: str, vocabulary: frozenset[str]) -> bool:
    if all(_plain(word) in vocabulary for word in (one, two)):  # staff by their whole names
        return False
    strange = [unknown(word, vocabulary) for word in (one, two)]
    given = [given_name(word) for word in (one, two)]
    if all(strange) and not gap.startswith(","):
        return True
    if any(given):  # "garcia, maria" is someone else than Dr. Garcia; "Smith, Jane"
        other = two if given[0] else one
        return unknown(other, vocabulary) or given_name(other) or _surname(other, vocabulary)
    return False


def _surname(word: str, vocabulary: frozenset[str]) -> bool:
    """Whether one of the clinic's words may be a family name: it is no word of English."""
    low = _plain(word)
    return low in vocabulary and low not in _listed("english.txt") and len(low) > 2
