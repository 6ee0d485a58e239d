"""Solved again: what a clinic with changes laid over it has to offer, and how many openings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from solver.candidates import anywhere, in_room, plan_of, rooms, slot_at, staffed
from solver.changes import (
    AddShift,
    AddStaff,
    Change,
    OverrideRule,
    ReleaseBlock,
    RemoveLeave,
    ReopenRoom,
    SetHours,
)
from solver.clinic import Clinic, Instant
from solver.explain.joint import matched
from solver.explain.table import Table
from solver.grid import GRID, Mask, bits
from solver.request import Offer, Request
from solver.reserve import Mode, modes
from solver.search import search
from solver.snapshot import DaySnapshot, Snapshot
from solver.verify import verify

COUNTED = 20
"""Openings that are counted; more are told as this many."""


def resolved(snapshot: Snapshot, request: Request) -> tuple[Offer | None, int]:
    """The best verified offer, and how many openings (a day, a room, a stretch of starts) have a verified team."""
    offers = search(snapshot, replace(request, limit=1)).offers
    if not offers:
        return None, 0
    if request.count > 1:
        return offers[0], len(search(snapshot, request).offers)
    case = offers[0].plan.cases[0]
    found = openings(snapshot, request, known=(case.surgeon, case.room, case.start))
    return offers[0], max(1, sum(1 for _ in islice(found, COUNTED)))


def any_opening(snapshot: Snapshot, request: Request) -> bool:
    """Whether there is a slot at all, without choosing which and with whom where masks can say it."""
    if request.count > 1 or request.allow_swaps:
        return bool(search(snapshot, replace(request, limit=1)).offers)
    return next(openings(snapshot, request), None) is not None


def openings(
    snapshot: Snapshot, request: Request, known: tuple[str, str, Instant] | None = None
) -> Iterator[tuple[dt.date, str, int]]:
    """(date, room, first start) of every stretch in which some start has a team that passes the verifier.

    `known` is a surgeon, a room and a start that the verifier has passed already.
    """
    seen = set()
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    for date in (day for day in request.days() if day >= today):
        day = snapshot.day(date, request.replaces)
        for mode in modes(snapshot.clinic, request):
            mask = anywhere(day, request, mode)
            for room in rooms(snapshot, request) if mask else ():
                able = in_room(day, request, mode, room, mask)
                for run in _runs(able, snapshot.clinic.start_step_minutes):
                    place = (date, room, run[0])
                    sure = known and known[:2] == (mode.surgeon, room) and day.frame.bit(known[2]) in run
                    if place not in seen and (sure or _served(snapshot, day, request, mode, room, run)):
                        seen.add(place)
                        yield place


def _served(
    snapshot: Snapshot, day: DaySnapshot, request: Request, mode: Mode, room: str, run: list[int]
) -> bool:
    """Whether a start of the stretch has a team: the obvious one at its edge, or one that CP-SAT finds inside."""
    slot = slot_at(day, request, mode, room, run[0])
    team = matched({key: [(unit, 0) for unit in units] for key, units in slot.able.items()})
    plan = plan_of(slot, team, request, day.facts)
    if not verify(plan, day.facts, snapshot.catalogue, snapshot.catalogue.waived(request)):
        return True
    return staffed(day, request, mode, room, sum(1 << bit for bit in run)) != 0


def _runs(mask: Mask, step: int) -> Iterator[list[int]]:
    run: list[int] = []
    for bit in bits(mask):
        if run and (bit - run[-1]) * GRID > step:
            yield run
            run = []
        run.append(bit)
    if run:
        yield run


def within_reach(table: Table, request: Request, changes: Sequence[Change]) -> Request:
    """The request on the days that the changes can open: where there was no slot before, the others have none now."""
    waived = frozenset(change.rule for change in changes if isinstance(change, OverrideRule))
    days = _left_without(table, waived) if waived else set()
    for change in changes:
        if not isinstance(change, OverrideRule):
            reached = _reached(table.snapshot.clinic, change, request.days())
            if reached is None:
                return request
            days |= reached
    return only_on(request, days)


def _left_without(table: Table, rules: frozenset[str]) -> set[dt.date]:
    """The dates on which some start is left with the rules set aside, each need taken for itself."""
    off = sum(1 << number for number, atom in enumerate(table.index.atoms) if atom.rule in rules)
    return {scene.day.date for scene in table.scenes if scene.free(~off)}


def only_on(request: Request, days: set[dt.date]) -> Request:
    """The request on these days alone, and on those before them: a case may reach past midnight."""
    near = days | {day - dt.timedelta(days=1) for day in days}
    return replace(request, exclude_dates=request.exclude_dates | (set(request.days()) - near))


def _reached(clinic: Clinic, change: Change, days: list[dt.date]) -> set[dt.date] | None:
    """The dates that a change bears on; None where that may be any."""
    match change:
        case AddShift(date=date) | AddStaff(date=date) | ReleaseBlock(date=date) | ReopenRoom(date=date):
            return {date}
        case RemoveLeave(first=first, last=last):
            return {day for day in days if first <= day <= last} | {first}
        case SetHours(resource=resource, day=weekday) if resource not in clinic.bays:
            one = dt.timedelta(days=1)
            return {near for day in days for near in (day, day + one) if near.weekday() == weekday}
        case _:
            return None
