"""One shelf of the book: the cases of one day, and what they take, worked out resource by resource when looked at."""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from solver.clinic import Case, Clinic, Instant
from solver.reserve import Reservation, mode_of_case, reservations

T = TypeVar("T")


def by_start(reservation: Reservation) -> tuple[Instant, str, str]:
    """The order of reservations in a book."""
    return reservation.start, reservation.case, reservation.role


@dataclass(frozen=True)
class Held:
    """What the cases of a shelf take.

    `naming` says which cases may take a resource; `taken` and `found` keep what was worked out, by case and by
    resource. Two threads may both work out the same; it is the same.
    """

    records: Clinic
    cases: Mapping[str, Case]
    naming: Mapping[str, tuple[str, ...]]
    taken: dict[str, tuple[Reservation, ...]]
    found: dict[str, tuple[Reservation, ...]]

    @classmethod
    def of(cls, cases: Mapping[str, Case], records: Clinic) -> Held:
        """Nothing is worked out yet, but who names what."""
        naming: dict[str, list[str]] = defaultdict(list)
        for case in cases.values():
            for resource in _named(case, records):
                naming[resource].append(case.id)
        return cls(records, cases, {each: tuple(ids) for each, ids in naming.items()}, {}, {})

    def by_case(self, case: str) -> tuple[Reservation, ...]:
        """What one case takes."""
        taken = self.taken.get(case)
        if taken is None:
            taken = self.taken.setdefault(case, reservations(self.cases[case], self.records))
        return taken

    def by_resource(self, resource: str) -> tuple[Reservation, ...]:
        """What is taken of a resource, in order of start."""
        found = self.found.get(resource)
        if found is None:
            theirs = (self.by_case(case) for case in self.naming.get(resource, ()))
            held = sorted((r for taken in theirs for r in taken if r.resource == resource), key=by_start)
            found = self.found.setdefault(resource, tuple(held))
        return found

    def adding(self, cases: Mapping[str, Case], clinic: Clinic) -> Taken:
        """With these cases too, which take what `clinic` says; what was worked out here is shared, not copied."""
        return Laid(self, Held.of(cases, clinic), {})

    def without(self, case: str) -> Held:
        """As if that case had never been here."""
        touched = {each: ids for each, ids in self.naming.items() if case in ids}
        naming = {**self.naming, **{each: _less(ids, case) for each, ids in touched.items()}}
        found = {each: held for each, held in self.found.items() if each not in touched}
        return Held(self.records, _less_of(self.cases, case), naming, _less_of(self.taken, case), found)


@dataclass(frozen=True)
class Laid:
    """What some more cases take, laid over what those of a shelf do: a plan only looked at costs next to nothing.

    `found` keeps what both take of a resource, where both were asked.
    """

    below: Taken
    more: Held
    found: dict[str, tuple[Reservation, ...]]

    def by_case(self, case: str) -> tuple[Reservation, ...]:
        """What one case takes."""
        return (self.more if case in self.more.cases else self.below).by_case(case)

    def by_resource(self, resource: str) -> tuple[Reservation, ...]:
        """What is taken of a resource, in order of start."""
        if resource not in self.more.naming:
            return self.below.by_resource(resource)
        found = self.found.get(resource)
        if found is None:
            both = _put(self.below.by_resource(resource), self.more.by_resource(resource))
            found = self.found.setdefault(resource, both)
        return found

    def adding(self, cases: Mapping[str, Case], clinic: Clinic) -> Taken:
        """With these cases too, which take what `clinic` says."""
        return Laid(self, Held.of(cases, clinic), {})

    def without(self, case: str) -> Taken:
        """As if that case had never been here."""
        if case in self.more.cases:
            return Laid(self.below, self.more.without(case), {})
        return Laid(self.below.without(case), self.more, {})


Taken = Held | Laid
"""What the cases of a shelf take, and those laid over them."""


@dataclass(frozen=True)
class Shelf:
    """The cases whose wheels-in is on one day; books that differ elsewhere share it, and what was worked out."""

    cases: Mapping[str, Case]
    made: dict[None, Taken] = field(default_factory=dict, compare=False, repr=False)

    def held(self, records: Clinic) -> Taken:
        """What the cases take. Two threads may both set it up; both then read the same one."""
        found = self.made.get(None)
        if found is None:
            found = self.made.setdefault(None, Held.of(self.cases, records))
        return found

    def adding(self, cases: Iterable[Case], clinic: Clinic, records: Clinic) -> Shelf:
        """A shelf with these cases too, which take what `clinic` says; those here already, what `records` do."""
        new = {case.id: case for case in cases}
        return Shelf({**self.cases, **new}, {None: self.held(records).adding(new, clinic)})

    def without(self, case: str) -> Shelf:
        """A shelf as if that case had never been on it."""
        made = self.made.get(None)
        return Shelf(_less_of(self.cases, case), {} if made is None else {None: made.without(case)})


def _named(case: Case, records: Clinic) -> set[str]:
    """Everything that the case may take something of: its room, its people, and the pools of its procedures."""
    pools = mode_of_case(records, case).pools
    return {case.room, case.surgeon, *(member.resource for member in case.team), *pools}


def _put(held: tuple[Reservation, ...], more: Iterable[Reservation]) -> tuple[Reservation, ...]:
    """Both, in order of start: a pool of hundreds isn't sorted again for one case."""
    found = list(held)
    for each in more:
        insort(found, each, key=by_start)
    return tuple(found)


def _less(ids: tuple[str, ...], case: str) -> tuple[str, ...]:
    return tuple(id_ for id_ in ids if id_ != case)


def _less_of(held: Mapping[str, T], case: str) -> dict[str, T]:
    return {id_: each for id_, each in held.items() if id_ != case}
