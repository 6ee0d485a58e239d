"""Holidays that everybody knows by name, as dates of a year; a clinic's own ones are read before these."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from assistant.models.offline.dates import almanac
from assistant.models.offline.dates.numbers import Hit, year
from assistant.models.offline.dates.tokens import Line, by_first

Rule = Callable[[int], date]


def _fixed(month: int, day: int) -> Rule:
    return lambda of: date(of, month, day)


def _nth(n: int, weekday: int, month: int) -> Rule:
    return lambda of: almanac.nth_weekday(n, weekday, almanac.month_of(of, month)) or date(of, month, 1)


def _easter(days: int) -> Rule:
    return lambda of: almanac.add_days(easter_sunday(of), days)


def easter_sunday(of: int) -> date:
    """The Sunday after the first full moon of spring, by the Gregorian computus."""
    century, golden = of // 100, of % 19
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of % 100 // 4) - moon - of % 100 % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(of, month, day + 1)


_NAMED: dict[str, Rule] = {
    "christmas": _fixed(12, 25), "christmas day": _fixed(12, 25), "xmas": _fixed(12, 25), "boxing day": _fixed(12, 26),
    "christmas eve": _fixed(12, 24), "xmas eve": _fixed(12, 24), "new years": _fixed(1, 1),
    "new year day": _fixed(1, 1), "new years day": _fixed(1, 1), "new year eve": _fixed(12, 31),
    "new years eve": _fixed(12, 31), "independence day": _fixed(7, 4), "juneteenth": _fixed(6, 19),
    "veterans day": _fixed(11, 11), "veteran day": _fixed(11, 11), "halloween": _fixed(10, 31),
    "valentine day": _fixed(2, 14), "valentines day": _fixed(2, 14), "st patrick day": _fixed(3, 17),
    "st patricks day": _fixed(3, 17), "thanksgiving": _nth(4, 3, 11), "thanksgiving day": _nth(4, 3, 11),
    "labor day": _nth(1, 0, 9), "labour day": _nth(1, 0, 9), "memorial day": _nth(-1, 0, 5), "mlk day": _nth(3, 0, 1),
    "martin luther king day": _nth(3, 0, 1), "presidents day": _nth(3, 0, 2), "president day": _nth(3, 0, 2),
    "columbus day": _nth(2, 0, 10), "mother day": _nth(2, 6, 5), "mothers day": _nth(2, 6, 5),
    "father day": _nth(3, 6, 6), "fathers day": _nth(3, 6, 6), "easter": _easter(0), "easter sunday": _easter(0),
    "easter monday": _easter(1), "good friday": _easter(-2),
}  # fmt: skip
_RULES = {tuple(name.split()): rule for name, rule in _NAMED.items()}
PHRASES = tuple(sorted(_RULES, key=len, reverse=True))
_BY_FIRST = by_first(PHRASES)


def holiday_at(line: Line, i: int) -> Hit[date] | None:
    """The next holiday of the name at i, or that of the year behind it."""
    words = next((each for each in _BY_FIRST.get(line.low(i), ()) if line.says(i, *each)), None)
    if words is None or line.after_title(i):
        return None
    rule, end, today = _RULES[words], i + len(words), line.now.date()
    said = year(line, end + (line.low(end) == ","))
    if said is not None and almanac.FIRST_YEAR <= said.value <= almanac.LAST_YEAR:
        return Hit(rule(said.value), said.end)
    coming = rule(today.year)
    return Hit(coming if coming >= today else rule(today.year + 1), end)
