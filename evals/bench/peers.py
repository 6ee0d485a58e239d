"""A peer: the model that a competent user of CP-SAT would write for the earliest start, and how it compares.

It is the strongest way that we know: no booking is in the model, but each resource's free time is the domain of the
start. The tables of free time are the same warm ones for both sides and nobody's time to fill them is counted;
building the model is, since every request needs its own. One worker, presolve as it comes.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

from solver.candidates import rooms, wanted
from solver.clinic import SURGEON, Clinic, Instant, RankTerm
from solver.grid import Mask, bits
from solver.request import Request, Status
from solver.reserve import Kind, Mode, Need, modes
from solver.search import search
from solver.snapshot import WHERE, DaySnapshot, Snapshot

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

EARLIEST = ((RankTerm("day"),), (RankTerm("start"),))
"""The one order of preference that every peer can say."""


@dataclass(frozen=True)
class Answer:
    """The earliest wheels-in that was found; None and `proven` is a proof that there is none. CPU milliseconds."""

    start: Instant | None
    proven: bool
    ms: float


@dataclass(frozen=True)
class Tables:
    """The free time of one request's window, resource by resource: the starts that each one allows, as instants."""

    always: list[list[Instant]]
    """What holds wherever the case goes and whoever is in it: the request's bounds, trays, bays."""
    places: dict[str, dict[str, list[Instant]]]
    """Place to fill (the room, the surgeon, each place in the team) -> who or what could fill it -> starts."""


def earliest(clinic: Clinic) -> Clinic:
    """The clinic with the earliest start as its only preference."""
    return replace(clinic, ranking=EARLIEST)


def expressible(snapshot: Snapshot, request: Request) -> bool:
    """Whether the peer can say it: one case whose needs are the same whoever operates, in rooms that tie nobody."""
    ways = modes(snapshot.clinic, request)
    alike = {
        (mode.minutes, mode.anesthesia, tuple(n for n in mode.needs if n.key != SURGEON)) for mode in ways
    }
    tied = any(snapshot.catalogue.tied(room) for room in rooms(snapshot, request))
    alone = request.count == 1 and request.after_case is None and request.position is None
    return alone and len(alike) == 1 and not tied


def tables(snapshot: Snapshot, request: Request) -> Tables:
    """The warm tables of a request, read from the snapshot's own masks and not combined with each other."""
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    days = [snapshot.day(day) for day in request.days() if day >= today]
    ways = modes(snapshot.clinic, request)
    places: dict[str, dict[str, list[Instant]]] = defaultdict(lambda: defaultdict(list))
    always: dict[str, list[Instant]] = defaultdict(list)
    for day in days:
        for name, mask in _always(day, request, ways[0]):
            always[name] += _instants(day, mask)
        for place, unit, mask in _fillers(snapshot, day, request, ways):
            places[place][unit] += _instants(day, mask)
    return Tables(list(always.values()), {place: dict(able) for place, able in places.items()})


def _always(day: DaySnapshot, request: Request, mode: Mode) -> Iterator[tuple[str, Mask]]:
    yield "wanted", wanted(day, request, mode)
    yield "everywhere", day.everywhere(request, mode)
    for need in mode.needs:
        if need.kind not in (*WHERE, Kind.PERSON):
            filling = day.filling(request, mode, need, "")
            yield need.key, filling.allowed(filling.units[0])


def _fillers(
    snapshot: Snapshot, day: DaySnapshot, request: Request, ways: Sequence[Mode]
) -> Iterator[tuple[str, str, Mask]]:
    for room in rooms(snapshot, request):
        yield "room", room, day.standing(request, ways[0]).starts(room)
    for mode in ways:
        operating = next(need for need in mode.needs if need.key == SURGEON)
        yield SURGEON, mode.surgeon, day.filling(request, mode, operating, "").allowed(mode.surgeon)
    for need in filter(_in_team, ways[0].needs):
        filling = day.filling(request, ways[0], need, "")
        yield from ((need.key, unit, filling.allowed(unit)) for unit in filling.units)


def _in_team(need: Need) -> bool:
    return need.kind is Kind.PERSON and need.key != SURGEON


def _instants(day: DaySnapshot, mask: Mask) -> list[Instant]:
    return [day.frame.instant(bit) for bit in bits(mask)]


def domains(given: Tables, seconds: float) -> Answer:
    """CP-SAT with free time as start domains: one room, one person for each place in the team, all different."""
    from ortools.sat.python import cp_model

    began = time.process_time()
    if not all(given.always):  # a variable must have a value
        return Answer(None, True, 1000 * (time.process_time() - began))
    model = cp_model.CpModel()
    start = model.new_int_var_from_domain(cp_model.Domain.from_values(given.always[0]), "wheels-in")
    for free in given.always[1:]:
        model.add_linear_expression_in_domain(start, cp_model.Domain.from_values(free))
    chosen: dict[str, list[cp_model.IntVar]] = defaultdict(list)
    for able in given.places.values():
        for unit, literal in _choices(model, start, able).items():
            chosen[unit].append(literal)
    for literals in chosen.values():
        model.add_at_most_one(literals)
    model.minimize(start)
    return _solved(model, start, seconds, began)


def _choices(
    model: cp_model.CpModel, start: cp_model.IntVar, able: Mapping[str, Sequence[Instant]]
) -> dict[str, cp_model.IntVar]:
    """A literal for each unit that has any free time, exactly one of them true, and only in that unit's free time."""
    from ortools.sat.python import cp_model

    literals = {}
    for unit, starts in able.items():
        if starts:
            literals[unit] = model.new_bool_var(unit)
            free = cp_model.Domain.from_values(list(starts))
            model.add_linear_expression_in_domain(start, free).only_enforce_if(literals[unit])
    model.add_exactly_one(literals.values())
    return literals


def _solved(model: cp_model.CpModel, start: cp_model.IntVar, seconds: float, began: float) -> Answer:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = seconds
    ended = solver.solve(model)
    spent = 1000 * (time.process_time() - began)
    if ended == cp_model.OPTIMAL:
        return Answer(solver.value(start), True, spent)
    return Answer(None, ended == cp_model.INFEASIBLE, spent)


Peer = Callable[[Tables, float], Answer]
PEERS: dict[str, Peer] = {"domains": domains}
"""Name -> the model."""


def ours(snapshot: Snapshot, request: Request) -> Answer:
    """Slotwright's own answer to the same question, with the whole team verified."""
    began = time.process_time()
    found = search(snapshot, request)
    spent = 1000 * (time.process_time() - began)
    first = found.offers[0].plan.cases[0].start if found.offers else None
    return Answer(first, found.status is not Status.NOT_PROVEN, spent)


def compared(
    clinic: Clinic,
    as_of: Instant,
    asked: Sequence[Request],
    peer: Peer,
    seconds: float,
    done: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Both sides over the requests that the peer can express, warm: agreement, time-outs, ratios pair by pair."""
    snapshot = Snapshot.of(earliest(clinic), as_of)
    pairs = []
    for request in (replace(each, limit=1) for each in asked):
        if expressible(snapshot, request):
            given = tables(snapshot, request)
            search(snapshot, request)
            pairs.append((request, ours(snapshot, request), peer(given, seconds)))
        done()
    return _told(pairs, len(asked))


def _told(pairs: Sequence[tuple[Request, Answer, Answer]], asked: int) -> dict[str, Any]:
    judged = [pair for pair in pairs if pair[1].proven and pair[2].proven]
    ratios = sorted(peer.ms / max(mine.ms, 0.01) for _, mine, peer in judged)
    return {
        "asked": asked,
        "expressible": len(pairs),
        "timed_out": sum(not peer.proven for _, _, peer in pairs),
        "ours_not_proven": sum(not mine.proven for _, mine, _ in pairs),
        "equal": sum(mine.start == peer.start for _, mine, peer in judged),
        "disagree": [_said(*pair) for pair in judged if pair[1].start != pair[2].start],
        "ours_cpu_ms": _spread([mine.ms for _, mine, _ in judged]),
        "peer_cpu_ms": _spread([peer.ms for _, _, peer in judged]),
        "ratio": _spread(ratios),
    }


def _said(request: Request, mine: Answer, peer: Answer) -> dict[str, Any]:
    return {
        "procedure": request.procedure, "date_from": request.date_from.isoformat(), "surgeon": request.surgeon,
        "ours": _when(mine.start), "peer": _when(peer.start),
    }  # fmt: skip


def _when(start: Instant | None) -> str | None:
    return None if start is None else dt.datetime.fromtimestamp(start * 60, dt.UTC).isoformat()


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    at = -(-95 * len(ordered) // 100) - 1
    return {"p50": round(median(ordered), 2), "p95": round(ordered[at], 2)}
