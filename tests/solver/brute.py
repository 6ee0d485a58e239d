"""The naive twin of the search: every surgeon, room, start and team, and the verifier's word on each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice, pairwise, product
from typing import Any

from solver.assign import Slot, teams
from solver.candidates import plan_of, rooms, slot_at, starts, wanted
from solver.grid import bits
from solver.request import Request
from solver.reserve import Mode, modes
from solver.snapshot import DaySnapshot, Snapshot
from solver.verify import verify
from tests.solver.clinics import NEW_YORK
from tools.asking import wall_minutes
from tools.clinic_file import load

Place = tuple[str, str, int]
"""Room, surgeon and the instant of wheels-in."""

MOST_TEAMS = 24
"""Teams tried at a start: those beyond stay untried."""


def loaded(data: dict[str, Any], now: datetime) -> Snapshot:
    """A clinic file's content as a snapshot."""
    return Snapshot.of(load(data).clinic, NEW_YORK.of(now))


def asked(data: dict[str, Any]) -> Request:
    """A contract request's fields as the solver's request."""
    dates = {key: datetime.fromisoformat(data[key]).date() for key in ("date_from", "date_to")}
    times = {key: wall_minutes(data[key]) for key in ("start_from", "start_until", "end_by") if key in data}
    rest = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    out = {key: frozenset(data[key]) for key in ("exclude_surgeons", "exclude_rooms") if key in data}
    return Request(**{**rest, **dates, **times, **out})


def sites(snapshot: Snapshot, request: Request) -> Iterator[tuple[DaySnapshot, Mode, str]]:
    """Every day, mode and room of a request."""
    for date in request.days():
        for mode in modes(snapshot.clinic, request):
            for room in rooms(snapshot, request):
                yield snapshot.day(date, request.replaces), mode, room


def choices(day: DaySnapshot, mode: Mode, room: str) -> Iterator[dict[str, str]]:
    """Every team that names someone who works in each role, the first `MOST_TEAMS` of them."""
    units = [day.candidates(need, mode, room) for need in mode.needs]
    keys = [need.key for need in mode.needs]
    return (dict(zip(keys, chosen, strict=True)) for chosen in islice(product(*units), MOST_TEAMS))


def accepted(day: DaySnapshot, request: Request, mode: Mode, room: str, bit: int) -> Iterator[dict[str, str]]:
    """The teams with which the verifier accepts that start."""
    slot = Slot(mode, room, day.frame.instant(bit), {})
    for team in choices(day, mode, room):
        if "" not in team.values():
            plan = plan_of(slot, team, request, day.facts)
            if not verify(plan, day.facts, day.catalogue, day.catalogue.waived(request)):
                yield team


def looked_at(day: DaySnapshot, request: Request, mode: Mode) -> list[int]:
    """The bits worth trying: every fifth on the start step, and where the masks begin to allow or to forbid."""
    step = NEW_YORK.step_mask(day.date, day.clinic.start_step_minutes)
    every = list(bits(wanted(day, request, mode) & step))
    edges = {bit for room in day.clinic.rooms for bit in _edges(starts(day, request, mode, room), every)}
    return sorted({*every[::5], *edges})


def _edges(mask: int, every: list[int]) -> Iterator[int]:
    for one, other in pairwise(every):
        if mask >> one & 1 != mask >> other & 1:
            yield from (one, other)


def by_solver(snapshot: Snapshot, request: Request) -> set[Place]:
    """Where the masks leave someone in every place and CP-SAT finds a team, which the verifier then passes."""
    found = set()
    for day, mode, room in sites(snapshot, request):
        slots = [slot_at(day, request, mode, room, bit) for bit in bits(starts(day, request, mode, room))]
        for slot in slots:
            solved = teams([slot], day.facts, snapshot.rules(request))
            assert solved.proven
            team = solved.chosen[0]
            if team is not None:
                plan = plan_of(slot, team, request, day.facts)
                assert not verify(plan, day.facts, day.catalogue, day.catalogue.waived(request))
                found.add((room, mode.surgeon, slot.start))
    return found
