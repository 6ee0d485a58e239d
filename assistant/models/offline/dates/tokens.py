"""Text into tokens with their characters: words, numbers, clock times and numeric dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from assistant.models.offline.dates.reading import TimeSettings
from assistant.models.offline.dates.words import LABELS, MONTHS, TITLES, normal

_SHAPES = re.compile(
    r"""(?P<iso>\d{4}(?:-\d{1,2}-|/\d{1,2}/)\d{1,2})(?!\d)
      | (?P<slash>\d{1,2}\ ?/\ ?\d{1,2}(?:\ ?/\ ?(?:\d{4}|\d{2}))?)(?![\d/])
      | (?P<dashed>\d{1,2}-\d{1,2}-(?:\d{4}|\d{2}))(?![\d-])
      | (?P<clock>(?:\d{1,2}(?:[:h]|\.(?=\d\d\s?[ap]\.?m))
          |(?:(?<=at\ )|(?<=@)|(?<=@\ )|(?<=(?:day|row|mrw|mon|tue|ues|wed|thu|hur|urs|fri)\ ))\d{1,2}\.
          (?=[0-5]\d(?!\.?\d)(?!\ ?(?:h|kg|cm|mm|m\b|%))))\d{2}(?::\d\d)?)(?![\d:])
      | (?P<hour>\d{1,2}h)\b
      | (?P<ordinal>\d{1,2}(?:st|nd|rd|th))\b
      | (?P<quarter>q[1-4])\b
      | (?P<number>\d+)
      | (?P<meridiem>[ap]\.?\ ?m\b\.?|(?<=\d)[ap]\b\.?)
      | (?P<word>w/c\b|w/o\b|b/w\b|[^\W\d_]+(?:['\u2019][^\W\d_]+)*)
      | (?P<punct>\S)""",
    re.VERBOSE | re.IGNORECASE,
)


# After these even a small letter begins a name; after "patient" or "surgeon" it needn't.
_NAME_FOLLOWS = frozenset({"dr", "drs", "doctor", "mr", "mrs", "prof"})


@dataclass(frozen=True)
class Token:
    """One token: its shape, its text, its normal lower-case form, and the characters [begin, end)."""

    kind: str
    text: str
    low: str
    begin: int
    end: int
    value: int = -1

    @property
    def capital(self) -> bool:
        """Whether it starts with a capital letter, as names do."""
        return self.text[:1].isupper()


def by_first(phrases: Iterable[tuple[str, ...]]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Phrases by the word that they begin with, in their order: most words begin none."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in phrases:
        found.setdefault(words[0], []).append(words)
    return {first: tuple(listed) for first, listed in found.items()}


END = Token("end", "", "", -1, -1)


@dataclass(frozen=True)
class Line:
    """A tokenised text with what its words are read against: the clock and the clinic's settings."""

    tokens: tuple[Token, ...]
    now: datetime
    settings: TimeSettings
    edges: dict[int, object] = field(default_factory=dict, compare=False)

    def at(self, i: int) -> Token:
        """The token at i, or the END token outside the text."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else END

    def low(self, i: int) -> str:
        """The normal form of the word at i, or an empty string."""
        return self.at(i).low

    def says(self, i: int, *words: str) -> bool:
        """Whether the tokens from i on are these words, one by one."""
        # Asked hundreds of times a word: the first comparison decides nearly always.
        if i < 0 or i + len(words) > len(self.tokens) or self.tokens[i].low != words[0]:
            return False
        return all(self.tokens[i + k].low == word for k, word in enumerate(words))

    def after_title(self, i: int) -> bool:
        """Whether the word at i is somebody's name: "Dr. May", "Mrs Friday"."""
        j = i - 2 if self.low(i - 1) == "." else i - 1
        return self.low(j) in TITLES and (self.at(i).capital or self.low(j) in _NAME_FOLLOWS)

    def labelled(self, i: int) -> bool:
        """Whether the number at i belongs to a label: "OR 2", "ASA 3", "room #4"."""
        before = self.at(i - 1)
        if before.low in {"#", ":", "$", "=", "+"}:
            return before.low != ":" or self.low(i - 2) in LABELS
        if before.low == "or" and before.text != "OR":
            return False
        return before.low in LABELS and before.text != "at"


def read_line(
    text: str, now: datetime, settings: TimeSettings, taken: tuple[tuple[int, int], ...] = ()
) -> Line:
    """Tokenise `text`; characters in `taken` are already spoken for and become gaps that nothing crosses."""
    raw = [_token(match) for match in _SHAPES.finditer(text)]
    masked = [_masked(token, taken) for token in raw] if taken else raw
    return Line(tuple(_without_hyphens(_with_atoms(masked))), now, settings)


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or "punct"
    text = match.group()
    low = normal(text.lower()) if kind == "word" else text.lower()
    low = "-" if low in {"\u2013", "\u2014", "\u2212"} else low
    low = low[0] + "m" if kind == "meridiem" else low
    value = _leading_int(text) if kind in {"number", "ordinal"} else -1
    return Token(kind, text, low, match.start(), match.end(), value)


def _leading_int(text: str) -> int:
    digits = text.rstrip("stndrhSTNDRH")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else -1


def _masked(token: Token, taken: tuple[tuple[int, int], ...]) -> Token:
    inside = any(token.begin < end and token.end > begin for begin, end in taken)
    return replace(token, kind="atom", low="", value=-1) if inside else token


def _with_atoms(tokens: list[Token]) -> list[Token]:
    """Letters and digits written together ("L4-5", "45yo", "46.2", "$12") become atoms no rule reads."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        before = out[-1] if out and out[-1].end == token.begin else END
        after = tokens[i + 1] if i + 1 < len(tokens) and tokens[i + 1].begin == token.end else END
        two_back = out[-2] if len(out) > 1 and before is not END and out[-2].end == before.begin else END
        atom = _is_atom(token, before, after, two_back) or _begins_decimal(tokens, i)
        out.append(replace(token, kind="atom", low="", value=-1) if atom else token)
    return out


def _begins_decimal(tokens: list[Token], i: int) -> bool:
    """ "7.6", "46.2": a number, a point and digits without a gap."""
    three = tokens[i : i + 3]
    if len(three) < 3 or three[0].kind != "number" or three[1].low != "." or three[2].kind != "number":
        return False
    return three[0].end == three[1].begin and three[1].end == three[2].begin


_GLUED = frozenset({"ish", "week", "weeks", "days"})
"""What may be written onto a number and still be read: "9ish", "2wks", "10days"."""


def _is_atom(token: Token, before: Token, after: Token, two_back: Token) -> bool:
    numeric = token.kind in {"number", "ordinal", "clock", "slash", "hour", "dashed"}
    if token.kind == "word":
        after_number = before.kind in {"number", "atom"} and before.text[-1:].isalnum()
        return after_number and token.low not in MONTHS and token.low not in _GLUED
    if not numeric:
        return False
    if before.kind in {"word", "atom"} and before.text[-1:].isalpha() and before.low not in MONTHS:
        return True
    if after.kind == "word" and after.low not in MONTHS and after.low not in _GLUED:
        return True
    if after.low == "%" or (before.low in {"$", "#", "+", "£", "€", "."} and before is not END):
        return before.low != "." or two_back.kind in {"number", "atom"}
    return before.low in {"-", ":", "/"} and two_back.kind == "atom"


def _without_hyphens(tokens: list[Token]) -> list[Token]:
    """Drop hyphens inside words ("mid-March", "twenty-first"); those around numbers stay: they are ranges."""
    kept: list[Token] = []
    for i, token in enumerate(tokens):
        inside = 0 < i < len(tokens) - 1 and token.low == "-"
        glued = inside and tokens[i - 1].end == token.begin and tokens[i + 1].begin == token.end
        words = glued and tokens[i - 1].kind == "word" and tokens[i + 1].kind == "word"
        if words and tokens[i - 1].low[:3] + tokens[i + 1].low[:3] not in _RANGES_OF_DAYS:
            continue
        kept.append(token)
    return kept


_SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", *(name for name in MONTHS if len(name) == 3))
_RANGES_OF_DAYS = frozenset(a + b for a in _SHORT for b in _SHORT)
