"""Weekday and month names in a line, told apart from people ("Dr. May"), verbs and other words."""

from __future__ import annotations

from assistant.models.offline.dates import numbers
from assistant.models.offline.dates.numbers import Hit
from assistant.models.offline.dates.tokens import Line
from assistant.models.offline.dates.words import (
    DOUBTFUL_MONTHS,
    DOUBTFUL_WEEKDAYS,
    MONTHS,
    NAME_MONTHS,
    TITLES,
    weekday_of,
    word_set,
)

_PRONOUNS = word_set("he she it they we i you who pt patient pts which that and")
_MONTH_CUES = word_set(
    "in by during until of next this from before after since early mid late coming to through - end every "
    "last sometime beginning middle following"
)
_AFTER_WEEKDAY = word_set(
    ", - . ; ! ? ) / or and but at am pm morning afternoon evening night the if in on after before "
    "between from to until by only please this next of noon for with mornings afternoons week except not "
    "ideally preferably around first early late through thru"
)
_AFTER_MONTH = _AFTER_WEEKDAY | {"is", "would", "works", "at", "sometime", "through", "with", "maybe"}
_BEFORE_WEEKDAY = word_set(
    "on this next by before after until from coming through every any each or and , - / except not of for "
    "since between to ; a no but ( : either"
)


def weekday_at(line: Line, i: int) -> Hit[tuple[int, bool]] | None:
    """A weekday, and whether it is plural ("Tuesdays"); "sat", "sun", "mon" only beside words of time."""
    token = line.at(i)
    found = weekday_of(token.low) if token.kind == "word" else None
    if found is None or line.after_title(i) or (token.low in DOUBTFUL_WEEKDAYS and not _is_day(line, i)):
        return None
    dot = line.low(i + 1) == "." and len(token.low) <= 5 and line.at(i + 1).begin == token.end
    more = line.at(i + 2)
    abbreviation = dot and (more.kind == "end" or not more.capital or more.low in MONTHS)
    return Hit(found, i + 1 + abbreviation)


def _is_day(line: Line, i: int) -> bool:
    """Whether a doubtful short weekday stands where a day does."""
    after = line.at(i + 1)
    if line.low(i - 1) in _PRONOUNS - {"and"}:
        return False
    compact = len(after.text) in {3, 4} and after.value % 100 < 60 and not 2000 <= after.value < 2100
    if (after.kind == "number" and after.value > 31 and not compact) or line.at(i - 1).kind == "atom":
        return False
    beside = after.kind in {"end", "number", "ordinal", "clock", "slash", "iso", "hour", "dashed"}
    after_time = after.low in _AFTER_WEEKDAY or after.low in MONTHS or weekday_of(after.low) is not None
    return beside or after_time or line.low(i - 1) in _BEFORE_WEEKDAY or (i == 0 and line.at(0).capital)


def month_with_day(line: Line, i: int) -> Hit[int] | None:
    """A month's name beside a day number; the dot of an abbreviation is taken along."""
    token = line.at(i)
    if token.kind != "word" or token.low not in MONTHS or line.after_title(i):
        return None
    dot = line.low(i + 1) == "." and line.at(i + 1).begin == token.end
    return Hit(MONTHS[token.low], i + 1 + dot)


def month_alone(line: Line, i: int) -> Hit[int] | None:
    """A month without a day ("in May", "March 2027"), where neither a name nor a verb can be meant."""
    hit = month_with_day(line, i)
    if hit is None:
        return None
    token, before, after = line.at(i), line.low(i - 1), line.at(hit.end)
    if before in {"this", "that"} and token.low in {"may", "march"} and not token.capital:
        return None
    cued = before in _MONTH_CUES or (before == "the" and line.low(i - 2) in _MONTH_CUES)
    if token.low in NAME_MONTHS and after.capital and after.low not in TITLES and after.kind == "word":
        return hit if before in {"in", "during", "of", "next", "early", "late", "mid"} else None
    if numbers.year(line, hit.end) is not None or cued:
        return hit
    if token.low in NAME_MONTHS and after.kind == "word" and after.low not in _AFTER_MONTH | TITLES:
        return None
    alone = before in {"", ",", ";", "("} and after.low in {
        "",
        ",",
        ".",
        ";",
        "!",
        "?",
        ")",
        "or",
        "and",
        "but",
    }
    return (
        hit if token.low not in DOUBTFUL_MONTHS or (alone and (token.low != "may" or token.capital)) else None
    )
