"""All the phrases about days at once: lists are united, the rest must hold together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from assistant.models.offline.dates import almanac
from assistant.models.offline.dates.almanac import Span
from assistant.models.offline.dates.days import Days
from assistant.models.offline.dates.named_day import NamedDay
from assistant.models.offline.dates.reading import Problem, TimeSettings
from assistant.models.offline.dates.resolve import is_bare_weekday, resolve
from assistant.models.offline.dates.say import full_date
from assistant.models.offline.dates.windows import Said, whole_span

# Two dates farther apart than this are offered as a choice instead of a window with holes.
WIDEST_LIST_DAYS = 62


@dataclass(frozen=True)
class Context:
    """What phrases about days are read against."""

    today: date
    settings: TimeSettings
    anchor: Span | None = None
    bound: Span | None = None


def join_days(groups: list[list[Said]], context: Context) -> Days:
    """The days of all groups: members of a group are alternatives ("Tue or Thu"), groups narrow one another."""
    merged = _merge_weekday(groups)
    context = replace(context, anchor=_anchor(merged))
    context = replace(context, bound=_after_bound(merged, context))
    joined = Days()
    for group in merged:
        joined = _narrow(joined, _united(group, context))
    return _checked(joined)


def _merge_weekday(groups: list[list[Said]]) -> list[list[Said]]:
    """ "in 3 weeks, on Friday", "the 10th, a Tuesday": one named day with its weekday, checked as such."""
    dated = [g for g in groups if len(g) == 1 and _is_dated(g[0])]
    bare = [g for g in groups if len(g) == 1 and g[0].op == "on" and is_bare_weekday(g[0].first)]
    if len(dated) != 1 or len(bare) != 1:
        return groups
    named, weekday = dated[0][0].first, bare[0][0].first
    if not isinstance(named, NamedDay) or not isinstance(weekday, NamedDay):
        return groups
    both = replace(dated[0][0], first=replace(named, weekday=weekday.weekday))
    return [[both] if group is dated[0] else group for group in groups if group is not bare[0]]


def _is_dated(said: Said) -> bool:
    named = said.first
    return said.op == "on" and isinstance(named, NamedDay) and named.weekday is None and not said.around


def _anchor(groups: list[list[Said]]) -> Span | None:
    """The span that was named, into which partial days fall ("next week" for "Tuesday")."""
    spans = [span for group in groups if (span := _hull(group)) is not None]
    if not spans:
        return None
    first, last = max(span[0] for span in spans), min(span[1] for span in spans)
    return (first, last) if first <= last else None


def _after_bound(groups: list[list[Said]], context: Context) -> Span | None:
    """The week that a lower bound opens: "Tuesday after the 15th" is the first one in it."""
    for group in groups:
        if len(group) == 1 and group[0].op in {"from", "after"}:
            start = resolve(group[0], context.today, context.anchor, 0).first
            return (start, almanac.add_days(start, 6)) if start and start > context.today else None
    return None


def _hull(group: list[Said]) -> Span | None:
    spans = [span for said in group if (span := whole_span(said)) is not None]
    if not spans or len(spans) < len(group):
        return None
    return min(span[0] for span in spans), max(span[1] for span in spans)


def _united(group: list[Said], context: Context) -> Days:
    """One group: a single phrase, weekdays listed, or separate dates."""
    if len(group) == 1:
        return _one(group[0], context)
    if all(said.op == "weekdays" or is_bare_weekday(said.first) for said in group):
        return _weekday_list(group, context)
    return _dates_list([_one(said, context) for said in group])


def _one(said: Said, context: Context) -> Days:
    anchor = None if whole_span(said) is not None else context.anchor
    if anchor is None and said.op == "on" and whole_span(said) is None:
        anchor = context.bound
    return resolve(said, context.today, anchor, context.settings.around_days)


def _weekday_list(group: list[Said], context: Context) -> Days:
    weekdays = frozenset[int]().union(*(_weekdays(said) for said in group))
    if any(said.op == "weekdays" for said in group) or context.anchor is not None:
        return Days(weekdays=weekdays)
    tomorrow = almanac.add_days(context.today, 1)
    soonest = sorted(almanac.coming(day, tomorrow) for day in weekdays)
    return Days(soonest[0], soonest[-1], weekdays=weekdays)


def _weekdays(said: Said) -> frozenset[int]:
    if isinstance(said.first, NamedDay) and said.first.weekday is not None:
        return frozenset({said.first.weekday})
    return said.weekdays


def _dates_list(members: list[Days]) -> Days:
    problems = tuple(problem for days in members for problem in days.problems)
    spans = [(days.first, days.last) for days in members if days.first is not None and days.last is not None]
    bounded = [(first, last) for first, last in spans if first is not None and last is not None]
    if problems or len(bounded) < len(members):
        return Days(problems=problems or (_either_or(()),))
    first, last = min(span[0] for span in bounded), max(span[1] for span in bounded)
    mixed = len({span[0] == span[1] for span in bounded}) > 1
    if mixed:
        return Days(problems=(_either_or(()),))
    if (last - first).days > WIDEST_LIST_DAYS:
        return Days(problems=(_either_or(tuple(span[0] for span in bounded)),))
    named = {day for span in bounded for day in almanac.each_day(span)}
    return Days(first, last, dates=tuple(sorted(named)))


def _either_or(dates: tuple[date, ...]) -> Problem:
    choices = " or ".join(map(full_date, dates)) or "the one or the other"
    return Problem("either-or", f"One search at a time: {choices}?", dates)


def _narrow(one: Days, two: Days) -> Days:
    """The days in both."""
    firsts = [day for day in (one.first, two.first) if day is not None]
    lasts = [day for day in (one.last, two.last) if day is not None]
    filters = [days for days in (one.weekdays, two.weekdays) if days is not None]
    dates = (
        tuple(d for d in one.dates if d in two.dates) if one.dates and two.dates else one.dates or two.dates
    )
    return Days(
        max(firsts, default=None), min(lasts, default=None), dates,
        frozenset.intersection(*filters) if filters else None, _common(one.period, two.period),
        (*one.alternatives, *two.alternatives), (*one.problems, *two.problems),
        one.about or two.about, one.soonest or two.soonest,
    )  # fmt: skip


def _common(one: Span | None, two: Span | None) -> Span | None:
    if one is None or two is None:
        return one or two
    first, last = max(one[0], two[0]), min(one[1], two[1])
    return (first, last) if first <= last else None


def _checked(days: Days) -> Days:
    """A window without a day in it is asked about; one weekday left in a week becomes its date."""
    if days.period is not None and (days.last != days.period[1] or days.weekdays is not None):
        days = replace(days, period=None)
    if days.first is None or days.last is None:
        return days
    if days.problems:
        return replace(days, first=None, last=None) if days.first > days.last else days
    if days.first > days.last:
        return replace(days, first=None, last=None, problems=(_conflict(days.first, days.last),))
    if days.weekdays is None or (days.last - days.first).days > 370:
        return days
    left = [day for day in almanac.each_day((days.first, days.last)) if day.weekday() in days.weekdays]
    if not left:
        return replace(days, problems=(_conflict(days.first, days.last),))
    if len(left) == 1:
        return replace(days, first=left[0], last=left[0], weekdays=None, period=None)
    return days


def _conflict(first: date, last: date) -> Problem:
    dates = tuple(sorted({first, last}))
    text = f"Those days cannot all hold ({' and '.join(map(full_date, dates))}). Which is meant?"
    return Problem("conflict", text, dates)
