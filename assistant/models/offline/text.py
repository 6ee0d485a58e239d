"""A message as words with their places, each of which somebody must account for.

Readers take words; what nobody takes in the end is named to the user. Patterns run over the words still free, joined
by single spaces, with taken ones shown as "~", so that a later reader can't reuse them but sees where they stood.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(
    r"(?:w/o(?:ut)?|[1-8](?:st|nd|rd|th))(?![^\W_])|[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:\.\d+)?|&|\+(?=\s)",
    re.IGNORECASE,
)
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'"})
_SIGNS = {
    "&": "and", "+": "and", "w/o": "without", "w/out": "without", "1st": "first", "2nd": "second", "3rd": "third",
    "4th": "fourth", "5th": "fifth", "6th": "sixth", "7th": "seventh", "8th": "eighth",
}  # fmt: skip
"""What is read as another word; higher ordinals are days of the month, and no place in a list."""
TAKEN = "~"


def cleaned(text: str) -> str:
    """The text without control, format and private characters, in one line, with plain apostrophes."""
    composed = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    kept = (
        " " if unicodedata.category(c)[0] in "CZ" else c for c in composed if unicodedata.category(c) != "Cf"
    )
    return " ".join("".join(kept).split())


def words_of(text: str) -> tuple[str, ...]:
    """A phrase as the words it is compared by: lower case, no possessives, letters and digits apart."""
    return tuple(_plain(match.group()) for match in _WORD.finditer(text.translate(_APOSTROPHES)))


def _plain(raw: str) -> str:
    low = raw.lower()
    low = low.removesuffix("'s")
    return _SIGNS.get(low, low.replace("'", ""))


@dataclass
class Word:
    """One word: how it is read (`text`, perhaps mended), as written, and its characters [begin, end)."""

    text: str
    raw: str
    begin: int
    end: int
    taken: str = ""

    @property
    def capital(self) -> bool:
        """Whether it is written with a capital letter."""
        return self.raw[:1].isupper()

    @property
    def possessive(self) -> bool:
        """Whether it is written with an apostrophe and an s, or read without the s that it was written with."""
        low = self.raw.lower()
        return low.endswith("'s") or low == f"{self.text}s"


@dataclass
class Utterance:
    """A cleaned message and its words; `mended` keeps (as written, as read) of corrected ones."""

    text: str
    words: list[Word]
    mended: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Utterance:
        """A message cleaned and cut into words, all free."""
        clean = cleaned(text)
        found = [Word(_plain(m.group()), m.group(), *m.span()) for m in _WORD.finditer(clean)]
        return cls(clean, found)

    def line(self) -> str:
        """The words as patterns see them."""
        return " ".join(TAKEN if word.taken else word.text for word in self.words)

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], int, int]]:
        """Matches over the free words with the word range [i, j) each covers; only whole words count."""
        line = self.line()
        if pattern.search(line) is None:  # most patterns find nothing in most messages
            return
        starts, at = {}, 0
        ends = {}
        for index, piece in enumerate(line.split(" ") if line else ()):
            starts[at], ends[at + len(piece)] = index, index + 1
            at += len(piece) + 1
        for match in pattern.finditer(line):
            i, j = starts.get(match.start()), ends.get(match.end())
            if i is not None and j is not None:
                yield match, i, j

    def take(self, i: int, j: int, kind: str) -> None:
        """Words [i, j) are accounted for as `kind`."""
        for word in self.words[i:j]:
            word.taken = word.taken or kind

    def take_characters(self, begin: int, end: int, kind: str) -> None:
        """Words inside the characters [begin, end) are accounted for."""
        for word in self.words:
            if word.begin < end and word.end > begin:
                word.taken = word.taken or kind

    def free(self, i: int, j: int | None = None) -> bool:
        """Whether all of the words [i, j) exist and are free; one word without `j`."""
        j = i + 1 if j is None else j
        return 0 <= i < j <= len(self.words) and not any(word.taken for word in self.words[i:j])

    def at(self, i: int) -> str:
        """The word at `i` as read, taken or not; "" outside."""
        return self.words[i].text if 0 <= i < len(self.words) else ""

    def glued(self, i: int) -> bool:
        """Whether word `i` follows the one before it without a gap ("A1", "OR2")."""
        return 0 < i < len(self.words) and self.words[i - 1].end == self.words[i].begin

    def left(self) -> list[Word]:
        """The words nobody has taken."""
        return [word for word in self.words if not word.taken]

    def taken_spans(self) -> tuple[tuple[int, int], ...]:
        """The characters of the words already taken."""
        return tuple((word.begin, word.end) for word in self.words if word.taken)


def phrase(words: Sequence[Word]) -> str:
    """Words as written, for saying back; nothing in it can be read as a marker."""
    return " ".join(word.raw for word in words)
