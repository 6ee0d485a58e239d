"""What the values of a parameter look like, so that a clinic file with another kind is told so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solver.clinic import DAYS

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


@dataclass(frozen=True)
class Shape:
    """A kind of value, in words and as a test."""

    said: str
    fits: Callable[[Any], bool]


def wall(clock: str) -> int:
    """ "07:30" as minutes after midnight."""
    return int(clock[:2]) * 60 + int(clock[3:])


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _clock(value: Any) -> bool:
    return isinstance(value, str) and _CLOCK.fullmatch(value) is not None


def _clocks(value: Any) -> bool:
    return isinstance(value, dict) and all(day in DAYS and _clock(clock) for day, clock in value.items())


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(_text(each) for each in value)


def _table(value: Any) -> bool:
    return isinstance(value, dict) and all(_text(key) and _text(each) for key, each in value.items())


def _counts(value: Any) -> bool:
    return isinstance(value, dict) and all(_text(key) and _count(each) for key, each in value.items())


NUMBER = Shape("a number, 0 or more", _number)
COUNT = Shape("a whole number, 0 or more", _count)
CLOCK = Shape('a time of day "HH:MM"', _clock)
CLOCKS = Shape('a time of day a weekday, such as {wed: "08:30"}', _clocks)
ID = Shape("an id", _text)
IDS = Shape("a list of ids", _texts)
ID_BY_ID = Shape("a table of ids by id, such as {regional: regional}", _table)
COUNT_BY_ID = Shape("a table of whole numbers by id, such as {ortho: 14}", _counts)
