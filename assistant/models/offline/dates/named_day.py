"""A day as it was named ("Tue 3/10", "the 14th", "next Friday") and which date that is, or what to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.models.offline.dates import almanac
from assistant.models.offline.dates.reading import Problem
from assistant.models.offline.dates.say import full_date, ordinal
from assistant.models.offline.dates.words import MONTH_NAMES, WEEKDAY_NAMES

# A date that went by so few days ago is more likely a slip than next year's: ask.
JUST_PAST_DAYS = 14


@dataclass(frozen=True)
class NamedDay:
    """The parts of a day that were said.

    `fixed` is a date already worked out ("in two weeks"), `about` how exact it is when a
    weekday is said with it ("in two weeks, on Friday"); `nth` counts weekdays in a month.
    """

    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    which: Literal["this", "next"] | None = None
    fixed: date | None = None
    nth: int | None = None
    about: Literal["week", "month", ""] = ""


@dataclass(frozen=True)
class Found:
    """The date of a named day, other future readings of it, and what must be asked first."""

    day: date | None
    alternatives: tuple[date, ...] = ()
    problems: tuple[Problem, ...] = ()


def find_day(named: NamedDay, today: date, not_before: date | None = None) -> Found:
    """The date that `named` means, said today; `not_before` is the start when it ends a range."""
    if named.fixed is not None:
        return _with_weekday(named, named.fixed, today)
    if named.nth is not None:
        return _nth_weekday(
            named, named.nth, named.weekday or 0, not_before or almanac.add_days(today, 1), today
        )
    if named.day is None:
        return _by_weekday(named, today, not_before)
    if named.month is None:
        return _by_day_of_month(named, named.day, not_before or today, today)
    return _by_month_and_day(named, named.month, named.day, not_before or today, today)


def _by_weekday(named: NamedDay, today: date, not_before: date | None) -> Found:
    weekday = named.weekday or 0
    soonest = almanac.coming(weekday, almanac.add_days(today, 1))
    if named.which == "next":
        chosen = almanac.coming(weekday, almanac.add_days(almanac.week_of(today)[1], 1))
        return _next_or_soonest(chosen, soonest, today)
    if not_before is not None:
        return Found(almanac.coming(weekday, not_before))
    return Found(soonest)


def _nth_weekday(named: NamedDay, nth: int, weekday: int, start: date, today: date) -> Found:
    """The n-th weekday of the month said, else of the coming months; "first Tuesday" alone is the soonest."""
    if named.month is not None:
        day = almanac.nth_weekday(nth, weekday, almanac.month_of(named.year or start.year, named.month))
        if day is None:
            return Found(
                None, (), (Problem("no-such-date", f"That month has no {ordinal(nth)} such weekday."),)
            )
        return _with_weekday(NamedDay(), day, today)
    if nth == 1 and start.day > 1:
        return Found(almanac.coming(weekday, start))
    months = (almanac.add_months(start.replace(day=1), offset) for offset in range(12))
    days = (almanac.nth_weekday(nth, weekday, almanac.month_of(m.year, m.month)) for m in months)
    return Found(next(day for day in days if day is not None and day >= start))


def _next_or_soonest(chosen: date, soonest: date, today: date) -> Found:
    if chosen == soonest:
        return Found(chosen)
    problems: tuple[Problem, ...] = ()
    if (soonest - today).days == 1:
        name = WEEKDAY_NAMES[chosen.weekday()].capitalize()
        text = f"Is next {name} tomorrow, {full_date(soonest)}, or {full_date(chosen)}?"
        problems = (Problem("ambiguous", text, (soonest, chosen)),)
    return Found(chosen, (soonest,), problems)


def _by_day_of_month(named: NamedDay, day: int, start: date, today: date) -> Found:
    found = next(_days_numbered(day, start, 24), None)
    if found is None:
        return Found(None, (), (Problem("no-such-date", f"No month has a {ordinal(day)} day."),))
    return _with_weekday(named, found, today)


def _days_numbered(day: int, start: date, months: int) -> Iterator[date]:
    for offset in range(months):
        month = almanac.add_months(start.replace(day=1), offset)
        found = almanac.make(month.year, month.month, day)
        if found is not None and found >= start:
            yield found


def _by_month_and_day(named: NamedDay, month: int, day: int, start: date, today: date) -> Found:
    found = almanac.make(named.year or start.year, month, day)
    if found is None:
        return _no_such_date(named, month, day, start)
    if named.year is None and found < start:
        past, later = found, almanac.make(start.year + 1, month, day)
        slip = past <= today and (today - past).days <= JUST_PAST_DAYS
        if slip or later is None:
            return Found(later, (), (_past(past, (later,) if later else ()),))
        found = later
    return _with_weekday(named, found, today)


def _no_such_date(named: NamedDay, month: int, day: int, start: date) -> Found:
    year = named.year or start.year + ((start.month, start.day) > (month, day))
    name = MONTH_NAMES[month - 1].capitalize()
    if not almanac.FIRST_YEAR <= year <= almanac.LAST_YEAR:
        return Found(None, (), (Problem("no-such-date", f"The year {year} cannot be meant. Which year?"),))
    last = almanac.month_of(year, month)[1]
    near = tuple(d for d in (last, almanac.add_days(last, 1)) if d >= start)
    text = (
        f"{name} {day}, {year} does not exist. Maybe {' or '.join(map(full_date, near)) or 'another date'}?"
    )
    return Found(None, (), (Problem("no-such-date", text, near),))


def _past(day: date, offers: tuple[date, ...]) -> Problem:
    hint = f" Maybe {full_date(offers[0])}?" if offers else " Which date is meant?"
    return Problem("past", f"{full_date(day)} is past.{hint}", offers)


def _with_weekday(named: NamedDay, found: date, today: date) -> Found:
    """Check the date against the weekday said with it, and against today."""
    if named.weekday is not None and found.weekday() != named.weekday:
        if named.about:
            start = almanac.week_of(found)[0] if named.about == "week" else found
            return Found(almanac.coming(named.weekday, start))
        return _mismatch(named, named.weekday, found, today)
    if found < today:
        return Found(found, (), (_past(found, ()),))
    return Found(found)


def _mismatch(named: NamedDay, weekday: int, found: date, today: date) -> Found:
    said = WEEKDAY_NAMES[weekday].capitalize()
    nearest = almanac.coming(weekday, max(almanac.add_days(found, -3), almanac.add_days(today, 1)))
    same_number = (d for d in _days_numbered(found.day, found, 12) if d.weekday() == weekday)
    offers = [found, nearest] if found >= today else [nearest]
    if named.month is None:
        offers += [d for d in [next(same_number, None)] if d is not None]
    text = f"{full_date(found)} is not a {said}. Which is meant: {', '.join(map(full_date, offers))}?"
    return Found(None, (), (Problem("mismatch", text, tuple(offers)),))
