"""Openings: of the starts that masks allow, the few that are choices, in order of preference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from solver import rank
from solver.candidates import anywhere, rooms
from solver.clinic import Instant
from solver.grid import GRID, Mask, bits
from solver.request import Request
from solver.reserve import Mode, modes
from solver.snapshot import DaySnapshot, Snapshot

Starts = Callable[[DaySnapshot, Request, Mode, str, Mask], Mask]
"""Which of some starts of one mode there are in one room on one day."""


@dataclass(frozen=True)
class Opening:
    """A start that the masks allow and the ranking puts forward; its team is looked at when its turn comes."""

    key: tuple[object, ...]
    day: DaySnapshot
    mode: Mode
    room: str
    bit: int


@dataclass
class Keys:
    """Ranks of one request's starts on one day; worked out once for surgeons whom no term tells apart."""

    day: DaySnapshot
    request: Request
    known: dict[tuple[str, str, int], tuple[object, ...]] = field(default_factory=dict)
    alone: dict[str, str] = field(default_factory=dict)

    def of(self, mode: Mode, room: str, bit: int) -> tuple[object, ...]:
        """The rank of that start: smaller is better."""
        place = self._who(mode), room, bit
        if place not in self.known:
            self.known[place] = self._key(mode, room, bit)
        return (*self.known[place][:-1], mode.surgeon)

    def _who(self, mode: Mode) -> str:
        if mode.surgeon not in self.alone:
            self.alone[mode.surgeon] = mode.surgeon if rank.told_apart(mode, self.day.clinic) else ""
        return self.alone[mode.surgeon]

    def _key(self, mode: Mode, room: str, bit: int) -> tuple[object, ...]:
        day, levels = self.day, self.day.clinic.ranking
        placed = rank.Placed(mode, room, day.frame.instant(bit), day.facts, self.request)
        return rank.key(placed, rank.terms(placed, levels), levels)


def openings(
    snapshot: Snapshot, request: Request, days: Iterable[DaySnapshot], able: Starts, every: bool = False
) -> Iterator[Opening]:
    """One slot per day, room and opening, at the opening's best edge; the far edge ranks behind all others.

    With `every`, each start is one.
    """
    allowed, step = rooms(snapshot, request), snapshot.clinic.start_step_minutes
    ways, kept = modes(snapshot.clinic, request), _all if every else _edges
    for day in days:
        keys = Keys(day, request)
        for mode in ways:
            mask = anywhere(day, request, mode)
            for room in allowed if mask else ():
                for run in _runs(able(day, request, mode, room, mask), step):
                    yield from kept(keys, mode, room, run)


def distinct(
    ranked: list[Opening],
) -> list[Opening]:
    """The best surgeon's slot only, where several could start in the same room at the same time."""
    best: dict[tuple[str, Instant], Opening] = {}
    for opening in ranked:
        best.setdefault((opening.room, opening.day.frame.instant(opening.bit)), opening)
    return list(best.values())


def _edges(keys: Keys, mode: Mode, room: str, run: Sequence[int]) -> Iterator[Opening]:
    day, near = keys.day, keys.request.near
    if near is not None:
        closest = min(run, key=lambda bit: (_away(day, near, bit), bit))
        key = keys.of(mode, room, closest)
        yield Opening((_away(day, near, closest), *key), day, mode, room, closest)
        return
    keyed = sorted((keys.of(mode, room, bit), bit) for bit in {run[0], run[-1]})
    for choice, (key, bit) in enumerate(keyed):
        if choice == 0 or (run[-1] - run[0]) * GRID >= mode.minutes:
            yield Opening((key[0], choice, *key[1:]), day, mode, room, bit)


def _all(keys: Keys, mode: Mode, room: str, run: Sequence[int]) -> Iterator[Opening]:
    for bit in run:
        yield Opening(keys.of(mode, room, bit), keys.day, mode, room, bit)


def _away(day: DaySnapshot, near: Instant, bit: int) -> int:
    return abs(day.frame.instant(bit) - near)


@lru_cache(maxsize=16384)
def _runs(mask: Mask, step: int) -> tuple[tuple[int, ...], ...]:
    """Starts that follow each other on the clinic's start step: one opening each."""
    runs: list[list[int]] = []
    for bit in bits(mask):
        if runs and (bit - runs[-1][-1]) * GRID <= step:
            runs[-1].append(bit)
        else:
            runs.append([bit])
    return tuple(tuple(run) for run in runs)
