"""The worklist in words: what hit a case, since when, and the rule's own sentence, case by case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from solver.clinic import Case, Clinic
from solver.grid import Calendar
from solver.rules import CATALOGUE
from tools.worklist import SIDE
from web.cards import Words
from web.format import steady
from web.language import N_, _
from web.person import signed_in

HIT = {
    "leave": N_("Leave or sickness"),
    "room-closed": N_("Room closed"),
    "equipment-maintenance": N_("Equipment down"),
    "holiday": N_("Clinic closed"),
    "facility-hours": N_("Hours changed"),
    "room-hours": N_("Hours changed"),
    "staff-shift": N_("Shift changed"),
    "staff-certification": N_("Certification"),
    "surgeon-privilege": N_("Privilege"),
    "block": N_("Block laid over it"),
    SIDE: N_("Side not told"),
}
"""What hit the case, by the rule that it now stands against; the rule's title where none fits better."""


def by_case(items: Iterable[Mapping[str, Any]], words: Words) -> list[dict[str, Any]]:
    """The entries, already in order of their cases' start, under their cases."""
    return [
        _group(case, list(entries), words) for case, entries in groupby(items, key=lambda item: item["case"])
    ]


def _group(case: str, items: list[Mapping[str, Any]], words: Words) -> dict[str, Any]:
    first, known = items[0], words.clinic.cases_by_id.get(case)
    coming = bool(known and known.occupies)
    return {
        "id": case,
        "name": _name(known, words) if known else case,
        "when": _when(known, words) if known else "",
        "date": words.formats.local(first["start"]).date().isoformat() if first["start"] else "",
        "status": first["status"] or "",
        "coming": coming,
        "room": words.name(known.room) if known else "",
        "why": _why(known, words.clinic) if known and coming else {},
        "still": any(item["still"] for item in items),
        "entries": [_entry(item, words) for item in items],
    }


def _entry(item: Mapping[str, Any], words: Words) -> dict[str, Any]:
    rule = CATALOGUE.get(item["rule"])
    return {
        "id": item["id"],
        "hit": _(HIT.get(item["rule"]) or (rule.title if rule else item["rule"])),
        "text": steady(item["text"]),
        "cause": cause_said(item["cause"], words),
        "since": _moment(item["opened_at"], words),
        "by": _person(item["opened_by"]),
        "still": item["still"],
        "open": item["state"] == "open",
        "note": item["note"] or "",
        "closed": _moment(item["resolved_at"], words) if item["resolved_at"] else "",
        "closed_by": _person(item["resolved_by"] or ""),
    }


def cause_said(cause: str, words: Words) -> str:
    """ "OR 1 was changed: flood" for `change of rooms/or-1: flood`; what isn't of that form stays as it is."""
    if cause == "load":
        return _("Found when the book was loaded")
    if cause.startswith("import of "):
        return _("It came with an import of %s") % cause.removeprefix("import of ")
    operation, parted, rest = cause.partition(" of ")
    record, _colon, reason = rest.partition(": ")
    _kind, slash, id_ = record.partition("/")
    if not (parted and slash):
        return cause
    done = {"create": _("%s was added"), "end": _("%s was ended")}.get(operation, _("%s was changed"))
    said = done % words.name(id_)
    return f"{said}: {reason}" if reason else said


def _name(case: Case, words: Words) -> str:
    procedures = " + ".join(words.name(each) for each in case.procedures)
    return f"{procedures}, {words.name(case.surgeon)}"


def _when(case: Case, words: Words) -> str:
    calendar = Calendar(words.clinic.timezone)
    start, end = calendar.wall(case.start), calendar.wall(case.end)
    day = words.formats.day(start.date(), words.today)
    return f"{day}, {words.formats.times(start, end)}, {words.name(case.room)}"


def _why(case: Case, clinic: Clinic) -> dict[str, str]:
    """The request that asks why this case can't stay where it is."""
    at = Calendar(clinic.timezone).wall(case.start)
    day = at.date().isoformat()
    return {
        "procedure": case.procedure, "surgeon": case.surgeon, "room": case.room, "date_from": day, "date_to": day,
        "at": at.strftime("%Y-%m-%dT%H:%M"), "replaces": case.id,
    }  # fmt: skip


def _person(id_: str) -> str:
    """Whoever looks at the page by name; others as they sign in."""
    me = signed_in()
    return me.name if me and me.id == id_ else id_


def _moment(text: str, words: Words) -> str:
    wall = words.formats.local(dt.datetime.fromisoformat(text))
    return f"{words.formats.short_day(wall.date(), words.today)}, {words.formats.time(wall)}"
