"""The joint choice: who and which unit serves each need of the winning slots, by CP-SAT.

The winners are alternatives and are solved together in one model; a slot for which no team exists comes back
unserved. One worker, a fixed seed and a deterministic budget: the same input gives the same teams.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from solver.book import Facts
from solver.clinic import Instant, Staff
from solver.request import Atom
from solver.reserve import Kind, Mode, Need
from solver.rules.base import BaseRule

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

BUDGET = 2.0
"""CP-SAT's deterministic time for one batch of winners."""


@cache
def _lean() -> type[cp_model.CpModel]:
    """A model without the camel-case names of old: giving each its sixty costs more than most of ours take to solve.

    These names also tie each model to itself, so that it would linger until cycles are looked for.
    """
    from ortools.sat.python import cp_model

    class Lean(cp_model.CpModel):
        def _add_pre_pep8_methods(self) -> None:
            pass

    return Lean


def load() -> None:
    """Brings in CP-SAT's packages, which takes a third of a second: ahead of the first search rather than within it."""
    _lean()


@dataclass(frozen=True)
class Slot:
    """A start that the masks allow: how, where and when, with everyone who could fill each need."""

    mode: Mode
    room: str
    start: Instant
    able: Mapping[str, tuple[str, ...]]
    """Need key -> candidates that no mask forbids, in order."""

    def __hash__(self) -> int:
        return hash((self.mode, self.room, self.start))


@dataclass(frozen=True)
class Place:
    """One candidate in one need of one slot, and the variable that chooses it."""

    slot: Slot
    need: Need
    unit: str
    chosen: Any

    def meets(self, other: Place) -> bool:
        return self.begin < other.end and other.begin < self.end

    @property
    def begin(self) -> Instant:
        return self.slot.start + self.need.begin

    @property
    def end(self) -> Instant:
        return self.slot.start + self.need.end


@dataclass(frozen=True)
class Teams:
    """Per slot, need key -> the resource chosen, or None where no team exists; `proven` is False out of budget."""

    chosen: tuple[dict[str, str] | None, ...]
    proven: bool


class TeamModel:
    """The CP-SAT model, in the words that rules post in.

    Slots are alternatives, unless they are `together`: then all of them are served or none, at the same time.
    """

    def __init__(self, slots: Sequence[Slot], facts: Facts, together: bool = False) -> None:
        from ortools.sat.python.cp_model import LinearExpr

        _stays()
        self.slots, self.facts, self.together = slots, facts, together
        self.model, self.linear = _lean()(), LinearExpr
        names = range(1 if together else len(slots))
        served = [self.model.new_bool_var("") for _ in names]
        self.served = served * len(slots) if together else served
        self.places = [self._places(index, slot) for index, slot in enumerate(slots)]

    def _places(self, index: int, slot: Slot) -> list[Place]:
        made = []
        for need in slot.mode.needs:
            units = slot.able[need.key]
            places = [Place(slot, need, u, self.model.new_bool_var("")) for u in units]
            chosen = self.linear.sum([place.chosen for place in places])
            self.model.add(chosen == self.served[index])
            made += places
        return made

    def places_by_person(self) -> Iterable[tuple[str, list[Place]]]:
        """(person, places) for everyone with several of one slot, or of all slots that are together, on any day."""
        every = [place for places in self.places for place in places]
        for places in [every] if self.together else self.places:
            yield from _by_person(places)

    def _alternatives(self) -> Iterable[tuple[Slot, list[Place]]]:
        if not self.together:
            yield from zip(self.slots, self.places, strict=True)
            return
        days: dict[dt.date, list[Place]] = defaultdict(list)
        for slot, places in zip(self.slots, self.places, strict=True):
            days[self.facts.calendar.date(slot.start)] += places
        for places in days.values():
            yield places[0].slot, places

    def forbid_both(self, one: Place, other: Place, on: Any = None) -> None:
        self._under(self.model.add_bool_or([~one.chosen, ~other.chosen]), on)

    def forbid_all(self, places: Sequence[Place], on: Any = None) -> None:
        self._under(self.model.add_bool_or([~place.chosen for place in places]), on)

    def at_most(self, places: Sequence[Place], count: int, on: Any = None) -> None:
        self._under(self.model.add(self.linear.sum([p.chosen for p in places]) <= count), on)

    def limit_minutes(self, places: Sequence[Place], minutes: int, on: Any = None) -> None:
        total = self.linear.weighted_sum([p.chosen for p in places], [p.need.minutes for p in places])
        self._under(self.model.add(total <= minutes), on)

    def _under(self, constraint: Any, on: Any) -> None:
        if on is not None:
            constraint.only_enforce_if(on)

    def minimise(self, cost: Mapping[tuple[int, str, str], int]) -> None:
        """Serve every slot that can be served, at the least cost."""
        worst = 1 + sum(cost.values())
        weighed = [(served, -worst) for served in (self.served[:1] if self.together else self.served)]
        weighed += [
            (place.chosen, cost[index, place.need.key, place.unit])
            for index, places in enumerate(self.places)
            for place in places
            if cost[index, place.need.key, place.unit]
        ]
        self.model.minimize(self.linear.weighted_sum(*map(list, zip(*weighed, strict=True))))

    def solve(self) -> Teams:
        from ortools.sat.python import cp_model

        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = BUDGET
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Teams((None,) * len(self.slots), proven=status == cp_model.INFEASIBLE)
        teams = tuple(
            {p.need.key: p.unit for p in places if solver.boolean_value(p.chosen)}
            if solver.boolean_value(served)
            else None
            for served, places in zip(self.served, self.places, strict=True)
        )
        return Teams(teams, proven=status == cp_model.OPTIMAL)


@cache
def _stays() -> None:
    """What CP-SAT's packages bring along is there for good: no search for cycles need go through it again.

    There are half a million objects, and a full search would cost some answers more than their own work.
    """
    gc.freeze()


def _by_person(places: Iterable[Place]) -> Iterator[tuple[str, list[Place]]]:
    """Everyone who could fill more than one of these places, with those."""
    by_person: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        if place.need.kind is Kind.PERSON:
            by_person[place.unit].append(place)
    yield from ((person, theirs) for person, theirs in by_person.items() if len(theirs) > 1)


def teams(slots: Sequence[Slot], facts: Facts, rules: Iterable[BaseRule]) -> Teams:
    """A whole team for each slot, or None where none exists.

    Only as many of the least strained people are offered to a place as could be taken by the slot's other places;
    where that leaves a slot without a team, everyone is.
    """
    if not slots:
        return Teams((), proven=True)
    posted, costs = tuple(rules), _costs(slots, facts)
    few = [_pruned(index, slot, costs) for index, slot in enumerate(slots)]
    solved = _solved(few, facts, posted, costs)
    left = [
        index for index, team in enumerate(solved.chosen) if team is None and few[index] is not slots[index]
    ]
    if not left:
        return solved
    again = [slots[index] for index in left]
    rest = _solved(again, facts, posted, _costs(again, facts))
    chosen = list(solved.chosen)
    for index, team in zip(left, rest.chosen, strict=True):
        chosen[index] = team
    return Teams(tuple(chosen), solved.proven and rest.proven)


def together(slots: Sequence[Slot], facts: Facts, rules: Iterable[BaseRule]) -> Teams:
    """Teams for slots that all are to take place, nobody in two places at a time; None for all where there are none."""
    return _solved(slots, facts, tuple(rules), _costs(slots, facts), together=True)


SWAP = 10**9
"""The cost of one exchanged person: more than any strain of a team."""


def exchanged(
    slots: Sequence[Slot], facts: Facts, rules: Iterable[BaseRule], held: Sequence[Mapping[str, str]]
) -> Teams:
    """Teams for a new case and booked ones together, with as few people as can be in another place than they `held`."""
    costs = _costs(slots[:1], facts)
    for index, (slot, now) in enumerate(zip(slots, held, strict=True)):
        for need in slot.mode.needs if index else ():
            for order, unit in enumerate(slot.able[need.key]):
                costs[index, need.key, unit] = 0 if unit == now[need.key] else SWAP + order
    return _solved(slots, facts, tuple(rules), costs, together=True)


def _solved(
    slots: Sequence[Slot],
    facts: Facts,
    rules: Iterable[BaseRule],
    costs: Mapping[tuple[int, str, str], int],
    together: bool = False,
) -> Teams:
    model = TeamModel(slots, facts, together)
    for rule in rules:
        rule.post(model, _always)
    model.minimise(costs)
    return model.solve()


def _pruned(index: int, slot: Slot, costs: Mapping[tuple[int, str, str], int]) -> Slot:
    """The slot with the cheapest candidates of each place, as many as it has places for people."""
    most = sum(need.kind is Kind.PERSON for need in slot.mode.needs)
    if all(len(units) <= most for units in slot.able.values()):
        return slot
    able = {}
    for key, units in slot.able.items():
        cheapest = set(sorted(units, key=lambda unit: costs[index, key, unit])[:most])
        able[key] = tuple(unit for unit in units if unit in cheapest)
    return replace(slot, able=able)


def _always(_: Atom) -> None:
    return None


def _costs(slots: Sequence[Slot], facts: Facts) -> dict[tuple[int, str, str], int]:
    """Whom the surgeon likes first, then fewest changes of room, the people who can do least else, a fixed order."""
    cost: dict[tuple[int, str, str], int] = {}
    known: dict[tuple[str, dt.date], frozenset[str]] = {}
    for index, slot in enumerate(slots):
        day, liked = facts.calendar.date(slot.start), facts.clinic.liked_by(slot.mode.surgeon)
        for place, need in enumerate(slot.mode.needs, 1):
            people = facts.clinic.staff if need.kind is Kind.PERSON else {}
            for order, unit in enumerate(slot.able[need.key]):
                person = people.get(unit)
                if person is not None and (unit, day) not in known:
                    known[unit, day] = _rooms_of(unit, day, facts)
                strained = strain(person, slot.room, known[unit, day], liked) if person is not None else 0
                cost[index, need.key, unit] = strained * 100_000 + order * place
    return cost


def _rooms_of(person: str, day: dt.date, facts: Facts) -> frozenset[str]:
    frame = facts.calendar.frame(day)
    return frozenset(held.room for held in facts.book.near(person, frame.origin, frame.end))


def strain(person: Staff, room: str, rooms: frozenset[str], liked: Collection[str] = ()) -> int:
    """How much someone would be missed elsewhere: a change of room, more roles and certifications than others.

    Where the surgeon likes to work with some, anyone else comes behind all of them.
    """
    stranger = 70 if liked and person.id not in liked else 0
    changes = 0 if rooms <= {room} else 1
    settled = 0 if room in rooms else 1
    return stranger + 40 * changes + 20 * settled + 4 * len(person.roles_also) + len(person.certifications)
