"""What else a reply may not say of its own: a doctor nobody named, a number it counted, who is busy or away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.assertions import sentences

_DOCTOR = re.compile(r"\b(?:Dr\.?|Doctor)\s+([A-Z][\w'-]+)")
_COUNTED = re.compile(r"\b\d+(?:\.\d+)?\s*(?:%|percent\b|minutes?\b|mins?\b|hours?\b)", re.IGNORECASE)
_STATE = re.compile(
    r"\b(?:is|are|was|were|'s|'re)\s+(?:already\s+|then\s+)?"
    r"(?:taken|busy|in use|occupied|away|off|on (?:vacation|leave|call)|fine|ok(?:ay)?|good)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:if|whether|unless|until|once|when|not)\b", re.IGNORECASE)


def doctors(text: str) -> set[str]:
    """The doctors whom a text names, by surname in small letters."""
    return {found[1].casefold().removesuffix("'s") for found in _DOCTOR.finditer(text)}


def unfounded(text: str, heard: str) -> Iterator[str]:
    """What isn't from the user's own words or a marker, each in a sentence that a model can act on."""
    unquoted = re.sub(r'"[^"]*"|\u201c[^\u201d]*\u201d', " ", text)  # an example of what to type names no one
    for name in sorted(doctors(unquoted) - doctors(heard) - set(re.findall(r"\w+", heard.casefold()))):
        yield f"Dr. {name.title()} is nobody whom the user named. Maybe cite the [[fact:...]] that does"
    for number in dict.fromkeys(found[0] for found in _COUNTED.finditer(text)):
        if number.casefold() not in heard.casefold():
            yield f"{number!r} is written out. Maybe cite [[fact:...]]"
    for sentence in sentences(text):
        if "[[" not in sentence and not sentence.endswith("?") and _claims(sentence):
            yield "who or what is taken, away or fine is said by a tool. Maybe cite [[fact:...]]"


def _claims(sentence: str) -> bool:
    return bool(_STATE.search(sentence)) and not _OPEN.search(sentence)
