"""What a reply claims: that something is free, that there is none, that a deed is done, a bare yes or no.

Such a sentence is never the model's own to say. Free and none stand only beside a marker, whose sentence comes from a
tool; a deed is said by the event that did it, and by nobody else. Questions and conditions claim nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE = re.compile(
    r"(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bvs)(?<!\bno)([.!?]+)(?=\s|$)|(?<!:)\n+", re.IGNORECASE
)
_MARKER = "[["

_NEGATED = (
    r"\b(?:not|n't|nothing|never|no one|nobody|none|without|yet to be"
    r"|(?:is|are|was|were|has|have|do|does|did)n't|won't)\b"
)
_OPEN = re.compile(
    r"\b(?:if|whether|unless|until|before|once|when|after|to be|would|could|might|may|should|can|will|shall|want|like"
    r"|needs?|please|must|ha(?:s|ve) to|let me|let's|try|maybe|perhaps|who|card)\b",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"\b(?:is|are|'s|was|looks?|seems?|stays?|remains?|has|have|there's)\b[^.?!]{0,60}"
    r"\b(?:free|available|open|vacant|unoccupied|bookable|feasible|openings?|slots?|possible)\b"
    r"|\b(?:works|fits|no conflicts?|nothing (?:conflicts|in the way)|all clear|good to go)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\b(?:there (?:is|are|'s)|there's|has|have|found|i (?:see|found|have))\s+"
    r"(?:no|none|not any|nothing)\b(?! to | yet)"
    r"|\bno (?:slots?|openings?|availability|time|room|options?)\b|\b(?:fully|all|completely) booked\b"
    r"|\b(?:isn't|is not|aren't|are not|not) (?:available|free|possible|open)\b(?! here| in this)|\bimpossible\b",
    re.IGNORECASE,
)
_DEED = re.compile(
    r"\b(?:is|are|was|were|has been|have been|been|got|i've|i have|we've|we have|i|we|all|now|it's|that's|you're)\s+"
    r"(?:now |all |just |already |successfully |both )*"
    r"(?:booked|scheduled|reserved|cancell?ed|moved|rescheduled|held|released|confirmed|saved|set up)\b"
    r"|\b(?:went|gone|going) ahead and (?:booked|scheduled|reserved|cancell?ed|moved|held|released|confirmed|saved)\b"
    r"|\btaken care of\b|\btook care of\b|\bconsider it (?:done|booked)\b"
    r"|^\W*(?:done|booked|confirmed|cancell?ed|moved|scheduled|reserved|all set)\b(?! by\b)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|sure|correct|right|indeed|absolutely|no|nope|nah)\b(?=\W|$)", re.IGNORECASE
)
_HEADING = re.compile(r"^\W*here(?: are| is|'s)\b", re.IGNORECASE)
_ABLE = re.compile(r"\b(?:explain|say|show|tell|find out|work out)\b[^.?!]*\bwhy\b", re.IGNORECASE)
"""What one can do about a case that may never come: "I say why there is none"."""
_POLITE = re.compile(
    r"^\W*(?:no problem|no worries|sure thing|sure, (?:which|what|who|i)|right away|no need)\b", re.IGNORECASE
)


def unproven(text: str) -> Iterator[str]:
    """What is claimed without a tool's own words, each in a sentence that a model can act on."""
    for sentence in sentences(text):
        if sentence.endswith("?"):
            continue
        cited = _MARKER in sentence
        if _BARE.search(sentence) and not _POLITE.search(sentence) and not cited:
            yield "a bare yes or no is no proof. Maybe cite the [[fact:...]] that answers"
        elif _done(sentence):
            yield "only the event that wrote it says that something is done. Maybe say what the user can do next"
        elif not cited and not _HEADING.search(sentence) and _free(sentence):
            yield "what is free is said by a checked offer. Maybe cite [[offer:...]] or [[fact:...]]"
        elif not cited and _none(sentence):
            yield "that there is none needs a tool's proof. Maybe cite its [[fact:...]]"


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each with its closing mark; a new line ends one too."""
    at = 0
    for end in _SENTENCE.finditer(text):
        yield from _trimmed(text[at : end.end()])
        at = end.end()
    yield from _trimmed(text[at:])


def _trimmed(part: str) -> Iterator[str]:
    if part.strip():
        yield part.strip()


def _done(sentence: str) -> bool:
    claim = _DEED.search(sentence)
    return claim is not None and not _weakened(sentence, claim)


def _free(sentence: str) -> bool:
    claim = _FREE.search(sentence)
    return claim is not None and not _weakened(sentence, claim)


def _none(sentence: str) -> bool:
    claim = _NONE.search(sentence)
    before = sentence[: claim.start()] if claim else ""
    return claim is not None and not (_OPEN.search(before) or _ABLE.search(before))


def _weakened(sentence: str, claim: re.Match[str]) -> bool:
    """A condition or a negation around the claim: "nothing is booked until you confirm"."""
    around = sentence[: claim.end()]
    return bool(re.search(_NEGATED, around, re.IGNORECASE) or _OPEN.search(sentence))
