"""Names that nothing but their words give away: given names, and words that are neither English nor the clinic's.

A person who types in small letters, or a patient called like a surgeon, is hidden too. What is hidden by mistake
costs a model one word; what isn't hidden can't be called back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from assistant.spelling import plain

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
    rf"(?=(?<![^\W_])(?<!['\u2019-])(?P<name>(?P<one>{_WORD})(?P<gap>,?\s+(?:{_PARTICLE}\s+)*"
    rf"|\s*\(|_+|\.)(?P<two>{_WORD})(?![^\W_])))",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    rf"(?<![\w'\u2019.-])(?P<name>(?:[^\W\d_]\.\s?|(?-i:[B-HJ-Z])\s){{1,3}}(?:{_PARTICLE}\s+)*(?P<last>{_WORD}))",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"[\u0370-\u1dbf\u1f00-\u1fff\u2c00-\u2dff\u3040-\u31ff\u3400-\u9fff\ua4d0-\ud7ff\uf900-\ufaff\ufb1d-\ufdff]{2,}"
    r"(?:[\s\u00b7\u30fb-]+[\u0370-\u1dbf\u1f00-\u1fff\u3040-\u31ff\u3400-\u9fff\uac00-\ud7ff]+)*"
)
"""Words in letters other than Latin ones: what is asked here is asked in English, so they are a name."""
_WORD_TOO = frozenset({
    "april", "art", "august", "charity", "chance", "chase", "dawn", "drew", "faith", "guy", "hope", "june", "mark",
    "may", "miles", "pat", "ray", "rich", "summer", "sunny", "sue", "tony", "will",
})  # fmt: skip
"""Given names that are words as well, so that a capital and the place alone tell them."""
_NAMED = r"(?P<name>(?P<one>[A-Z][a-z]+|[A-Z]{3,})\s+(?P<two>[A-Z][\w-]+(?:['\u2019](?!s\b)\w+)?))"
_CALLED = (
    re.compile(rf"\b(?i:for|of|cancel|move|book|patient|reschedule|is):?\s+{_NAMED}(?![\w.])"),
    re.compile(rf"(?:^|[.!?;]\s+){_NAMED}(?=\s*,|\s+(?:needs|wants|has)\b)"),
)
_NOT_CALLED = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|dr|doctor|i|or|next|this|knee|hip|left|right|\w*(?:scopy|ectomy|plasty)",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:[Ff]or|[Oo]f|FOR)\s+(?P<name>[^\W\d_]+(?:['\u2019-][^\W\d_]+)*)"
    r"(?=\s+(?:on|at|in|with|to|next|this|tomorrow|today|and|needs|please)\b|\s*[.,;!?)]|\s*$)"
)
_DOCTOR = re.compile(r"(?:\bdr\.?|\bdoctor|\bsurgeon|\bnurse)\s*$", re.IGNORECASE)


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset((_HERE / name).read_text(encoding="utf-8").split())


def _plain(word: str) -> str:
    return word.casefold().replace("\u2019", "'").removesuffix("'s")


def given_name(word: str) -> bool:
    """Whether people are called so, and nothing else."""
    return not {_plain(word), plain(_plain(word))}.isdisjoint(_listed("given.txt"))


def unknown(word: str, vocabulary: frozenset[str]) -> bool:
    """Whether a word is neither English nor one of the clinic's."""
    whole, *parts = [_plain(word), *_plain(word).split("-")]
    known = [part in vocabulary or part in _listed("english.txt") for part in (whole, *parts)]
    if known[0] or len(whole) < 2:
        return False
    return not any(known[1:]) or any(
        len(part) > 3 and not there for part, there in zip(parts, known[1:], strict=True)
    )


def told_by_words(text: str, vocabulary: frozenset[str]) -> Iterator[str]:
    """Names behind "patient" or "name is", a given name with its neighbour, and two unknown words in a row."""
    for found in _TITLED.finditer(text):
        name = _while_unknown(found["name"], vocabulary)
        if name:
            yield name
    yield from _runs(text, vocabulary)
    for found in _INITIALS.finditer(text):
        last = found["last"]
        strange = unknown(last, vocabulary) and len(last) > 2
        strange = strange and not (last.isupper() and len(last) <= 4)  # "R THR" is a side and a procedure
        if strange and not _DOCTOR.search(text[: found.start()]):
            yield found["name"]
    for found in _FOR.finditer(text):
        name = found["name"]
        capital = name[:1].isupper() and not (len(name) < 4 and name.isupper())
        if (given_name(name) and _plain(name) not in vocabulary) or (capital and unknown(name, vocabulary)):
            yield name
    for found in (each for pattern in _CALLED for each in pattern.finditer(text)):
        if _plain(found["one"]) in _WORD_TOO and not _NOT_CALLED.fullmatch(found["two"]):
            yield found["name"]
    yield from (found[0] for found in _FOREIGN.finditer(text))


def _runs(text: str, vocabulary: frozenset[str]) -> Iterator[str]:
    """Pairs of words that are a name; those that overlap are one name."""
    start = end = -1
    for found in _PAIR.finditer(text):
        one, two = found["one"], found["two"]
        if _DOCTOR.search(text[: found.start("one")]) or not _is_name(one, two, found["gap"], vocabulary):
            continue
        if found.start("name") >= end and end > 0:
            yield text[start:end]
            start = -1
        start, end = start if start >= 0 else found.start("name"), found.end("name")
    if end > 0:
        yield text[start:end]


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
    if gap == "." and not all(strange):
        return False
    if all(strange) and not gap.startswith(","):
        return True
    if any(given):  # "garcia, maria" is someone else than Dr. Garcia; "Smith, Jane"
        other = two if given[0] else one
        return unknown(other, vocabulary) or given_name(other) or _surname(other, vocabulary)
    return False


def _surname(word: str, vocabulary: frozenset[str]) -> bool:
    """Whether one of the clinic's words may be a family name: it is no word of English."""
    low = _plain(word)
    ours = low in vocabulary and low not in _listed("english.txt") and len(low) > 2
    return ours or low in _listed("surnames.txt")
