"""Why not: a request without a slot, its reason told and drawn, and what would open one. Nothing is written."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from tools.context import Permission
from tools.errors import ToolError
from web.api.proposals import words_of
from web.cards import Words
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.lanes import drawn
from web.language import _
from web.pages import page
from web.person import needs

router = APIRouter(prefix="/why-not", include_in_schema=False, dependencies=[needs(Permission.FIND)])

Typed = Annotated[str, Query(max_length=120)]
FIELDS = (
    "procedure",
    "surgeon",
    "room",
    "date_from",
    "date_to",
    "start_from",
    "start_until",
    "at",
    "replaces",
)


@router.get("")
def why_not(
    desk: AtDesk,
    procedure: Typed = "",
    surgeon: Typed = "",
    room: Typed = "",
    date_from: Typed = "",
    date_to: Typed = "",
    start_from: Typed = "",
    start_until: Typed = "",
    at: Typed = "",
    replaces: Typed = "",
    change: Annotated[list[str], Query(max_length=12)] = [],  # noqa: B006 - FastAPI copies it
) -> HTMLResponse:
    """The form; with a procedure and a day also the answer; with changes what they would do, before and after."""
    given = (procedure, surgeon, room, date_from, date_to, start_from, start_until, at, replaces)
    asked = {name: value for name, value in zip(FIELDS, given, strict=True) if value}
    if asked.get("date_from") and "date_to" not in asked:
        asked["date_to"] = asked["date_from"]
    context: dict[str, Any] = {"found": None, "tried": None, "problem": ""}
    status = 200
    if procedure and (date_from or at):
        try:
            context |= _answer(desk, asked, change)
        except ToolError as fault:
            context["problem"], status = fault.message, STATUS.get(fault.code, 422)
    return _page(desk, asked, change, context, status)


def _answer(desk: Desk, asked: Mapping[str, str], changes: Sequence[str]) -> dict[str, Any]:
    words = words_of(desk)
    found = desk.call("explain", dict(asked))
    answer: dict[str, Any] = {"found": _told(words, asked, found, changes)}
    if changes:
        request = {key: value for key, value in asked.items() if key != "at"}
        tried = desk.call("what_if", {"request": request, "changes": [_change(each) for each in changes]})
        answer["tried"] = _tried(words, tried)
    return answer


def _change(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise ToolError(
            "invalid", "That change isn't JSON. Maybe take one of those listed.", "change"
        ) from None


def _told(
    words: Words, asked: Mapping[str, str], found: Mapping[str, Any], tried: Sequence[str]
) -> dict[str, Any]:
    """The answer in words: the reason, the days, the lanes, the ways out, and what is near."""
    why = found["explanation"]
    told = {
        "offers": words.offers(found["offers"]),
        "near": words.alternatives(found["alternatives"]),
        "why": None,
    }
    if why is None:
        return told
    lanes = drawn(why["lanes"], words.formats)
    ways = [_way(words, asked, way, tried) for way in why["corrections"]]
    return told | {
        "why": {
            "reasons": words.explanation(why["conflict"]),
            "summary": why["summary"],
            "proven": why["status"] == "infeasible",
            "minimal": why["minimal"],
            "complete": why["complete"],
            "days": [
                {"day": words.formats.day(dt.date.fromisoformat(day["date"]), words.today),
                 "texts": [each["text"] for each in day["conflict"]]}
                for day in why["days"]
            ],
            "lanes": lanes,
            "ways": ways,
        }
    }  # fmt: skip


def _way(
    words: Words, asked: Mapping[str, str], way: Mapping[str, Any], tried: Sequence[str]
) -> dict[str, Any]:
    """A way out with what it takes to try it: its changes beside those that are tried already."""
    changes = [json.dumps(change, sort_keys=True) for change in way["changes"]]
    return {
        "text": way["text"],
        "by": way["granted_by"] or "",
        "opens": way["opens"],
        "example": words.offers([way["example"]])[0] if way["example"] else None,
        "fields": [*asked.items(), *(("change", each) for each in dict.fromkeys([*tried, *changes]))],
        "on": bool(changes) and set(changes) <= set(tried),
    }


def _tried(words: Words, tried: Mapping[str, Any]) -> dict[str, Any]:
    """Before and after, side by side."""
    sides = []
    for name in ("before", "after"):
        side = tried[name]
        why = side["explanation"] or {}
        sides.append({
            "title": {"before": _("As things stand"), "after": _("With the change")}[name],
            "status": side["status"],
            "offers": words.offers(side["offers"]),
            "reasons": [each["text"] for each in why.get("conflict") or ()],
        })  # fmt: skip
    return {"changes": tried["changes"], "sides": sides}


def _page(
    desk: Desk, asked: Mapping[str, str], changes: Sequence[str], context: Mapping[str, Any], status: int
) -> HTMLResponse:
    clinic, words = desk.clinic(), words_of(desk)
    surgeons = [each for each in clinic.staff.values() if each.role == "surgeon"]
    now = desk.now()
    return page(
        "whynot.html",
        {
            "title": _("Why not"),
            "clinic": clinic.name,
            "zone": words.formats.zone_line(now),
            "as_of": f"{words.formats.day(words.today)}, {words.formats.time(now)}",
            "procedures": sorted(
                ((each.id, each.name) for each in clinic.procedures.values()), key=lambda e: e[1]
            ),
            "surgeons": sorted(((each.id, each.name) for each in surgeons), key=lambda e: e[1]),
            "rooms": [(each.id, each.name) for each in clinic.rooms.values()],
            "asked": {name: asked.get(name, "") for name in FIELDS},
            "changes": list(changes),
            "today": words.today.isoformat(),
            **context,
        },
        status,
    )
