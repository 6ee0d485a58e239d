"""The tables that every peer is given: along the axis of what may be chosen, where each resource is free.

Nobody's time to fill them is counted. A place on the axis is a start that the request's own bounds allow; for the top
five it is one of the representative starts that Slotwright itself chooses among, in its own order of preference, so
that the cost of a choice is its place on the axis whoever chooses it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from solver.candidates import in_room, rooms, wanted
from solver.clinic import SURGEON, Instant
from solver.grid import Mask, bits
from solver.openings import distinct, openings
from solver.request import Request
from solver.reserve import WHERE, Kind, Mode, Need, modes
from solver.snapshot import DaySnapshot, Snapshot

Cost = tuple[int, int, Instant]
"""Day, whether it is the far edge of an opening, and wheels-in: smaller is preferred."""

ROOM = "room"


@dataclass(frozen=True)
class Tables:
    """`axis` are the choices in order of preference; `places` what is free where along it.

    Place to fill (the room, the surgeon, each place in the team, each pool) -> who or what could fill it -> positions
    on the axis.
    """

    axis: Sequence[Cost]
    places: Mapping[str, Mapping[str, Sequence[int]]]
    derived_ms: float = 0.0
    """CPU milliseconds that it took to derive the representative starts from tables that are warm."""

    @cached_property
    def busy(self) -> Mapping[str, Mapping[str, list[tuple[int, int]]]]:
        """The same as stretches `[from, until)` of the axis in which someone or something isn't free."""
        every = len(self.axis)
        return {
            place: {unit: list(_gaps(free, every)) for unit, free in able.items() if free}
            for place, able in self.places.items()
        }


def _gaps(free: Iterable[int], every: int) -> Iterator[tuple[int, int]]:
    last = 0
    for position in free:
        if position > last:
            yield last, position
        last = position + 1
    if last < every:
        yield last, every


def expressible(snapshot: Snapshot, request: Request) -> bool:
    """Whether a peer can say it: one case whose needs are the same whoever operates, in rooms that tie nobody."""
    ways = modes(snapshot.clinic, request)
    alike = {
        (mode.minutes, mode.anesthesia, tuple(n for n in mode.needs if n.key != SURGEON)) for mode in ways
    }
    tied = any(snapshot.catalogue.tied(room) for room in rooms(snapshot, request))
    alone = request.count == 1 and request.after_case is None and request.position is None
    return alone and len(alike) == 1 and not tied


def earliest_tables(snapshot: Snapshot, request: Request) -> Tables:
    """Every start on the clinic's start step within the request's bounds, by time."""
    days, mode = _days(snapshot, request), modes(snapshot.clinic, request)[0]
    step, calendar = snapshot.clinic.start_step_minutes, snapshot.facts.calendar
    axis = {
        (0, 0, start)
        for day in days
        for start in _instants(day, wanted(day, request, mode) & calendar.step_mask(day.date, step))
    }
    standing = {room: _room(days, snapshot, request, room) for room in rooms(snapshot, request)}
    return _along(
        days, snapshot, request, axis, {r: {(0, 0, s) for s in each} for r, each in standing.items()}
    )


def top_tables(snapshot: Snapshot, request: Request) -> Tables:
    """The representative starts: an edge of each opening of each room, as Slotwright ranks them."""
    days = _days(snapshot, request)
    _representative(days, snapshot, request)  # warm
    began = time.process_time()
    standing = _representative(days, snapshot, request)
    spent = 1000 * (time.process_time() - began)
    axis = {cost for costs in standing.values() for cost in costs}
    return replace(_along(days, snapshot, request, axis, standing), derived_ms=spent)


def _representative(
    days: Sequence[DaySnapshot], snapshot: Snapshot, request: Request
) -> dict[str, set[Cost]]:
    standing = defaultdict[str, set[Cost]](set)
    for number, day in enumerate(days):
        found = openings(snapshot, request, [day], in_room)
        for each in distinct(sorted(found, key=lambda opening: opening.key)):
            far = 0 if each.key[1] == 0 else 1  # an opening's far edge ranks behind all others of its day
            standing[each.room].add((number, far, day.frame.instant(each.bit)))
    return standing


def _days(snapshot: Snapshot, request: Request) -> list[DaySnapshot]:
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    return [snapshot.day(day) for day in request.days() if day >= today]


def _along(
    days: Sequence[DaySnapshot],
    snapshot: Snapshot,
    request: Request,
    choices: Iterable[Cost],
    standing: Mapping[str, Iterable[Cost]],
) -> Tables:
    axis, ways = sorted(choices), modes(snapshot.clinic, request)
    places: dict[str, dict[str, list[int]]] = {ROOM: {}}
    for room, costs in standing.items():
        places[ROOM][room] = [position for position, cost in enumerate(axis) if cost in costs]
    others = {**_pools(days, request, ways[0]), **_people(days, request, ways)}
    for (place, unit), starts in others.items():
        free = [position for position, cost in enumerate(axis) if cost[2] in starts]
        places.setdefault(place, {})[unit] = free
    return Tables(axis, places)


def _pools(days: Sequence[DaySnapshot], request: Request, mode: Mode) -> dict[tuple[str, str], set[Instant]]:
    """What holds wherever the case goes and whoever is in it: the clinic's rules, trays, bays."""
    found: dict[tuple[str, str], set[Instant]] = defaultdict(set)
    for day in days:
        found["clinic", "clinic"] |= _instants(day, day.everywhere(request, mode))
        for need in mode.needs:
            if need.kind not in (*WHERE, Kind.PERSON):
                filling = day.filling(request, mode, need, "")
                unit = filling.units[0]
                found[f"{need.kind} {need.key}", f"{need.kind} {unit}"] |= _instants(
                    day, filling.allowed(unit)
                )
    return found


def _room(days: Sequence[DaySnapshot], snapshot: Snapshot, request: Request, room: str) -> set[Instant]:
    mode = modes(snapshot.clinic, request)[0]
    return {s for day in days for s in _instants(day, day.standing(request, mode).starts(room))}


def _people(
    days: Sequence[DaySnapshot], request: Request, ways: Sequence[Mode]
) -> dict[tuple[str, str], set[Instant]]:
    found: dict[tuple[str, str], set[Instant]] = defaultdict(set)
    for day in days:
        for mode in ways:
            operating = next(need for need in mode.needs if need.key == SURGEON)
            allowed = day.filling(request, mode, operating, "").allowed(mode.surgeon)
            found[SURGEON, mode.surgeon] |= _instants(day, allowed)
        for need in filter(_in_team, ways[0].needs):
            filling = day.filling(request, ways[0], need, "")
            for unit in filling.units:
                found[need.key, unit] |= _instants(day, filling.allowed(unit))
    return found


def _in_team(need: Need) -> bool:
    return need.kind is Kind.PERSON and need.key != SURGEON


def _instants(day: DaySnapshot, mask: Mask) -> set[Instant]:
    return {day.frame.instant(bit) for bit in bits(mask)}


def when(start: Instant) -> str:
    """A start as it is told, in UTC."""
    return dt.datetime.fromtimestamp(start * 60, dt.UTC).isoformat()
