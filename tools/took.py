"""What a change did to the book, in words for whoever may search: whose slot it is, never which patient's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from solver.clinic import Case
from solver.grid import Calendar
from solver.rules import CATALOGUE
from solver.wording import Wording
from tools.former import HOLD_OVER, Step
from tools.records.trail import Entry

DID = {
    "book": "booked", "hold": "held", "move": "moved", "edit": "changed", "cancel": "cancelled",
    "undo": "undid a change of", "release-block": "released", "reclaim-block": "took back",
}  # fmt: skip
WHO = {"integration": "a machine", "admin": "an admin", "auditor": "an auditor"}
MOST = 2
"""Cases or records that are named one by one."""


def said(step: Step) -> str:
    """The change in one clause: "a scheduler booked Dr. Smith's 9:00 AM case in OR 1 on Tuesday, March 10"."""
    entry = step.entry
    who = WHO.get(entry.role, f"a {entry.role.replace('-', ' ')}")
    if entry.action == HOLD_OVER:
        return f"the hold of {_objects(step)} ran out"
    if entry.action.startswith("import-"):
        return f"{who} imported {entry.action.partition('-')[2]}{_counted(step)}"
    if entry.action.startswith("record-"):
        return f"{who} {'ended' if entry.action == 'record-end' else 'changed'} {_records(step)}"
    return f"{who} {DID.get(entry.action, 'changed')} {_objects(step)}"


def _counted(step: Step) -> str:
    """How many bookings came, and the records that did."""
    number = len(step.after.cases) - len(step.before.cases)
    return f" ({number} {'case' if number == 1 else 'cases'})" if number else ""


def _objects(step: Step) -> str:
    """The cases that changed, or the day of a block."""
    changed = [case for case in step.after.cases.values() if step.before.cases.get(case.id) != case]
    if changed:
        return _few([_case(case, step) for case in changed], "cases")
    return _block(step)


def _case(case: Case, step: Step) -> str:
    clinic = step.after.clinic()
    words, wall = Wording(clinic), Calendar(clinic.timezone).wall(case.start)
    place = f"in {clinic.name_of(case.room)} on {words.day(wall.date())}"
    if step.entry.action == "move":
        return f"a case of {clinic.name_of(case.surgeon)} to {words.clock(case.start)} {place}"
    return f"{clinic.name_of(case.surgeon)}'s {words.clock(case.start)} case {place}"


def _block(step: Step) -> str:
    clinic, state = step.after.clinic(), step.entry.after
    told = state if isinstance(state, Mapping) else {}
    block = next((each for each in clinic.blocks if each.id == told.get("block")), None)
    if block is None:
        return "a block"
    day = Wording(clinic).day(dt.date.fromisoformat(str(told["date"])))
    return f"{clinic.name_of(block.owner)}'s block in {clinic.name_of(block.room)} on {day}"


def _records(step: Step) -> str:
    return _few([_record(each, step) for each in _kept(step.entry)], "records")


def _kept(entry: Entry) -> list[str]:
    return list(dict.fromkeys(entry.objects))


def _record(key: str, step: Step) -> str:
    """ "the record of Dr. Smith", "the rule Turnover"; a patient's papers are nobody's here."""
    kind, _, id_ = key.partition("/")
    clinic = step.after.clinic()
    if kind == "readiness":
        return "what is on record of a patient"
    if kind == "rules":
        return f"the rule \N{LEFT DOUBLE QUOTATION MARK}{_title(id_)}\N{RIGHT DOUBLE QUOTATION MARK}"
    if kind in ("clinic", "ranking"):
        return "the clinic's own record" if kind == "clinic" else "the ranking"
    block = next((each for each in clinic.blocks if kind == "blocks" and each.id == id_), None)
    if block is not None:
        return f"{clinic.name_of(block.owner)}'s block in {clinic.name_of(block.room)}"
    return f"the record of {clinic.name_of(id_)}"


def _title(rule: str) -> str:
    return CATALOGUE[rule].title if rule in CATALOGUE else rule


def _few(each: Sequence[str], kind: str) -> str:
    if len(each) <= MOST:
        return " and ".join(each)
    return f"{each[0]} and {len(each) - 1} more {kind}"
