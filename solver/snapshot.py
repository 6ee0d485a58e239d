"""The clinic compiled for searching: one day at a time, what each rule forbids each candidate, as start masks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from weakref import ref

from solver.book import Facts
from solver.clinic import SURGEON, Case, Clinic, Instant
from solver.grid import Frame, Mask
from solver.request import Atom, Override, Plan, Request
from solver.reserve import NOBODY, WHERE, Kind, Mode, Need
from solver.rules import Catalogue
from solver.rules.base import BaseRule, Scope

MOST_DAYS, MOST_FILLINGS = 96, 8192
"""Days kept by a snapshot, and needs kept by a day: about 1 kB a need, and one need a room for a kind of request."""

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
    """One need on one day: what is forbidden to each candidate, compiled when first looked at.

    It knows its `home` weakly: a snapshot that nobody holds any more is let go at once, not when cycles are looked for.
    """

    home: ref[DaySnapshot]
    request: Request
    mode: Mode
    need: Need
    room: str
    units: tuple[str, ...]
    causes: dict[str, Forbidden] = field(default_factory=dict)
    masks: dict[str, Mask] = field(default_factory=dict)
    union: Mask = 0
    seen: int = 0

    @property
    def day(self) -> DaySnapshot:
        return _there(self.home)

    def forbidden(self, unit: str) -> Forbidden:
        """(atom, starts it forbids) of every binding rule, for one candidate."""
        if unit not in self.causes:
            self.causes[unit] = tuple(self._narrow(unit, self.rules))
        return self.causes[unit]

    def allowed(self, unit: str) -> Mask:
        """Starts at which no rule forbids this candidate; asks no further rule once there are none left."""
        if unit not in self.masks:
            if unit in self.causes:
                self.masks[unit] = self._left(unit)
                return self.masks[unit]
            allowed, rules = self.day.frame.full, self.cheapest
            if self.need.kind is Kind.ROOM:
                allowed = self.day.everywhere(self.request, self.mode)
                rules = tuple(rule for rule in rules if rule.by_room) if allowed else ()
            for _, mask in self._narrow(unit, rules):
                allowed &= ~mask
                if not allowed:
                    break
            self.masks[unit] = allowed
        return self.masks[unit]

    def _left(self, unit: str) -> Mask:
        forbidden = 0
        for _, mask in self.causes[unit]:
            forbidden |= mask
        return self.day.frame.full & ~forbidden

    def within(self, wanted: Mask, *, explained: bool = False) -> Mask:
        """Those of the wanted starts for which someone is free; looks at no more candidates than it takes.

        Who wants them `explained` will ask for every cause next: these are then compiled at once, and the masks are
        what they leave.
        """
        while self.seen < len(self.units) and self.union & wanted != wanted:
            if explained:
                self.forbidden(self.units[self.seen])
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


@dataclass
class Standing:
    """Where one mode of a request may stand on one day: per room, what the room and all that is moved into it allow.

    `shared` is every surgeon's, `own` that of this mode's surgeon in the rooms to which a rule ties them.
    """

    home: ref[DaySnapshot]
    request: Request
    mode: Mode
    shared: dict[str, Mask]
    own: dict[str, Mask] = field(default_factory=dict)

    @property
    def day(self) -> DaySnapshot:
        return _there(self.home)

    def starts(self, room: str) -> Mask:
        """The starts in that room which no rule forbids to the room or to a mobile piece of equipment in it."""
        masks = self.own if self.mode.surgeon in self.day.catalogue.tied(room) else self.shared
        if room not in masks:
            masks[room] = self._compiled(room)
        return masks[room]

    def _compiled(self, room: str) -> Mask:
        mask = self.day.frame.full
        for need in self.mode.needs:
            if mask and need.kind in WHERE:
                mask = self.day.filling(self.request, self.mode, need, room).within(mask)
        return mask


def _there(home: ref[DaySnapshot]) -> DaySnapshot:
    day = home()
    if day is None:
        raise LookupError("A need outlived its day. Maybe hold the snapshot for as long as it is asked.")
    return day


def _effort(rule: BaseRule) -> bool:
    """Rules about the neighbours in the book cost most, so they are asked last."""
    return rule.scope in (Scope.PAIR, Scope.DAY, Scope.WEEK)


@dataclass
class DaySnapshot:
    """One day of a snapshot: its frame, and the needs compiled so far.

    `fillings` keeps, per need, what is forbidden to each candidate; `standings` the starts of each room, and `common`
    what is forbidden in all of them, per procedures, length and facts of the patient. All grow with the requests that
    differ in these, and go with the day.
    """

    facts: Facts
    frame: Frame
    catalogue: Catalogue
    roles: Mapping[str, tuple[str, ...]]
    fillings: dict[tuple[object, ...], Filling] = field(default_factory=dict)
    active: dict[tuple[object, ...], tuple[BaseRule, ...]] = field(default_factory=dict)
    places: dict[str, frozenset[str]] = field(default_factory=dict)
    standings: dict[tuple[object, ...], dict[str, Mask]] = field(default_factory=dict)
    common: dict[tuple[object, ...], Mask] = field(default_factory=dict)
    recent: Standing | None = None

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
            or (
                filling.need.kind is Kind.ROOM
                and filling.room not in rooms
                and not self._tied(cases, filling.room)
            )
        }
        return DaySnapshot(
            self.facts.after(Plan(cases)), self.frame, self.catalogue, self.roles, kept, self.active
        )

    def _tied(self, cases: tuple[Case, ...], room: str) -> bool:
        """Whether a rule may forbid a room, for where these cases' surgeons are, though none of them is in it."""
        surgeons = {case.surgeon for case in cases}
        return any(surgeons & rule.tied(room) for rule in self.narrowing((), Kind.ROOM))

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

    def standing(self, request: Request, mode: Mode) -> Standing:
        """The rooms as this request sees them; shared by every request and surgeon that can't tell the difference."""
        held = self.recent
        if held is None or held.request is not request or held.mode is not mode:
            shared = self.standings.setdefault(_seen(request, mode), {})
            held = self.recent = Standing(ref(self), request, mode, shared)
        return held

    def everywhere(self, request: Request, mode: Mode) -> Mask:
        """The starts that no rule forbids which is the same for every room and surgeon."""
        key = _seen(request, mode)
        if key not in self.common:
            need = next(need for need in mode.needs if need.kind is Kind.ROOM)
            candidate, allowed = Candidate(mode, need, "", ""), self.frame.full
            for rule in self.narrowing(request.overrides, Kind.ROOM, cheapest=True):
                for _, mask in () if rule.by_room else rule.narrow(request, candidate, self):
                    allowed &= ~mask
                if not allowed:
                    break
            self.common[key] = allowed
        return self.common[key]

    def forget(self) -> None:
        """Lets go of everything compiled so far: more kinds of request were asked than are worth keeping."""
        self.fillings.clear()
        self.standings.clear()
        self.common.clear()
        self.recent = None

    def filling(self, request: Request, mode: Mode, need: Need, room: str) -> Filling:
        """The need as this request sees it; shared by every request that can't tell the difference."""
        if need.kind is Kind.ROOM:
            own = mode.surgeon in self.catalogue.tied(room)
        else:
            own = need.key == SURGEON or mode.surgeon in self.roles.get(need.role, ())
        done = _done(mode, own)
        key = (*_asked(request, need), *done, need, room if need.kind in WHERE else None)
        if key not in self.fillings:
            if len(self.fillings) >= MOST_FILLINGS:
                self.forget()
            units = self.candidates(need, mode, room)
            self.fillings[key] = Filling(ref(self), request, mode, need, room, units)
        return self.fillings[key]

    def forbidden(self, request: Request, mode: Mode, need: Need, unit: str, room: str) -> Forbidden:
        """(atom, starts it forbids) of every binding rule, for one candidate of one need."""
        return self.filling(request, mode, need, room).forbidden(unit)


def _asked(request: Request, need: Need) -> tuple[object, ...]:
    """What of a request the masks of a need depend on; the order of cases is a matter of rooms."""
    order = (request.after_case, request.arrangement) if need.kind is Kind.ROOM else None
    return request.replaces, request.urgency, request.patient, request.overrides, order


def _seen(request: Request, mode: Mode) -> tuple[object, ...]:
    """What of a request and a mode the masks of rooms depend on, but for the surgeons that rules tie to a room."""
    order = (request.after_case, request.arrangement)
    return (
        request.replaces,
        request.urgency,
        request.patient,
        request.overrides,
        order,
        *_done(mode, own=False),
    )


def _done(mode: Mode, own: bool) -> tuple[object, ...]:
    """What of a mode the masks of a need depend on; whoever operates, unless it is the surgeon's `own`.

    A place in the team is the same whoever operates, but for a surgeon who could fill it and now can't.
    """
    return mode.procedures, mode.anesthesia, mode.minutes, mode.equipment, mode.surgeon if own else None


@dataclass
class Snapshot:
    """A clinic at one revision and instant. Reuse it while both hold: every request makes it warmer.

    `days` are compiled when a request first looks at them. Memory is bounded by `MOST_DAYS` days of `MOST_FILLINGS`
    needs each; what was looked at first is let go first, and compiled again when it is wanted.
    """

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
            if len(self.days) >= MOST_DAYS:
                del self.days[next(iter(self.days))]
            frame = self.facts.calendar.frame(date)
            facts = self.facts.without(replaces)
            self.days[key] = DaySnapshot(facts, frame, self.catalogue, self.roles)
        return self.days[key]

    def rules(self, request: Request) -> tuple[BaseRule, ...]:
        """The active rules that the request doesn't waive."""
        return self.catalogue.binding(request)
