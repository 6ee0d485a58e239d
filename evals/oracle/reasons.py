"""Why there is no start: every start with all that bars it, enumerated, and reasons held against all of them at once.

A *reason* is a set of atoms, (rule, subject) each, that forbids every start by itself. What makes an answer an answer
(the request, the step, the length) and a person's role can't be forgiven: such starts and people aren't counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .book import Case, Duty, Need
from .judge import ALWAYS, Judge
from .people import Others, person_findings

Atom = tuple[str, str]
Atoms = frozenset[Atom]
LONGEST = 8
"""Members of the longest reason that is looked for when the shortest one is wanted."""


@dataclass(frozen=True)
class Bar:
    """All that stands against one start: for itself, and for each place of its team by who would fill it."""

    own: Atoms
    places: tuple[tuple[tuple[str, Atoms], ...], ...]

    def broken(self, held: Atoms) -> Atoms | None:
        """What some team forgives when only `held` counts; None where nothing can be forgiven."""
        if self.own & held:
            return None
        team = self._team(held, 0, frozenset())
        return None if team is None else self.own | team

    def _team(self, held: Atoms, place: int, taken: frozenset[str]) -> Atoms | None:
        if place == len(self.places):
            return frozenset()
        for person, atoms in self.places[place]:
            if person in taken or atoms & held:
                continue
            rest = self._team(held, place + 1, taken | {person})
            if rest is not None:
                return atoms | rest
        return None


def bar(judge: Judge, case: Case, others: Others) -> Bar | None:
    """What stands against a start; None where it is no answer to the request at all."""
    own = [row[:2] for row in judge.beside_team(case, others.cases)]
    if any(rule in ALWAYS for rule, _ in own):
        return None
    surgeon = Duty(case.surgeon, "surgeon", *judge.clinic.operating(case))
    found = own + [row[:2] for row in judge.binding(person_findings(judge.clinic, case, surgeon, others))]
    places = [_place(judge, case, others, need) for part in judge.clinic.needs(case) for need in part]
    return Bar(frozenset(found), tuple(sorted(places, key=len)))


def _place(judge: Judge, case: Case, others: Others, need: Need) -> tuple[tuple[str, Atoms], ...]:
    """Who works in the place's role, the freest first, each with what stands against them."""
    duty = Duty("", need.role, need.begin, need.end, (need,))
    fitting = [
        (name, frozenset(row[:2] for row in judge.binding(_found(judge, case, others, duty, name))))
        for name in judge.clinic.staff
        if name != case.surgeon and judge.clinic.has_role(name, need.role)
    ]
    return tuple(sorted(fitting, key=lambda one: len(one[1]))) or (
        (need.role, frozenset([(need.rule, need.role)])),
    )


def _found(judge: Judge, case: Case, others: Others, duty: Duty, name: str) -> list[tuple[str, str, str]]:
    mine = Duty(name, duty.role, duty.begin, duty.end, duty.needs)
    return list(person_findings(judge.clinic, case, mine, others))


class Reasons:
    """Every start of a request as what bars it, alike ones once."""

    def __init__(self, bars: Iterable[Bar | None]) -> None:
        self.bars = {one for one in bars if one is not None}
        self.atoms: Atoms = frozenset(
            atom
            for one in self.bars
            for atom in itertools.chain(one.own, *(a for p in one.places for _, a in p))
        )

    def open(self, held: Iterable[Atom]) -> Atoms | None:
        """What the freest start breaks when only `held` counts; None where `held` forbids every start."""
        only = frozenset(held)
        found = [broken for one in self.bars if (broken := one.broken(only)) is not None]
        return min(found, key=lambda atoms: (len(atoms), sorted(atoms)), default=None)

    def forbids(self, held: Iterable[Atom]) -> bool:
        """Whether these atoms alone leave no start."""
        return self.open(held) is None

    def spare(self, reason: Iterable[Atom]) -> list[Atom]:
        """Members without which the reason forbids every start as well."""
        whole = frozenset(reason)
        return [atom for atom in sorted(whole) if self.forbids(whole - {atom})]

    def nearest(self, reason: Iterable[Atom]) -> Atoms:
        """A minimal reason that shares as much as it can with a given one: strangers are taken out first."""
        given = frozenset(reason)
        kept = self.atoms | given
        for atom in [*sorted(self.atoms - given), *sorted(given)]:
            if self.forbids(kept - {atom}):
                kept -= {atom}
        return kept

    def shortest(self) -> Atoms | None:
        """A reason with the fewest members, by hitting sets; None where a start is free or it would be too long."""
        if not self.forbids(self.atoms):
            return None
        to_hit: list[Atoms] = []
        held: Atoms | None = frozenset()
        while held is not None:
            left = self.open(held)
            if left is None:
                return held
            to_hit.append(left)
            held = next(_hitting(to_hit), None)
        return None


def _hitting(sets: list[Atoms]) -> Iterator[Atoms]:
    """The smallest sets that meet all of them."""
    for most in range(1, LONGEST + 1):
        found = _hit(sets, frozenset(), most)
        if found is not None:
            yield found


def _hit(sets: list[Atoms], chosen: Atoms, most: int) -> Atoms | None:
    missed = next((one for one in sets if not one & chosen), None)
    if missed is None:
        return chosen
    if len(chosen) == most:
        return None
    tries = (_hit(sets, chosen | {atom}, most) for atom in sorted(missed))
    return next((found for found in tries if found is not None), None)
