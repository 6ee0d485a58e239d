"""Small clinics for tests, built by a few readable helpers: three rooms, one surgeon, everything once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from solver.clinic import (
    Bay,
    Block,
    Case,
    Clinic,
    Duration,
    Equipment,
    Operator,
    Procedure,
    Recovery,
    Room,
    RuleSetting,
    Staff,
    TeamMember,
    TeamNeed,
    Tray,
    Validity,
    Week,
    frozen,
)
from solver.grid import Calendar
from solver.request import Request
from solver.snapshot import Snapshot

NEW_YORK = Calendar("America/New_York")
TUESDAY = dt.date(2026, 3, 10)
NOW = dt.datetime.fromisoformat("2026-03-05T09:00")


def minutes(clock: str) -> int:
    """ "09:30" as minutes after midnight."""
    return int(clock[:2]) * 60 + int(clock[3:])


def window(hours: str) -> tuple[int, int]:
    """ "07:30-17:00" as wall minutes."""
    start, end = hours.split("-")
    return minutes(start), minutes(end)


def week(hours: str, days: Sequence[int] = range(5)) -> Week:
    """The same hours on every given weekday, Monday to Friday unless said."""
    return frozen({day: (window(hours),) for day in days})


def at(clock: str, day: dt.date = TUESDAY) -> int:
    """The instant of a clinic wall time."""
    return NEW_YORK.instant(day, minutes(clock))


def person(id_: str, role: str, hours: str = "06:30-17:30", *certified: str, **more: Any) -> Staff:
    """Someone on shift Monday to Friday, with certifications that don't expire."""
    return Staff(
        id_, id_.replace("-", " ").title(), role, shifts=week(hours),
        certifications=tuple(Validity(c) for c in certified), **more,
    )  # fmt: skip


def surgeon(id_: str, *procedures: str, days: Sequence[int] = (1, 3), hours: str = "07:00-16:00") -> Staff:
    """A surgeon with privileges that don't expire, operating on those weekdays."""
    return Staff(
        id_, f"Dr. {id_[3:].title()}", "surgeon", shifts=week(hours, days),
        privileges=tuple(Validity(p) for p in procedures),
    )  # fmt: skip


KNEE = Procedure(
    "knee-arthroscopy", "Knee arthroscopy", frozen({"default": Duration(60, 75)}),
    service="ortho", setup_minutes=15, turnover_minutes=20,
    anesthesia_options=("general", "spinal"), equipment=("arthroscopy-tower",), trays=("knee-scope-set",),
    team=(TeamNeed("anesthesiologist"), TeamNeed("circulator", "ortho"), TeamNeed("scrub", "arthroscopy")),
    recovery=Recovery("pacu", frozen({"general": 75, "spinal": 105})),
)  # fmt: skip

WRIST = Procedure(
    "wrist-orif", "Distal radius ORIF", frozen({"default": Duration(90, 110)}),
    service="hand", setup_minutes=10, turnover_minutes=20,
    anesthesia_options=("general", "regional", "local"), equipment=("c-arm",),
    team=(TeamNeed("anesthesiologist"), TeamNeed("circulator"), TeamNeed("scrub")),
    recovery=Recovery("pacu", frozen({"general": 60, "regional": 45})),
)  # fmt: skip


def small_clinic(**changes: Any) -> Clinic:
    """Three rooms, the tower in OR 1 alone, one C-arm for the lead-lined OR 2 and OR 3, two people a role."""
    clinic = Clinic(
        id="small", name="Small Clinic", timezone="America/New_York", hours=week("06:30-18:00"),
        rooms=frozen({
            "or-1": Room("or-1", "OR 1", week("07:30-17:00"), ("arthroscopy-tower",)),
            "or-2": Room("or-2", "OR 2", week("07:30-17:00"), (), ("lead-lined",)),
            "or-3": Room("or-3", "OR 3", week("07:30-17:00"), (), ("lead-lined",)),
        }),
        equipment=frozen({
            "arthroscopy-tower": Equipment("arthroscopy-tower", "Arthroscopy tower", mobile=False),
            "c-arm": Equipment(
                "c-arm", "C-arm", mobile=True, move_minutes=10, room_feature="lead-lined",
                operator=Operator("rad-tech", "fluoroscopy"),
            ),
        }),
        trays=frozen({"knee-scope-set": Tray("knee-scope-set", "Knee scope set", 2, 180)}),
        bays=frozen({"pacu": Bay("pacu", "PACU", 4, week("07:30-18:00"))}),
        staff=frozen({
            each.id: each
            for each in (
                surgeon("dr-smith", "knee-arthroscopy"),
                surgeon("dr-patel", "knee-arthroscopy", "wrist-orif", days=range(5), hours="07:00-17:00"),
                person("anesthesiologist-1", "anesthesiologist"),
                person("anesthesiologist-2", "anesthesiologist"),
                person("circulator-1", "circulator", "06:30-17:30", "ortho"),
                person("circulator-2", "circulator", "06:30-17:30", "ortho"),
                person("scrub-1", "scrub", "06:30-17:30", "arthroscopy", roles_also=("circulator",)),
                person("scrub-2", "scrub", "06:30-17:30", "arthroscopy"),
                person("rad-tech-1", "rad-tech", "06:30-17:30", "fluoroscopy"),
            )
        }),
        procedures=frozen({each.id: each for each in (KNEE, WRIST)}),
    )  # fmt: skip
    return replace(clinic, **changes)


def having(clinic: Clinic, table: str, record: Any) -> Clinic:
    """The clinic with one record added or replaced."""
    changed: dict[str, Any] = {table: frozen({**getattr(clinic, table), record.id: record})}
    return replace(clinic, **changed)


def setting(clinic: Clinic, rule: str, level: str | None = None, **params: Any) -> Clinic:
    """The clinic with one rule's level or parameters changed."""
    return replace(clinic, rules=frozen({**clinic.rules, rule: RuleSetting(level, frozen(params))}))


def booked(
    clock: str,
    room: str = "or-1",
    procedure: str = "knee-arthroscopy",
    surgeon: str = "dr-patel",
    *,
    day: dt.date = TUESDAY,
    length: int = 60,
    staff: str = "2",
    **more: Any,
) -> Case:
    """A booked case with the people numbered `staff`, who leave the others free."""
    team = tuple(TeamMember(role, f"{role}-{staff}") for role in ("anesthesiologist", "circulator", "scrub"))
    if procedure == "wrist-orif":
        team = (*team, TeamMember("rad-tech", "rad-tech-1"))
    return Case(
        f"{room}-{day:%m%d}-{clock}",
        procedure,
        surgeon,
        room,
        at(clock, day),
        length,
        "general",
        **{"team": team, **more},
    )


def with_cases(clinic: Clinic, *cases: Case) -> Clinic:
    """The clinic with these cases in its book."""
    return replace(clinic, cases=(*clinic.cases, *cases))


def with_blocks(clinic: Clinic, *blocks: Block) -> Clinic:
    """The clinic with these blocks."""
    return replace(clinic, blocks=(*clinic.blocks, *blocks))


def ask(procedure: str = "knee-arthroscopy", day: dt.date = TUESDAY, **more: Any) -> Request:
    """A request for one day."""
    return Request(**{"procedure": procedure, "date_from": day, "date_to": day, **more})


def snapshot(clinic: Clinic, now: dt.datetime = NOW) -> Snapshot:
    """The clinic compiled as of a clinic wall time."""
    return Snapshot.of(clinic, NEW_YORK.of(now))
