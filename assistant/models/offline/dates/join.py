"""From the phrases of a line to one reading: firm ones and wishes, exclusions, spans and the echo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from assistant.models.offline.dates import almanac
from assistant.models.offline.dates.clock import Bound, Clock
from assistant.models.offline.dates.days import Days
from assistant.models.offline.dates.echo import echo
from assistant.models.offline.dates.hours_window import (
    ClockWindow,
    as_time,
    join_clocks,
    minutes_of,
    one_clock,
)
from assistant.models.offline.dates.join_days import Context, join_days
from assistant.models.offline.dates.named_day import NamedDay
from assistant.models.offline.dates.reading import Problem, TimeSettings, WhenReading
from assistant.models.offline.dates.resolve import resolve
from assistant.models.offline.dates.scan import Item, joins_weekdays
from assistant.models.offline.dates.tokens import Line
from assistant.models.offline.dates.windows import Op, Said

# A longer exclusion ("not in May") than this many days is left to the request's dates.
LONGEST_EXCLUSION_DAYS = 62


@dataclass(frozen=True)
class _Excluded:
    weekdays: frozenset[int] = frozenset()
    dates: frozenset[date] = frozenset()
    clocks: tuple[Clock, ...] = ()


def join(items: list[Item], line: Line) -> WhenReading:
    """The reading of a line's phrases, without its spans."""
    firm = [item for item in items if not item.soft and not item.excluded]
    soft = [item for item in items if item.soft and not item.excluded]
    start = _start(firm or soft, line)
    out = _exclusions([item for item in items if item.excluded and not item.soft], start, line)
    wished = _exclusions([item for item in items if item.excluded], start, line)
    if not soft and wished == out:
        return _reading(firm, out, line)
    if not firm:
        return replace(_reading(soft, wished, line), preference=True)
    wish = _reading([*firm, *soft], wished, line)
    main = _reading(firm, out, line)
    return replace(main, preferred=replace(wish, preference=True))


def _start(items: list[Item], line: Line) -> date:
    """The first day that is asked for: "in April except the 15th" leaves out the 15th of April."""
    today = line.now.date()
    first = join_days(_day_groups(items), Context(today, line.settings)).first if items else None
    return max(today, first or today)


def _reading(items: list[Item], out: _Excluded, line: Line) -> WhenReading:
    items = _bounds_with_hours(items)
    today, settings = line.now.date(), line.settings
    days = join_days(_day_groups(items), Context(today, settings))
    clocks = _united_clocks([item for item in items if item.clock is not None])
    window = join_clocks([*clocks, *out.clocks], settings)
    either = _either_or(items, settings)
    problems = either or (*days.problems, *_clock_problems(window), *_already_past(days, window, line))
    weekdays = None if days.weekdays is None else days.weekdays - out.weekdays
    reading = WhenReading(
        date_from=days.first, date_to=days.last, weekdays=weekdays, exclude_weekdays=out.weekdays,
        exclude_dates=out.dates | _holes(days), start_from=as_time(window.start),
        start_until=as_time(window.until), end_by=as_time(window.end_by), position=window.position,
        around=days.about or window.around, soonest=days.soonest, period=days.period,
        alternatives=days.alternatives, problems=problems or _all_excluded(days, out),
    )  # fmt: skip
    return replace(reading, assumption=echo(reading, settings))


_WITH_HOUR: dict[str, tuple[Op, Bound]] = {
    "by": ("by", "until"), "before": ("by", "until"), "from": ("from", "from"), "after": ("from", "from"),
}  # fmt: skip


def _bounds_with_hours(items: list[Item]) -> list[Item]:
    """ "by Friday 3 pm" is a bound, and no start at 3 on each of the days."""
    read: list[Item] = []
    if sum(item.clock is not None for item in items) > 1:
        return items
    for item in items:
        said, clock = read[-1].days if read else None, item.clock
        bounded = said is not None and said.op in _WITH_HOUR and item.joiner == ""
        if said is None or clock is None or not bounded or clock.bound != "at":
            read.append(item)
            continue
        op, bound = _WITH_HOUR[said.op]
        read[-1] = replace(read[-1], days=replace(said, op=op))
        edges = (None, clock.first) if bound == "until" else (clock.first, None)
        read.append(replace(item, clock=replace(clock, bound=bound, first=edges[0], last=edges[1])))
    return read


def _day_groups(items: list[Item]) -> list[list[Said]]:
    """Phrases joined by "or", "and", or by commas between weekdays, are one group."""
    groups: list[list[Said]] = []
    before: Item | None = None
    for item in items:
        said = item.days
        if said is not None and said.op not in {"any", "none"}:
            if before is not None and groups and _listed(before, item):
                groups[-1].append(said)
            else:
                groups.append([said])
        before = item
    return groups


def _listed(before: Item, item: Item) -> bool:
    if before.days is None or item.joiner is None or item.joiner == "but":
        return False
    if item.joiner in {"or", "and"}:
        return item.days is not None and {before.days.op, item.days.op} <= {"on", "weekdays", "range"}
    return (joins_weekdays(before) and joins_weekdays(item)) or (_is_dated(before) and _is_dated(item))


def _is_dated(item: Item) -> bool:
    """Whether a comma may list it: "the 12th, 13th or 19th"; two such days can't both narrow a window."""
    named = item.days.first if item.days is not None and item.days.op == "on" else None
    return isinstance(named, NamedDay) and named.day is not None


def _united_clocks(items: list[Item]) -> list[Clock]:
    """ "morning or afternoon" is the whole day; other windows narrow one another."""
    clocks: list[Clock] = []
    for item in items:
        if item.clock is None:
            continue
        if item.joiner == "or" and clocks and {clocks[-1].part, item.clock.part} == {"morning", "afternoon"}:
            clocks[-1] = Clock("any")
        else:
            clocks.append(item.clock)
    return clocks


def _either_or(items: list[Item], settings: TimeSettings) -> tuple[Problem, ...]:
    """ "8 or 9", "Tuesday morning or Thursday afternoon": two requests in one, so ask which."""
    for before, item in pairwise(items):
        if item.joiner != "or":
            continue
        parts = {clock.part for clock in (before.clock, item.clock) if clock is not None}
        halves = parts == {"morning", "afternoon"}
        if (before.clock is not None or item.clock is not None) and not halves:
            text = "One search at a time: which of the two is meant?"
            points = [
                item.clock for item in (before, item) if item.clock is not None and item.clock.bound == "at"
            ]
            times = [as_time(one_clock(clock, settings).start) for clock in points]
            return (Problem("either-or", text, (), tuple(t for t in times if t is not None)),)
    return ()


def _clock_problems(window: ClockWindow) -> tuple[Problem, ...]:
    return (window.problem,) if window.problem is not None else ()


def _already_past(days: Days, window: ClockWindow, line: Line) -> tuple[Problem, ...]:
    """ "this morning" said in the afternoon."""
    today = line.now.date()
    latest = window.until if window.until is not None else window.end_by
    if days.problems or (days.first, days.last) != (today, today) or latest is None:
        return ()
    if latest >= minutes_of(line.now.time()):
        return ()
    tomorrow = almanac.add_days(today, 1)
    return (Problem("past", "That time today is past. Which day is meant?", (tomorrow,)),)


def _exclusions(items: list[Item], start: date, line: Line) -> _Excluded:
    """What was ruled out: weekdays, dates, parts of the day."""
    weekdays: set[int] = set()
    dates: set[date] = set()
    clocks: list[Clock] = []
    for item in items:
        if item.clock is not None:
            clocks.append(replace(item.clock, side="not"))
        elif item.days is not None and joins_weekdays(item):
            weekdays |= _weekdays_of(item.days)
        elif item.days is not None:
            numbered = (
                isinstance(item.days.first, NamedDay) and item.days.first.day and not item.days.first.month
            )
            dates |= _dates_of(item.days, start if numbered else line.now.date())
    return _Excluded(frozenset(weekdays), frozenset(dates), tuple(clocks))


def _weekdays_of(said: Said) -> frozenset[int]:
    weekday = getattr(said.first, "weekday", None)
    return said.weekdays if weekday is None else frozenset({weekday})


def _dates_of(said: Said, today: date) -> set[date]:
    days = resolve(said, today, None, 0)
    if days.first is None or days.last is None or (days.last - days.first).days > LONGEST_EXCLUSION_DAYS:
        return set()
    return set(almanac.each_day((days.first, days.last)))


def _holes(days: Days) -> frozenset[date]:
    """The days between listed dates: "the 12th or the 14th" leaves out the 13th."""
    if not days.dates or days.first is None or days.last is None or days.first > days.last:
        return frozenset()
    return frozenset(almanac.each_day((days.first, days.last))) - frozenset(days.dates)


_NOTHING_LEFT = Problem("conflict", "Every day of that window is ruled out. Which days are meant?")


def _all_excluded(days: Days, out: _Excluded) -> tuple[Problem, ...]:
    """Whether the exclusions leave no day of a bounded window."""
    if days.weekdays is not None and not days.weekdays - out.weekdays:
        return (_NOTHING_LEFT,)
    if (
        days.first is None
        or days.last is None
        or not 0 <= (days.last - days.first).days <= LONGEST_EXCLUSION_DAYS
    ):
        return ()
    left = (day for day in almanac.each_day((days.first, days.last)) if day not in out.dates)
    if any(day.weekday() not in out.weekdays for day in left):
        return ()
    return (_NOTHING_LEFT,)
