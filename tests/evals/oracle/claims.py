"""For each rule what a clinic has, a case at the rule's edge that passes, and one just past it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from evals.oracle.book import Record
from tests.evals.oracle.small import DAY, booked, case, may, person, procedure, team, weekly

Spoil = Callable[[Record], object]


def put(path: str, value: Any) -> Spoil:
    """A change to a clinic, named by its path in the file, as in rooms.r1.hours."""

    def spoil(data: Record) -> None:
        *folders, last = path.split(".")
        for folder in folders:
            data = data[folder]
        data[last] = value

    return spoil


def book(*cases: Record) -> Spoil:
    """Cases stand in the book."""
    return lambda data: data["cases"].extend(cases)


def uses(part: str, name: str, **row: Any) -> Spoil:
    """The procedure `scope` needs an item; its record gets more keys."""

    def spoil(data: Record) -> None:
        data[part][name].update(row)
        data["procedures"]["scope"][part] = [name]

    return spoil


def recovers(**row: Any) -> Spoil:
    """The procedure `scope` needs an hour in a bay, none after local; the bay's record gets more keys."""

    def spoil(data: Record) -> None:
        data["bays"]["pacu"].update(row)
        data["procedures"]["scope"]["recovery"] = {"bay": "pacu", "minutes": {"general": 60, "local": 0}}

    return spoil


UNTIL = {"until": "2026-03-03"}
BLOCK = {"id": "b", "owner": "s2", "room": "r1", "day": "tue", "hours": "07:30-15:30", "release_days": 7}
OPERATED = {"operator": {"role": "rad-tech", "certification": "fluoro"}}
FIRST_HOUR = [{"role": "circulator"}, {"role": "circulator", "minutes": 30}]
EARLY = [{"role": "circulator", "from": -30}]
LATE = [{"role": "circulator", "until": 30}]
MORNING = weekly("07:00-15:00")
NOON = [{"from": f"{DAY}T12:00", "to": f"{DAY}T16:00", "reason": "repair"}]
TWO_UNITS = {"units": 2, "maintenance": [{"from": f"{DAY}T07:00", "to": f"{DAY}T12:00", "units": 1}]}
P1 = {"ref": "p1"}
SMALL = procedure(minutes={"default": {"median": 60}, "s1": {"median": 45}})

# rule, what the clinic has, a case that passes, a case that breaks exactly this rule
CLAIMS: list[tuple[str, list[Spoil], Record, Record]] = [
    ("facility-hours", [put("clinic.hours", MORNING)], case("14:00"), case("14:15")),
    ("facility-hours", [put("clinic.hours", MORNING)], case("07:00"), case("06:45")),
    ("holiday", [put("clinic.holidays", [{"date": date(2026, 3, 4)}])], case(), case(day="2026-03-04")),
    ("room-hours", [put("rooms.r1.hours", {"tue": "07:30-17:00"})], case("16:00"), case("16:15")),
    ("room-hours", [put("rooms.r1.hours", {"tue": "07:30-17:00"})], case(), case(day="2026-03-04")),
    ("room-closed", [put("rooms.r1.closures", NOON)], case("11:00"), case("11:15")),
    ("room-closed", [put("rooms.r1.closures", NOON)], case("16:00"), case("15:45")),
    ("room-occupancy", [book(booked("10:00", room="r1"))], case("08:15"), case("09:30")),
    ("turnover", [book(booked("10:00", room="r1"))], case("08:15"), case("08:30")),
    ("turnover", [book(booked("10:00", room="r1"))], case("11:45"), case("11:30")),
    ("turnover", [book(booked("10:00", room="r1", status="done"))], case("11:45"), case("11:30")),
    (
        "surgeon-privilege",
        [put("staff.s1.privileges", may("scope", **UNTIL))],
        case(),
        case(day="2026-03-04"),
    ),
    ("surgeon-privilege", [put("staff.s1.privileges", may("scope"))], case(), case(procedure="hand")),
    (
        "surgeon-privilege",
        [put("staff.s1.privileges", may("scope"))],
        case(),
        case(additional_procedures=["hand"]),
    ),
    ("surgeon-days", [put("staff.s1.shifts", {"tue": "07:00-16:00"})], case("15:00"), case("15:15")),
    (
        "leave",
        [put("staff.s1.leave", [{"from": "2026-03-04", "to": "2026-03-05"}])],
        case(),
        case(day="2026-03-05"),
    ),
    (
        "leave",
        [put("staff.c1.leave", [{"from": date(2026, 3, 4), "to": date(2026, 3, 4)}])],
        case(),
        case(day="2026-03-04"),
    ),
    (
        "surgeon-limits",
        [put("staff.s1.max_cases_day", 1), book(booked("06:00", surgeon="s1"))],
        case(day="2026-03-04"),
        case(),
    ),
    (
        "staff-hours",
        [put("staff.c1.max_minutes_day", 120), book(booked("06:00", team=team("a2", "c1")))],
        case(),
        case(length=75),
    ),
    ("block", [put("blocks", [BLOCK])], case(surgeon="s2"), case()),
    ("block", [put("blocks", [BLOCK])], case("06:30"), case("06:45")),
    ("block", [put("blocks", [{**BLOCK, "weeks": [2, 4]}])], case(), case(day="2026-03-10")),
    ("block", [put("blocks", [{**BLOCK, "released": [DAY]}])], case(), case(day="2026-03-10")),
    ("room-equipment", [uses("equipment", "tower"), put("rooms.r2.equipment", [])], case(), case(room="r2")),
    (
        "room-feature",
        [uses("equipment", "arm", room_feature="lead"), put("rooms.r2.features", [])],
        case(),
        case(room="r2"),
    ),
    (
        "room-feature",
        [put("procedures.scope.room_features", ["lead"]), put("rooms.r2.features", [])],
        case(),
        case(room="r2"),
    ),
    ("equipment-pool", [uses("equipment", "arm"), book(booked("10:00"))], case("08:45"), case("09:30")),
    ("equipment-move", [uses("equipment", "arm"), book(booked("10:00"))], case("08:45"), case("09:00")),
    ("equipment-maintenance", [uses("equipment", "arm", maintenance=NOON)], case("11:00"), case("11:30")),
    (
        "equipment-maintenance",
        [uses("equipment", "arm", **TWO_UNITS), book(booked("10:00"))],
        case("08:45"),
        case("10:30"),
    ),
    ("equipment-operator", [uses("equipment", "arm", **OPERATED)], case(team=team(rad_tech="x1")), case()),
    ("tray-set", [uses("trays", "set"), book(booked("10:00"))], case("07:00"), case("09:30")),
    ("tray-reprocessing", [uses("trays", "set"), book(booked("10:00"))], case("07:00"), case("07:15")),
    ("tray-reprocessing", [uses("trays", "set"), book(booked("10:00"))], case("13:00"), case("12:45")),
    ("pacu-bay", [recovers(hours=weekly("07:00-18:00"))], case("16:00"), case("16:15")),
    ("pacu-bay", [recovers(), book(booked("10:00"))], case("11:00"), case("10:45")),
    ("anesthesia-provider", [], case(), case(team=team(anesthesiologist=""))),
    ("anesthesia-provider", [], case(anesthesia="local", team=team("")), case(anesthesia="local")),
    ("anesthesia-type", [], case(), case(anesthesia="spinal")),
    ("circulator", [], case(), case(team=team(circulator=""))),
    (
        "circulator",
        [put("staff.a2.roles_also", ["circulator"])],
        case(team=team(circulator="a2")),
        case(team=team(circulator="x1")),
    ),
    (
        "circulator",
        [put("procedures.scope.team", [{"role": "circulator", "count": 2}])],
        case(team=[*team(""), *team("", "c2")]),
        case(team=team("")),
    ),
    (
        "scrub",
        [put("staff.n1", person("scrub")), put("procedures.scope.team", [{"role": "scrub"}])],
        case(team=team("", "", scrub="n1")),
        case(team=[]),
    ),
    (
        "staff-certification",
        [
            put("procedures.scope.team", [{"role": "circulator", "certification": "ortho"}]),
            put("staff.c1.certifications", [{"id": "ortho", **UNTIL}]),
        ],
        case(),
        case(day="2026-03-04"),
    ),
    ("staff-shift", [put("staff.c1.shifts", MORNING)], case("14:00"), case("14:15")),
    (
        "staff-shift",
        [put("staff.c2.shifts", weekly("08:00-08:30")), put("procedures.scope.team", FIRST_HOUR)],
        case(team=[*team(""), *team("", "c2")]),
        case("08:15", team=[*team(""), *team("", "c2")]),
    ),
    ("person-occupancy", [book(booked("10:00", team=team("a2", "c1")))], case("09:00"), case("09:15")),
    ("person-occupancy", [book(booked("10:00", surgeon="s1"))], case("11:00"), case("10:30")),
    (
        "person-occupancy",
        [put("staff.c1.roles_also", ["anesthesiologist"])],
        case(),
        case(team=team("c1", "c1")),
    ),
    (
        "patient-occupancy",
        [book(booked("10:00", patient=P1))],
        case("09:00", patient=P1),
        case("09:30", patient=P1),
    ),
    ("notice", [put("procedures.scope.lead_time_hours", 48)], case(), case(day="2026-02-04")),
    ("notice", [], case("09:00", day="2026-02-02"), case("08:45", day="2026-02-02")),
    ("duration", [put("procedures.scope", SMALL)], case(length=45), case(length=60)),
    ("duration", [put("clinic.settings", {"planned": "p80"})], case(length=75), case(length=60)),
    (
        "duration",
        [put("procedures.hand.minutes.default.median", 90)],
        case(additional_procedures=["hand"], length=90),
        case(additional_procedures=["hand"]),
    ),
    ("start-step", [], case("08:15"), case("08:05")),
    (
        "staff-shift",
        [put("staff.c1.shifts", MORNING), put("procedures.scope.team", EARLY)],
        case("07:30", team=team("")),
        case("07:15", team=team("")),
    ),
    (
        "staff-shift",
        [put("staff.c1.shifts", MORNING), put("procedures.scope.team", LATE)],
        case("13:30", team=team("")),
        case("13:45", team=team("")),
    ),
    ("staff-shift", [put("staff.c1.shifts", weekly("19:00-07:00"))], case("06:00"), case("06:15")),
    (
        "surgeon-privilege",
        [put("staff.s1.privileges", may("scope", **{"from": DAY}))],
        case(),
        case(day="2026-03-02"),
    ),
]
