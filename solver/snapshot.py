"""The clinic compiled for searching: one day at a time, what each rule forbids each candidate, as start masks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from solver.book import Facts
from solver.clinic import Clinic, Instant
from solver.grid import Frame, Mask
from solver.request import Atom, Request
from solver.reserve import NOBODY, Kind, Mode, Need
from solver.rules import Catalogue
from solver.rules.base import BaseRule

Forbidden = tuple[tuple[Atom, Mask], ...]


@dataclass
class DaySnapshot:
    """One day of a snapshot: its frame, and the masks compiled so far."""

    facts: Facts
    frame: Frame
    catalogue: Catalogue
    compiled: dict[tuple[object, ...], Forbidden] = field(default_factory=dict)

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
        if need.key == "surgeon":
            return (mode.surgeon,)
        holders = sorted(p.id for p in self.clinic.staff.values() if p.has_role(need.role))
        return tuple(person for person in holders if person != mode.surgeon) or (NOBODY,)

    def forbidden(self, request: Request, mode: Mode, need: Need, unit: str, room: str) -> Forbidden:
        """(atom, starts it forbids) of every active rule, for one candidate of one need."""
        key = (_profile(request, mode), need, unit, room if need.kind in _WHERE else None)
        if key not in self.compiled:
            self.compiled[key] = tuple(self._narrow(request, Candidate(mode, need, unit, room)))
        return self.compiled[key]

    def _narrow(self, request: Request, candidate: Candidate) -> Iterable[tuple[Atom, Mask]]:
        for rule in self.catalogue.narrowing(request.overrides, candidate.need.kind):
            for atom, mask in rule.narrow(request, candidate, self):
                if mask & self.frame.full:
                    yield atom, mask & self.frame.full


@dataclass(frozen=True)
class Candidate:
    """One resource considered for one need of one mode in one room."""

    mode: Mode
    need: Need
    unit: str
    room: str


_WHERE = (Kind.ROOM, Kind.EQUIPMENT)
"""Kinds of need whose masks depend on the room of the case."""


def _profile(request: Request, mode: Mode) -> tuple[object, ...]:
    """What of a request and mode the masks depend on; requests that agree here share them."""
    return (
        mode.procedures, mode.surgeon, mode.anesthesia, mode.minutes, mode.equipment,
        request.replaces, request.urgency, request.patient, request.overrides,
    )  # fmt: skip


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

    def day(self, date: dt.date, replaces: str | None = None) -> DaySnapshot:
        """The day, with the reservations of the case to be replaced left out."""
        key = (date, replaces)
        if key not in self.days:
            frame = self.facts.calendar.frame(date)
            self.days[key] = DaySnapshot(self.facts.without(replaces), frame, self.catalogue)
        return self.days[key]

    def rules(self, request: Request) -> tuple[BaseRule, ...]:
        """The active rules that the request doesn't waive."""
        return self.catalogue.binding(request)
