"""Single days as said: "Tue 3/10", "March 10th", "the 14th", "next Friday", "first Monday of April"."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.models.offline.dates import almanac, numbers
from assistant.models.offline.dates.holidays import holiday_at
from assistant.models.offline.dates.hours import may_follow
from assistant.models.offline.dates.named_day import NamedDay
from assistant.models.offline.dates.names import month_with_day, weekday_at
from assistant.models.offline.dates.numbers import Hit
from assistant.models.offline.dates.tokens import Line
from assistant.models.offline.dates.words import (
    MEASURES,
    NOT_A_DAY,
    ORDINALS,
    TODAY,
    TOMORROW,
    UNITS,
    YESTERDAY,
)

NEXT = (("the", "next"), ("next",))
THIS = (
    ("this", "coming"), ("the", "coming"), ("the", "following"), ("this", "next"), ("this",), ("coming",),
    ("following",), ("the", "current"),
)  # fmt: skip
_FRACTIONS = frozenset({"1/2", "1/3", "2/3", "1/4", "1/1", "2/2", "24/7"})
_DATE_CUES = frozenset(
    {"on", "by", "before", "after", "until", "of", "from", "through", "since", "for", "to"}
)


def day_at(line: Line, i: int) -> Hit[NamedDay] | None:
    """The day named at i, with a weekday before or after it; not a bare weekday's plural."""
    return (
        _anchored(line, i) or _with_weekday(line, i) or _date_then_weekday(line, i) or _numbered_day(line, i)
    )


def _anchored(line: Line, i: int) -> Hit[NamedDay] | None:
    """Days told from today: today, tomorrow, the day after tomorrow."""
    today = line.now.date()
    for words, days in ANCHORS:
        if line.says(i, *words):
            return Hit(NamedDay(fixed=almanac.add_days(today, days)), i + len(words))
    holiday = holiday_at(line, i)
    if holiday is not None:
        return Hit(NamedDay(fixed=holiday.value), holiday.end)
    gone = _last_weekday(line, i) or _beyond(line, i)
    if gone is not None:
        return gone
    word = line.low(i)
    offset = 0 if word in TODAY else 1 if word in TOMORROW else -1 if word in YESTERDAY else None
    return None if offset is None else Hit(NamedDay(fixed=almanac.add_days(today, offset)), i + 1)


def _beyond(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "tomorrow or the day after"."""
    the = line.low(i) == "the"
    if line.low(i - 1) != "or" or line.low(i - 2) not in TOMORROW or not line.says(i + the, "day", "after"):
        return None
    return Hit(NamedDay(fixed=almanac.add_days(line.now.date(), 2)), i + the + 2)


def _last_weekday(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "last Tuesday", "this past Friday": gone by, so that it is asked about and never taken for the next."""
    start = next((i + len(words) for words in GONE if line.says(i, *words)), None)
    weekday = weekday_at(line, start) if start is not None else None
    if weekday is None or weekday.value[1]:
        return None
    back = (line.now.weekday() - weekday.value[0] - 1) % 7 + 1
    return Hit(NamedDay(fixed=almanac.add_days(line.now.date(), -back)), weekday.end)


GONE = (("last",), ("the", "last"), ("previous",), ("the", "previous"), ("this", "past"), ("the", "past"))
ANCHORS = (
    (("the", "day", "after", "tomorrow"), 2), (("day", "after", "tomorrow"), 2), (("the", "next", "day"), 1),
    (("next", "day"), 1), (("the", "following", "day"), 1), (("same", "day"), 0), (("the", "same", "day"), 0),
    (("my", "day"), 0), (("later", "today"), 0), (("the", "day", "before", "yesterday"), -2),
)  # fmt: skip


def _with_weekday(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "Tue", "next Tuesday", "Tuesday the 12th", "Tue, 3/10", "Sat, Sep 21"."""
    beyond = _after_next(line, i)
    if beyond is not None:
        return beyond
    which, start = _which(line, i)
    start += line.says(start, "week", "'s")
    weekday = weekday_at(line, start)
    if weekday is None or weekday.value[1] or _counted_off(line, i):
        return None
    named = NamedDay(weekday=weekday.value[0], which=which)
    rest = weekday.end + (line.low(weekday.end) == ",")
    rest += line.says(rest, "on", "the")
    dated = _calendar_date(line, rest) or _day_number_after_weekday(line, rest, named)
    if dated is not None and which != "next":
        return Hit(replace(dated.value, weekday=named.weekday), dated.end)
    return Hit(named, weekday.end)


def _after_next(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "the Monday after next", where the coming one is the next one, however "next" is meant."""
    start = i + (line.low(i) == "the")
    weekday = weekday_at(line, start)
    if weekday is None or weekday.value[1] or not line.says(weekday.end, "after", "next"):
        return None
    today = line.now.date()
    if (
        weekday.value[0] > today.weekday()
        or line.low(weekday.end + 2) in UNITS
        or weekday_at(line, weekday.end + 2)
    ):
        return None
    monday = almanac.add_days(today, 14 - today.weekday())
    return Hit(NamedDay(fixed=almanac.add_days(monday, weekday.value[0])), weekday.end + 2)


def _counted_off(line: Line, i: int) -> bool:
    """ "third Tuesday after ...", "every other Friday": more than this grammar can say, so nothing is read."""
    if line.at(i - 1).kind == "ordinal" or line.low(i - 1) in {*ORDINALS, "last", "other", "alternate"}:
        return True
    after = i + 2 + (line.low(i) == "the")
    return line.says(after - 1, "after", "next")


def _which(line: Line, i: int) -> tuple[Literal["this", "next"] | None, int]:
    for phrases, which in ((NEXT, "next"), (THIS, "this")):
        for words in phrases:
            if line.says(i, *words):
                return ("next" if which == "next" else "this"), i + len(words)
    return None, i


def _day_number_after_weekday(line: Line, i: int, named: NamedDay) -> Hit[NamedDay] | None:
    """ "Tuesday the 12th", "Thu 15th", "Monday 21"; a bare 1 to 12 is a day only when it fits the weekday."""
    the = line.low(i) == "the"
    token = line.at(i + the)
    ordinal = numbers.ordinal(line, i + the)
    if ordinal is not None and (token.kind == "ordinal" or the):
        return None if _picks(line, ordinal.end) else Hit(NamedDay(day=ordinal.value), ordinal.end)
    if token.kind != "number" or len(token.text) > 2 or not 1 <= token.value <= 31:
        return None
    if line.at(i + the + 1).kind == "meridiem" or not _plain_end(line, i + the + 1):
        return None
    fits = _next_numbered(line, token.value) == named.weekday
    return Hit(NamedDay(day=token.value), i + the + 1) if the or token.value > 12 or fits else None


def _next_numbered(line: Line, day: int) -> int | None:
    today = line.now.date()
    for offset in range(3):
        month = almanac.add_months(today.replace(day=1), offset)
        found = almanac.make(month.year, month.month, day)
        if found is not None and found >= today:
            return found.weekday()
    return None


def _plain_end(line: Line, i: int) -> bool:
    """Whether a number ends here: no range, no measure after it."""
    token = line.at(i)
    joined = token.low in {"-", "to", "until", "through"} and line.at(i + 1).kind in {"number", "clock"}
    clock = token.low == "o'clock"
    return not (joined or clock) and token.low not in MEASURES - {"at", "in", "of"} and token.kind != "number"


def _picks(line: Line, i: int) -> bool:
    """Whether an ordinal counts something: "the second one", "the 1st case", "5th metacarpal"."""
    after = line.low(i)
    return after in NOT_A_DAY or after.rstrip("s") in NOT_A_DAY


def _date_then_weekday(line: Line, i: int) -> Hit[NamedDay] | None:
    """A calendar date, with a weekday that may follow: "Jul 18, Fri"."""
    hit = _calendar_date(line, i)
    if hit is None:
        return None
    comma = line.low(hit.end) in {",", "("}
    weekday = weekday_at(line, hit.end + comma)
    if weekday is None or weekday.value[1]:
        return hit
    close = line.low(hit.end) == "(" and line.low(weekday.end) == ")"
    follows = line.at(weekday.end + close)
    if comma and not close and follows.kind not in {"end", "clock"} and follows.low not in {",", ".", "at"}:
        return hit
    return Hit(replace(hit.value, weekday=weekday.value[0]), weekday.end + close)


def _calendar_date(line: Line, i: int) -> Hit[NamedDay] | None:
    return _numeric(line, i) or _month_first(line, i) or _day_first(line, i)


def _numeric(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "2026-03-10", "3/10", "3/10/26", "3-10-26", in the clinic's order of month and day."""
    token = line.at(i)
    dated_label = line.low(i - 1) in {"slot", "slots", "case", "cases", "option", "offer"}
    if token.kind not in {"iso", "slash", "dashed"} or (line.labelled(i) and not dated_label):
        return None
    parts = [int(part) for part in token.text.replace("/", "-").replace(" ", "").split("-")]
    if token.kind == "iso":
        return _checked(NamedDay(day=parts[2], month=parts[1], year=parts[0]), i + 1)
    if token.text.replace(" ", "") in _FRACTIONS and not _cued(line, i):
        return None
    if len(parts) == 2 and line.low(i + 1) in MEASURES - {"in"} | {"tubular", "strength"}:
        return None
    month, day = parts[:2] if line.settings.date_order == "mdy" else parts[1::-1]
    if month > 12 >= day:
        month, day = day, month
    year = parts[2] + (2000 if parts[2] < 100 else 0) if len(parts) == 3 else None
    return _checked(NamedDay(day=day, month=month, year=year), i + 1)


def _cued(line: Line, i: int) -> bool:
    """Whether a preposition or a weekday before "1/2" says that it is a date, not a half."""
    weekday = weekday_at(line, i - 1) or weekday_at(line, i - 2)
    return line.low(i - 1) in _DATE_CUES or weekday is not None


def _checked(named: NamedDay, end: int) -> Hit[NamedDay] | None:
    """A numeric date with parts in range; "13/45" is no date at all."""
    plausible = 1 <= (named.month or 0) <= 12 and 1 <= (named.day or 0) <= 31
    return Hit(named, end) if plausible else None


def _month_first(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "March 10th", "Oct. 2, 2027", "Jan-1", "Oct2", "February the 15th"."""
    month = month_with_day(line, i)
    if month is None:
        return None
    start = month.end + (line.low(month.end) in {"-", "/", ","})
    day = numbers.month_day(line, start)
    if day is None or line.at(day.end).kind == "meridiem":
        return None
    year = numbers.year(line, day.end)
    if year is None and not _day_ends(line, start, day.end):
        return None
    named = NamedDay(day=day.value, month=month.value, year=year.value if year else None)
    return Hit(named, year.end if year else day.end)


def _day_ends(line: Line, start: int, end: int) -> bool:
    """ "May 3 cases" and "march 5 minutes" name no day; "may" the verb needs a plain follower."""
    token = line.at(start)
    if token.kind != "number":
        return not _picks(line, end)
    return line.low(end) not in MEASURES - {"at", "in", "of"}


def _day_first(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "10 March", "14april 2015", "the 1st of march", "15th day of June"."""
    day = numbers.month_day(line, i)
    if day is None or (line.at(i).kind == "number" and line.labelled(i)):
        return None
    start = day.end + (line.low(day.end) in {"day", "."})
    start += line.low(start) in {"of", "-", "/"}
    month = month_with_day(line, start)
    if month is None or (
        line.low(start) == "may"
        and not line.at(start).capital
        and start == day.end
        and line.at(i).kind != "ordinal"
        and not may_follow(line, month.end)
    ):
        return None
    year = numbers.year(line, month.end)
    if year is None and other_day(line, month.end):
        return None
    named = NamedDay(day=day.value, month=month.value, year=year.value if year else None)
    return Hit(named, year.end if year else month.end)


def other_day(line: Line, i: int) -> bool:
    """ "6 of April 22": the month's day is the number after it, so the one before is something else."""
    token, after = line.at(i), line.at(i + 1)
    return (
        token.kind == "number"
        and len(token.text) <= 2
        and after.low not in {"-", "to"}
        and after.kind != "meridiem"
    )


def _numbered_day(line: Line, i: int) -> Hit[NamedDay] | None:
    """A day of an unnamed month: "the 14th", "14th", "on the first", "the 17"."""
    the = line.low(i) == "the"
    token = line.at(i + the)
    cue = line.low(i - 1) in _DATE_CUES
    ordinal = numbers.ordinal(line, i + the)
    if ordinal is not None and not line.labelled(i + the) and not _picks(line, ordinal.end):
        spelled = token.kind != "ordinal"
        known = (cue and the) or (not spelled and (the or cue or _plain_follower(line, ordinal.end)))
        if known and not (spelled and not _plain_follower(line, ordinal.end)):
            end = ordinal.end + (line.low(ordinal.end) == "day")
            return Hit(NamedDay(day=ordinal.value), end)
    if token.kind == "number" and 1 <= token.value <= 31 and len(token.text) <= 2:
        bare = the or (line.low(i - 1) == "on" and token.value > 12) or _before_clock(line, i)
        if bare and may_follow(line, i + the + 1) and _plain_end(line, i + the + 1):
            return Hit(NamedDay(day=token.value), i + the + 1)
    return None


def _before_clock(line: Line, i: int) -> bool:
    """ "15, 8pm", "15 at 7:30": a number too great for an hour, apart from other words, before a time."""
    apart = line.low(i - 1) in {"", ",", ";"} and line.low(i + 1) in {",", "at", "@"}
    written = line.at(i + 2).kind == "clock" or line.at(i + 3).kind == "meridiem"
    return apart and written and line.at(i).value > 12


def _plain_follower(line: Line, i: int) -> bool:
    token = line.at(i)
    return (
        may_follow(line, i)
        or token.kind in {"clock", "meridiem", "number"}
        or token.low in {"day", "of", "from"}
    )
