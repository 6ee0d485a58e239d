"""The book: who and what is taken when, by which case, and the facts that a check may read."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from solver.clinic import Case, Clinic, Instant, TeamMember
from solver.grid import Calendar
from solver.request import Plan, Swap
from solver.reserve import Mode, Reservation, mode_of_case, reservations


def _by_start(reservation: Reservation) -> tuple[Instant, str, str]:
    return reservation.start, reservation.case, reservation.role


def _merged(held: tuple[Reservation, ...], more: list[Reservation]) -> tuple[Reservation, ...]:
    """Both in order of start; a few new ones are put in their places, many are sorted in."""
    if len(more) > len(held) // 4:
        return tuple(sorted([*held, *more], key=_by_start))
    merged = list(held)
    for reservation in more:
        insort(merged, reservation, key=_by_start)
    return tuple(merged)


@dataclass(frozen=True)
class _Order:
    """The starts of one resource's reservations, to be looked up fast, and how far back an overlap can begin."""

    starts: list[Instant]
    longest: int

    @classmethod
    def of(cls, held: tuple[Reservation, ...]) -> _Order:
        return cls([r.start for r in held], max(r.end - r.start for r in held))

    def adding(self, more: list[Reservation]) -> _Order:
        """The order once `more` are in their places."""
        starts = [*self.starts]
        for reservation in more:
            insort(starts, reservation.start)
        return _Order(starts, max(self.longest, *(r.end - r.start for r in more)))


@dataclass(frozen=True)
class Book:
    """Every reservation of every occupying case, by resource, in order of start."""

    by_resource: Mapping[str, tuple[Reservation, ...]]
    by_case: Mapping[str, tuple[Reservation, ...]]
    cases: Mapping[str, Case]
    modes: Mapping[str, Mode]
    order: dict[str, _Order] = field(default_factory=dict, compare=False, repr=False)
    """Resource -> where its reservations stand in time, made when first looked at."""

    @classmethod
    def of(cls, clinic: Clinic) -> Book:
        empty = cls({}, {}, {}, {})
        return empty.adding(clinic, [case for case in clinic.cases if case.occupies])

    def adding(self, clinic: Clinic, cases: Iterable[Case]) -> Book:
        """A book with these cases too; only the resources that they touch are copied."""
        new = list(cases)
        added = {case.id: reservations(case, clinic) for case in new}
        touched: dict[str, list[Reservation]] = defaultdict(list)
        for taken in added.values():
            for reservation in taken:
                touched[reservation.resource].append(reservation)
        merged = {r: _merged(self.by_resource.get(r, ()), more) for r, more in touched.items()}
        order = {r: self.order[r].adding(more) for r, more in touched.items() if r in self.order}
        return Book(
            {**self.by_resource, **merged},
            {**self.by_case, **added},
            {**self.cases, **{case.id: case for case in new}},
            {**self.modes, **{case.id: mode_of_case(clinic, case) for case in new}},
            {**self.order, **order},
        )

    def without(self, case: str) -> Book:
        """The book as if that case had never been in it."""
        taken = self.by_case.get(case, ())
        kept = {
            resource: tuple(r for r in self.by_resource[resource] if r.case != case)
            for resource in {r.resource for r in taken}
        }
        return Book(
            {**self.by_resource, **kept},
            {id_: taken for id_, taken in self.by_case.items() if id_ != case},
            {id_: held for id_, held in self.cases.items() if id_ != case},
            self.modes,
            {resource: order for resource, order in self.order.items() if resource not in kept},
        )

    def near(self, resource: str, start: Instant, end: Instant) -> list[Reservation]:
        """Reservations of a resource that meet `[start, end)`, in order of start."""
        held = self.by_resource.get(resource)
        if not held:
            return []
        if resource not in self.order:
            self.order[resource] = _Order.of(held)
        order = self.order[resource]
        low = bisect_left(order.starts, start - order.longest)
        high = bisect_left(order.starts, end, low)
        return [r for r in held[low:high] if r.end > start]


def swapped(cases: Mapping[str, Case], swaps: Iterable[Swap]) -> list[Case]:
    """The cases whose people a plan exchanges, as they would be then; all swaps of a case are made at once."""
    by_case: dict[str, list[Swap]] = defaultdict(list)
    for swap in swaps:
        by_case[swap.case].append(swap)
    return [_with_team(cases[case], made) for case, made in by_case.items()]


def _with_team(case: Case, made: list[Swap]) -> Case:
    left, team = list(made), []
    for member in case.team:
        swap = next((s for s in left if (s.role, s.before) == (member.role, member.resource)), None)
        if swap is not None:
            left.remove(swap)
        team.append(member if swap is None else TeamMember(member.role, swap.after))
    return replace(case, team=tuple(team))


@dataclass(frozen=True)
class Facts:
    """What `check` reads: the records, the book, and the instant as of which it is judged."""

    clinic: Clinic
    book: Book
    as_of: Instant

    @classmethod
    def of(cls, clinic: Clinic, as_of: Instant) -> Facts:
        return cls(clinic, Book.of(clinic), as_of)

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.clinic.timezone)

    def after(self, plan: Plan) -> Facts:
        """The facts as they would be with the plan in the book, its swaps made."""
        changed, book = swapped(self.book.cases, plan.swaps), self.book
        for case in changed:
            book = book.without(case.id)
        return Facts(self.clinic, book.adding(self.clinic, (*changed, *plan.cases)), self.as_of)

    def without(self, case: str | None) -> Facts:
        return self if case is None else Facts(self.clinic, self.book.without(case), self.as_of)

    def mode(self, case: Case) -> Mode:
        return self.book.modes.get(case.id) or mode_of_case(self.clinic, case)

    def of_case(self, case: Case) -> tuple[Reservation, ...]:
        """The reservations of a case that is in the book."""
        return self.book.by_case[case.id]

    def date(self, case: Case) -> dt.date:
        return self.calendar.date(case.start)

    def cases_on(self, day: dt.date) -> list[Case]:
        """Cases whose wheels-in is on that clinic day, by start."""
        frame = self.calendar.frame(day)
        on = (c for c in self.book.cases.values() if frame.origin <= c.start < frame.end)
        return sorted(on, key=lambda case: (case.start, case.id))
