"""The frozen records a search needs: one clinic, as it stands at one revision.

Units: every instant is an int, minutes since the Unix epoch in UTC; every wall-clock time of day is an int,
minutes after local midnight; every duration is whole minutes. `solver.grid.Calendar` turns one into the other.
All intervals are half-open, `[start, end)`; validity dates are inclusive at both ends.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

Instant = int
Window = tuple[int, int]
Week = Mapping[int, tuple[Window, ...]]
"""Weekday (0 is Monday) -> the windows of that day, in wall minutes."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SURGEON, ANESTHESIOLOGIST = "surgeon", "anesthesiologist"
OCCUPYING = frozenset({"held", "booked", "done"})
"""Case states that occupy their resources; a cancelled case occupies none."""


def frozen(mapping: Mapping[Any, Any] | None = None) -> Mapping[Any, Any]:
    """A read-only copy, so that a shared record can't be changed by accident."""
    return MappingProxyType(dict(mapping or {}))


@dataclass(frozen=True)
class Closure:
    """A stretch in which a resource can't be used; `units` is how many are out, None all of them."""

    start: Instant
    end: Instant
    reason: str = ""
    units: int | None = None


@dataclass(frozen=True)
class Room:
    """An operating room: its hours bound wheels-in to wheels-out."""

    id: str
    name: str
    hours: Week
    equipment: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    closures: tuple[Closure, ...] = ()


@dataclass(frozen=True)
class Operator:
    """Who must be with a piece of equipment while it is in use."""

    role: str
    certification: str | None = None


@dataclass(frozen=True)
class Equipment:
    """`fixed` stands in the rooms that list it; `mobile` is an interchangeable pool that moves."""

    id: str
    name: str
    mobile: bool
    units: int = 1
    move_minutes: int = 0
    room_feature: str | None = None
    operator: Operator | None = None
    maintenance: tuple[Closure, ...] = ()
    setup_minutes: int = 0
    """Minutes in which the room is free before wheels-in, beside turnover and set-up."""
    laser: bool = False
    radiation: bool = False
    assist: str | None = None
    """Certification that someone in the team must hold, such as a robot's bedside assist."""


@dataclass(frozen=True)
class Tray:
    """An instrument set; `units` of them, each gone from wheels-in until it is reprocessed."""

    id: str
    name: str
    units: int
    reprocessing_minutes: int


@dataclass(frozen=True)
class NursesOn:
    """How many nurses look after the bays in these hours; counts of windows that overlap add up."""

    count: int
    hours: Week


@dataclass(frozen=True)
class Bay:
    """A pool of bays (recovery, pre-op, ward) with common hours; without `nurses` no ratio is kept."""

    id: str
    name: str
    units: int
    hours: Week
    nurses: tuple[NursesOn, ...] = ()


@dataclass(frozen=True)
class Leave:
    """Whole days, both ends included."""

    first: dt.date
    last: dt.date
    reason: str = ""


@dataclass(frozen=True)
class Validity:
    """A privilege (`id` is a procedure) or a certification, judged on the day of surgery."""

    id: str
    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class DatedShift:
    """A shift on one date, beside the weekly ones."""

    date: dt.date
    window: Window


@dataclass(frozen=True)
class Preferences:
    """What a surgeon would rather have, where they have said so; it ranks and never forbids."""

    rooms: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    """Procedures that come before the surgeon's others of a day, such as the big joints."""
    consecutive: bool = False
    """Their cases of a day one after the other, without a wait that another case could fill."""
    team: tuple[str, ...] = ()
    """People whom they like to work with: asked first, where they are free and able."""


@dataclass(frozen=True)
class Staff:
    """Anyone who works here, surgeons too: roles, shifts, leave, privileges and certifications."""

    id: str
    name: str
    role: str
    roles_also: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    service: str | None = None
    shifts: Week = field(default_factory=frozen)
    shifts_on: tuple[DatedShift, ...] = ()
    leave: tuple[Leave, ...] = ()
    privileges: tuple[Validity, ...] = ()
    certifications: tuple[Validity, ...] = ()
    max_cases_day: int | None = None
    max_minutes_day: int | None = None
    max_minutes_week: int | None = None
    arrival_minutes: int | None = None
    """Minutes between a surgeon's arrival, when their hours begin, and wheels-in of their first case."""
    calls: tuple[dt.date, ...] = ()
    """Nights on call, by the date on which each begins."""
    restrictions: tuple[Validity, ...] = ()
    """What a person isn't assigned to ("radiation"), as asked for by that person and without the reason."""
    preferences: Preferences = Preferences()

    def has_role(self, role: str) -> bool:
        return role == self.role or role in self.roles_also

    def windows_on(self, day: dt.date) -> tuple[Window, ...]:
        """The shifts of that date, weekly and dated, as wall minutes; leave is not taken out."""
        extra = tuple(shift.window for shift in self.shifts_on if shift.date == day)
        return self.shifts.get(day.weekday(), ()) + extra

    def leave_on(self, day: dt.date) -> Leave | None:
        return next((leave for leave in self.leave if leave.first <= day <= leave.last), None)

    def certified(self, certification: str | None, day: dt.date) -> bool:
        return certification is None or any(
            held.id == certification and held.holds(day) for held in self.certifications
        )

    def restricted(self, kind: str, day: dt.date) -> bool:
        return any(held.id == kind and held.holds(day) for held in self.restrictions)

    def privileged(self, procedure: str, day: dt.date) -> bool:
        return any(held.id == procedure and held.holds(day) for held in self.privileges)


@dataclass(frozen=True)
class Duration:
    """Wheels-in to wheels-out, in minutes."""

    median: int
    p80: int


@dataclass(frozen=True)
class TeamNeed:
    """One place in the team, beside the surgeon.

    `begin` is minutes after wheels-in; `until` is minutes relative to wheels-out (negative before it);
    `minutes`, when given, is the length from `begin` and replaces `until`.
    """

    role: str
    certification: str | None = None
    begin: int = 0
    until: int = 0
    minutes: int | None = None
    count: int = 1
    supervises: bool = False
    """The place is one of medical direction: its person may cover several rooms at once."""


@dataclass(frozen=True)
class Recovery:
    """Which bay a patient recovers in, and for how long."""

    bay: str
    minutes: Mapping[str, int]
    """Anesthesia -> the stay in minutes; an anesthesia that isn't listed needs no bay."""


@dataclass(frozen=True)
class Stay:
    """A place in a pool of bays for some minutes before or after the case."""

    bay: str
    minutes: int


@dataclass(frozen=True)
class Critical:
    """The part that the surgeon has to be there for: from minutes after wheels-in to minutes relative to wheels-out."""

    begin: int
    until: int


@dataclass(frozen=True)
class ConsentWindow:
    """A consent is signed at least `min_days` and at most `max_days` before the day of surgery."""

    min_days: int = 0
    max_days: int | None = None


@dataclass(frozen=True)
class Procedure:
    """What is done, and what doing it takes."""

    id: str
    name: str
    minutes: Mapping[str, Duration]
    """Surgeon id or "default" -> duration."""
    short: str = ""
    service: str | None = None
    cpt: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    sided: bool = False
    setup_minutes: int = 0
    turnover_minutes: int = 0
    anesthesia_default: str = "general"
    anesthesia_options: tuple[str, ...] = ()
    equipment: tuple[str, ...] = ()
    trays: tuple[str, ...] = ()
    room_features: tuple[str, ...] = ()
    team: tuple[TeamNeed, ...] = ()
    recovery: Recovery | None = None
    lead_time_hours: int = 0
    contamination: str = "clean"
    preop: Stay | None = None
    phase_two: Stay | None = None
    ward: Stay | None = None
    """The bed that an inpatient goes to after recovery."""
    critical: Critical | None = None
    stage_gap_days: int | None = None
    """Days between two cases of one patient that both hold this procedure."""
    implant_lead_days: int | None = None
    """Working days that loaners and implants take to be ordered and reprocessed."""
    anticoagulant_days: int | None = None
    """Days without anticoagulant before surgery."""
    consent: ConsentWindow | None = None
    authorisation: bool = False
    """Whether the payer has to authorise it."""

    def duration(self, surgeon: str) -> Duration:
        return self.minutes.get(surgeon) or self.minutes["default"]


@dataclass(frozen=True)
class Block:
    """Keeps others out of a room and its hours until `release_days` before the date (None: never released)."""

    id: str
    owner: str
    room: str
    day: int
    window: Window
    weeks: tuple[int, ...] = (1, 2, 3, 4, 5)
    release_days: int | None = None
    released: tuple[dt.date, ...] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    """The days from and until which it is given, both included; None is open."""

    def falls_on(self, day: dt.date) -> bool:
        given = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return given and day.weekday() == self.day and (day.day - 1) // 7 + 1 in self.weeks

    def release_date(self, day: dt.date) -> dt.date | None:
        """The first date on which others may book the occurrence of `day`; None is never."""
        return None if self.release_days is None else day - dt.timedelta(days=self.release_days)


@dataclass(frozen=True)
class TeamMember:
    """A person in one place of a case's team."""

    role: str
    resource: str


@dataclass(frozen=True)
class UnitUse:
    """One unit of a pool over an interval of instants; units count from 1."""

    resource: str
    unit: int
    start: Instant
    end: Instant


@dataclass(frozen=True)
class Case:
    """A case in the book, or one that a plan would add: wheels-in at `start` for `minutes`."""

    id: str
    procedure: str
    surgeon: str
    room: str
    start: Instant
    minutes: int
    anesthesia: str
    team: tuple[TeamMember, ...] = ()
    additional_procedures: tuple[str, ...] = ()
    extra_equipment: tuple[str, ...] = ()
    patient: str | None = None
    patient_flags: tuple[str, ...] = ()
    status: str = "booked"
    pinned: bool = False
    follows: str | None = None
    arrangement: str = "any"
    """How it follows: "back-to-back", "flip" (the surgeon's other room), or "any"."""
    exceptions: tuple[str, ...] = ()
    """Rule ids that this case was loaded or booked in spite of, on the record."""

    @property
    def end(self) -> Instant:
        return self.start + self.minutes

    @property
    def procedures(self) -> tuple[str, ...]:
        return (self.procedure, *self.additional_procedures)

    @property
    def occupies(self) -> bool:
        return self.status in OCCUPYING


@dataclass(frozen=True)
class Readiness:
    """What is on record of a patient's way to surgery; None is not on record. No diagnosis, no identity."""

    history_on: dt.date | None = None
    """Day of the history and physical."""
    consent_on: dt.date | None = None
    authorisations: tuple[Validity, ...] = ()
    anticoagulant_stopped: dt.date | None = None
    last_meal: Instant | None = None
    last_drink: Instant | None = None


@dataclass(frozen=True)
class DatedParams:
    """Parameters that hold from a day of surgery on, over those that held before."""

    first: dt.date
    params: Mapping[str, Any]


@dataclass(frozen=True)
class RuleSetting:
    """What a clinic changes of one rule: its level ("hard", "warn", "soft", "off") and parameters.

    `dated` are parameters with the day of surgery from which they hold, in order of that day.
    """

    level: str | None = None
    params: Mapping[str, Any] = field(default_factory=frozen)
    dated: tuple[DatedParams, ...] = ()


@dataclass(frozen=True)
class RankTerm:
    """One term of the objective with its weight inside its level."""

    term: str
    weight: float = 1.0


RankLevels = tuple[tuple[RankTerm, ...], ...]

DEFAULT_RANKING: RankLevels = (
    (RankTerm("day"),),
    (
        RankTerm("overtime", 2),
        RankTerm("gap"),
        RankTerm("utilisation"),
        RankTerm("scarce"),
        RankTerm("preference", 30),
    ),
    (RankTerm("start"),),
)


@dataclass(frozen=True)
class Holiday:
    """A day without elective cases."""

    date: dt.date
    name: str = ""


@dataclass(frozen=True)
class Settings:
    """How a clinic writes dates and times, and its booking habits."""

    date_order: str = "mdy"
    clock: str = "12h"
    morning_until: int = 12 * 60
    freeze_hours: int = 18
    hold_minutes: int = 30
    planned: str = "median"
    prime_time: Window | None = None
    """The hours of a day that are to be filled first; None where all hours are alike."""


@dataclass(frozen=True)
class Clinic:
    """Everything a search may know. Mappings are by id; `cases` holds every state, cancelled ones too."""

    id: str
    name: str
    timezone: str
    hours: Week
    start_step_minutes: int = 15
    holidays: tuple[Holiday, ...] = ()
    settings: Settings = Settings()
    rooms: Mapping[str, Room] = field(default_factory=frozen)
    equipment: Mapping[str, Equipment] = field(default_factory=frozen)
    trays: Mapping[str, Tray] = field(default_factory=frozen)
    bays: Mapping[str, Bay] = field(default_factory=frozen)
    staff: Mapping[str, Staff] = field(default_factory=frozen)
    procedures: Mapping[str, Procedure] = field(default_factory=frozen)
    blocks: tuple[Block, ...] = ()
    rules: Mapping[str, RuleSetting] = field(default_factory=frozen)
    ranking: RankLevels = DEFAULT_RANKING
    costs: Mapping[str, float] = field(default_factory=frozen)
    """Change type -> points of trouble, where this clinic's differ from the planning defaults of explanations."""
    cases: tuple[Case, ...] = ()
    readiness: Mapping[str, Readiness] = field(default_factory=frozen)
    """Patient reference -> what is on record."""

    @cached_property
    def worked_out(self) -> dict[str, Any]:
        """What others work out of its records once; each keeps it under a name of its own."""
        return {}

    @cached_property
    def cases_by_id(self) -> Mapping[str, Case]:
        return frozen({case.id: case for case in self.cases})

    @cached_property
    def rooms_with(self) -> Mapping[str, int]:
        """Fixed equipment -> the number of rooms that have it."""
        return frozen(Counter(item for room in self.rooms.values() for item in set(room.equipment)))

    @cached_property
    def blocks_of(self) -> Mapping[str, tuple[Block, ...]]:
        """Surgeon -> the blocks that are theirs, or their service's; those who have none aren't in it."""
        owned = {id_: tuple(b for b in self.blocks if self.owns(id_, b)) for id_ in self.staff}
        return frozen({id_: blocks for id_, blocks in owned.items() if blocks})

    def owns(self, surgeon: str, block: Block) -> bool:
        """Whether a block is that surgeon's own, or their service's."""
        person = self.staff.get(surgeon)
        return block.owner == surgeon or (person is not None and person.service == block.owner)

    @cached_property
    def preferences_of(self) -> Mapping[str, Preferences]:
        """Surgeon -> what they have said; those who have said nothing aren't in it."""
        nothing = Preferences()
        return frozen({p.id: p.preferences for p in self.staff.values() if p.preferences != nothing})

    def liked_by(self, surgeon: str) -> tuple[str, ...]:
        """People whom that surgeon likes to work with."""
        said = self.preferences_of.get(surgeon)
        return said.team if said is not None else ()

    def name_of(self, resource: str) -> str:
        """What people call a room, a person, a piece of equipment, a tray, a bay or a block; else its id."""
        tables: tuple[Mapping[str, Any], ...] = (
            self.rooms, self.staff, self.equipment, self.trays, self.bays, self.procedures,
        )  # fmt: skip
        for table in tables:
            if resource in table:
                return str(table[resource].name)
        return self.name if resource == "clinic" else resource

    def surgeons_for(self, procedure: str, day: dt.date) -> tuple[str, ...]:
        """Ids of those privileged for `procedure` on `day`, in order."""
        return tuple(sorted(s.id for s in self.staff.values() if s.privileged(procedure, day)))
