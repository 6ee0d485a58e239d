"""Near misses: where there is no slot, the nearest verified ones for a request that differs a little."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from solver.clinic import Case, Instant
from solver.request import Alternative, Offer, Request
from solver.search import search
from solver.snapshot import Snapshot


def alternatives(snapshot: Snapshot, request: Request, most: int = 5) -> tuple[Alternative, ...]:
    """Near misses: verified offers for requests that differ in as little as can be, nearest first.

    No way of differing takes all places: beside another day there is another surgeon on the day asked for.
    """
    found: list[Alternative] = []
    places: set[tuple[object, ...]] = set()
    for first, relaxed, quota in _relaxed(snapshot, request):
        room = min(quota - sum(a.differs[0] == first for a in found), most - len(found))
        for offer in search(snapshot, relaxed).offers if room > 0 else ():
            case = offer.plan.cases[0]
            place = (case.room, case.surgeon, case.start)
            if place not in places and room > 0:
                places.add(place)
                room -= 1
                found.append(_near(offer, _differing(snapshot, request, case, first)))
    return tuple(found)


def _near(offer: Offer, differs: tuple[str, ...]) -> Alternative:
    """A near miss; on another day it isn't told how far it is from the first day, which was not the one asked for."""
    reasons = offer.reasons[1:] if "date" in differs else offer.reasons
    return Alternative(replace(offer, reasons=reasons), differs)


def _relaxed(snapshot: Snapshot, request: Request) -> Iterator[tuple[str, Request, int]]:
    """(what is given up first, the request without it, how many to show), nearest to what was asked first."""
    clock = replace(request, start_from=None, start_until=None, end_by=None, at=None, near=request.at)
    timed = clock != request
    if timed:
        yield "start", replace(clock, limit=3), 3
    if request.room is not None:
        yield "room", replace(request, room=None, limit=3), 3
        yield "room", replace(clock, room=None, limit=3), 3
    for base in dict.fromkeys((clock, replace(clock, room=None))):
        for day in _nearest_days(snapshot, request):
            near = None if request.at is None else _same_clock(snapshot, request.at, day)
            yield "date", replace(base, date_from=day, date_to=day, weekdays=None, near=near, limit=1), 3
    if request.surgeon is not None:
        yield "surgeon", replace(clock, surgeon=None, room=None, limit=2), 2


def _same_clock(snapshot: Snapshot, instant: Instant, day: dt.date) -> Instant:
    return snapshot.facts.calendar.instant(day, _minute(snapshot, instant))


def _nearest_days(snapshot: Snapshot, request: Request, reach: int = 28) -> list[dt.date]:
    """Days outside those asked for: weekdays that were asked for first, then the nearest, then the later."""
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    asked = set(request.days())
    span = (request.date_to - request.date_from).days
    around = (request.date_from + dt.timedelta(days=n) for n in range(-reach, span + reach + 1))
    free = {day for day in around if day >= today and day not in asked and day not in request.exclude_dates}
    return sorted(free, key=lambda day: (not request.wants(day), _distance(day, request), -day.toordinal()))


def _distance(day: dt.date, request: Request) -> int:
    return max((request.date_from - day).days, (day - request.date_to).days, 0)


def _differing(snapshot: Snapshot, request: Request, case: Case, first: str) -> tuple[str, ...]:
    """The fields in which a near miss differs from what was asked."""
    calendar = snapshot.facts.calendar
    date = calendar.date(case.start)
    wall = calendar.wall(case.start)
    minute = wall.hour * 60 + wall.minute
    outside = (
        (request.at is not None and _minute(snapshot, request.at) != minute)
        or (request.start_from is not None and minute < request.start_from)
        or (request.start_until is not None and minute > request.start_until)
        or (request.end_by is not None and minute + case.minutes > request.end_by)
    )
    differs = {
        "surgeon": request.surgeon is not None and case.surgeon != request.surgeon,
        "room": request.room is not None and case.room != request.room,
        "date": not (request.date_from <= date <= request.date_to and request.wants(date)),
        "start": outside,
    }
    return tuple(field for field, is_so in differs.items() if is_so) or (first,)


def _minute(snapshot: Snapshot, instant: Instant) -> int:
    wall = snapshot.facts.calendar.wall(instant)
    return wall.hour * 60 + wall.minute
