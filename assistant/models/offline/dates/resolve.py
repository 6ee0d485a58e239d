"""From a phrase about days to dates: each against today, and against the span that another phrase names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.models.offline.dates import almanac
from assistant.models.offline.dates.almanac import Span
from assistant.models.offline.dates.days import Days, of_span
from assistant.models.offline.dates.named_day import Found, NamedDay, find_day
from assistant.models.offline.dates.reading import Problem
from assistant.models.offline.dates.windows import Edge, Said

Problems = tuple[Problem, ...]
Alternatives = tuple[date, ...]


def resolve(said: Said, today: date, anchor: Span | None, about_days: int) -> Days:
    """The days of a phrase. `anchor` is the span named elsewhere ("next week"): partial days fall into it."""
    if said.op == "soonest":
        return Days(first=today, soonest=True)
    if said.op == "any":
        return Days()
    if said.op == "weekdays":
        return Days(weekdays=said.weekdays)
    if said.op == "range":
        return _range(said, today, anchor)
    if said.op == "on":
        return _on(said, today, anchor, about_days)
    return _bound(said, today, anchor)


def _start(today: date, anchor: Span | None) -> date | None:
    return anchor[0] if anchor is not None and anchor[0] > today else None


def _find(named: NamedDay, today: date, anchor: Span | None) -> Found:
    start = _start(today, anchor)
    if named.which is not None or start is None:
        return _this_week(named, today, anchor) or find_day(named, today)
    return find_day(named, today, start)


def _this_week(named: NamedDay, today: date, anchor: Span | None) -> Found | None:
    """In a week that has begun, a weekday is that week's, today included: "Tuesday of this week"."""
    week = anchor is not None and anchor[1] >= today and (anchor[1] - anchor[0]).days <= 6
    if (
        anchor is None
        or not week
        or named.weekday is None
        or named.day is not None
        or named.fixed is not None
    ):
        return None
    day = almanac.coming(named.weekday, anchor[0])
    return find_day(NamedDay(fixed=day), today) if anchor[0] <= day <= anchor[1] else None


def _on(said: Said, today: date, anchor: Span | None, about_days: int) -> Days:
    if isinstance(said.first, tuple):
        return of_span(said.first, today)
    named = said.first or NamedDay()
    if anchor is not None and is_bare_weekday(named) and (anchor[1] - anchor[0]).days > 6:
        return Days(weekdays=frozenset({named.weekday or 0}))
    found = _find(named, today, anchor)
    days = Days(found.day, found.day, alternatives=found.alternatives, problems=found.problems)
    if said.around and found.day is not None:
        first = max(today, almanac.add_days(found.day, -about_days))
        return replace(days, first=first, last=almanac.add_days(found.day, about_days), about=True)
    return days


def is_bare_weekday(edge: Edge | None) -> bool:
    """Whether only a weekday was said: "Tuesday", neither "next Tuesday" nor "Tuesday the 12th"."""
    return isinstance(edge, NamedDay) and edge.weekday is not None and edge == NamedDay(weekday=edge.weekday)


def _bound(said: Said, today: date, anchor: Span | None) -> Days:
    edge = said.first or said.last
    problems, alternatives, span = _edge_span(edge, today, anchor)
    if span is None:
        return Days(problems=problems)
    first, last = span
    if said.op == "before":
        last = almanac.add_days(first, -1)
    if said.op == "after":
        first = almanac.add_days(last, 1)
    if said.op in {"by", "before"}:
        return _not_past(Days(None, last, problems=problems, alternatives=alternatives), today)
    return Days(max(first, today), None, problems=problems, alternatives=alternatives)


def _not_past(days: Days, today: date) -> Days:
    if days.problems or days.last is None or days.last >= today:
        return days
    return replace(days, problems=of_span((days.last, days.last), today).problems)


def _edge_span(
    edge: Edge | None, today: date, anchor: Span | None
) -> tuple[Problems, Alternatives, Span | None]:
    if isinstance(edge, tuple):
        return (), (), edge
    found = _find(edge or NamedDay(), today, anchor)
    return found.problems, found.alternatives, (found.day, found.day) if found.day else None


def _range(said: Said, today: date, anchor: Span | None) -> Days:
    first, last = said.first, said.last
    if isinstance(first, NamedDay) and isinstance(last, NamedDay):
        return _day_range(first, last, today, anchor)
    problems, _, begin = _edge_span(first, today, anchor)
    if begin is None:
        return Days(problems=problems)
    if isinstance(last, NamedDay):
        found = find_day(last, today, begin[0])
        end = (found.day, found.day) if found.day else None
        problems = (*problems, *found.problems)
    else:
        end = last
    if end is None or problems:
        return Days(problems=problems)
    return of_span(_in_order(begin[0], end[1], today), today)


def _in_order(first: date, last: date, today: date) -> Span:
    """ "from August to October" said in September is running; "from November to February" ends next year."""
    if first <= last:
        return first, last
    earlier = almanac.add_months(first, -12)
    return (earlier, last) if earlier <= today <= last else (first, almanac.add_months(last, 12))


def _day_range(first: NamedDay, last: NamedDay, today: date, anchor: Span | None) -> Days:
    running = _running(first, last, today)
    if running is not None and running[1] > today:
        return of_span(running, today)
    begin = _find(first, today, anchor)
    if begin.day is None or begin.problems:
        return Days(begin.day, begin.day, problems=begin.problems, alternatives=begin.alternatives)
    weekday_next = last.which == "next" and last.day is None
    end = find_day(last, today) if weekday_next else find_day(last, today, begin.day)
    if end.day is None or end.problems:
        return Days(problems=end.problems)
    if end.day < begin.day:
        return Days(problems=find_day(NamedDay(fixed=end.day), today).problems)
    return replace(of_span((begin.day, end.day), today), alternatives=begin.alternatives)


def _running(first: NamedDay, last: NamedDay, today: date) -> Span | None:
    """A range of calendar dates that began already and hasn't ended: "March 3 to 20" said on the 10th."""
    if first.month is None or first.day is None or last.day is None:
        return None
    begin = almanac.make(first.year or today.year, first.month, first.day)
    end = almanac.make(last.year or today.year, last.month or first.month, last.day)
    return (begin, end) if begin and end and begin <= today <= end else None
