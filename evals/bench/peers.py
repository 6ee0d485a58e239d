"""The peers: what a competent user of CP-SAT and of PyJobShop would write for the same question.

Three models over the same tables. `domains` has no booking in it: each resource's free time is a domain of the start,
the strongest way that we know. `intervals` has what is taken as fixed intervals that the case may not overlap.
`pyjobshop` says the same to a scheduling library, with a machine a resource and what is taken as its breaks. The next
best choice is found by a cut that forbids the room at that start, and solving again. One worker, presolve as it comes.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from evals.bench.tables import ROOM, Tables

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


@dataclass(frozen=True)
class Answer:
    """The best choices found, as positions on the axis, and the CPU milliseconds that they took.

    `proven` says that these are the best and, where they are fewer than asked, that there are no more.
    """

    found: tuple[int, ...]
    proven: bool
    ms: float


Literals = Mapping[str, "cp_model.IntVar"]
Peer = Callable[[Tables, int, float], Answer]
"""Tables, how many choices, and the seconds for all of them."""


def domains(given: Tables, most: int, seconds: float) -> Answer:
    """CP-SAT with free time as start domains: one room, one person for each place in the team, all different."""
    return _cp_sat(given, most, seconds, _in_domains)


def intervals(given: Tables, most: int, seconds: float) -> Answer:
    """CP-SAT with everything that is taken as a fixed interval, and the case as an interval of whom it would take."""
    return _cp_sat(given, most, seconds, _between_intervals)


Fill = Callable[["cp_model.CpModel", "cp_model.IntVar", Tables, str], Literals]


def _cp_sat(given: Tables, most: int, seconds: float, fill: Fill) -> Answer:
    from ortools.sat.python import cp_model

    began = time.process_time()
    if not given.axis:  # a variable must have a value
        return Answer((), True, _since(began))
    model = cp_model.CpModel()
    start = model.new_int_var(0, len(given.axis) - 1, "wheels-in")
    chosen = {place: fill(model, start, given, place) for place in given.places}
    by_unit: dict[str, list[cp_model.IntVar]] = defaultdict(list)
    for literals in chosen.values():
        for unit, literal in literals.items():
            by_unit[unit].append(literal)
        model.add_exactly_one(literals.values())
    for theirs in by_unit.values():
        model.add_at_most_one(theirs)
    model.minimize(start)
    return _best(model, start, chosen[ROOM], most, (began, seconds))


def _in_domains(model: Any, start: Any, given: Tables, place: str) -> Literals:
    from ortools.sat.python import cp_model

    literals = {}
    for unit, free in given.places[place].items():
        if free:
            literals[unit] = model.new_bool_var(unit)
            domain = cp_model.Domain.from_values(list(free))
            model.add_linear_expression_in_domain(start, domain).only_enforce_if(literals[unit])
    return literals


def _between_intervals(model: Any, start: Any, given: Tables, place: str) -> Literals:
    literals = {}
    for unit, taken in given.busy[place].items():
        literals[unit] = model.new_bool_var(unit)
        case = model.new_optional_fixed_size_interval_var(start, 1, literals[unit], unit)
        fixed = [model.new_fixed_size_interval_var(low, high - low, "taken") for low, high in taken]
        model.add_no_overlap([case, *fixed])
    return literals


def _best(model: Any, start: Any, rooms: Literals, most: int, budget: tuple[float, float]) -> Answer:
    """The best `most` choices, each by a cut that forbids the one before."""
    from ortools.sat.python import cp_model

    (began, seconds), found = budget, list[int]()
    while len(found) < most:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_time_in_seconds = max(0.01, seconds - _since(began) / 1000)
        ended = solver.solve(model)
        if ended != cp_model.OPTIMAL:
            return Answer(tuple(found), ended == cp_model.INFEASIBLE, _since(began))
        found.append(solver.value(start))
        room = next(literal for literal in rooms.values() if solver.boolean_value(literal))
        model.add(start != found[-1]).only_enforce_if(room)
    return Answer(tuple(found), True, _since(began))


def pyjobshop(given: Tables, most: int, seconds: float) -> Answer:
    """PyJobShop: a task for each place to fill, all at once, a machine for each resource, what is taken as breaks.

    The library knows no cut, so the next best choice is a new model in which the room has one more break.
    """
    began, found = time.process_time(), list[int]()
    forbidden: list[tuple[str, int]] = []
    while len(found) < most and given.axis and all(any(able.values()) for able in given.places.values()):
        ended, start, room = _scheduled(given, forbidden, max(0.01, seconds - _since(began) / 1000))
        if ended != "Optimal":
            return Answer(tuple(found), ended == "Infeasible", _since(began))
        found.append(start)
        forbidden.append((room, start))
    return Answer(tuple(found), True, _since(began))


def _scheduled(given: Tables, forbidden: Sequence[tuple[str, int]], seconds: float) -> tuple[str, int, str]:
    shop: Any = import_module("pyjobshop")

    model = shop.Model()
    machines: dict[str, Any] = {}
    tasks: list[Any] = []
    ways: list[str] = []
    for place, able in given.busy.items():
        task = model.add_task(latest_end=len(given.axis), name=place)
        for unit, taken in able.items():
            if unit not in machines:
                breaks = list(_with(taken, [at for room, at in forbidden if room == unit]))
                machines[unit] = model.add_machine(breaks=breaks, name=unit)
            model.add_mode(task, machines[unit], 1)
            ways.append(unit)
        if tasks:
            model.add_start_before_start(tasks[0], task)
            model.add_start_before_start(task, tasks[0])
        tasks.append(task)
    model.set_objective(weight_makespan=1)
    result = model.solve(display=False, time_limit=seconds, num_workers=1)
    if result.status.value != "Optimal":
        return str(result.status.value), -1, ""
    placed = result.best.tasks[list(given.busy).index(ROOM)]
    return "Optimal", int(placed.start), ways[placed.mode]


def _with(taken: Sequence[tuple[int, int]], more: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Breaks with single positions put in, joined where they touch."""
    last: tuple[int, int] | None = None
    for low, high in sorted([*taken, *((at, at + 1) for at in more)]):
        if last is not None and low <= last[1]:
            last = (last[0], max(high, last[1]))
            continue
        if last is not None:
            yield last
        last = (low, high)
    if last is not None:
        yield last


def _since(began: float) -> float:
    return 1000 * (time.process_time() - began)


PEERS: dict[str, Peer] = {"domains": domains, "intervals": intervals, "pyjobshop": pyjobshop}
"""Name -> the model."""
