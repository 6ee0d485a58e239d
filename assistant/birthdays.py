"""A birth date as people write it -> ISO 8601, in the clinic's order of day and month."""

from __future__ import annotations

import datetime as dt
import re

from assistant.facts import MONTHS

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {
    **{word: place for place, word in enumerate(_ONES, 1)},
    **{word: place for place, word in enumerate(_ORDINALS, 1)},
    **{word: 10 * place for place, word in enumerate(_TENS, 2)},
    "thirtieth": 30, "nineteen": 19,
}  # fmt: skip


def iso(text: str, day_first: bool, this_year: int) -> str:
    """The date as ISO 8601; the text itself where it is no whole date. Two digits are the last such year."""
    words = re.findall(r"\d+|[a-z]+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.casefold()))
    month = next((_month(word) for word in words if _month(word)), 0)
    numbers = _joined([word for word in words if not _month(word)])
    if len(numbers) != (2 if month else 3):
        return text
    year, month, day = _ordered(numbers, month, day_first)
    if year < 100:
        year += 2000 if year <= this_year % 100 else 1900
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return text


def _month(word: str) -> int:
    names = [name.casefold() for name in MONTHS]
    fits = len(word) >= 3 and [place for place, name in enumerate(names, 1) if name.startswith(word[:4])]
    return fits[0] if fits else 0


def _joined(words: list[str]) -> list[int]:
    """The numbers that the words say, "nineteen sixty-one" as one."""
    made: list[int] = []
    before = ""
    for word in words:
        value = int(word) if word.isdecimal() else _NUMBERS.get(word, 0)
        if before == "nineteen" and not word.isdecimal():
            made[-1] = 1900 + value
        elif before in _TENS and 0 < value < 10 and not word.isdecimal():
            made[-1] += value
        elif value:
            made.append(value)
        before = word
    return made


def _ordered(numbers: list[int], month: int, day_first: bool) -> tuple[int, int, int]:
    """(year, month, day) of numbers in the order in which they stand."""
    year_first = numbers[0] > 31
    year = numbers[0] if year_first else numbers[-1]
    rest = numbers[1:] if year_first else numbers[:-1]
    if month:
        return year, month, rest[0]
    swapped = day_first and not year_first
    return (year, rest[1], rest[0]) if swapped else (year, rest[0], rest[1])
