"""Faults between records: names that lead nowhere, ids given twice, rules and terms that don't exist.

These read the plain values, so that a fault of shape in one record hides no fault in another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from solver.changes import CHANGES
from solver.clinic import SURGEON
from solver.rank import TERMS
from solver.rules import CATALOGUE
from tools.clinic_file.faults import Fault, Place, maybe
from tools.clinic_file.syntax import walk
from tools.invalid import seen

REFERENCES: Sequence[tuple[str, str]] = (
    ("rooms.*.equipment.[]", "equipment"),
    ("staff.*.privileges.[].procedure", "procedures"),
    ("staff.*.preferences.rooms.[]", "rooms"),
    ("staff.*.preferences.first.[]", "procedures"),
    ("staff.*.preferences.team.[]", "staff"),
    ("procedures.*.equipment.[]", "equipment"),
    ("procedures.*.trays.[]", "trays"),
    ("procedures.*.recovery.bay", "bays"),
    ("procedures.*.preop.bay", "bays"),
    ("procedures.*.phase_two.bay", "bays"),
    ("procedures.*.ward.bay", "bays"),
    ("readiness.*.authorisations.[].procedure", "procedures"),
    ("blocks.[].room", "rooms"),
    ("cases.[].procedure", "procedures"),
    ("cases.[].additional_procedures.[]", "procedures"),
    ("cases.[].room", "rooms"),
    ("cases.[].team.[].resource", "staff"),
    ("cases.[].extra_equipment.[]", "equipment"),
    ("cases.[].follows", "cases"),
)
"""Where a file names a record, and the table that must hold it."""

SINGULAR = {
    "equipment": "equipment", "procedures": "procedure", "trays": "tray", "bays": "bay", "rooms": "room",
    "cases": "case", "staff": "person",
}  # fmt: skip

OCCUPANCY = frozenset({"room-occupancy", "person-occupancy", "unit-occupancy", "patient-occupancy"})

ANESTHESIA = frozenset({"general", "spinal", "regional", "mac", "local"})


def crossed(values: Any) -> Iterator[Fault]:
    """Every fault between the records of a file."""
    if not isinstance(values, dict):
        return
    yield from _dangling(values)
    yield from _surgeons(values)
    yield from _owners(values)
    yield from _twice(values)
    yield from _durations(values)
    yield from _recoveries(values)
    yield from _rules(values)
    yield from _terms(values)


def known(values: Mapping[str, Any], table: str) -> set[str]:
    """The ids that a table of the file has, whatever its records look like."""
    records = values.get(table)
    if isinstance(records, dict):
        return {str(key) for key in records}
    return {id_ for _, id_ in walk(values, (table, "[]", "id")) if isinstance(id_, str)}


def _dangling(values: Mapping[str, Any]) -> Iterator[Fault]:
    for pattern, table in REFERENCES:
        ids = known(values, table)
        for place, name in walk(values, pattern.split(".")):
            if isinstance(name, str) and name not in ids:
                yield Fault(place, f'no {SINGULAR[table]} "{name}". {maybe(name, ids)}')


def _surgeons(values: Mapping[str, Any]) -> Iterator[Fault]:
    surgeons = {
        str(id_)
        for id_, person in _table(values, "staff").items()
        if isinstance(person, dict) and SURGEON in [person.get("role"), *_list(person.get("roles_also"))]
    }
    for place, name in walk(values, ("cases", "[]", "surgeon")):
        if isinstance(name, str) and name not in surgeons:
            what = "is not a surgeon" if name in known(values, "staff") else "is nobody in staff"
            yield Fault(place, f'"{name}" {what}. {maybe(name, surgeons)}')


def _owners(values: Mapping[str, Any]) -> Iterator[Fault]:
    services = {
        name
        for table in ("staff", "procedures")
        for _, name in walk(values, (table, "*", "service"))
        if isinstance(name, str)
    }
    owners = known(values, "staff") | services
    for place, name in walk(values, ("blocks", "[]", "owner")):
        if isinstance(name, str) and name not in owners:
            yield Fault(place, f'no person or service "{name}". {maybe(name, owners)}')


def _twice(values: Mapping[str, Any]) -> Iterator[Fault]:
    for table, key in (("cases", "id"), ("blocks", "id"), ("patients", "ref")):
        first: dict[str, Place] = {}
        for place, id_ in walk(values, (table, "[]", key)):
            if not isinstance(id_, str):
                continue
            if id_ in first:
                before = f"{table}[{first[id_][1]}]"
                yield Fault(place, f'"{id_}" is the {key} of {before} too. Maybe number it anew')
            first.setdefault(id_, place)
    pools: dict[str, str] = {}
    for table in ("rooms", "equipment", "trays", "bays", "staff"):
        for id_ in sorted(known(values, table)):
            if id_ in pools:
                yield Fault((table, id_), f"{pools[id_]}.{id_} has the same id. Maybe rename one")
            pools.setdefault(id_, table)


def _durations(values: Mapping[str, Any]) -> Iterator[Fault]:
    people = known(values, "staff") | {"default"}
    for place, minutes in walk(values, ("procedures", "*", "minutes")):
        for name in minutes if isinstance(minutes, dict) else ():
            if name not in people:
                yield Fault((*place, name), f'no person "{name}". {maybe(name, people)}')


def _recoveries(values: Mapping[str, Any]) -> Iterator[Fault]:
    for place, minutes in walk(values, ("procedures", "*", "recovery", "minutes")):
        options = {x for _, x in walk(values, ("procedures", str(place[1]), "anesthesia", "options", "[]"))}
        able = ANESTHESIA | {option for option in options if isinstance(option, str)}
        for name in minutes if isinstance(minutes, dict) else ():
            if name not in able:
                yield Fault((*place, name), f'no anesthesia "{name}". {maybe(name, able)}')


def _rules(values: Mapping[str, Any]) -> Iterator[Fault]:
    for id_, setting in _table(values, "rules").items():
        if id_ not in CATALOGUE:
            yield Fault(("rules", id_), f"there is no such rule. {maybe(id_, CATALOGUE)}")
            continue
        if not isinstance(setting, dict):
            continue
        if id_ in OCCUPANCY and setting.get("level", "hard") != "hard":
            said = f"{seen(setting['level'])} can't be: physical occupancy is never set aside. Leave it out"
            yield Fault(("rules", id_, "level"), said)
        yield from _params(id_, setting.get("params"), ("params",))
        for index, change in enumerate(_list(setting.get("dated"))):
            if isinstance(change, dict):
                yield from _params(id_, change.get("params"), ("dated", index, "params"))


def _params(rule: str, params: Any, at: Place) -> Iterator[Fault]:
    defaults, shapes = CATALOGUE[rule].defaults, CATALOGUE[rule].shapes
    for name, value in params.items() if isinstance(params, dict) else ():
        place: Place = ("rules", rule, *at, name)
        if name not in defaults:
            yield Fault(place, f"is not a parameter of {rule}. {maybe(name, defaults)}")
        elif name in shapes:
            if value != defaults[name] and not shapes[name].fits(value):
                yield Fault(place, f"{seen(value)} is not {shapes[name].said}")
        elif not _fits(value, defaults[name]):
            kind = "a number" if _number(defaults[name]) else f"like {seen(defaults[name])}"
            yield Fault(place, f"{seen(value)} is not {kind}. The default is {seen(defaults[name])}")


def _fits(value: Any, default: Any) -> bool:
    if _number(default):
        return _number(value) and value >= 0
    return default is None or isinstance(value, type(default))


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _terms(values: Mapping[str, Any]) -> Iterator[Fault]:
    for place, name in walk(values, ("ranking", "levels", "[]", "[]", "term")):
        if isinstance(name, str) and name not in TERMS:
            yield Fault(place, f'no ranking term "{name}". {maybe(name, TERMS)}')
    for place, _ in walk(values, ("ranking", "costs", "*")):
        if place[-1] not in CHANGES:
            yield Fault(place, f'no type of change "{place[-1]}". {maybe(str(place[-1]), CHANGES)}')


def _table(values: Mapping[str, Any], table: str) -> Mapping[str, Any]:
    records = values.get(table)
    return records if isinstance(records, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
