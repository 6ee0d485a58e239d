"""A room's day as one strip of the week: what is open, booked, closed and offered, in its place. Pure, no clock.

All strips of a week have one scale, in columns of 5 elapsed minutes like the day board's, so that 9 AM stands below
9 AM. They are SVG paths: the page's content security policy allows no inline style, and a path is short.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from web.board import Ghost
from web.format import Formats
from web.geometry import STEPS_AN_HOUR, USUAL_HOURS, Day, Span

HIGH = 10
"""The height of a strip in the units of its paths."""
KINDS = ("open", "shut", "booked", "held", "offered")
"""What a strip shows, what lies lower first."""
Place = tuple[str, dt.date]


@dataclass(frozen=True)
class Strip:
    """One room on one day: a path a kind, and the ranks of the offers on it."""

    paths: tuple[tuple[str, str], ...] = ()
    ranks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Strips:
    """A week's strips on one scale: `width` columns between two hours of the clock."""

    width: int
    first: str
    last: str
    drawn: Mapping[Place, Strip]

    def of(self, room: str, day: dt.date) -> Strip:
        """The strip of a room's day; an empty one where there is nothing."""
        return self.drawn.get((room, day), Strip())


def strips(
    schedule: Mapping[str, Any], days: Sequence[dt.date], formats: Formats, ghosts: Iterable[Ghost] = ()
) -> Strips:
    """The strips of `get_schedule`'s output over the days, with the offers that fall on them."""
    known = {day: Day.of(day, formats) for day in days}
    spans: dict[Place, list[tuple[str, Span]]] = defaultdict(list)
    ranks: dict[Place, list[str]] = defaultdict(list)
    for room, kind, start, end, rank in _parts(schedule, ghosts):
        for day in _days(formats, start, end):
            span = known[day].span(start, end) if day in known else None
            if span:
                spans[room, day].append((kind, span))
                ranks[room, day].extend([rank] if rank else [])
    low, high = _scale([span for each in spans.values() for kind, span in each if kind != "shut"])
    drawn = {place: Strip(_paths(each, low, high), tuple(ranks[place])) for place, each in spans.items()}
    usual = known[days[0]]
    return Strips(high - low, formats.hour(usual.at(low)), formats.hour(usual.at(high)), drawn)


def _parts(schedule: Mapping[str, Any], ghosts: Iterable[Ghost]) -> Iterable[tuple[str, str, str, str, str]]:
    for room in schedule["rooms"]:
        yield from ((room["id"], "open", start, end, "") for start, end in room["hours"])
    for case in schedule["cases"]:
        if case["status"] != "cancelled":
            kind = "held" if case["status"] == "held" else "booked"
            yield case["room"], kind, case["start"], case["end"], ""
    for bar in schedule["blocked"]:
        if bar["kind"] != "block":
            yield bar["room"], "shut", bar["start"], bar["end"], ""
    for ghost in ghosts:
        yield ghost.room, "offered", ghost.start, ghost.end, ghost.rank


def _days(formats: Formats, start: str, end: str) -> Iterable[dt.date]:
    first, last = formats.local(start).date(), formats.local(end).date()
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def _scale(spans: Sequence[Span]) -> Span:
    """Whole hours around everything that is open, booked or offered."""
    if not spans:
        return USUAL_HOURS[0] * STEPS_AN_HOUR, USUAL_HOURS[1] * STEPS_AN_HOUR
    low = min(start for start, _ in spans) // STEPS_AN_HOUR
    high = -(-max(end for _, end in spans) // STEPS_AN_HOUR)
    return low * STEPS_AN_HOUR, high * STEPS_AN_HOUR


def _paths(spans: Sequence[tuple[str, Span]], low: int, high: int) -> tuple[tuple[str, str], ...]:
    found = []
    for kind in KINDS:
        here = [(max(a, low), min(b, high)) for each, (a, b) in spans if each == kind]
        path = "".join(f"M{a - low} 0h{b - a}v{HIGH}h-{b - a}z" for a, b in sorted(here) if b > a)
        if path:
            found.append((kind, path))
    return tuple(found)
