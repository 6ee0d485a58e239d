"""What pages about records show beside their fields: lists in brief, what a change breaks, ids to choose from."""

from __future__ import annotations

import inspect
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from solver.clinic import Clinic
from solver.grid import Calendar
from solver.rules import CATALOGUE
from web.cards import Words
from web.format import steady
from web.language import N_, _
from web.values import LEVELS, Values, label

GROUPS = (
    (N_("People"), (("staff", N_("Shifts, leave, privileges, certifications and when they end")),)),
    (N_("Places and things"), (
        ("rooms", N_("Hours, fixed equipment, closures")), ("equipment", N_("Units, operators, maintenance")),
        ("trays", N_("Sets of instruments, and how long until they are sterile again")),
        ("bays", N_("Recovery places, their hours and nurses")),
    )),
    (N_("Work"), (
        ("procedures", N_("Minutes by surgeon, team, equipment, recovery")),
        ("blocks", N_("Whose time a room is, and when it is released")),
        ("readiness", N_("What is on record of a patient's way to surgery")),
    )),
    (N_("Policy"), (
        ("rules", N_("Levels and parameters, from a day on")),
        ("ranking", N_("Which offers stand first, and what a way out costs")),
        ("clinic", N_("Hours, holidays, how times are written, freeze and holds")),
    )),
)  # fmt: skip
"""The kinds of records as people look for them, with what is in them."""
BRIEF = {
    "rooms": ("equipment", "hours"),
    "staff": ("role", "shifts"),
    "equipment": ("kind", "units"),
    "trays": ("units", "reprocessing_minutes"),
    "bays": ("units", "hours"),
    "procedures": ("short", "minutes"),
    "blocks": ("owner", "room", "day", "hours"),
    "rules": ("level", "params"),
    "readiness": (),
}
"""Kind -> the keys that its list shows."""


def summaries(kind: str, records: Sequence[Mapping[str, Any]], values: Values) -> dict[str, Any]:
    """A list's heads and rows: each record's name, its most telling values, and how often it was changed."""
    keys = BRIEF.get(kind, ())
    rows = [
        {"id": one["id"], "name": _name(kind, one, values), "cells": [_cell(one, key, values) for key in keys],
         "version": one["version"]}
        for one in records
    ]  # fmt: skip
    return {"heads": [label(key) for key in keys], "rows": rows}


def _name(kind: str, record: Mapping[str, Any], values: Values) -> str:
    if kind != "blocks":
        return str(record["name"])
    return _("%(owner)s's block in %(room)s") % {
        "owner": values.said(record["body"]["owner"]), "room": values.said(record["body"]["room"]),
    }  # fmt: skip


def _cell(record: Mapping[str, Any], key: str, values: Values) -> str:
    value = record["body"].get(key)
    if key == "level":
        return _(LEVELS[value or record["level"]][0])
    if key == "day":
        return label(str(value))
    return steady(values.said(value))


def broken(words: Words, breaks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The bookings that a change breaks, each once with its reasons, in the order of their start."""
    found: dict[str, dict[str, Any]] = {}
    for each in breaks:
        group = found.setdefault(
            each["case"], {"id": each["case"], "texts": [], **_told(words, each["case"])}
        )
        group["texts"].append(steady(each["text"]))
    return sorted(found.values(), key=lambda group: (group["start"], group["id"]))


def _told(words: Words, id_: str) -> dict[str, Any]:
    case = words.clinic.cases_by_id.get(id_)
    if case is None:
        return {"start": 0, "said": id_}
    wall = Calendar(words.clinic.timezone).wall(case.start)
    when = f"{words.formats.short_day(wall.date(), words.today)}, {words.formats.time(wall)}"
    names = f"{words.name(case.procedure)}, {words.name(case.surgeon)}"
    return {"start": case.start, "said": f"{when}, {words.name(case.room)}: {names}"}


def known_ids(clinic: Clinic) -> dict[str, list[tuple[str, str]]]:
    """The ids that fields of records take, with what people call them."""
    staff = clinic.staff.values()
    held = {one.id for person in staff for one in person.certifications}
    places = [place for procedure in clinic.procedures.values() for place in procedure.team]
    wanted = {place.certification for place in places if place.certification}
    roles = {role for person in staff for role in (person.role, *person.roles_also)}
    services = {one.service for one in staff} | {one.service for one in clinic.procedures.values()}
    surgeons = [(one.id, one.name) for one in staff if one.has_role("surgeon")]
    return {
        "procedures": _pairs(clinic.procedures.values()), "rooms": _pairs(clinic.rooms.values()),
        "equipment": _pairs(clinic.equipment.values()), "trays": _pairs(clinic.trays.values()),
        "bays": _pairs(clinic.bays.values()), "surgeons": [("default", _("everyone else")), *surgeons],
        "owners": [*surgeons, *_bare(services)], "roles": _bare(roles), "services": _bare(services),
        "certifications": _bare(held | wanted),
        "features": _bare({one for room in clinic.rooms.values() for one in room.features}),
    }  # fmt: skip


def _pairs(things: Iterable[Any]) -> list[tuple[str, str]]:
    return sorted((one.id, one.name) for one in things)


def _bare(names: Iterable[str | None]) -> list[tuple[str, str]]:
    return [(name, "") for name in sorted(filter(None, names))]


def slug(name: str) -> str:
    """An id from a name: "nurse-o-hara" of "Nurse O'Hara"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100]


def about_rule(kind: str, record: str) -> str:
    """What a rule says, above its parameters."""
    if kind != "rules" or record not in CATALOGUE:
        return ""
    rule = CATALOGUE[record]
    level = _("As delivered: %(level)s.") % {"level": _(LEVELS[str(rule.default_level)][0])}
    return f"{' '.join((inspect.getdoc(rule) or '').split())} {level}"
