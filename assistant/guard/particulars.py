"""What else a reply may not say of its own: a doctor nobody named, a number it counted, who is busy or away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.guard.assertions import sentences
from assistant.identifiers import SCHEDULING

_DOCTOR = re.compile(
    r"\b(?:Dr\.?|Doctor)\s+([A-Z][\w'-]+)|\b(?:dr\.?|DR\.?|doctor)\s+(?!is\b|who\b|and\b"
    r"|or\b)([a-zA-Z][\w'-]+)"
)
_WORD = re.compile(r"[^\W\d_][\w'-]*")
_WHOLE = re.compile(r"\b(Dr\.?|Doctor)\s+([^\W\d_][\w'.-]*)\s+(?=([^\W\d_][\w-]*))")
"""A title, a first name, and in sight the family name."""
_SPELT = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen"
    r"|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s-](?:one|two"
    r"|three|four|five|six|seven|eight|nine))?"
    r"|a couple of)"
)
_COUNTED = re.compile(
    rf"\b(?:\d+(?:\.\d+)?|{_SPELT})[\s-]*(?:%|percent\b|minutes?\b|mins?\b|hours?\b|hrs?\b)"
    r"|\b(?:(?:a )?quarter of |half )an hour\b|\ban hour\b|\b\d[\d,.]*\s*(?:dollars|euros|usd"
    r"|eur)\b|[$\u20ac\u00a3]\s*\d[\d,.]*",
    re.IGNORECASE,
)
_STATE = re.compile(
    r"\b(?:is|are|was|were|'s|'re)\s+(?:already\s+|then\s+)?"
    r"(?:away|off|on (?:vacation|leave|call)|fine|ok(?:ay)?|good)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:if|whether|unless|until|once|when|not|who|what|which|why)\b", re.IGNORECASE)


def doctors(text: str) -> set[str]:
    """The doctors whom a text names, by surname in small letters."""
    return {(found[1] or found[2]).casefold().removesuffix("'s") for found in _DOCTOR.finditer(text)}


def surnames(names: Iterable[str]) -> frozenset[str]:
    """The family names of a clinic's staff, in small letters; one that is also a word of scheduling tells nothing.

    Who is called by a role and a number, as in "Scrub 2", is known by both.
    """
    listed = list(names)
    last = (name.partition(",")[0].split()[-1:] for name in listed)
    own = frozenset(word.casefold() for words in last for word in words if word.isalpha()) - SCHEDULING
    return own | {name.casefold() for name in listed if re.fullmatch(r"[A-Za-z][A-Za-z ]* \d+", name)}


def unfounded(text: str, heard: str, staff: frozenset[str] = frozenset()) -> Iterator[str]:
    """What isn't from the user's own words or a marker, each in a sentence that a model can act on.

    `staff` are the clinic's `surnames`: with or without a title, they are named by the user or by nobody.
    """
    unquoted = re.sub(r'"[^"]*"|\u201c[^\u201d]*\u201d', " ", text)  # an example of what to type names no one
    named = doctors(_without_first_names(unquoted, staff)) | _plain_names(unquoted, staff)
    known = {word.removesuffix("'s") for word in _WORD.findall(heard.casefold().replace("\u2019", "'"))}
    for name in sorted(
        name for name in named - doctors(heard) - known if " " not in name or name not in heard.casefold()
    ):
        yield f"{name.title()} is nobody whom the user named. Maybe cite the [[fact:...]] that does"
    for number in dict.fromkeys(found[0] for found in _COUNTED.finditer(text)):
        if number.casefold() not in heard.casefold():
            yield f"{number!r} is written out. Maybe cite [[fact:...]]"
    for sentence in sentences(text):
        if "[[" not in sentence and not sentence.endswith("?") and _claims(sentence):
            yield "who or what is taken, away or fine is said by a tool. Maybe cite [[fact:...]]"


def _without_first_names(text: str, staff: frozenset[str]) -> str:
    """ "Dr. Peter Young" is named as "Dr. Young" is, as long as Peter is nobody's family name here."""

    def shorter(found: re.Match[str]) -> str:
        first, last = found[2].casefold(), found[3].casefold()
        return f"{found[1]} " if last in staff and first not in staff else found[0]

    return _WHOLE.sub(shorter, text)


def _plain_names(text: str, staff: frozenset[str]) -> set[str]:
    found = _WORD.findall(text.replace("\u2019", "'"))
    words = (word.removesuffix("'s") for word in found if word[:1].isupper())
    numbered = {name for name in staff if " " in name and re.search(rf"\b{name}\b", text.casefold())}
    return ({word.casefold() for word in words} & staff) | numbered


def _claims(sentence: str) -> bool:
    return bool(_STATE.search(sentence)) and not _OPEN.search(sentence)
