"""One shelf of the book: the cases of one day, and what they take, worked out when it is first looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from solver.clinic import Case, Clinic, Instant
from solver.reserve import Reservation, reservations

Taken = Mapping[str, tuple[Reservation, ...]]


def by_start(reservation: Reservation) -> tuple[Instant, str, str]:
    """The order of reservations in a book."""
    return reservation.start, reservation.case, reservation.role


@dataclass(frozen=True)
class Held:
    """What the cases of a shelf take, by case, and by resource in order of start."""

    by_case: Taken
    by_resource: Taken

    @classmethod
    def of(cls, by_case: Taken) -> Held:
        found: dict[str, list[Reservation]] = defaultdict(list)
        for taken in by_case.values():
            for reservation in taken:
                found[reservation.resource].append(reservation)
        ordered = {resource: tuple(sorted(held, key=by_start)) for resource, held in found.items()}
        return cls(by_case, ordered)

    def adding(self, more: Taken) -> Held:
        """With what these cases take; only the resources that they touch are copied."""
        new = Held.of(more).by_resource
        merged = {
            resource: tuple(sorted((*self.by_resource.get(resource, ()), *held), key=by_start))
            for resource, held in new.items()
        }
        return Held({**self.by_case, **more}, {**self.by_resource, **merged})

    def without(self, case: str) -> Held:
        """As if that case had never been here."""
        touched = {reservation.resource for reservation in self.by_case.get(case, ())}
        kept = {each: tuple(r for r in self.by_resource[each] if r.case != case) for each in touched}
        by_case = {id_: taken for id_, taken in self.by_case.items() if id_ != case}
        return Held(by_case, {**self.by_resource, **kept})


@dataclass(frozen=True)
class Shelf:
    """The cases whose wheels-in is on one day; books that differ elsewhere share it, and what was worked out."""

    cases: Mapping[str, Case]
    made: dict[None, Held] = field(default_factory=dict, compare=False, repr=False)

    def held(self, records: Clinic) -> Held:
        """What the cases take. Two threads may both work it out; both then read the same one."""
        found = self.made.get(None)
        if found is None:
            found = Held.of({case.id: reservations(case, records) for case in self.cases.values()})
            found = self.made.setdefault(None, found)
        return found

    def adding(self, cases: Iterable[Case], clinic: Clinic, records: Clinic) -> Shelf:
        """A shelf with these cases too, which take what `clinic` says; those here already, what `records` do."""
        new = {case.id: case for case in cases}
        taken = {case.id: reservations(case, clinic) for case in new.values()}
        return Shelf({**self.cases, **new}, {None: self.held(records).adding(taken)})

    def without(self, case: str) -> Shelf:
        """A shelf as if that case had never been on it."""
        kept = {id_: held for id_, held in self.cases.items() if id_ != case}
        made = self.made.get(None)
        return Shelf(kept, {} if made is None else {None: made.without(case)})
