"""Openings: of the starts that masks allow, the few that are choices, in order of preference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

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


def openings(
    snapshot: Snapshot, request: Request, days: Iterable[DaySnapshot], able: Starts, every: bool = False
) -> Iterator[Opening]:
    """One slot per day, room and opening, at the opening's best edge; the far edge ranks behind all others.

    With `every`, each start is one.
    """
    allowed, step = rooms(snapshot, request), snapshot.clinic.start_step_minutes
    ways = modes(snapshot.clinic, request)
    for day in days:
        for mode in ways:
            mask = anywhere(day, request, mode)
            for room in allowed if mask else ():
                for run in _runs(able(day, request, mode, room, mask), step):
                    kept = _edges if not every else _all
                    yield from kept(day, request, mode, room, run)


def distinct(
    ranked: list[Opening],
) -> list[Opening]:
    """The best surgeon's slot only, where several could start in the same room at the same time."""
    best: dict[tuple[str, Instant], Opening] = {}
    for opening in ranked:
        best.setdefault((opening.room, opening.day.frame.instant(opening.bit)), opening)
    return list(best.values())


def _edges(day: DaySnapshot, request: Request, mode: Mode, room: str, run: list[int]) -> Iterator[Opening]:
    if request.near is not None:
        closest = min(run, key=lambda bit: (_away(day, request.near, bit), bit))
        key = _key(day, request, mode, room, closest)
        yield Opening((_away(day, request.near, closest), *key), day, mode, room, closest)
        return
    keyed = sorted((_key(day, request, mode, room, bit), bit) for bit in {run[0], run[-1]})
    for choice, (key, bit) in enumerate(keyed):
        if choice == 0 or (run[-1] - run[0]) * GRID >= mode.minutes:
            yield Opening((key[0], choice, *key[1:]), day, mode, room, bit)


def _all(day: DaySnapshot, request: Request, mode: Mode, room: str, run: list[int]) -> Iterator[Opening]:
    for bit in run:
        yield Opening(_key(day, request, mode, room, bit), day, mode, room, bit)


def _away(day: DaySnapshot, near: Instant | None, bit: int) -> int:
    return abs(day.frame.instant(bit) - near) if near is not None else 0


def _key(day: DaySnapshot, request: Request, mode: Mode, room: str, bit: int) -> tuple[object, ...]:
    placed = rank.Placed(mode, room, day.frame.instant(bit), day.facts, request)
    return rank.key(placed, rank.terms(placed, day.clinic.ranking), day.clinic.ranking)


def _runs(mask: Mask, step: int) -> Iterator[list[int]]:
    """Starts that follow each other on the clinic's start step: one opening each."""
    run: list[int] = []
    for bit in bits(mask):
        if run and (bit - run[-1]) * GRID > step:
            yield run
            run = []
        run.append(bit)
    if run:
        yield run
