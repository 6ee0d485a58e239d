"""How many cases a day could take at the very most: the proof of many a "no" before any search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from solver.candidates import allowed_rooms, anywhere, in_room
from solver.clinic import SURGEON
from solver.grid import GRID, Mask, bits
from solver.relations import gap
from solver.request import Request
from solver.reserve import Kind, Mode, Need
from solver.snapshot import DaySnapshot


def most_on(day: DaySnapshot, request: Request, ways: Sequence[Mode]) -> int:
    """An upper bound on the cases of a request that fit into one day; each resource is looked at alone."""
    able = {mode: anywhere(day, request, mode) for mode in ways}
    by_room = {
        room: {mode: in_room(day, request, mode, room, mask) for mode, mask in able.items() if mask}
        for room in allowed_rooms(day.clinic, request)
    }
    turning = any(rule.id == "turnover" for rule in day.catalogue.binding(request))
    in_rooms = sum(_in_room(day, masks, turning) for masks in by_room.values())
    per_mode = {mode: _union(masks.get(mode, 0) for masks in by_room.values()) for mode in ways}
    return min(in_rooms, sum(_of_mode(day, request, mode, mask) for mode, mask in per_mode.items() if mask))


def _in_room(day: DaySnapshot, masks: dict[Mode, Mask], turning: bool) -> int:
    able = [mode for mode, mask in masks.items() if mask]
    if not able:
        return 0
    between = (gap(one, two, day.catalogue, day.date) if turning else 0 for one in able for two in able)
    apart = min(mode.minutes for mode in able) + min(between)
    return packed_starts(_union(masks.values()), apart, 1)


def _of_mode(day: DaySnapshot, request: Request, mode: Mode, mask: Mask) -> int:
    """The most cases of one surgeon: by who and what each need could be filled with."""
    return min(_of_need(day, request, mode, need, mask) for need in mode.needs if need.kind is not Kind.ROOM)


def _of_need(day: DaySnapshot, request: Request, mode: Mode, need: Need, mask: Mask) -> int:
    if need.kind is not Kind.PERSON:
        if request.overrides:
            return packed_starts(
                mask, GRID, len(day.clinic.rooms)
            )  # a pool's limit may be among what is waived
        tables = (day.clinic.equipment, day.clinic.trays, day.clinic.bays)
        units = next(int(table[need.key].units) for table in tables if need.key in table)
        return packed_starts(mask, need.minutes, units // need.units)
    person = day.clinic.staff.get(mode.surgeon)
    if need.key == SURGEON and person is not None:
        most = packed_starts(mask, need.minutes, 1)
        limited = any(rule.id == "surgeon-limits" for rule in day.catalogue.binding(request))
        if limited and person.max_cases_day is not None:
            held = day.facts.book.near(person.id, day.frame.origin, day.frame.end)
            booked = {r.case for r in held if r.role == SURGEON and r.start >= day.frame.origin}
            most = min(most, max(0, person.max_cases_day - len(booked)))
        return most
    filling = day.filling(request, mode, need, "")
    return packed_starts(
        mask, need.minutes, sum(bool(filling.allowed(unit) & mask) for unit in filling.units)
    )


def packed_starts(mask: Mask, minutes: int, machines: int) -> int:
    """The most intervals of one length with starts in the mask, `machines` at a time: as early as can be, each."""
    free = [-(1 << 30)] * machines
    count = 0
    for bit in bits(mask):
        for machine, until in enumerate(free):
            if until <= bit * GRID:
                free[machine] = bit * GRID + minutes
                count += 1
    return count


def _union(masks: Iterable[Mask]) -> Mask:
    union = 0
    for mask in masks:
        union |= mask
    return union
