"""The book as far as words can point at it: cases without patients, blocks, pools, roles and hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from solver.clinic import OCCUPYING, Block, Clinic, Window

MOST_WEEKS = 9
"""How far ahead a block's next occurrence is looked for."""


@dataclass(frozen=True)
class KnownCase:
    """A case in the book, as far as words can point at it: no patient. `start` is clinic wall time."""

    id: str
    procedures: tuple[str, ...]
    surgeon: str
    room: str
    day: date
    start: datetime
    movable: bool


@dataclass(frozen=True)
class Book:
    """What can be cancelled, moved, released or supposed."""

    cases: tuple[KnownCase, ...]
    blocks: tuple[Block, ...]
    pools: Mapping[str, str]
    """Equipment and trays: id -> its kind, "mobile", "fixed" or "tray"."""
    units: Mapping[str, int]
    """How many there are of each."""
    roles: frozenset[str]
    hours: Mapping[str, Mapping[int, tuple[Window, ...]]]
    """Room -> weekday -> its windows, minutes of the day."""
    open: Mapping[int, tuple[Window, ...]]

    @classmethod
    def of(cls, clinic: Clinic) -> Book:
        """The book of one clinic at one revision."""
        kinds = {e.id: ("mobile" if e.mobile else "fixed") for e in clinic.equipment.values()}
        return cls(
            cases=tuple(_cases(clinic)),
            blocks=tuple(clinic.blocks),
            pools={**kinds, **dict.fromkeys(clinic.trays, "tray")},
            units={
                unit.id: unit.units for pool in (clinic.equipment, clinic.trays) for unit in pool.values()
            },
            roles=frozenset(
                role for person in clinic.staff.values() for role in (person.role, *person.roles_also)
            ),
            hours={room.id: room.hours for room in clinic.rooms.values()},
            open=clinic.hours,
        )

    def coming(self, now: datetime) -> list[KnownCase]:
        """Cases that haven't begun and can still be changed, by start."""
        still = [c for c in self.cases if c.movable and c.start.replace(tzinfo=None) > now]
        return sorted(still, key=lambda case: (case.start, case.room))

    def occurrences(self, owners: Iterable[str], first: date, last: date) -> list[tuple[Block, date]]:
        """The days on which these owners hold a block, both ends included."""
        wanted, days = set(owners), (last - first).days + 1
        return [
            (block, day)
            for day in (first + timedelta(days=n) for n in range(days))
            for block in self.blocks
            if block.owner in wanted and block.falls_on(day) and day not in block.released
        ]


def _cases(clinic: Clinic) -> Iterable[KnownCase]:
    zone = ZoneInfo(clinic.timezone)
    for case in clinic.cases:
        if case.status in OCCUPYING:
            start = datetime.fromtimestamp(case.start * 60, zone)
            procedures = (case.procedure, *case.additional_procedures)
            movable = case.status != "done"
            yield KnownCase(case.id, procedures, case.surgeon, case.room, start.date(), start, movable)
