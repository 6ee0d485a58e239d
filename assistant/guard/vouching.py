"""What nobody vouches for is left out of a reply, a sentence at a time; the markers within it stay.

Without a sentence that goes beyond its proofs a reply says the same facts, so it is worth no second question to a
model, and prose that the guard misjudges costs a sentence rather than an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.guard.citing import CITED, Cited

Span = tuple[int, int]


@dataclass(frozen=True)
class Vouched:
    """What of a reply is shown, and why the rest isn't, in words that a model can act on."""

    text: str
    doubts: list[str] = field(default_factory=list)

    @property
    def hollow(self) -> bool:
        """Whether what was left out was all that it had to say: no marker, no question and hardly a word remain."""
        spoken = re.findall(r"[^\W\d_]+", self.text)
        return bool(self.doubts) and len(spoken) < _FEWEST and "?" not in self.text and "[[" not in self.text


_FEWEST = 4
"""Words that say something by themselves; "Sure!" doesn't."""


def without(
    raw: str, said: str, pieces: Sequence[tuple[Cited, Span]], doubts: Sequence[Sequence[str]]
) -> Vouched:
    """The reply without the sentences that are doubted; as it was written where none is.

    `said` is the reply in plain letters, in which the `pieces` stand; `doubts` has each one's.
    """
    if not any(doubts):
        return Vouched(raw)
    kept = [_kept(piece.text, bool(why)) for (piece, _), why in zip(pieces, doubts, strict=True)]
    text, at = "", 0
    for (_, (start, end)), words in zip(pieces, _with_content(kept), strict=True):
        text += said[at:start] + (words or _GONE)
        at = end
    return Vouched(_tidy(text + said[at:]), list(dict.fromkeys(each for why in doubts for each in why)))


def _kept(sentence: str, doubted: bool) -> str:
    if not doubted:
        return sentence
    bullet = re.match(r"\s*(?:[-*\u2022]|\d+[.)])\s", sentence)
    marks = ", ".join(found[0] for found in CITED.finditer(sentence))
    return f"{bullet[0]}{marks}" if bullet and marks else marks


def _with_content(kept: Sequence[str]) -> Iterator[str]:
    """A heading over nothing says nothing: it goes with what stood under it."""
    for at, sentence in enumerate(kept):
        rest = [each for each in kept[at + 1 :] if each]
        under = kept[at + 1 : at + 2]
        yield (
            ""
            if sentence.endswith(":") and under == [""] and not (rest and CITED.search(rest[0]))
            else sentence
        )


_GONE = "\0"
"""Where a sentence stood."""


def _tidy(text: str) -> str:
    """Without the lines and bullets that the left-out sentences leave behind."""
    kept = [line for line in text.split("\n") if _GONE not in line or re.search(r"[^\W\d_]", line)]
    lines = [re.sub(r"(?<=\S) {2,}", " ", re.sub(rf"^{_GONE} *|{_GONE}", "", line)).rstrip() for line in kept]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
