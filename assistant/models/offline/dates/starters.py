"""Which tokens can begin a time phrase: the rest of a text is passed over without trying any rule."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.models.offline.dates import (
    clock,
    day_grammar,
    holidays,
    hours,
    numbers,
    periods,
    relative,
    windows,
    words,
)
from assistant.models.offline.dates.tokens import Token

_TABLES: tuple[Iterable[tuple[str, ...]], ...] = (
    clock.FROM, clock.UNTIL, clock.AT, clock.AROUND, (phrase for phrase, _ in clock.WHOLE),
    (phrase for phrase, _ in hours.NAMED), (phrase for phrase, _ in windows.BOUNDS), windows.SOONEST, windows.ANY,
    (phrase for phrase, _ in day_grammar.ANCHORS), day_grammar.GONE, day_grammar.THIS, day_grammar.NEXT,
    holidays.PHRASES, relative.WITHIN, (phrase for phrase, _ in numbers.VAGUE),
)  # fmt: skip
_WORDS: tuple[Iterable[str], ...] = (
    clock.PARTS, clock.FINISHING, periods.PARTS, windows.SOMETIME, windows.EVERY, words.WEEKDAYS, words.MONTHS,
    words.CARDINALS, words.ORDINALS, words.UNITS, words.TODAY, words.TOMORROW, words.YESTERDAY,
)  # fmt: skip
_OTHERS = words.word_set(
    "the all whole entire this current last previous final that tonight now eom eow rest remainder "
    "balance latter w/c w/o weekend weekends weekday weekdays workday workdays between from b/w wheels "
    "half quarter midweek only not"
)
_MARKS = frozenset({"@", "~", "<", ">"})
STARTERS = frozenset(
    [phrase[0] for table in _TABLES for phrase in table]
    + [word for table in _WORDS for word in table]
    + [*_OTHERS]
)


def may_start(token: Token) -> bool:
    """Whether a time phrase can begin with this token."""
    if token.kind == "word":
        return token.low in STARTERS or words.weekday_of(token.low) is not None
    return token.low in _MARKS if token.kind == "punct" else token.kind != "atom"
