"""Seeded clinics of four sizes, booked to 70 % of their room hours or more by a book without a clash.

Rooms are staffed one team a day, the way most centers do; the people left over are what a new case can hope for.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from solver.clinic import (
    Bay,
    Case,
    Clinic,
    Duration,
    Equipment,
    Operator,
    Procedure,
    Recovery,
    Room,
    Staff,
    TeamMember,
    TeamNeed,
    Tray,
    Validity,
    Week,
    frozen,
)
from solver.grid import Calendar
from solver.verify import clashes

ZONE = "America/New_York"
MONDAY = dt.date(2026, 3, 2)
OPEN = (7 * 60 + 30, 17 * 60)


@dataclass(frozen=True)
class Size:
    """How big a clinic is: rooms, everyone who works there, and the days that are booked."""

    name: str
    rooms: int
    staff: int
    days: int


SIZES = {
    size.name: size
    for size in (
        Size("S", 3, 15, 14),
        Size("M", 10, 60, 28),
        Size("L", 40, 300, 28),
        Size("XL", 100, 800, 60),
    )
}

SERVICES = ("ortho", "general", "hand", "gyn")
SHARES = {"anesthesiologist": 0.22, "circulator": 0.22, "scrub": 0.22, "rad-tech": 0.07}
"""Of everyone who works there; the rest are surgeons."""


def clinic_of(size: Size, seed: int) -> Clinic:
    """The clinic of that size and seed; the same two always give the same clinic."""
    dice = random.Random(f"{size.name}-{seed}")
    bare = _bare(size, dice)
    full = replace(bare, cases=tuple(_book(bare, size, dice)))
    as_of = Calendar(ZONE).instant(MONDAY, 0)
    while broken := clashes(full, as_of):
        full = replace(full, cases=tuple(case for case in full.cases if case.id not in broken))
    return full


def occupancy(clinic: Clinic, size: Size) -> float:
    """Booked minutes, set-up and turnover included, of the minutes that rooms are open on weekdays."""
    procedures = clinic.procedures
    taken = sum(
        case.minutes + procedures[case.procedure].setup_minutes + procedures[case.procedure].turnover_minutes
        for case in clinic.cases
    )
    days = sum(1 for day in _days(size) if day.weekday() < 5)
    return taken / (days * len(clinic.rooms) * (OPEN[1] - OPEN[0]))


def _days(size: Size) -> list[dt.date]:
    return [MONDAY + dt.timedelta(days=n) for n in range(size.days)]


def _week(start: int, end: int, days: range | tuple[int, ...] = range(5)) -> Week:
    return frozen(dict.fromkeys(days, ((start, end),)))


def _bare(size: Size, dice: random.Random) -> Clinic:
    procedures = {each.id: each for each in _procedures(dice)}
    return Clinic(
        id=f"bench-{size.name.lower()}",
        name=f"Bench {size.name}",
        timezone=ZONE,
        hours=_week(6 * 60 + 30, 18 * 60),
        rooms=frozen({room.id: room for room in _rooms(size)}),
        equipment=frozen({
            "tower": Equipment("tower", "Arthroscopy tower", mobile=False),
            "c-arm": Equipment(
                "c-arm", "C-arm", mobile=True, units=max(1, size.rooms // 4), move_minutes=10,
                room_feature="lead-lined", operator=Operator("rad-tech", "fluoroscopy"),
            ),
        }),
        trays=frozen({
            f"{service}-set": Tray(f"{service}-set", f"{service.title()} set", max(3, size.rooms * 2), 180)
            for service in SERVICES
        }),
        bays=frozen({"pacu": Bay("pacu", "PACU", max(4, size.rooms * 2), _week(7 * 60 + 30, 18 * 60))}),
        staff=frozen({person.id: person for person in _staff(size, list(procedures), dice)}),
        procedures=frozen(procedures),
    )  # fmt: skip


def _rooms(size: Size) -> Iterator[Room]:
    for n in range(1, size.rooms + 1):
        equipment = ("tower",) if n % 3 == 1 else ()
        features = ("lead-lined",) if n % 2 == 0 else ()
        yield Room(f"or-{n}", f"OR {n}", _week(*OPEN), equipment, features)


def _procedures(dice: random.Random) -> Iterator[Procedure]:
    for service in SERVICES:
        for n in range(1, 5):
            median = dice.choice((45, 60, 75, 90, 120))
            yield Procedure(
                f"{service}-{n}", f"{service.title()} procedure {n}",
                frozen({"default": Duration(median, median * 5 // 4)}), service=service,
                setup_minutes=10, turnover_minutes=20, anesthesia_options=("general",),
                equipment={("ortho", 1): ("tower",), ("hand", 1): ("c-arm",), ("ortho", 2): ("c-arm",)}.get(
                    (service, n), ()
                ),
                trays=(f"{service}-set",),
                team=(TeamNeed("anesthesiologist"), TeamNeed("circulator"), TeamNeed("scrub", service)),
                recovery=Recovery("pacu", frozen({"general": dice.choice((45, 60, 90))})),
            )  # fmt: skip


def _staff(size: Size, procedures: list[str], dice: random.Random) -> Iterator[Staff]:
    counts = {
        role: max(size.rooms if role != "rad-tech" else 1, round(size.staff * s))
        for role, s in SHARES.items()
    }
    for role, count in counts.items():
        for n in range(1, count + 1):
            held = {"scrub": SERVICES, "rad-tech": ("fluoroscopy",)}.get(role, ())
            certified = tuple(
                Validity(c) for c in held if role != "scrub" or n <= size.rooms or dice.random() < 0.6
            )
            yield Staff(
                f"{role}-{n}", f"{role.title()} {n}", role, shifts=_week(6 * 60 + 30, 17 * 60 + 30),
                roles_also=("circulator",) if role == "scrub" and n % 5 == 0 else (), certifications=certified,
            )  # fmt: skip
    for n in range(1, size.staff - sum(counts.values()) + 1):
        service = SERVICES[n % len(SERVICES)]
        days = tuple(sorted(dice.sample(range(5), dice.choice((3, 4, 5, 5)))))
        yield Staff(
            f"dr-{n}", f"Dr. {n}", "surgeon", service=service, shifts=_week(7 * 60, 17 * 60, days),
            privileges=tuple(Validity(p) for p in procedures if p.startswith(service)), max_cases_day=8,
        )  # fmt: skip


def _book(clinic: Clinic, size: Size, dice: random.Random) -> Iterator[Case]:
    by_role: dict[str, list[str]] = {}
    for person in clinic.staff.values():
        by_role.setdefault(person.role, []).append(person.id)
    for day in _days(size):
        if day.weekday() < 5:
            yield from _day(clinic, day, by_role, dice)


def _day(clinic: Clinic, day: dt.date, by_role: dict[str, list[str]], dice: random.Random) -> Iterator[Case]:
    here = [s for s in by_role["surgeon"] if day.weekday() in clinic.staff[s].shifts]
    dice.shuffle(here)
    teams = {role: dice.sample(people, len(people)) for role, people in by_role.items() if role != "surgeon"}
    rooms = list(clinic.rooms.values())
    for index, room in enumerate(rooms[: len(here)] if len(here) < len(rooms) else rooms):
        surgeons = here[index :: len(rooms)]
        team = {role: people[index] for role, people in teams.items() if role != "rad-tech"}
        yield from _room_day(clinic, room, day, surgeons, team, teams["rad-tech"], dice)


def _room_day(
    clinic: Clinic,
    room: Room,
    day: dt.date,
    surgeons: list[str],
    team: dict[str, str],
    rad_techs: list[str],
    dice: random.Random,
) -> Iterator[Case]:
    calendar, clock, number = Calendar(ZONE), OPEN[0], 0
    while surgeons:
        surgeon = surgeons[min(number // 3, len(surgeons) - 1)]
        able = [p for p in clinic.staff[surgeon].privileges if _fits(clinic, p.id, room, team)]
        fitting = [p for p in able if clock + _until_home(clinic, p.id) <= 18 * 60]
        if not fitting:
            return
        procedure = clinic.procedures[dice.choice(fitting).id]
        if clock + procedure.minutes["default"].median > OPEN[1]:
            return
        members = [TeamMember(role, person) for role, person in team.items()]
        if "c-arm" in procedure.equipment:
            members.append(TeamMember("rad-tech", dice.choice(rad_techs)))
        number += 1
        yield Case(
            f"{room.id}-{day:%m%d}-{number}", procedure.id, surgeon, room.id, calendar.instant(day, clock),
            procedure.minutes["default"].median, "general", tuple(members),
        )  # fmt: skip
        idle = dice.choice((0, 0, 0, 0, 0, 0, 0, 15, 60))
        after = surgeons[min(number // 3, len(surgeons) - 1)]
        change = 10 if clinic.staff[after].service != clinic.staff[surgeon].service else 0
        clock += procedure.minutes["default"].median + 30 + change + idle
        clock += -clock % 5


def _until_home(clinic: Clinic, procedure: str) -> int:
    record = clinic.procedures[procedure]
    stay = record.recovery.minutes["general"] if record.recovery else 0
    return record.minutes["default"].median + stay


def _fits(clinic: Clinic, procedure: str, room: Room, team: dict[str, str]) -> bool:
    record = clinic.procedures[procedure]
    fixed = {e for e in record.equipment if not clinic.equipment[e].mobile}
    lead = "c-arm" not in record.equipment or "lead-lined" in room.features
    scrub = clinic.staff[team["scrub"]].certified(record.service, MONDAY)
    return fixed <= set(room.equipment) and lead and scrub
