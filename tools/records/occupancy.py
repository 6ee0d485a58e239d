"""Which unit is taken when: the rows that cannot overlap, and how the units of a pool are packed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

from sqlalchemy import Connection, delete, insert, select

from solver.clinic import Case, Clinic, Instant
from solver.reserve import Reservation, reprocessed, reservations
from solver.rules.pool import Use, packed
from tools.records import tables as t
from tools.records.documents import pools
from tools.records.tables import LANES

Pool = tuple[str, str]
"""(kind, resource)."""


@dataclass(frozen=True)
class Taking:
    """A resource taken by a case; `unit` counts from 1.

    `lane` is None, which is all of them, but for an accepted old clash and for whoever covers several rooms.
    """

    case: str
    kind: str
    resource: str
    role: str
    room: str
    start: Instant
    end: Instant
    unit: int = 1
    lane: int | None = None

    @property
    def pool(self) -> Pool:
        """The pool that its unit belongs to."""
        return self.kind, self.resource

    def meets(self, other: Taking) -> bool:
        """Whether both are at some time at once."""
        return self.start < other.end and other.start < self.end


def takings(case: Case, clinic: Clinic) -> list[Taking]:
    """What a case takes; nothing unless its state occupies. One person in two roles at once is taken once."""
    # What a person or a room takes twice at once is joined; two sets of one tray are two units of it.
    tailed = reprocessed(clinic)
    return _joined(_taking(one, tailed) for one in (reservations(case, clinic) if case.occupies else ()))


def _taking(one: Reservation, tailed: bool) -> Taking:
    # In medical direction a person is in several rooms' lanes at once, and beside a room of their own in none.
    lane = 1 + crc32(one.case.encode()) % (LANES - 1) if one.supervises else None
    end = one.end if tailed else one.end - one.tail
    return Taking(one.case, str(one.kind), one.resource, one.role, one.room, one.start, end, lane=lane)


def _joined(found: Iterable[Taking]) -> list[Taking]:
    # Two roles of one person in one case may overlap: whether that is allowed is a rule's matter.
    kept: list[Taking] = []
    for one in sorted(found, key=lambda taking: (taking.pool, taking.start)):
        last = kept[-1] if kept else None
        if last and last.pool == one.pool and one.kind in ("person", "room") and one.start < last.end:
            lane = last.lane if last.lane == one.lane else None
            kept[-1] = replace(last, end=max(last.end, one.end), lane=lane)
        else:
            kept.append(one)
    return kept


def assigned(pool: Pool, taken: Iterable[Taking], clinic: Clinic) -> list[Taking]:
    """The takings of one pool, each with the unit that packing gives it, in order of start."""
    ordered = sorted(taken, key=lambda taking: (taking.start, taking.end, taking.room, taking.case))
    if pool[0] in ("room", "person"):
        return ordered
    item = clinic.equipment.get(pool[1])
    move, capacity = item.move_minutes if item else 0, _capacity(pool, clinic)
    return [one for group in _groups(ordered, move) for one in _packed(group, capacity, move)]


def _groups(ordered: list[Taking], move: int) -> Iterable[list[Taking]]:
    """Stretches between which every unit is free and moved: each can be packed by itself."""
    group: list[Taking] = []
    for one in ordered:
        if group and one.start >= max(before.end for before in group) + move:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _packed(group: list[Taking], capacity: int, move: int) -> list[Taking]:
    """First fit where it leaves time for every move, else the packing that the pool's rule counts with."""
    first = _fitted(group, [0] * len(group), capacity, move)
    if move == 0 or first is not None:
        return first or _fitted(group, [0] * len(group), capacity, None) or []
    uses = [Use(one.start, one.end, one.room) for one in group]
    wanted = [packed(uses[:at] + uses[at + 1 :], use, move) for at, use in enumerate(uses)]
    return _fitted(group, wanted, capacity, None) or []


def _fitted(group: list[Taking], wanted: list[int], capacity: int, move: int | None) -> list[Taking] | None:
    """Gives each its wanted unit where that is free, else the lowest free one.

    With `move` the result is None where some taking would come too early for every unit. Without, physical room
    is all that counts, and what lacks even that shares unit 1, for the guard or an old clash's lane to judge.
    """
    last: dict[int, Taking] = {}
    result = []
    for one, unit in zip(group, wanted, strict=True):
        able = [n for n in range(1, capacity + 1) if _free(last.get(n), one, move or 0)]
        if not able and move is not None:
            return None
        chosen = unit if unit in able else (able or [1])[0]
        last[chosen] = one if chosen not in last else max(last[chosen], one, key=lambda taking: taking.end)
        result.append(replace(one, unit=chosen))
    return result


def _free(last: Taking | None, one: Taking, move: int) -> bool:
    return last is None or last.end + (move if last.room != one.room else 0) <= one.start


def _capacity(pool: Pool, clinic: Clinic) -> int:
    return next((units for kind, resource, units in pools(clinic) if (kind, resource) == pool), 1)


def laned(taken: Iterable[Taking], excepted: frozenset[str]) -> list[Taking]:
    """The takings, with a lane of its own for each of an excepted case that meets another on its unit.

    A clash that isn't on record keeps all its lanes, so that the guard refuses it.
    """
    by_unit: dict[tuple[Pool, int], list[Taking]] = defaultdict(list)
    for one in taken:
        by_unit[one.pool, one.unit].append(one)
    result: list[Taking] = []
    for sharing in by_unit.values():
        clashing = _clashing(sharing)
        result += [
            replace(one, lane=at) if at in clashing and one.case in excepted else one
            for at, one in enumerate(sharing)
        ]
    return result


def _clashing(sharing: Sequence[Taking]) -> set[int]:
    """Indexes of what meets another; `sharing` may come in any order."""
    clashing: set[int] = set()
    running: list[int] = []
    for at in sorted(range(len(sharing)), key=lambda index: sharing[index].start):
        running = [other for other in running if sharing[other].end > sharing[at].start]
        clashing.update([*running, at] if running else [])
        running.append(at)
    return clashing


class Units:
    """The units of a clinic in the database, by (kind, resource, number)."""

    def __init__(self, connection: Connection, clinic_id: str) -> None:
        self._connection, self._clinic = connection, clinic_id
        self._ids = self._read()

    def _read(self) -> dict[tuple[str, str, int], int]:
        c = t.units.c
        query = select(c.kind, c.resource, c.unit, c.id).where(c.clinic == self._clinic)
        return {(row.kind, row.resource, row.unit): row.id for row in self._connection.execute(query)}

    def ensure(self, clinic: Clinic) -> None:
        """Adds the units that the clinic has and the database doesn't know yet."""
        wanted = [(kind, id_, n) for kind, id_, units in pools(clinic) for n in range(1, units + 1)]
        new = [
            {"clinic": self._clinic, "kind": kind, "resource": resource, "unit": unit}
            for kind, resource, unit in wanted
            if (kind, resource, unit) not in self._ids
        ]
        if new:
            self._connection.execute(insert(t.units), new)
            self._ids = self._read()

    def id(self, taking: Taking) -> int:
        """The row of a taking's unit."""
        return self._ids[taking.kind, taking.resource, taking.unit]


def write(connection: Connection, clinic_id: str, taken: Iterable[Taking], units: Units) -> None:
    """Inserts rows in order of unit and start, so that two writers meet in the same order."""
    rows = [
        {
            "clinic": clinic_id,
            "case_id": one.case,
            "unit_id": units.id(one),
            "role": one.role,
            "room": one.room,
            "start_at": one.start,
            "end_at": one.end,
            "lane_from": 0 if one.lane is None else one.lane,
            "lane_to": LANES if one.lane is None else one.lane,
        }
        for one in taken
    ]
    if rows:
        rows.sort(key=lambda row: (row["unit_id"], row["start_at"]))
        connection.execute(insert(t.reservations), rows)


def free(connection: Connection, clinic_id: str, case: str) -> None:
    """Gives back everything that a case takes."""
    rows = t.reservations
    connection.execute(delete(rows).where(rows.c.clinic == clinic_id, rows.c.case_id == case))


def repack(connection: Connection, clinic: Clinic, case: Case, units: Units) -> None:
    """Books a case's reservations, giving pools' other takings other units where that makes room.

    Raises IntegrityError where a unit is taken whatever the packing: the last guard.
    """
    for_pools: dict[Pool, list[Taking]] = defaultdict(list)
    for one in takings(case, clinic):
        for_pools[one.pool].append(one)
    rows: list[Taking] = []
    for pool, mine in sorted(for_pools.items()):
        rows += mine if pool[0] in ("room", "person") else _pulled(connection, clinic, pool, mine)
    write(connection, clinic.id, rows, units)


def _pulled(connection: Connection, clinic: Clinic, pool: Pool, mine: list[Taking]) -> list[Taking]:
    """Takes out of the table what meets `mine`, directly or through others, and packs all of it anew."""
    rows = _rows_of(connection, clinic.id, pool)
    tied, rest = list(mine), [row for row in rows if row[1].lane is None]
    pulled: list[int] = []
    for one in tied:  # grows while it is walked
        near = [row for row in rest if row[1].meets(one)]
        pulled += [row[0] for row in near]
        tied += [row[1] for row in near]
        rest = [row for row in rest if row not in near]
    if pulled:
        connection.execute(delete(t.reservations).where(t.reservations.c.id.in_(pulled)))
    return assigned(pool, tied, clinic)


def _rows_of(connection: Connection, clinic_id: str, pool: Pool) -> list[tuple[int, Taking]]:
    r, u = t.reservations.c, t.units.c
    query = (
        select(r.id, r.case_id, r.role, r.room, r.start_at, r.end_at, u.unit, r.lane_from, r.lane_to)
        .join(t.units, u.id == r.unit_id)
        .where(u.clinic == clinic_id, u.kind == pool[0], u.resource == pool[1])
        .order_by(r.start_at, r.id)
    )
    return [(row.id, _taking_of(row, pool)) for row in connection.execute(query)]


def _taking_of(row: Any, pool: Pool) -> Taking:
    lane = None if row.lane_to == LANES else row.lane_from
    return Taking(row.case_id, *pool, row.role, row.room, row.start_at, row.end_at, row.unit, lane)
