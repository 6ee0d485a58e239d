"""Relations that say where a case may stand beside others: to follow one, first or last of a room's day."""

from __future__ import annotations

import datetime as dt

from solver.book import Facts
from solver.clinic import Instant
from solver.grid import Mask
from solver.request import Request
from solver.reserve import Kind, Mode
from solver.rules import Catalogue
from solver.rules.room import Turnover
from solver.snapshot import DaySnapshot


def related(day: DaySnapshot, request: Request, mode: Mode, room: str, mask: Mask) -> Mask:
    """Those of the starts in that room that keep the relations which the request asks for."""
    if request.after_case is not None:
        mask &= _following(day, request, mode, room)
    if mask and request.position is not None:
        mask &= _placed(day, request.position, room)
    return mask


def gap(first: Mode, second: Mode, catalogue: Catalogue, day: dt.date) -> int:
    """Minutes from wheels-out of one case to wheels-in of the next in the same room; 0 where no rule asks for any."""
    return next((rule.gap(first, second, day) for rule in catalogue.rules if isinstance(rule, Turnover)), 0)


def next_start(facts: Facts, earliest: Instant) -> Instant:
    """The first instant on the clinic's start step that isn't before `earliest`."""
    calendar = facts.calendar
    frame = calendar.frame(calendar.date(earliest))
    steps = calendar.step_mask(frame.date, facts.clinic.start_step_minutes)
    left = steps & frame.starts(earliest, frame.end - 1)
    return frame.instant((left & -left).bit_length() - 1) if left else frame.end


def _following(day: DaySnapshot, request: Request, mode: Mode, room: str) -> Mask:
    """In the room of the case before: after its turnover. As a flip: in another, sooner than that."""
    before = day.facts.book.cases.get(request.after_case or "")
    if before is None:
        return 0
    ready = next_start(day.facts, before.end + gap(day.facts.mode(before), mode, day.catalogue, day.date))
    if request.arrangement == "flip":
        apart = room != before.room and mode.surgeon == before.surgeon
        return day.frame.starts(before.start + 1, ready - 1) if apart else 0
    bit = day.frame.bit(ready) if room == before.room else None
    return 0 if bit is None else 1 << bit


def _placed(day: DaySnapshot, position: str, room: str) -> Mask:
    frame = day.frame
    held = [r for r in day.facts.book.near(room, frame.origin, frame.end) if r.kind is Kind.ROOM]
    held = [r for r in held if r.start >= frame.origin]
    if not held:
        return frame.full
    if position == "first":
        return frame.starts(frame.origin, min(r.start for r in held) - 1)
    return frame.starts(max(r.end for r in held), frame.end - 1)
