"""Calendar arithmetic: weeks, thirds of months, n-th weekdays. Dates in, dates out; no words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

DAY = timedelta(days=1)
Span = tuple[date, date]
FIRST_YEAR, LAST_YEAR = 1900, 2200


def make(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day (February 30) or the year is out of all reason."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def add_days(day: date, days: int) -> date:
    """The date `days` later (earlier if negative), kept inside the years that this calendar covers."""
    ordinal = day.toordinal() + days
    lowest, highest = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
    return date.fromordinal(max(lowest, min(highest, ordinal)))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day when it is shorter."""
    index = max(FIRST_YEAR * 12, min(LAST_YEAR * 12 + 11, day.year * 12 + day.month - 1 + months))
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def week_of(day: date) -> Span:
    """Monday to Sunday of the day's week."""
    monday = add_days(day, -day.weekday())
    return monday, add_days(monday, 6)


def weekend_of(day: date) -> Span:
    """Saturday and Sunday of the day's week."""
    monday = week_of(day)[0]
    return add_days(monday, 5), add_days(monday, 6)


def month_of(year: int, month: int) -> Span:
    """First to last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def coming(weekday: int, start: date) -> date:
    """The soonest such weekday on or after `start`."""
    return add_days(start, (weekday - start.weekday()) % 7)


def week_in_month(nth: int, year: int, month: int) -> Span:
    """The n-th week (-1: last) that has most of its days, so its Thursday, in the month."""
    first, last = month_of(year, month)
    thursday = coming(3, first) if nth > 0 else add_days(coming(3, add_days(last, -6)), 0)
    return week_of(add_days(thursday, 7 * (nth - 1) if nth > 0 else 0))


def nth_weekday(nth: int, weekday: int, span: Span) -> date | None:
    """The n-th such weekday (-1: last) inside the span, or None when there are not so many."""
    if nth < 0:
        return coming(weekday, add_days(span[1], -6))
    found = add_days(coming(weekday, span[0]), 7 * (nth - 1))
    return found if found <= span[1] else None


_PARTS_OF_WEEK = {"early": (0, 2), "mid": (1, 3), "end": (4, 6)}


def part_of(span: Span, part: str) -> Span:
    """Early, mid or end of a span: thirds of a month (ten days, the rest last); of a week Mon-Wed, Tue-Thu, Fri-Sun."""
    first, last = span
    days = (last - first).days + 1
    if days == 7 and part in _PARTS_OF_WEEK:
        begin, stop = _PARTS_OF_WEEK[part]
        return add_days(first, begin), add_days(first, stop)
    if part in {"first half", "second half"}:
        middle = add_days(first, 14 if 27 < days < 32 else days // 2 - 1)
        return (first, middle) if part == "first half" else (add_days(middle, 1), last)
    third = 10 if days <= 31 else days // 3
    bounds = {"early": (0, third - 1), "mid": (third, 2 * third - 1), "end": (2 * third, days - 1)}
    begin, stop = bounds[part]
    return add_days(first, begin), add_days(first, stop)


def working_days(start: date, count: int, weekend: frozenset[int]) -> date:
    """The last of `count` clinic days counted from the day after `start`."""
    day = start
    while count > 0 and len(weekend) < 7:
        day = add_days(day, 1)
        count -= day.weekday() not in weekend
    return day


def each_day(span: Span) -> Iterator[date]:
    """Every day of the span, both ends included."""
    for offset in range((span[1] - span[0]).days + 1):
        yield add_days(span[0], offset)
