"""Entries of the audit trail in words: what was done, to what, and what it was before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from solver.rules import CATALOGUE
from tools.edits.kinds import TITLES
from web.language import N_, _
from web.values import NOTHING, Values, label

ACTIONS = {
    "book": N_("booked a case"), "hold": N_("held a slot"), "move": N_("moved a case"),
    "cancel": N_("cancelled a case"), "edit": N_("changed a case"), "release-block": N_("released a block"),
    "reclaim-block": N_("reclaimed a block"), "undo": N_("undid a change"),
    "correct-patient": N_("corrected a patient's name or birth date"), "hold-expired": N_("a hold ran out"),
    "resolve-exception": N_("dealt with an entry of the worklist"), "record-create": N_("added a record"),
    "record-change": N_("changed a record"), "record-end": N_("ended a record"),
    "import-staff": N_("imported staff"), "import-shifts": N_("imported shifts"),
    "import-certifications": N_("imported certifications"), "import-rooms": N_("imported rooms"),
    "import-procedures": N_("imported procedures"), "import-bookings": N_("imported bookings"),
    "logic-map-approved": N_("approved the logic map"), "load": N_("loaded the clinic"),
    "user-added": N_("added a user"), "role-changed": N_("changed a role"), "deactivated": N_("took access away"),
    "reactivated": N_("gave access back"), "password-set": N_("chose a password"),
    "password-changed": N_("changed a password"), "password-reset": N_("took a password away"),
    "sign-in": N_("signed in"), "sign-in-failed": N_("a wrong password"), "sign-in-locked": N_("a name was locked"),
    "sign-out": N_("signed out"), "key-added": N_("made an API key"), "key-revoked": N_("ended an API key"),
    "key-rotated": N_("put the data under another key"),
}  # fmt: skip
LOOKS = {
    "patient-read": N_("read a patient"), "conversation read": N_("read a conversation"),
    "model-call": N_("asked a language model"), "audit-exported": N_("took entries of the trail out"),
    "backup-taken": N_("took a backup"),
}  # fmt: skip
PROGRAM = {
    "system": N_("Slotwright itself"), "clock": N_("The clock"), "nobody": N_("Nobody signed in"),
    "terminal": N_("The command line"),
}  # fmt: skip
"""Whom the trail names where nobody was signed in."""
OWN = {
    "reason": N_("Reason"),
    "identity": N_("Patient"),
    "flagged": N_("Put on the worklist"),
    "from": N_("From day"),
}
TOLD = (
    "status",
    "procedure",
    "additional_procedures",
    "laterality",
    "surgeon",
    "room",
    "start",
    "end",
    "anesthesia",
)
BOOKKEEPING = {"rules"}
"""Keys that are kept to be compared with later, and are nothing to read."""


def said_action(action: str) -> str:
    """What was done, as people say it; an unknown one as it is written."""
    known = ACTIONS.get(action) or LOOKS.get(action)
    return _(known) if known else action.replace("-", " ")


def shown(entry: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """One entry for the page."""
    return {
        **entry,
        "name": _(PROGRAM.get(entry["principal"], entry["name"])),
        "when": values.moment(entry["at"]),
        "what": said_action(entry["action"]),
        "to": [_object(each, values) for each in entry["objects"]],
        "rows": list(_rows(entry, values)),
    }


def _object(id_: str, values: Values) -> dict[str, str]:
    kind, slash, rest = id_.partition("/")
    if slash and kind in TITLES:
        return {"id": id_, "name": f"{_(TITLES[kind])}: {_named(kind, rest, values)}"}
    case = values.words.clinic.cases_by_id.get(id_)
    if case:
        return {"id": id_, "name": f"{values.words.name(case.procedure)}, {values.words.name(case.surgeon)}"}
    return {"id": id_, "name": ""}


def _named(kind: str, id_: str, values: Values) -> str:
    return CATALOGUE[id_].title if kind == "rules" and id_ in CATALOGUE else values.words.name(id_)


def _rows(entry: Mapping[str, Any], values: Values) -> Iterable[tuple[str, str, str]]:
    """(what, before, after) of everything that the entry says has changed."""
    before, after = entry["before"], entry["after"]
    if isinstance(after, Mapping) and isinstance(after.get("records"), Mapping):
        yield from _records((before or {}).get("records", {}), after["records"], values)
        yield from ((_(OWN[name]), NOTHING, values.said(after[name])) for name in OWN if after.get(name))
    elif _is_cases(before) or _is_cases(after):
        yield from _cases(_listed(before), _listed(after), values)
        yield from _beside(before, after, values)
    elif isinstance(before, Mapping) or isinstance(after, Mapping):
        kept = [
            {name: one for name, one in side.items() if name not in BOOKKEEPING}
            if isinstance(side, Mapping)
            else {}
            for side in (before, after)
        ]
        yield from values.compared(*kept)
    elif (before, after) != (None, None):
        yield label("value"), values.said(before), values.said(after)


def _is_cases(side: Any) -> bool:
    return isinstance(side, list) or _has_cases(side)


def _listed(side: Any) -> list[Any]:
    """The cases of one side of an entry: several, one, or none."""
    if isinstance(side, Mapping):
        return list(side["cases"]) if _has_cases(side) else [side]
    return side if isinstance(side, list) else []


def _beside(before: Any, after: Any, values: Values) -> Iterable[tuple[str, str, str]]:
    """What an entry says beside its cases, such as overrides and released blocks."""
    sides = [
        {name: one for name, one in side.items() if name != "cases"} if _has_cases(side) else {}
        for side in (before, after)
    ]
    yield from values.compared(*sides)


def _has_cases(side: Any) -> bool:
    return isinstance(side, Mapping) and isinstance(side.get("cases"), list)


def _records(
    old: Mapping[str, Any], new: Mapping[str, Any], values: Values
) -> Iterable[tuple[str, str, str]]:
    several = len({**old, **new}) > 1
    for key in dict.fromkeys([*old, *new]):
        for what, was, is_ in values.compared(old.get(key), new.get(key)):
            yield (f"{_object(key, values)['name'] or key}: {what}" if several else what), was, is_


def _cases(old: list[Any], new: list[Any], values: Values) -> Iterable[tuple[str, str, str]]:
    for index in range(max(len(old), len(new))):
        was = old[index] if index < len(old) else None
        is_ = new[index] if index < len(new) else None
        yield from values.compared(*(_body(side) for side in (was, is_)))


def _body(case: Any) -> Mapping[str, Any]:
    """A case in the order in which people tell it, without its own id, which stands among the objects."""
    if not isinstance(case, Mapping):
        return {}
    names = [*(name for name in TOLD if name in case), *(name for name in case if name not in TOLD)]
    return {name: case[name] for name in names if name != "id" and case[name] not in (None, [], {})}
