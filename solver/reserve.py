"""A case is a set of reservations: what each mode of doing it needs, and what a booked one takes.

A *need* asks for one resource of a kind over an interval relative to wheels-in; a *reservation* is a need that
was given its resource and its place in time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import NamedTuple

from solver.clinic import (
    ANESTHESIOLOGIST,
    SURGEON,
    Case,
    Clinic,
    Equipment,
    Instant,
    Procedure,
    Settings,
    Stay,
    TeamMember,
    TeamNeed,
    Tray,
)
from solver.request import Request
from solver.seats import by_role, seated, team_of

PREOP, PHASE_TWO, WARD = "preop", "phase-two", "ward"
"""Roles of bays that aren't the first recovery."""

NOBODY = ""
"""The stand-in candidate of a need that nobody in the clinic could fill."""


class Kind(StrEnum):
    """What a need is filled by."""

    ROOM = "room"
    PERSON = "person"
    EQUIPMENT = "equipment"
    TRAY = "tray"
    BAY = "bay"


WHERE = (Kind.ROOM, Kind.EQUIPMENT)
"""Kinds of need whose masks depend on the room of the case."""


@dataclass(frozen=True)
class Need:
    """One resource over `[wheels-in + begin, wheels-in + end)` minutes.

    `tail` is the part of the interval, at its end, in which the resource is being made ready again.
    `key` is unique within a mode: "room", "surgeon", "circulator", "scrub#2", "c-arm". `units` is how many of a
    pool are taken at once.
    """

    key: str
    kind: Kind
    role: str
    begin: int
    end: int
    certifications: tuple[str, ...] = ()
    tail: int = 0
    operates: str | None = None
    units: int = 1
    supervises: bool = False

    def __hash__(self) -> int:
        # Masks are looked up by need all the time, and needs that differ in anything nearly always differ in these.
        return hash((self.key, self.begin, self.end))

    @property
    def minutes(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True)
class Mode:
    """How the case would be done: who operates, under which anesthesia, for how long, and what that needs."""

    procedures: tuple[str, ...]
    surgeon: str
    anesthesia: str
    minutes: int
    setup: int
    turnover: int
    service: str | None
    needs: tuple[Need, ...]
    equipment: tuple[str, ...]
    fixed: tuple[str, ...]
    features: tuple[str, ...]

    @cached_property
    def seats(self) -> Mapping[str, Sequence[Need]]:
        """Role -> its places in the team, beside the surgeon's own."""
        return by_role(need for need in self.needs if need.kind is Kind.PERSON and need.key != SURGEON)

    @cached_property
    def pools(self) -> frozenset[str]:
        """What it takes a unit of."""
        return frozenset(need.key for need in self.needs if need.kind not in (Kind.ROOM, Kind.PERSON))

    @cached_property
    def reach(self) -> tuple[int, int]:
        """Minutes that its needs reach out before and after wheels-in."""
        return -min((n.begin for n in self.needs), default=0), max((n.end for n in self.needs), default=0)

    @cached_property
    def anywhere(self) -> tuple[Need, ...]:
        """The needs that are the same in every room: the surgeon first, who rules out most."""
        same = (need for need in self.needs if need.kind not in WHERE)
        return tuple(sorted(same, key=lambda need: need.key != SURGEON))

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """What each need says of a reservation; read for every case of a book, so once for all of one kind."""
        return tuple(
            (
                need.kind, need.key, None if need.kind in (Kind.ROOM, Kind.PERSON) else need.key, need.begin,
                need.end, need.role, need.tail, need.supervises, need.units,
            )
            for need in self.needs
        )  # fmt: skip


Use = tuple[Kind, str, "str | None", int, int, str, int, bool, int]
"""Kind, key, pool (None: of a room or a person), begin, end, role, tail, whether it supervises, units."""


class Reservation(NamedTuple):
    """A resource taken by a case over instants `[start, end)`, of which the last `tail` minutes make it ready again.

    `need` is the key of the need it fills; "" for someone in the team beyond what the procedures ask for.
    A named tuple, since a clinic has tens of thousands and a frozen dataclass takes four times as long to make.
    """

    case: str
    kind: Kind
    resource: str
    start: Instant
    end: Instant
    role: str
    room: str
    tail: int = 0
    need: str = ""
    supervises: bool = False


_made: Callable[[type[Reservation], tuple[object, ...]], Reservation] = tuple.__new__
"""A named tuple made without its Python constructor, which takes three times as long."""


def mode_of(
    clinic: Clinic,
    procedures: tuple[str, ...],
    surgeon: str,
    anesthesia: str | None = None,
    minutes: int | None = None,
    extra_equipment: tuple[str, ...] = (),
) -> Mode:
    """The mode of a case; without `minutes` the clinic's planned duration, the longest procedure's.

    Two procedures take about as long as the longer one (Strum, Anesthesiology 98:232), never their sum.
    Raises KeyError for a procedure or a piece of equipment that the clinic doesn't have.
    """
    parts = [clinic.procedures[procedure] for procedure in procedures]
    chosen = anesthesia or parts[0].anesthesia_default
    length = minutes or max(_planned(clinic, part, surgeon) for part in parts)
    equipment = tuple(dict.fromkeys([e for part in parts for e in part.equipment] + list(extra_equipment)))
    mobile = tuple(e for e in equipment if clinic.equipment[e].mobile)
    features = [clinic.equipment[e].room_feature for e in equipment]
    return Mode(
        procedures=procedures,
        surgeon=surgeon,
        anesthesia=chosen,
        minutes=length,
        setup=max(part.setup_minutes for part in parts),
        turnover=max(part.turnover_minutes for part in parts),
        service=parts[0].service,
        needs=tuple(_needs(clinic, parts, equipment, mobile, chosen, length)),
        equipment=equipment,
        fixed=tuple(e for e in equipment if not clinic.equipment[e].mobile),
        features=tuple(
            dict.fromkeys([f for part in parts for f in part.room_features] + [f for f in features if f])
        ),
    )


def modes(clinic: Clinic, request: Request) -> list[Mode]:
    """The modes a request allows: the surgeon asked for, or everyone privileged at any time, by id.

    Nobody whom the request leaves out; without anyone else there is none.
    """
    known = _known(clinic)
    return [_asked(clinic, known, request, surgeon) for surgeon in _surgeons(clinic, request)]


def _asked(clinic: Clinic, known: dict[object, Mode], request: Request, surgeon: str) -> Mode:
    how = (request.anesthesia, request.duration_minutes, request.extra_equipment)
    key = ("asked", request.procedures, surgeon, how)
    mode = known.get(key)
    if mode is None:
        _bounded(known)
        mode = known[key] = mode_of(clinic, request.procedures, surgeon, *how)
    return mode


def mode_of_case(clinic: Clinic, case: Case) -> Mode:
    """The mode that a booked case is done in."""
    known = _known(clinic)
    kind = (case.procedures, case.anesthesia, case.minutes, case.extra_equipment)
    mode = known.get((case.surgeon, kind))
    if mode is None:
        mode = _mode_of_kind(clinic, known, case.surgeon, kind)
    return mode


Done = tuple[tuple[str, ...], str, int, tuple[str, ...]]


def _mode_of_kind(clinic: Clinic, known: dict[object, Mode], surgeon: str, kind: Done) -> Mode:
    """A case's minutes are known, so that its mode is the same whoever operates but for the name."""
    _bounded(known)
    procedures, anesthesia, minutes, extra = kind
    alike = known.get(kind)
    if alike is None:
        alike = known[kind] = mode_of(clinic, procedures, surgeon, anesthesia, minutes, extra)
    mode = known[surgeon, kind] = replace(alike, surgeon=surgeon)
    return mode


def reservations(case: Case, clinic: Clinic) -> tuple[Reservation, ...]:
    """What the case takes of every resource; one that isn't assigned (an unfilled role) takes nothing."""
    mode, team = mode_of_case(clinic, case), team_of(case)
    people = seated(case, team, mode.seats, clinic)
    id_, start, room, taken = case.id, case.start, case.room, []
    fixed = {"room": room, SURGEON: case.surgeon}
    for kind, key, pool, begin, end, role, tail, supervises, units in mode.uses:
        resource = pool or people.get(key) or fixed.get(key)
        if resource is not None:
            one = (id_, kind, resource, start + begin, start + end, role, room, tail, key, supervises)
            taken += [_made(Reservation, one) for _ in range(units)]
    return (*taken, *(_beyond(case, team, mode, people) if len(team) > len(people) else ()))


def _beyond(
    case: Case, team: Sequence[TeamMember], mode: Mode, people: Mapping[str, str]
) -> list[Reservation]:
    """Those in the team for whom the procedures have no place: they are taken for as long as the case lasts."""
    seats = (need for needs in mode.seats.values() for need in needs)
    placed = Counter((need.role, people[need.key]) for need in seats if need.key in people)
    beyond = Counter((member.role, member.resource) for member in team) - placed
    return [
        Reservation(case.id, Kind.PERSON, person, case.start, case.end, role, case.room)
        for role, person in beyond.elements()
    ]


def reprocessed(clinic: Clinic) -> bool:
    """Whether a tray is taken until it is sterile again; where that rule doesn't bind, until its case is over."""
    setting = clinic.rules.get("tray-reprocessing")
    return setting is None or setting.level not in ("off", "soft")


def assigned(case: Case, clinic: Clinic) -> dict[str, str | None]:
    """Need key -> the resource that the case gives it, None where nobody was assigned."""
    mode = mode_of_case(clinic, case)
    people = seated(case, team_of(case), mode.seats, clinic)
    return {need.key: people.get(need.key) or _fixed(need, case) for need in mode.needs}


def _fixed(need: Need, case: Case) -> str | None:
    if need.kind is Kind.PERSON:
        return case.surgeon if need.key == SURGEON else None
    return case.room if need.kind is Kind.ROOM else need.key


def _planned(clinic: Clinic, procedure: Procedure, surgeon: str) -> int:
    duration = procedure.duration(surgeon)
    return duration.p80 if clinic.settings.planned == "p80" else duration.median


def _surgeons(clinic: Clinic, request: Request) -> list[str]:
    able = privileged(clinic, request) if request.surgeon is None else [request.surgeon]
    everyone = [person.id for person in clinic.staff.values() if person.has_role(SURGEON)]
    return sorted(filter(request.allows_surgeon, able or everyone or [NOBODY]))


def privileged(clinic: Clinic, request: Request) -> list[str]:
    """The surgeons who hold every privilege that the request needs, at any time."""
    return [
        person.id
        for person in clinic.staff.values()
        if person.has_role(SURGEON)
        and set(request.procedures) <= {privilege.id for privilege in person.privileges}
    ]


def _needs(
    clinic: Clinic,
    parts: list[Procedure],
    equipment: tuple[str, ...],
    mobile: tuple[str, ...],
    anesthesia: str,
    minutes: int,
) -> Iterable[Need]:
    yield Need("room", Kind.ROOM, "room", 0, minutes)
    yield Need(SURGEON, Kind.PERSON, SURGEON, *_critical(parts, minutes))
    yield from _team(parts, anesthesia, minutes)
    for item in equipment:
        operator = clinic.equipment[item].operator
        if operator:
            held = (operator.certification,) if operator.certification else ()
            key = f"{operator.role}@{item}"
            yield Need(key, Kind.PERSON, operator.role, 0, minutes, held, operates=item)
    for item in mobile:
        yield Need(item, Kind.EQUIPMENT, item, 0, minutes)
    for tray, sets in _sets(parts).items():
        tail = clinic.trays[tray].reprocessing_minutes
        yield Need(tray, Kind.TRAY, tray, 0, minutes + tail, tail=tail, units=sets)
    yield from _bays(parts, anesthesia, minutes)


def _critical(parts: list[Procedure], minutes: int) -> tuple[int, int]:
    """When the surgeon is taken: the whole case, unless each procedure says which part is critical."""
    spans = [(part.critical.begin, minutes + part.critical.until) for part in parts if part.critical]
    begin, end = min((s[0] for s in spans), default=0), max((s[1] for s in spans), default=minutes)
    return (begin, end) if len(spans) == len(parts) and 0 <= begin < end <= minutes else (0, minutes)


def _bays(parts: list[Procedure], anesthesia: str, minutes: int) -> Iterable[Need]:
    """Before wheels-in, recovery, second phase, ward: each from where the one before it ends."""
    recovery = _stays(parts, anesthesia)
    out = minutes + max(recovery.values(), default=0)
    for bay, stay in recovery.items():
        yield Need(bay, Kind.BAY, bay, minutes, minutes + stay)
    for bay, stay in _longest(part.preop for part in parts).items():
        yield Need(bay, Kind.BAY, PREOP, -stay, 0)
    later = _longest(part.phase_two for part in parts)
    for bay, stay in later.items():
        yield Need(bay, Kind.BAY, PHASE_TWO, out, out + stay)
    out += max(later.values(), default=0)
    for bay, stay in _longest(part.ward for part in parts).items():
        yield Need(bay, Kind.BAY, WARD, out, out + stay)


def _longest(stays: Iterable[Stay | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for stay in stays:
        if stay and stay.minutes > 0:
            found[stay.bay] = max(stay.minutes, found.get(stay.bay, 0))
    return found


def _team(parts: list[Procedure], anesthesia: str, minutes: int) -> Iterable[Need]:
    """One place per role and position: two procedures share their circulator, who then needs both certifications."""
    places: dict[tuple[str, int], Need] = {}
    for part in parts:
        counts = Counter({SURGEON: 1})  # a co-surgeon has a place beside the surgeon's own
        for asked in part.team:
            if asked.role == ANESTHESIOLOGIST and anesthesia == "local":
                continue
            for _ in range(asked.count):
                counts[asked.role] += 1
                place = (asked.role, counts[asked.role])
                need = _place(asked, counts[asked.role], minutes)
                places[place] = _joined(places[place], need) if place in places else need
    return places.values()


def _place(asked: TeamNeed, position: int, minutes: int) -> Need:
    until = asked.begin + asked.minutes if asked.minutes is not None else minutes + asked.until
    key = asked.role if position == 1 else f"{asked.role}#{position}"
    held = (asked.certification,) if asked.certification else ()
    end = max(until, asked.begin + 1)
    return Need(key, Kind.PERSON, asked.role, asked.begin, end, held, supervises=asked.supervises)


def _joined(one: Need, other: Need) -> Need:
    held = tuple(sorted({*one.certifications, *other.certifications}))
    both = one.supervises and other.supervises
    begin, end = min(one.begin, other.begin), max(one.end, other.end)
    return replace(one, begin=begin, end=end, certifications=held, supervises=both)


def _sets(parts: list[Procedure]) -> Counter[str]:
    """Tray -> sets opened: as often as one procedure lists it; two procedures share."""
    sets: Counter[str] = Counter()
    for part in parts:
        sets |= Counter(part.trays)
    return sets


def _stays(parts: list[Procedure], anesthesia: str) -> dict[str, int]:
    stays: dict[str, int] = {}
    for part in parts:
        stay = part.recovery.minutes.get(anesthesia, 0) if part.recovery else 0
        if part.recovery and stay > 0:
            stays[part.recovery.bay] = max(stay, stays.get(part.recovery.bay, 0))
    return stays


@dataclass(frozen=True, eq=False)
class _Reference:
    """The records that a mode depends on, told apart by identity: cases come and go, these stay the same objects."""

    procedures: Mapping[str, Procedure]
    equipment: Mapping[str, Equipment]
    trays: Mapping[str, Tray]
    settings: Settings

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reference) and self._ids == other._ids

    def __hash__(self) -> int:
        return hash(self._ids)

    @property
    def _ids(self) -> tuple[object, ...]:
        return id(self.procedures), id(self.equipment), id(self.trays), self.settings


MOST_MODES = 4096
"""Modes of cases kept for one set of records; beyond, they are worked out again."""


@lru_cache(maxsize=16)
def _shared(_: _Reference) -> dict[object, Mode]:
    """The modes of cases that are known, the same for every clinic with these records."""
    return {}


def _bounded(known: dict[object, Mode]) -> None:
    if len(known) >= MOST_MODES:
        known.clear()


def _known(clinic: Clinic) -> dict[object, Mode]:
    known: dict[object, Mode] | None = clinic.worked_out.get("modes")
    if known is None:
        records = _Reference(clinic.procedures, clinic.equipment, clinic.trays, clinic.settings)
        known = clinic.worked_out["modes"] = _shared(records)
    return known
