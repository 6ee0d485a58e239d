"""Numbers in a line of tokens: "two", "twenty one", "a couple of", "14th", "the thirty first"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.models.offline.dates.tokens import Line, by_first
from assistant.models.offline.dates.words import CARDINALS, ORDINALS, TENS

T = TypeVar("T")


@dataclass(frozen=True)
class Hit(Generic[T]):
    """What a rule read, and the index of the first token after it."""

    value: T
    end: int


def spelled(line: Line, i: int) -> Hit[int] | None:
    """A spelled number below a hundred: "seven", "twenty one"."""
    word = line.low(i)
    if word not in CARDINALS:
        return None
    ones = CARDINALS.get(line.low(i + 1), 0) if word in TENS else 0
    return Hit(CARDINALS[word] + ones, i + 2) if 0 < ones < 10 else Hit(CARDINALS[word], i + 1)


def count(line: Line, i: int) -> Hit[int] | None:
    """How many: "2", "two", "a", "a couple of", "few"."""
    token = line.at(i)
    if token.kind == "number" and 0 <= token.value <= 400:
        return Hit(token.value, i + 1)
    for words in _VAGUE.get(token.low, ()):
        if line.says(i, *words):
            return Hit(_HOW_MANY[words], i + len(words))
    return spelled(line, i)


VAGUE = (
    (("a", "couple", "of"), 2), (("a", "couple"), 2), (("couple", "of"), 2), (("couple",), 2), (("a", "few"), 3),
    (("few",), 3), (("several",), 3), (("a",), 1), (("an",), 1), (("one",), 1),
)  # fmt: skip


_HOW_MANY = dict(VAGUE)
_VAGUE = by_first(_HOW_MANY)


def ordinal(line: Line, i: int) -> Hit[int] | None:
    """An ordinal: "14th", "fourteenth", "twenty first"."""
    token = line.at(i)
    if token.kind == "ordinal":
        return Hit(token.value, i + 1)
    if token.low in ORDINALS:
        return Hit(ORDINALS[token.low], i + 1)
    ones = ORDINALS.get(line.low(i + 1), 0)
    if token.low in TENS and 0 < ones < 10:
        return Hit(TENS[token.low] + ones, i + 2)
    return None


def month_day(line: Line, i: int) -> Hit[int] | None:
    """A day of the month beside a month's name: "14", "14th", "the 14th", "twenty first", "fourteen"."""
    i += line.low(i) == "the"
    token = line.at(i)
    if token.kind == "number":
        return Hit(token.value, i + 1) if 1 <= token.value <= 39 and len(token.text) <= 2 else None
    return ordinal(line, i) or spelled(line, i)


def year(line: Line, i: int) -> Hit[int] | None:
    """A year: "2026", "of 2026", ", 2026", "'26", "two thousand and twenty six"."""
    start = i
    i += line.low(i) in {",", "of", "in"}
    token = line.at(i)
    if token.kind == "number" and len(token.text) == 4 and 1990 <= token.value <= 2199:
        return Hit(token.value, i + 1)
    if (
        start == i
        and token.low in {"'", "\u2019"}
        and line.at(i + 1).kind == "number"
        and line.at(i + 1).value < 100
    ):
        return Hit(2000 + line.at(i + 1).value, i + 2)
    if line.says(i, "two", "thousand"):
        i += 2 + (line.low(i + 2) == "and")
        rest = spelled(line, i)
        return Hit(2000 + rest.value, rest.end) if rest else Hit(2000, i)
    return None
