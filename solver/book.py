"""The book: who and what is taken when, by which case, and the facts that a check may read."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter

from solver.clinic import Case, Clinic, Instant, TeamMember
from solver.grid import Calendar
from solver.request import Plan, Swap
from solver.reserve import Mode, Reservation, mode_of_case
from solver.shelf import Shelf, by_start

DAY = 24 * 60
"""Minutes of a shelf."""


@dataclass(frozen=True)
class Book:
    """Every occupying case, and what it takes of each resource, in order of start.

    Cases stand on shelves by the day of their wheels-in (of the epoch, not the clinic's). What a shelf's cases take is
    worked out when someone looks near that day: a search of ten days needn't know the reservations of sixty.
    """

    cases: Mapping[str, Case]
    records: Clinic
    """The clinic without its cases: what a case takes depends on nothing else of it."""
    shelves: Mapping[int, Shelf]
    before: int
    after: int
    """Minutes that any case of the book reaches out before and after its wheels-in."""

    @classmethod
    def of(cls, clinic: Clinic) -> Book:
        cases = {case.id: case for case in clinic.cases if case.occupies}
        records = replace(clinic, cases=())
        shelves = {day: Shelf({case.id: case for case in here}) for day, here in _by_day(cases.values())}
        return cls(cases, records, shelves, *_reach(records, cases.values()))

    def adding(self, clinic: Clinic, cases: Iterable[Case]) -> Book:
        """A book with these cases too; only the shelves that they stand on are copied."""
        new = {case.id: case for case in cases}
        shelves = dict(self.shelves)
        for day, here in _by_day(new.values()):
            shelf = shelves[day] if day in shelves else Shelf({})
            shelves[day] = shelf.adding(here, clinic, self.records)
        before, after = _reach(clinic, new.values())
        return Book(
            {**self.cases, **new}, self.records, shelves, max(self.before, before), max(self.after, after)
        )

    def without(self, case: str) -> Book:
        """The book as if that case had never been in it."""
        if case not in self.cases:
            return self
        day = self.cases[case].start // DAY
        shelves = {**self.shelves, day: self.shelves[day].without(case)}
        return replace(
            self, cases={id_: held for id_, held in self.cases.items() if id_ != case}, shelves=shelves
        )

    @property
    def by_case(self) -> Mapping[str, tuple[Reservation, ...]]:
        """Case id -> what it takes."""
        return _ByCase(self)

    def near(self, resource: str, start: Instant, end: Instant) -> list[Reservation]:
        """Reservations of a resource that meet `[start, end)`, in order of start."""
        found: list[Reservation] = []
        looked, shelves, records = 0, self.shelves, self.records
        for day in range((start - self.after) // DAY, (end + self.before) // DAY + 1):
            shelf = shelves.get(day)
            if shelf is None:
                continue
            held = (shelf.made.get(None) or shelf.held(records)).by_resource(resource)
            if held:
                looked += 1
                found += [r for r in held if r.start < end and r.end > start]
        if looked > 1:  # a stay before surgery may begin before what the day before takes
            found.sort(key=by_start)
        return found

    def starting(self, start: Instant, end: Instant) -> list[Case]:
        """Cases whose wheels-in is in `[start, end)`."""
        shelves = (self.shelves.get(day) for day in range(start // DAY, end // DAY + 1))
        return [c for shelf in shelves if shelf for c in shelf.cases.values() if start <= c.start < end]


@dataclass(frozen=True)
class _ByCase(Mapping[str, tuple[Reservation, ...]]):
    """The book by case; a shelf is worked out when one of its cases is looked up."""

    book: Book

    def __getitem__(self, case: str) -> tuple[Reservation, ...]:
        book = self.book
        return book.shelves[book.cases[case].start // DAY].held(book.records).by_case(case)

    def __iter__(self) -> Iterator[str]:
        return iter(self.book.cases)

    def __len__(self) -> int:
        return len(self.book.cases)


def _by_day(cases: Iterable[Case]) -> Iterable[tuple[int, list[Case]]]:
    days: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        days[case.start // DAY].append(case)
    return days.items()


_kind_of = attrgetter("procedure", "additional_procedures", "anesthesia", "minutes", "extra_equipment")
"""What of a case its needs depend on, but for who operates: their intervals are the same for every surgeon."""


def _reach(clinic: Clinic, cases: Iterable[Case]) -> tuple[int, int]:
    """How far before and after its wheels-in any of the cases takes something, in minutes."""
    alike = {_kind_of(case): case for case in cases}.values()
    reaches = [mode_of_case(clinic, case).reach for case in alike]
    longest = max((case.minutes for case in alike), default=0)
    before = max((before for before, _ in reaches), default=0)
    return before, max([longest, *(after for _, after in reaches)])


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
        return mode_of_case(self.clinic, case)

    def of_case(self, case: Case) -> tuple[Reservation, ...]:
        """The reservations of a case that is in the book."""
        return self.book.by_case[case.id]

    def date(self, case: Case) -> dt.date:
        return self.calendar.date(case.start)

    def cases_on(self, day: dt.date) -> list[Case]:
        """Cases whose wheels-in is on that clinic day, by start."""
        frame = self.calendar.frame(day)
        on = self.book.starting(frame.origin, frame.end)
        return sorted(on, key=lambda case: (case.start, case.id))
