"""Days counted from another: "in two weeks", "a week from Tuesday", "within the next 10 days"."""

from __future__ import annotations

from datetime import date
from typing import Literal

from assistant.models.offline.dates import almanac
from assistant.models.offline.dates.day_grammar import day_at
from assistant.models.offline.dates.days import Days
from assistant.models.offline.dates.named_day import NamedDay, find_day
from assistant.models.offline.dates.names import weekday_at
from assistant.models.offline.dates.numbers import Hit, count
from assistant.models.offline.dates.tokens import Line, by_first
from assistant.models.offline.dates.words import UNITS

Unit = Literal["day", "workday", "week", "month", "year"]
Amount = tuple[int, Unit]


def amount_at(line: Line, i: int) -> Hit[Amount] | None:
    """ "2 weeks", "ten business days", "a fortnight", "a month": whole units of a day or more."""
    number = count(line, i)
    if number is None or line.labelled(i):
        return None
    amount = _units(line, number.end, number.value)
    return None if amount is None or _compound(line, i, amount.end) else amount


def _compound(line: Line, begin: int, end: int) -> bool:
    """ "2 years 21 days", "1 day and 5 hours": more than one amount, which this grammar doesn't add up."""
    before = begin - 1 - (line.low(begin - 1) in {"and", ","})
    more = count(line, end + (line.low(end) == "and"))
    return line.low(before) in UNITS or (more is not None and line.low(more.end) in UNITS)


_WORKING = frozenset({"business", "working", "clinic", "work", "week", "operating", "or"})


def _units(line: Line, i: int, number: int) -> Hit[Amount] | None:
    i += line.low(i) in {"more", "-"}
    if line.low(i) in _WORKING and line.low(i + 1) in {"day", "days"}:
        return Hit((number, "workday"), i + 2)
    if line.low(i) in {"weekday", "weekdays", "workdays"}:
        return Hit((number, "workday"), i + 1)
    unit = UNITS.get(line.low(i))
    if unit == "fortnight":
        return Hit((2 * number, "week"), i + 1)
    if unit == "day" and line.low(i) != "d":
        return Hit((number, "day"), i + 1)
    if unit == "week":
        return Hit((number, "week"), i + 1)
    if unit == "month":
        return Hit((number, "month"), i + 1)
    return Hit((number, "year"), i + 1) if unit == "year" and line.low(i).startswith("year") else None


def shift(day: date, amount: Amount, line: Line) -> date:
    """The date `amount` later."""
    number, unit = amount
    if unit == "workday":
        return almanac.working_days(day, min(number, 400), line.settings.weekend)
    if unit in {"month", "year"}:
        return almanac.add_months(day, number * (12 if unit == "year" else 1))
    return almanac.add_days(day, number * (7 if unit == "week" else 1))


def counted_day(line: Line, i: int) -> Hit[NamedDay] | None:
    """A day counted from today or from another day: "in 2 weeks", "3 weeks from tmrw", "Tuesday week"."""
    return _in_amount(line, i) or _from_day(line, i) or _weekday_week(line, i)


def _in_amount(line: Line, i: int) -> Hit[NamedDay] | None:
    lead = next((n for words, n in _IN if line.says(i, *words)), None) if line.low(i) == "in" else None
    amount = None if lead is None else amount_at(line, i + lead)
    if amount is None or line.low(amount.end) in {"from", "after", "before"}:
        return None
    end = (
        amount.end + (line.says(amount.end, "'s", "time") and 2) + (line.low(amount.end) in {"time", "hence"})
    )
    return Hit(_counted(line, line.now.date(), amount.value), end)


_IN = (
    (("in", "about"), 2), (("in", "around"), 2), (("in", "roughly"), 2), (("in", "approximately"), 2), (("in",), 1),
)  # fmt: skip


def _counted(line: Line, start: date, amount: Amount) -> NamedDay:
    return NamedDay(fixed=shift(start, amount, line), about=_about(amount[1]))


def _about(unit: Unit) -> Literal["week", "month", ""]:
    """How exact a counted day is when a weekday is said with it."""
    return "week" if unit == "week" else "month" if unit in {"month", "year"} else ""


def _week_on(line: Line, i: int, end: int) -> bool:
    """ "a week on Monday" counts from that Monday, where "once a week on Monday" would not."""
    told = line.low(i) == "a" and line.low(i + 1) in {"week", "fortnight"} and line.low(i - 1) not in _OFTEN
    return told and line.low(end) == "on" and weekday_at(line, end + 1) is not None


_OFTEN = frozenset({"once", "twice", "thrice", "times", "time", "day", "days"})


def _from_day(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "a week from Tuesday", "3 days after January 12th", "two weeks out", "10 days from now"."""
    bare_unit = _units(line, i, 1) if line.low(i) in {"week", "month"} or _the_day(line, i) else None
    amount = amount_at(line, i) or bare_unit
    if amount is None:
        return None
    word = line.low(amount.end)
    if bare_unit is not None and line.low(i) == "week" and word in {"after", "following", "before"}:
        return None  # a calendar week, read as a period
    if word in {"out", "later", "ahead", "away", "hence"} and bare_unit is None:
        return Hit(_counted(line, line.now.date(), amount.value), amount.end + 1)
    if word == "ago" and bare_unit is None:
        number, unit = amount.value
        return Hit(NamedDay(fixed=shift(line.now.date(), (-number, unit), line)), amount.end + 1)
    back = word == "before"
    if word not in {"from", "after", "past", "following", "before"} and not _week_on(line, i, amount.end):
        return None
    start = _start_day(line, amount.end + 1)
    if start is None:
        return None
    number, unit = amount.value
    signed = -number if back else number
    return Hit(NamedDay(fixed=shift(start.value, (signed, unit), line), about=_about(unit)), start.end)


def _the_day(line: Line, i: int) -> bool:
    """ "the day after Labor Day" is one day; "any day after" and "the first day after" are bounds."""
    alone = line.low(i - 1) in {"the", "on", "", ",", "for"}
    return line.low(i) == "day" and line.low(i + 1) in {"after", "before", "following"} and alone


def _start_day(line: Line, i: int) -> Hit[date] | None:
    if line.low(i) == "now":
        return Hit(line.now.date(), i + 1)
    day = day_at(line, i)
    found = find_day(day.value, line.now.date()) if day else None
    return Hit(found.day, day.end) if day and found and found.day and not found.problems else None


def _weekday_week(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "Tuesday week": the coming Tuesday plus seven; "Tuesday fortnight": plus fourteen."""
    weekday = weekday_at(line, i)
    a = 1 if weekday is not None and line.low(weekday.end) == "a" else 0  # "Monday a week"
    weeks = {"week": 1, "fortnight": 2}.get(line.low(weekday.end + a)) if weekday else None
    if weekday is None or weekday.value[1] or weeks is None:
        return None
    if line.low(weekday.end + a + 1) not in {"", ",", ".", "at", "if", "?", "!"}:
        return None
    soonest = find_day(NamedDay(weekday=weekday.value[0]), line.now.date()).day
    return Hit(NamedDay(fixed=almanac.add_days(soonest, 7 * weeks)), weekday.end + a + 1) if soonest else None


WITHIN = (
    ("within", "the", "next"), ("within", "the"), ("within", "next"), ("within",), ("in", "the", "next"),
    ("over", "the", "next"), ("during", "the", "next"), ("for", "the", "next"), ("the", "next"), ("next",),
    ("in", "the", "coming"), ("over", "the", "coming"), ("the", "coming"), ("coming",), ("in", "next"),
    ("less", "than"), ("in", "under"), ("in", "less", "than"), ("the", "following"), ("in", "the", "following"),
    ("any", "time", "in", "the", "next"), ("anytime", "in", "the", "next"), ("sometime", "in", "the", "next"),
)  # fmt: skip
_WITHIN = by_first(WITHIN)
_NEEDS_PLURAL = frozenset({"next", "coming", "following", "the"})


def within(line: Line, i: int) -> Hit[Days] | None:
    """Tomorrow and on: "within two weeks", "the next 10 days", "3 next weeks", "less than 2 weeks from today"."""
    for words in _WITHIN.get(line.low(i), ()):
        if line.says(i, *words):
            amount = amount_at(line, i + len(words)) or _one_unit(line, i + len(words), words)
            if amount is not None and not (words[-1] in _NEEDS_PLURAL and amount.value[0] < 1):
                return _window(line, amount, strict="than" in words or "under" in words)
    number = count(line, i + (line.low(i) == "the"))
    if number is not None and line.low(number.end) in {"next", "coming"}:
        amount = _units(line, number.end + 1, number.value)
        return _window(line, amount) if amount else None
    return _starting(line, i)


def _one_unit(line: Line, i: int, words: tuple[str, ...]) -> Hit[Amount] | None:
    """ "within the week", "over the next month" and "next fortnight" count one; "next week" is a calendar week."""
    rolling = (
        UNITS.get(line.low(i)) == "fortnight"
        or words[0] == "within"
        or (len(words) == 3 and words[0] in {"in", "over", "during"})
    )
    return _units(line, i, 1) if rolling else None


def _window(line: Line, amount: Hit[Amount], strict: bool = False) -> Hit[Days]:
    today = line.now.date()
    end, start, first = amount.end, today, almanac.add_days(today, 1)
    if line.low(end) in {"from", "of", "after"}:
        given = _start_day(line, end + 1)
        if given is not None:
            end, start = given.end, given.value
            first = start
    return Hit(Days(first, almanac.add_days(shift(start, amount.value, line), -strict)), end)


def _starting(line: Line, i: int) -> Hit[Days] | None:
    """ "a week starting tomorrow": that many days from the one named."""
    amount = amount_at(line, i)
    if amount is None or line.low(amount.end) not in {"starting", "beginning"}:
        return None
    given = _start_day(line, amount.end + 1 + (line.low(amount.end + 1) in {"on", "from"}))
    if given is None:
        return None
    return Hit(Days(given.value, almanac.add_days(shift(given.value, amount.value, line), -1)), given.end)
