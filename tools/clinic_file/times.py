"""Clinic wall times and instants: the clinic's zone, and the two hours a year that don't fit."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from typing import Any

from solver.clinic import Instant
from solver.grid import Calendar
from tools.clinic_file.faults import Fault, maybe
from tools.clinic_file.syntax import walk
from tools.invalid import seen

MOMENTS = (
    "rooms.*.closures.[].from", "rooms.*.closures.[].to", "equipment.*.maintenance.[].from",
    "equipment.*.maintenance.[].to", "cases.[].start", "readiness.*.last_meal", "readiness.*.last_drink",
)  # fmt: skip


def timed(values: Any) -> Iterator[Fault]:
    """An unknown zone, or every wall time that its clocks skip or show twice."""
    for place, name in walk(values, ("clinic", "timezone")):
        if not isinstance(name, str) or name not in zoneinfo.available_timezones():
            way = maybe(str(name), zoneinfo.available_timezones(), shown=0).split("Known")[0]
            said = f"{seen(name)} is not a time zone. {way or 'Maybe an IANA name such as America/New_York'}"
            yield Fault(place, said.rstrip())
            continue
        for pattern in MOMENTS:
            for where, moment in walk(values, pattern.split(".")):
                reason = unclear(moment, name)
                if reason:
                    yield Fault(where, reason)


def unclear(moment: Any, zone: str) -> str | None:
    """What is wrong with a wall time in a zone, or None; a time with an offset is never unclear."""
    try:
        wall = moment if isinstance(moment, dt.datetime) else dt.datetime.fromisoformat(str(moment))
    except ValueError:
        return None
    if wall.tzinfo is not None:
        return None
    first, second = (wall.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return None
    shown = f"{wall:%Y-%m-%dT%H:%M}"
    back = first.astimezone(dt.UTC).astimezone(first.tzinfo).replace(tzinfo=None)
    if back != wall:
        return f"{shown} doesn't exist: the clocks skip it that night. Maybe {back:%H:%M}"
    pair = f"{first:%Y-%m-%dT%H:%M}{_offset(first)} or {second:%Y-%m-%dT%H:%M}{_offset(second)}"
    return f"{shown} happens twice: the clocks go back that night. Maybe write {pair}"


def _offset(moment: dt.datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:]}"


def written_moment(instant: Instant, calendar: Calendar) -> str:
    """An instant as the file writes it: wall time, with its offset only where the hour happens twice."""
    wall = calendar.wall(instant)
    naive = wall.replace(tzinfo=None, fold=0)
    shown = f"{naive:%Y-%m-%dT%H:%M}"
    return f"{shown}{_offset(wall)}" if unclear(naive, calendar.zone) else shown
