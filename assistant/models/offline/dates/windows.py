"""Phrases about days, unresolved: ranges, bounds and weekday lists over the days and spans they name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast

from assistant.models.offline.dates import almanac, numbers
from assistant.models.offline.dates.almanac import Span
from assistant.models.offline.dates.day_grammar import day_at, other_day
from assistant.models.offline.dates.named_day import NamedDay
from assistant.models.offline.dates.names import weekday_at
from assistant.models.offline.dates.numbers import Hit
from assistant.models.offline.dates.periods import nth_weekday_at, period_at
from assistant.models.offline.dates.relative import counted_day, within
from assistant.models.offline.dates.tokens import Line, by_first
from assistant.models.offline.dates.words import CARDINALS

Edge = NamedDay | Span
Op = Literal["on", "weekdays", "range", "by", "before", "after", "from", "soonest", "any", "none"]


@dataclass(frozen=True)
class Said:
    """One phrase about days. `first` and `last` are its edges ("on": the first alone)."""

    op: Op
    first: Edge | None = None
    last: Edge | None = None
    weekdays: frozenset[int] = frozenset()
    around: bool = False
    text: str = ""


SOONEST = (
    ("as", "soon", "as", "possible"), ("as", "early", "as", "possible"), ("as", "soon", "as", "we", "can"),
    ("asap",), ("right", "now"), ("right", "away"), ("immediately",), ("at", "the", "present", "time"),
    ("soonest", "possible"), ("earliest", "possible"), ("soonest", "available"), ("soonest",), ("the", "soonest"),
    ("first", "available"), ("first", "avail"), ("next", "available"), ("next", "avail"),
    ("earliest", "available"), ("earliest", "avail"), ("first", "opening"), ("next", "opening"),
    ("earliest", "opening"), ("the", "earliest"), ("earliest",), ("1st", "avail"), ("1st", "available"),
)  # fmt: skip
ANY = (("any", "day"), ("any", "time"), ("anytime",), ("whenever",), ("any", "date"))
_SOONEST, _ANY = by_first(SOONEST), by_first(ANY)
SOMETIME = frozenset(
    {"on", "in", "during", "sometime", "some", "time", "over", "anytime", "any", "at", "say", "either"}
)


def said_at(line: Line, i: int) -> Hit[Said] | None:
    """The phrase about days that begins at i, the longest that can be read."""
    rules = (_range, _bounded, _trailing, _around, _single, _weekdays, _soonest)
    hits = [hit for rule in rules if (hit := rule(line, i)) is not None]
    return max(hits, key=lambda hit: hit.end, default=None)


def edge_at(line: Line, i: int) -> Hit[Edge] | None:
    """A day or a calendar span at i; kept on the line, since every rule asks for it."""
    if i not in line.edges:
        line.edges[i] = _edge_at(line, i)
    return cast("Hit[Edge] | None", line.edges[i])


def _edge_at(line: Line, i: int) -> Hit[Edge] | None:
    hits: list[Hit[Edge]] = []
    days = (day_at(line, i), _day_of_month_span(line, i), counted_day(line, i))
    hits.extend(Hit(day.value, day.end) for day in days if day is not None)
    period = period_at(line, i)
    if period is not None:
        hits.append(Hit(period.value, period.end))
    nth = nth_weekday_at(line, i)
    if nth is not None:
        hits.append(Hit(nth.value, nth.end))
    return max(hits, key=lambda hit: hit.end, default=None)


def _day_of_month_span(line: Line, i: int) -> Hit[NamedDay] | None:
    """ "the 20th of next month", "15th day of the month", "20 of this month"."""
    day = numbers.month_day(line, i)
    if day is None or (line.at(i).kind == "number" and line.labelled(i)):
        return None
    start = day.end + (line.low(day.end) == "day")
    if line.low(start) not in {"of", "in"}:
        return None
    the_month = line.says(start + 1, "the", "month")
    period = None if the_month else period_at(line, start + 1)
    if the_month:
        return Hit(NamedDay(day=day.value), start + 3)
    if period is None or not 26 < (period.value[1] - period.value[0]).days < 32:
        return None
    if other_day(line, period.end):
        return None
    first = period.value[0]
    return Hit(NamedDay(day=day.value, month=first.month, year=first.year), period.end)


def _skip(line: Line, i: int, words: frozenset[str]) -> int:
    while line.low(i) in words:
        i += 1
    return i


def _single(line: Line, i: int) -> Hit[Said] | None:
    """A day, a span or a rolling window, with "on", "in", "sometime" before it."""
    start = _skip(line, i, SOMETIME)
    edge = edge_at(line, start) or (edge_at(line, i) if start > i else None)
    rolling = within(line, i) or within(line, start)
    best: list[Hit[Said]] = []
    if rolling is not None and rolling.value.first and rolling.value.last:
        best.append(Hit(Said("on", (rolling.value.first, rolling.value.last)), rolling.end))
    if edge is not None:
        best.append(Hit(Said("on", edge.value), edge.end))
    counted = counted_day(line, i)
    if counted is not None:
        best.append(Hit(Said("on", counted.value), counted.end))
    return max(best, key=lambda hit: hit.end, default=None)


_THROUGH = frozenset({"to", "-", "through", "until", "thru"})


_SOME_TIME = SOMETIME - {"in", "at"}


def _range(line: Line, i: int) -> Hit[Said] | None:
    """ "from 5 to 7 May", "July 13-15", "between Monday and Wednesday", "from next Monday to Friday"."""
    i = _skip(line, i, _SOME_TIME)
    lead = line.low(i) in {"from", "between", "b/w"}
    start = i + lead
    start += line.low(start) == "now" and line.low(start + 1) == "on"
    for first in _first_edges(line, start):
        joiner = first.end + (line.low(first.end) == "day")
        if line.low(joiner) not in _THROUGH and not (lead and line.low(joiner) == "and"):
            continue
        last = _last_edge(line, joiner + 1 + (line.low(joiner + 1) == "to"), first.value)
        if last is not None:
            return Hit(Said("range", *_completed(first.value, last.value)), last.end)
    return None


def _first_edges(line: Line, i: int) -> list[Hit[Edge]]:
    """The readings of a range's start: a whole day or span, or a bare number that its end completes."""
    found: list[Hit[Edge]] = []
    if line.low(i) == "now":
        return [Hit(NamedDay(fixed=line.now.date()), i + 1)]
    edge = edge_at(line, i)
    if edge is not None:
        found.append(edge)
    day = numbers.month_day(line, i)
    if day is not None and 1 <= day.value <= 31 and not line.labelled(i):
        found.append(Hit(NamedDay(day=day.value), day.end))
    return found


def _last_edge(line: Line, i: int, first: Edge) -> Hit[Edge] | None:
    """A range's end; a bare number only when the start, or a month after it, says that it is a day."""
    edge = edge_at(line, i)
    bare_start = isinstance(first, NamedDay) and first == NamedDay(day=first.day)
    if edge is not None and (
        not bare_start or _names_month(edge.value) or line.at(edge.end - 1).kind == "ordinal"
    ):
        return edge
    day = numbers.month_day(line, i)
    if day is None or not isinstance(first, NamedDay) or line.at(day.end).kind == "meridiem":
        return None
    if bare_start:
        period = period_at(line, day.end + (line.low(day.end) in {"of", "in"}))
        if period is None or not 26 < (period.value[1] - period.value[0]).days < 32:
            return None
        if other_day(line, period.end):
            return None
        month = period.value[0]
        return Hit(NamedDay(day=day.value, month=month.month, year=month.year), period.end)
    return (
        Hit(NamedDay(day=day.value), day.end) if first.day is not None and first.month is not None else None
    )


def _names_month(edge: Edge) -> bool:
    return isinstance(edge, NamedDay) and edge.month is not None and edge.day is not None


def _completed(first: Edge, last: Edge) -> tuple[Edge, Edge]:
    """ "13 to 15 July": the end lends its month (or the one before) and year to the start."""
    if not isinstance(first, NamedDay) or not isinstance(last, NamedDay):
        return first, last
    if first.day is None or last.month is None or last.day is None:
        return first, last
    if first.month is None:
        back = first.day > last.day
        month = (last.month - 2) % 12 + 1 if back else last.month
        year = last.year - 1 if last.year and back and last.month == 1 else last.year
        return replace(first, month=month, year=year), last
    if first.year is None and last.year is not None:
        return replace(first, year=last.year - (first.month > last.month)), last
    return first, last


BOUNDS: tuple[tuple[tuple[str, ...], Op], ...] = (
    (("no", "later", "than"), "by"), (("not", "later", "than"), "by"), (("on", "or", "before"), "by"),
    (("not", "after"), "by"), (("not", "past"), "by"), (("nothing", "after"), "by"), (("nothing", "past"), "by"),
    (("nothing", "before"), "from"), (("nothing", "until"), "from"),
    (("by",), "by"), (("until",), "by"), (("through",), "by"),
    (("up", "to"), "by"), (("up", "until"), "by"), (("any", "time", "before"), "before"),
    (("anytime", "before"), "before"), (("sometime", "before"), "before"), (("before",), "before"),
    (("prior", "to"), "before"), (("earlier", "than"), "before"), (("sooner", "than"), "before"),
    (("on", "or", "after"), "from"), (("no", "earlier", "than"), "from"), (("no", "sooner", "than"), "from"),
    (("not", "before"), "from"), (("not", "until"), "from"), (("starting", "from"), "from"),
    (("starting", "on"), "from"), (("starting",), "from"), (("beginning", "on"), "from"), (("beginning",), "from"),
    (("as", "of"), "from"), (("from",), "from"), (("since",), "from"), (("effective",), "from"),
    (("as", "early", "as"), "from"), (("as", "soon", "as"), "from"), (("as", "late", "as"), "by"),
    (("any", "time", "after"), "after"), (("anytime", "after"), "after"), (("sometime", "after"), "after"),
    (("later", "than"), "after"), (("after",), "after"), (("past",), "after"), (("any", "time", "from"), "from"),
)  # fmt: skip
_LATER = (("or", "later"), ("or", "after"), ("onwards",), ("onward",), ("and", "later"), ("and", "after"),
          ("or", "thereafter"), ("at", "the", "earliest"), ("and", "on"), ("on", "out"))  # fmt: skip
_SOONER = (("or", "earlier"), ("or", "before"), ("or", "sooner"), ("at", "the", "latest"), ("latest",))


_OP = dict(BOUNDS)
_BOUNDS = by_first(_OP)


def _bounded(line: Line, i: int) -> Hit[Said] | None:
    """ "by Friday", "before the 20th", "after the 15th", "starting next week", "from Monday on"."""
    for words in _BOUNDS.get(line.low(i), ()):
        if line.says(i, *words):
            op = _OP[words]
            edge = edge_at(line, i + len(words))
            if edge is None:
                continue
            on = op == "from" and line.low(edge.end) in {"on", "onwards", "onward", "forward", "out"}
            on = on and edge_at(line, edge.end + 1) is None
            return Hit(_bound(op, edge.value), edge.end + on)
    return None


def _bound(op: Op, edge: Edge) -> Said:
    return Said(op, edge, None) if op in {"from", "after"} else Said(op, None, edge)


def _trailing(line: Line, i: int) -> Hit[Said] | None:
    """ "March 10 or later", "Friday at the latest"."""
    start = _skip(line, i, frozenset({"on", "in"}))
    edge = edge_at(line, start)
    if edge is None:
        return None
    for phrases, op in ((_LATER, "from"), (_SOONER, "by")):
        for words in phrases:
            if line.says(edge.end, *words):
                return Hit(_bound("from" if op == "from" else "by", edge.value), edge.end + len(words))
    return None


def _around(line: Line, i: int) -> Hit[Said] | None:
    """ "around the 15th", "in two weeks or so"; "about" is left out: "what about Thursday?" means that day."""
    lead = line.low(i) in {"around", "near", "circa", "approximately"}
    edge = edge_at(line, i + lead)
    if edge is None or not isinstance(edge.value, NamedDay):
        return None
    trail = line.says(edge.end, "or", "so")
    return Hit(Said("on", edge.value, around=True), edge.end + 2 * trail) if lead or trail else None


EVERY = frozenset({"any", "every", "each"})


def _weekdays(line: Line, i: int) -> Hit[Said] | None:
    """ "Tuesdays", "any Thursday", "a Tuesday", "on weekdays", "any weekday"."""
    start = _skip(line, i, frozenset({"on", "only"}))
    every = line.low(start) in EVERY | {"a", "some"}
    start += every + (line.low(start + every) == "other" and 99)
    if line.low(start) in {"weekday", "weekdays", "workday", "workdays"}:
        return Hit(Said("weekdays", weekdays=frozenset(range(7)) - line.settings.weekend), start + 1)
    if line.low(start) == "weekends":
        return Hit(Said("weekdays", weekdays=line.settings.weekend), start + 1)
    weekday = weekday_at(line, start)
    counted = line.at(start - 1).kind == "number" or line.low(start - 1) in CARDINALS
    if weekday is None or counted or not (every or weekday.value[1]):
        return None
    return Hit(Said("weekdays", weekdays=frozenset({weekday.value[0]})), weekday.end)


def _soonest(line: Line, i: int) -> Hit[Said] | None:
    the = line.low(i) == "the" and 1
    for words in _SOONEST.get(line.low(i + the), ()):
        if line.says(i + the, *words) and line.low(i + the + len(words)) not in {
            "one",
            "option",
            "offer",
            "slot",
            "start",
        }:
            return Hit(Said("soonest"), i + the + len(words))
    for words in _ANY.get(line.low(i), ()):
        if line.says(i, *words):
            return Hit(Said("any"), i + len(words))
    return None


def whole_span(said: Said) -> Span | None:
    """The calendar span that the phrase names and others may narrow ("next week"), or None."""
    return said.first if said.op == "on" and isinstance(said.first, tuple) else None


__all__ = ["Edge", "Op", "Said", "almanac", "edge_at", "said_at", "whole_span"]
