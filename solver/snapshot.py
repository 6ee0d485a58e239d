"""The clinic compiled for searching: one day at a time, what each rule forbids each candidate, as start masks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from solver.book import Facts
from solver.clinic import SURGEON, Case, Clinic, Instant
from solver.grid import Frame, Mask
from solver.request import Atom, Override, Plan, Request
from solver.reserve import NOBODY, Kind, Mode, Need
from solver.rules import Catalogue
from solver.rules.base import BaseRule, Scope

Forbidden = tuple[tuple[Atom, Mask], ...]


@dataclass(frozen=True)
class Candidate:
    """One resource considered for one need of one mode in one room."""

    mode: Mode
    need: Need
    unit: str
    room: str


@dataclass
class Filling:
    """One need on one day: what is forbidden to each candidate, compiled when first looked at."""

    day: DaySnapshot
    request: Request
    mode: Mode
    need: Need
    room: str
    units: tuple[str, ...]
    causes: dict[str, Forbidden] = field(default_factory=dict)
    masks: dict[str, Mask] = field(default_factory=dict)
    union: Mask = 0
    seen: int = 0

    def forbidden(self, unit: str) -> Forbidden:
        """(atom, starts it forbids) of every binding rule, for one candidate."""
        if unit not in self.causes:
            self.causes[unit] = tuple(self._narrow(unit, self.rules))
        return self.causes[unit]

    def allowed(self, unit: str) -> Mask:
        """Starts at which no rule forbids this candidate; asks no further rule once there are none left."""
        if unit not in self.masks:
            allowed = self.day.frame.full
            for _, mask in self._narrow(unit, self.cheapest):
                allowed &= ~mask
                if not allowed:
                    break
            self.masks[unit] = allowed
        return self.masks[unit]

    def within(self, wanted: Mask) -> Mask:
        """Those of the wanted starts for which someone is free; looks at no more candidates than it takes."""
        while self.seen < len(self.units) and self.union & wanted != wanted:
            self.union |= self.allowed(self.units[self.seen])
            self.seen += 1
        return self.union & wanted

    @cached_property
    def rules(self) -> tuple[BaseRule, ...]:
        return self.day.narrowing(self.request.overrides, self.need.kind)

    @cached_property
    def cheapest(self) -> tuple[BaseRule, ...]:
        """The rules in the order in which they are asked."""
        return self.day.narrowing(self.request.overrides, self.need.kind, cheapest=True)

    def _narrow(self, unit: str, rules: Iterable[BaseRule]) -> Iterator[tuple[Atom, Mask]]:
        full, candidate = self.day.frame.full, Candidate(self.mode, self.need, unit, self.room)
        for rule in rules:
            for atom, mask in rule.narrow(self.request, candidate, self.day):
                if mask & full:
                    yield atom, mask & full


def _effort(rule: BaseRule) -> bool:
    """Rules about the neighbours in the book cost most, so they are asked last."""
    return rule.scope in (Scope.PAIR, Scope.DAY, Scope.WEEK)


@dataclass
class DaySnapshot:
    """One day of a snapshot: its frame, and the needs compiled so far."""

    facts: Facts
    frame: Frame
    catalogue: Catalogue
    roles: Mapping[str, tuple[str, ...]]
    fillings: dict[tuple[object, ...], Filling] = field(default_factory=dict)
    active: dict[tuple[object, ...], tuple[BaseRule, ...]] = field(default_factory=dict)
    places: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def date(self) -> dt.date:
        return self.frame.date

    @property
    def clinic(self) -> Clinic:
        return self.facts.clinic

    def candidates(self, need: Need, mode: Mode, room: str) -> tuple[str, ...]:
        """Who or what could fill a need, qualified or not, in order; `NOBODY` where the clinic has none."""
        if need.kind is Kind.ROOM:
            return (room,)
        if need.kind is not Kind.PERSON:
            return (need.key,)
        if need.key == SURGEON:
            return (mode.surgeon,)
        holders = self.roles.get(need.role, ())
        if mode.surgeon in holders:
            holders = tuple(person for person in holders if person != mode.surgeon)
        return holders or (NOBODY,)

    def laid(self, cases: tuple[Case, ...]) -> DaySnapshot:
        """The day with cases in the book whose teams aren't chosen yet; keeps the masks that these can't change."""
        rooms = {case.room for case in cases}
        kept = {
            key: filling
            for key, filling in self.fillings.items()
            if (filling.need.kind is Kind.PERSON and filling.need.key != SURGEON)
            or (filling.need.kind is Kind.ROOM and filling.room not in rooms)
        }
        return DaySnapshot(
            self.facts.after(Plan(cases)), self.frame, self.catalogue, self.roles, kept, self.active
        )

    def narrowing(
        self, overrides: tuple[Override, ...], kind: Kind, cheapest: bool = False
    ) -> tuple[BaseRule, ...]:
        """The rules that narrow a need of that kind, but for those overridden; dear ones last if asked."""
        key = (overrides, kind, cheapest)
        if key not in self.active:
            rules = self.catalogue.narrowing(overrides, kind)
            self.active[key] = tuple(sorted(rules, key=_effort)) if cheapest else rules
        return self.active[key]

    def rooms_of(self, person: str) -> frozenset[str]:
        """The rooms in which someone is booked that day."""
        if person not in self.places:
            held = self.facts.book.near(person, self.frame.origin, self.frame.end)
            self.places[person] = frozenset(taken.room for taken in held)
        return self.places[person]

    def filling(self, request: Request, mode: Mode, need: Need, room: str) -> Filling:
        """The need as this request sees it; shared by every request that can't tell the difference."""
        done = _done(mode, need, mode.surgeon in self.roles.get(need.role, ()))
        key = (*_asked(request, need), *done, need, room if need.kind in WHERE else None)
        if key not in self.fillings:
            units = self.candidates(need, mode, room)
            self.fillings[key] = Filling(self, request, mode, need, room, units)
        return self.fillings[key]

    def forbidden(self, request: Request, mode: Mode, need: Need, unit: str, room: str) -> Forbidden:
        """(atom, starts it forbids) of every binding rule, for one candidate of one need."""
        return self.filling(request, mode, need, room).forbidden(unit)


WHERE = (Kind.ROOM, Kind.EQUIPMENT)
"""Kinds of need whose masks depend on the room of the case."""


def _asked(request: Request, need: Need) -> tuple[object, ...]:
    """What of a request the masks of a need depend on; the order of cases is a matter of rooms."""
    order = (request.after_case, request.arrangement) if need.kind is Kind.ROOM else None
    return request.replaces, request.urgency, request.patient, request.overrides, order


def _done(mode: Mode, need: Need, surgeon_could: bool) -> tuple[object, ...]:
    """What of a mode the masks of a need depend on.

    A place in the team is the same whoever operates, but for a surgeon who could fill it and now can't.
    """
    own = need.kind is Kind.ROOM or need.key == SURGEON or surgeon_could
    return mode.procedures, mode.anesthesia, mode.minutes, mode.equipment, mode.surgeon if own else None


@dataclass
class Snapshot:
    """A clinic at one revision and instant. Reuse it while both hold: every request makes it warmer."""

    facts: Facts
    catalogue: Catalogue
    days: dict[tuple[dt.date, str | None], DaySnapshot] = field(default_factory=dict)

    @classmethod
    def of(cls, clinic: Clinic, as_of: Instant) -> Snapshot:
        """Compiles nothing yet: days are compiled when a request first looks at them."""
        return cls(Facts.of(clinic, as_of), Catalogue.of(clinic))

    @property
    def clinic(self) -> Clinic:
        return self.facts.clinic

    @cached_property
    def roles(self) -> Mapping[str, tuple[str, ...]]:
        """Role -> everyone who holds it, by id."""
        holders: dict[str, list[str]] = defaultdict(list)
        for person in sorted(self.clinic.staff):
            record = self.clinic.staff[person]
            for role in {record.role, *record.roles_also}:
                holders[role].append(person)
        return {role: tuple(people) for role, people in holders.items()}

    def day(self, date: dt.date, replaces: str | None = None) -> DaySnapshot:
        """The day, with the reservations of the case to be replaced left out."""
        key = (date, replaces)
        if key not in self.days:
            frame = self.facts.calendar.frame(date)
            facts = self.facts.without(replaces)
            self.days[key] = DaySnapshot(facts, frame, self.catalogue, self.roles)
        return self.days[key]

    def rules(self, request: Request) -> tuple[BaseRule, ...]:
        """The active rules that the request doesn't waive."""
        return self.catalogue.binding(request)
