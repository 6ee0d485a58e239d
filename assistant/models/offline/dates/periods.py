"""Calendar spans as said: "next week", "week of the 16th", "mid-March", "end of month", "the weekend"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.models.offline.dates import almanac, numbers
from assistant.models.offline.dates.almanac import Span
from assistant.models.offline.dates.day_grammar import day_at
from assistant.models.offline.dates.holidays import holiday_at
from assistant.models.offline.dates.named_day import NamedDay, find_day
from assistant.models.offline.dates.names import month_alone, weekday_at
from assistant.models.offline.dates.numbers import Hit
from assistant.models.offline.dates.tokens import Line
from assistant.models.offline.dates.words import UNITS

_CURRENT = frozenset({"this", "current", "all", "whole", "entire"})
_COMING = frozenset({"next", "coming", "following"})
_GONE = frozenset({"last", "previous"})
_UNITS = {"week", "month", "year", "weekend", "quarter"}


def period_at(line: Line, i: int) -> Hit[Span] | None:
    """The calendar span named at i: a part of one, a week, a month, a weekend or a year."""
    rules = (_part, _short, _quarter, _nth_week, _week_of, _week_beside, _plain)
    return next((hit for rule in rules if (hit := rule(line, i)) is not None), None)


def _plain(line: Line, i: int) -> Hit[Span] | None:
    return _unit(line, i) or _month(line, i) or year_span(line, i)


def _unit(line: Line, i: int) -> Hit[Span] | None:
    """ "this week", "the coming month", "the week after next", "all week"."""
    the = line.low(i) in {"the", "all", "whole"} and line.low(i + 1) in {
        *_CURRENT,
        *_COMING,
        *_GONE,
        "the",
        "whole",
    }
    i += the
    i += line.says(i, "the") and line.low(i + 1) in {*_CURRENT, *_COMING}
    i += line.low(i) in {"this", "the"} and line.low(i + 1) in {"coming", "next", "current", "following"}
    word, unit = line.low(i), UNITS.get(_joined(line, i + 1))
    skipping = _after_next(line, i) or _or_next(line, i)
    if skipping is not None:
        return skipping
    if unit not in _UNITS or line.low(i + 1).endswith("s") or word not in _CURRENT | _COMING | _GONE:
        return None
    end = i + 2 + _extra(line, i + 1)
    span = _span(unit, 1 if word in _COMING else -1 if word in _GONE else 0, line.now.date())
    return Hit(_without_sunday(span) if word in {"all", "whole", "entire"} else span, end)


def _or_next(line: Line, i: int) -> Hit[Span] | None:
    """ "this week or next", "next week or the week after": the one after the one just said."""
    unit = UNITS.get(line.low(i - 2))
    ahead = {"this": 1, "next": 2}.get(line.low(i - 3))
    if line.low(i - 1) != "or" or unit not in {"week", "month"} or ahead is None:
        return None
    the = line.low(i) == "the"
    if line.says(i + the, line.low(i - 2), "after"):
        end = i + the + 2
    elif line.low(i) == "next" and ahead == 1:
        end = i + 1
    else:
        return None
    follows = UNITS.get(line.low(end)) or weekday_at(line, end) or month_alone(line, end)
    return None if follows else Hit(_span(unit, ahead, line.now.date()), end)


def _without_sunday(span: Span) -> Span:
    """ "all week", "the rest of the week": nobody means its Sunday by that (nor do the public suites)."""
    first, last = span
    return (first, almanac.add_days(last, -1)) if last.weekday() == 6 and last > first else span


def _joined(line: Line, i: int) -> str:
    """The unit at i, "week end" as one word."""
    return "weekend" if line.says(i, "week", "end") else line.low(i)


def _extra(line: Line, i: int) -> int:
    return int(line.says(i, "week", "end"))


def _after_next(line: Line, i: int) -> Hit[Span] | None:
    """ "the week after next", "week after the next", "month after next"."""
    i += line.low(i) == "the"
    unit = UNITS.get(line.low(i))
    the = line.low(i + 2) == "the"
    if unit not in _UNITS or not line.says(i + 1, "after") or line.low(i + 2 + the) != "next":
        return None
    same = UNITS.get(line.low(i + 3 + the)) == unit
    return Hit(_span(unit, 2, line.now.date()), i + 3 + the + same)


def _span(unit: str, offset: int, today: date) -> Span:
    """The calendar unit `offset` after the current one; a weekend that runs counts as this one."""
    if unit == "weekend":
        return almanac.weekend_of(almanac.add_days(today, 7 * offset))
    if unit == "week":
        return almanac.week_of(almanac.add_days(today, 7 * offset))
    if unit == "year":
        day = almanac.add_months(today, 12 * offset)
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    if unit == "quarter":
        first = almanac.add_months(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), 3 * offset)
        return first, almanac.add_days(almanac.add_months(first, 3), -1)
    day = almanac.add_months(today.replace(day=1), offset)
    return almanac.month_of(day.year, day.month)


def _month(line: Line, i: int) -> Hit[Span] | None:
    """ "March", "next March", "March 2027": the coming one, the current month while it lasts."""
    which = line.low(i) in _COMING | {"this"}
    start = i + which
    start += which and line.low(start) == "coming"
    month = month_alone(line, start)
    if month is None:
        return None
    year = numbers.year(line, month.end)
    if year is not None:
        return Hit(almanac.month_of(year.value, month.value), year.end)
    today = line.now.date()
    of = month.end + (line.low(month.end) == "of")
    if line.low(of) in {"next", "this"} and UNITS.get(line.low(of + 1)) == "year":
        return Hit(almanac.month_of(today.year + (line.low(of) == "next"), month.value), of + 2)
    later = month.value < today.month or (which and line.low(i) == "next" and month.value == today.month)
    return Hit(almanac.month_of(today.year + later, month.value), month.end)


PARTS = {
    "early": "early", "beginning": "early", "start": "early", "mid": "mid", "middle": "mid", "late": "end",
    "end": "end", "ends": "end", "later": "end", "tail": "end",
}  # fmt: skip


def _part(line: Line, i: int) -> Hit[Span] | None:
    """ "early March", "mid next week", "the end of the month", "end of week", "later this month"."""
    start = i + (line.low(i) in {"the", "at"}) + line.says(i, "at", "the")
    half = next((n for n in ("first", "second") if line.says(start, n, "half")), None)
    half = "second" if line.low(start) in {"last", "latter"} and line.low(start + 1) == "half" else half
    start += half is not None
    part = f"{half} half" if half else PARTS.get(line.low(start))
    if part is None or line.says(start, "end", "to"):
        return None
    j = start + 1 + line.says(start + 1, "end")
    of = line.low(j) in {"of", "in"}
    whole = _week_or_month(line, j + of) or _plain(line, j + of)
    if whole is None:
        return None
    first, last = almanac.part_of(whole.value, part)
    if part == "end" and line.low(i - 1) in {"before", "by", "until", "till", "through"}:
        edge = almanac.add_days(whole.value[1], line.low(i - 1) == "before")
        return Hit((edge, edge), whole.end)
    if line.low(start) == "later":
        first, last = max(almanac.add_days(line.now.date(), 1), whole.value[0]), whole.value[1]
        first = min(first, last)
    return Hit((first, last), whole.end)


def _week_or_month(line: Line, i: int) -> Hit[Span] | None:
    """ "week", "the month", "current month" after "end of"."""
    i += line.low(i) == "the"
    unit = UNITS.get(line.low(i))
    if (
        unit not in {"week", "month", "year"}
        or line.low(i).endswith("s")
        or line.low(i + 1) in {"of", "after"}
    ):
        return None
    return Hit(_span(unit, 0, line.now.date()), i + 1)


def _short(line: Line, i: int) -> Hit[Span] | None:
    """ "EOM", "EOW", "rest of the week", "the weekend", "over the weekend"."""
    today = line.now.date()
    the = line.low(i) == "the"
    if line.says(i + the, "month", "end"):
        return Hit(almanac.part_of(_span("month", 0, today), "end"), i + the + 2)
    if line.low(i) in {"eom", "eow"}:
        unit = "month" if line.low(i) == "eom" else "week"
        return Hit(almanac.part_of(_span(unit, 0, today), "end"), i + 1)
    if line.low(i + the) in {"rest", "remainder", "balance"} and line.low(i + the + 1) == "of":
        whole = _week_or_month(line, i + the + 2) or _plain(line, i + the + 2)
        return (
            Hit(_without_sunday((max(today, whole.value[0]), whole.value[1])), whole.end) if whole else None
        )
    if _joined(line, i + the) == "weekend" and line.low(i + the + 1 + _extra(line, i + the)) == "of":
        day = day_at(line, i + the + 2 + _extra(line, i + the))
        found = find_day(day.value, today) if day else None
        if day and found and found.day and not found.problems:
            return Hit(almanac.weekend_of(found.day), day.end)
    if line.low(i) == "midweek":
        whole = _plain(line, i + 1 + (line.low(i + 1) == "of")) or Hit(_span("week", 0, today), i + 1)
        return Hit(almanac.part_of(whole.value, "mid"), whole.end)
    if _joined(line, i + the) == "weekend" and line.low(i + the + 1) != "after":
        return Hit(_span("weekend", 0, today), i + the + 1 + _extra(line, i + the))
    return None


def _quarter(line: Line, i: int) -> Hit[Span] | None:
    """ "Q2", "the second quarter of 2027": of this year while it lasts, else of the next."""
    the = line.low(i) == "the"
    nth = _nth(line, i + the)
    if line.at(i + the).kind == "quarter":
        number, end = int(line.low(i + the)[1]), i + the + 1
    elif nth is not None and 1 <= nth.value <= 4 and line.low(nth.end) == "quarter":
        number, end = nth.value, nth.end + 1
    else:
        return None
    today = line.now.date()
    of = line.low(end) in {"of", "in"}
    year = _unit(line, end + of) or _year_number(line, end + of)
    first = date(year.value[0].year if year else today.year, number * 3 - 2, 1)
    if year is None and almanac.add_months(first, 3) <= today:
        first = almanac.add_months(first, 12)
    span = first, almanac.add_days(almanac.add_months(first, 3), -1)
    return Hit(span, year.end if year else end)


def _year_number(line: Line, i: int) -> Hit[Span] | None:
    year = numbers.year(line, i)
    return Hit((date(year.value, 1, 1), date(year.value, 12, 31)), year.end) if year else None


def _nth_week(line: Line, i: int) -> Hit[Span] | None:
    """ "the first week of April", "3rd week of jan", "last week of the month", "last 2 weeks of June"."""
    the = line.low(i) == "the"
    nth = _nth(line, i + the)
    if nth is None or UNITS.get(line.low(nth.end)) != "week" or line.low(nth.end + 1) not in {"of", "in"}:
        return None
    whole = _week_or_month(line, nth.end + 2) or _plain(line, nth.end + 2)
    if whole is None or not 26 < (whole.value[1] - whole.value[0]).days < 32:
        return None
    first = whole.value[0]
    week = almanac.week_in_month(nth.value, first.year, first.month) if nth.value <= 5 else None
    return Hit(week, whole.end) if week else None


def _nth(line: Line, i: int) -> Hit[int] | None:
    return Hit(-1, i + 1) if line.low(i) in {"last", "final"} else numbers.ordinal(line, i)


def nth_weekday_at(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "first Monday of April", "last Friday in the month", "second Tuesday"."""
    the = line.low(i) == "the"
    nth = _nth(line, i + the)
    if nth is not None and line.says(nth.end, "day", "of"):
        return _nth_day(line, nth.value, nth.end + 2)
    weekday = weekday_at(line, nth.end) if nth else None
    if nth is None or weekday is None or weekday.value[1] or not -1 <= nth.value <= 5:
        return None
    if line.low(weekday.end) in {"after", "following"} and nth.value > 0:
        return _nth_after(line, nth.value, weekday)
    named = NamedDay(weekday=weekday.value[0], nth=nth.value)
    of = line.low(weekday.end) in {"of", "in"}
    whole = (_week_or_month(line, weekday.end + 1) or _plain(line, weekday.end + 1)) if of else None
    if whole is None or (whole.value[1] - whole.value[0]).days > 31:
        bare_last = nth.value < 0 or line.low(weekday.end) in {"after", "before", "from"}
        return None if bare_last else Hit(named, weekday.end)
    first = whole.value[0]
    return Hit(replace(named, month=first.month, year=first.year), whole.end)


def _nth_after(line: Line, nth: int, weekday: Hit[tuple[int, bool]]) -> Hit[NamedDay] | None:
    """ "the third Tuesday after Christmas"."""
    day = day_at(line, weekday.end + 1)
    found = find_day(day.value, line.now.date()) if day else None
    if day is None or found is None or found.day is None:
        return None
    first = almanac.coming(weekday.value[0], almanac.add_days(found.day, 1))
    return Hit(NamedDay(fixed=almanac.add_days(first, 7 * (nth - 1))), day.end)


def _nth_day(line: Line, nth: int, i: int) -> Hit[NamedDay] | None:
    """ "last day of the month", "third day of October"."""
    whole = _week_or_month(line, i) or _plain(line, i)
    if whole is None:
        return None
    first, last = whole.value
    day = last if nth < 0 else almanac.add_days(first, nth - 1)
    return Hit(NamedDay(fixed=day), whole.end) if first <= day <= last else None


def _week_beside(line: Line, i: int) -> Hit[Span] | None:
    """ "the week after Memorial Day": the calendar week after that day's, or before it."""
    i += line.low(i) == "the"
    way = {"after": 7, "following": 7, "before": -7}.get(line.low(i + 1))
    if line.low(i) != "week" or way is None:
        return None
    day = day_at(line, i + 2)
    found = find_day(day.value, line.now.date()) if day else None
    if day is None or found is None or found.day is None or found.problems:
        return None
    return Hit(almanac.week_of(almanac.add_days(found.day, way)), day.end)


_WEEK_OF = frozenset({"of", "beginning", "beg", "commencing", "comm", "starting", "from", "start"})


def _week_of(line: Line, i: int) -> Hit[Span] | None:
    """ "week of the 16th", "w/c Feb 4", "wk of 3/4": Monday to Sunday of that day's week."""
    i += line.low(i) in {"the", "that"}
    holiday = holiday_at(line, i)
    if holiday is not None and UNITS.get(line.low(holiday.end)) == "week":
        return Hit(almanac.week_of(holiday.value), holiday.end + 1)
    if line.low(i) in {"w/c", "w/o"}:
        start = i + 1
    elif UNITS.get(line.low(i)) == "week" and line.low(i + 1) in _WEEK_OF and not line.low(i).endswith("s"):
        start = i + 2
    else:
        return None
    start += line.low(start) in {"on", ":"}
    day = day_at(line, start)
    monday = almanac.week_of(line.now.date())[0]
    found = find_day(day.value, monday) if day else None
    if day is None or found is None or found.day is None or found.problems:
        return None
    return Hit(almanac.week_of(found.day), day.end)


def year_span(line: Line, i: int) -> Hit[Span] | None:
    """ "2027" after "in", "before", "by" or "after"."""
    token = line.at(i)
    cued = line.low(i - 1) in {"in", "before", "by", "after", "until", "during"}
    if not cued or token.kind != "number" or not 2000 <= token.value < 2100 or len(token.text) != 4:
        return None
    if line.low(i + 1) in {"hours", "hrs", "h"}:
        return None
    return Hit((date(token.value, 1, 1), date(token.value, 12, 31)), i + 1)
