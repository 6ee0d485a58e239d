"""Why not: a request without a slot, its reason told and drawn, and what would open one. Nothing is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from tools.context import Permission
from tools.errors import ToolError
from web.api.proposals import words_of
from web.cards import Words
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.format import steady
from web.lanes import drawn
from web.language import _
from web.pages import page
from web.person import needs
from web.ranked import compared
from web.structured import LISTED, WEEKDAYS
from web.whatif import Own, choices, packed, unpacked

router = APIRouter(prefix="/why-not", include_in_schema=False, dependencies=[needs(Permission.FIND)])

Typed = Annotated[str, Query(max_length=120)]
Several = Annotated[list[str], Query(max_length=20)]
Many = Annotated[list[str], Query(max_length=400)]
FIELDS = (
    "procedure", "surgeon", "room", "date_from", "date_to", "start_from", "start_until", "end_by", "at", "replaces",
)  # fmt: skip


def _asked(
    procedure: Typed = "",
    surgeon: Typed = "",
    room: Typed = "",
    date_from: Typed = "",
    date_to: Typed = "",
    start_from: Typed = "",
    start_until: Typed = "",
    end_by: Typed = "",
    at: Typed = "",
    replaces: Typed = "",
    weekdays: Several = [],  # noqa: B006 - FastAPI copies it
    exclude_dates: Many = [],  # noqa: B006
    exclude_surgeons: Many = [],  # noqa: B006
    exclude_rooms: Many = [],  # noqa: B006
) -> dict[str, Any]:
    """The request as the page's address has it; empty fields are left out."""
    given = (procedure, surgeon, room, date_from, date_to, start_from, start_until, end_by, at, replaces)
    asked: dict[str, Any] = {name: value for name, value in zip(FIELDS, given, strict=True) if value}
    if asked.get("date_from") and "date_to" not in asked:
        asked["date_to"] = asked["date_from"]
    several = zip(LISTED, (weekdays, exclude_dates, exclude_surgeons, exclude_rooms), strict=True)
    return asked | {name: values for name, values in several if values}


def _own(
    unit: Typed = "",
    open_what: Typed = "",
    open_day: Typed = "",
    open_from: Typed = "",
    open_until: Typed = "",
    works_who: Typed = "",
    works_on: Typed = "",
    works_from: Typed = "",
    works_until: Typed = "",
) -> Own:
    return Own(unit, open_what, open_day, open_from, open_until, works_who, works_on, works_from, works_until)


@router.get("")
def why_not(
    desk: AtDesk,
    asked: Annotated[dict[str, Any], Depends(_asked)],
    own: Annotated[Own, Depends(_own)],
    change: Several = [],  # noqa: B006 - FastAPI copies it
    above: Typed = "",
    below: Typed = "",
) -> HTMLResponse:
    """The form; with a procedure and a day also the answer; with changes what they would do, before and after."""
    context: dict[str, Any] = {
        "found": None,
        "tried": None,
        "ranked": None,
        "without": None,
        "problem": "",
        "own": own,
        "kept": [],
    }
    status, texts = 200, list(change)
    if asked.get("procedure") and (asked.get("date_from") or asked.get("at")):
        try:
            texts = list(dict.fromkeys([*change, *own.changes()]))
            context |= _answer(desk, asked, texts, above, below) | {"own": Own()}
        except ToolError as fault:
            context["problem"], status = fault.message, STATUS.get(fault.code, 422)
    return _page(desk, asked, texts, context, status)


def _answer(
    desk: Desk, asked: Mapping[str, Any], texts: Sequence[str], above: str, below: str
) -> dict[str, Any]:
    words, changes = words_of(desk), unpacked(texts)
    found = desk.call("explain", dict(asked))
    told = _told(words, found, changes)
    listed = {way["change"] for way in told["why"]["ways"]} if told["why"] else set()
    answer: dict[str, Any] = {
        "kept": [text for text in texts if text not in listed],
        "found": told,
        "ranked": compared(desk, found["offers"], above, below),
        "without": _without(desk, words, asked) if found["offers"] else None,
    }
    if changes:
        request = {key: value for key, value in asked.items() if key != "at"}
        tried = desk.call("what_if", {"request": request, "changes": changes})
        answer["tried"] = _tried(words, tried, changes, asked)
    return answer


def _without(desk: Desk, words: Words, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Of a window that has a slot the days that have none, by their reason; None where it is one day."""
    if asked.get("at") or asked["date_from"] == asked["date_to"]:
        return None
    told = desk.call("days_without_slot", dict(asked))
    groups = _grouped(words, told["days"])
    return {"groups": groups, "none": len(told["days"]), "of": told["searched"], "whole": told["whole"]}


def _told(words: Words, found: Mapping[str, Any], tried: Sequence[Any]) -> dict[str, Any]:
    """The answer in words: the reason, the days, the lanes, the ways out, and what is near."""
    why = found["explanation"]
    told = {
        "offers": words.offers(found["offers"]),
        "near": words.alternatives(found["alternatives"]),
        "why": None,
    }
    return told if why is None else told | {"why": _why(words, why, tried)}


def _why(words: Words, why: Mapping[str, Any], tried: Sequence[Any]) -> dict[str, Any]:
    blocks = {each.id: _block(words, each) for each in words.clinic.blocks}
    return {
        "reasons": _reasons(words, why["conflict"]),
        "summary": steady(why["summary"]),
        "proven": why["status"] == "infeasible",
        "minimal": why["minimal"],
        "complete": why["complete"],
        "days": _grouped(words, why["days"]),
        "day_count": len(why["days"]),
        "lanes": drawn(why["lanes"], words.formats, blocks),
        "ways": [_way(words, way, tried) for way in why["corrections"]],
    }


def _reasons(words: Words, conflict: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The members of the conflict; those of one rule together under its title."""
    found: dict[str, list[str]] = {}
    for each in words.explanation(conflict):
        found.setdefault(each["title"], []).append(each["text"])
    return [{"title": title, "texts": texts} for title, texts in found.items()]


def _block(words: Words, block: Any) -> str:
    return _("%(owner)s's block in %(room)s") % {
        "owner": words.name(block.owner), "room": words.name(block.room),
    }  # fmt: skip


def _grouped(words: Words, days: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Days with the very same reason together, the most frequent reason first."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for day in days:
        date = dt.date.fromisoformat(day["date"])
        rules = tuple(f"{each['rule']}/{each['subject']}" for each in day["conflict"])
        group = found.setdefault(
            rules, {"texts": [steady(each["text"]) for each in day["conflict"]], "days": [], "titles": []}
        )
        group["titles"] = list(dict.fromkeys(each["title"] for each in day["conflict"]))
        group["days"].append({
            "date": date.isoformat(), "text": words.formats.short_day(date, words.today),
            "texts": [steady(each["text"]) for each in day["conflict"]],
        })  # fmt: skip
    for group in found.values():
        group["same"] = len({tuple(day["texts"]) for day in group["days"]}) == 1
    return sorted(found.values(), key=lambda group: -len(group["days"]))


def _way(words: Words, way: Mapping[str, Any], tried: Sequence[Any]) -> dict[str, Any]:
    """A way out with what it takes to try it, alone or beside others."""
    changes = way["changes"]
    return {
        "text": steady(way["text"]),
        "by": way["granted_by"] or "",
        "opens": way["opens"],
        "example": words.offers([way["example"]])[0] if way["example"] else None,
        "change": packed(changes),
        "on": bool(changes) and all(each in tried for each in changes),
    }


def _tried(
    words: Words, tried: Mapping[str, Any], changes: Sequence[Any], asked: Mapping[str, Any]
) -> dict[str, Any]:
    """Before and after, side by side; each change can be taken out again."""
    sides = []
    for name in ("before", "after"):
        side = tried[name]
        why = side["explanation"] or {}
        sides.append({
            "title": {"before": _("As things stand"), "after": _("With the changes")}[name],
            "status": side["status"],
            "offers": words.offers(side["offers"]),
            "reasons": [steady(each["text"]) for each in why.get("conflict") or ()],
        })  # fmt: skip
    said = zip(tried["changes"], changes, strict=True)
    made = [
        {"text": steady(text), "without": _address(asked, [one for one in changes if one != each])}
        for text, each in said
    ]
    return {"changes": made, "sides": sides}


def _address(asked: Mapping[str, Any], changes: Sequence[Any]) -> str:
    """The page with these changes and no other."""
    return f"/why-not?{urlencode({**asked, 'change': [packed([each]) for each in changes]}, doseq=True)}"


def _question(words: Words, asked: Mapping[str, Any]) -> str:
    """The request in one line, as it stands over the answer and on paper."""
    names = [words.name(asked[name]) for name in ("procedure", "surgeon", "room") if asked.get(name)]
    days = [dict(WEEKDAYS)[day] for day in asked.get("weekdays", ()) if day in dict(WEEKDAYS)]
    dates = dict.fromkeys(filter(None, (asked.get("date_from"), asked.get("date_to"))))
    told = _short_days(words, list(dates))
    out = [words.name(each) for key in ("exclude_surgeons", "exclude_rooms") for each in asked.get(key, ())]
    out = [*_short_days(words, asked.get("exclude_dates", ())), *out]
    hours = {
        "start_from": _("wheels in from %s"),
        "start_until": _("wheels in until %s"),
        "end_by": _("wheels out by %s"),
    }
    times = [text % steady(asked[name]) for name, text in hours.items() if asked.get(name)]
    return ", ".join(
        [
            *names,
            _(" to ").join(told),
            *([_("only on %s") % ", ".join(map(_, days))] if days else []),
            *([_("not %(names)s") % {"names": ", ".join(out)}] if out else []),
            *times,
        ]
    )


def _short_days(words: Words, days: Sequence[str]) -> list[str]:
    """Dates as the page writes them; as they were given where one of them is none."""
    try:
        return [words.formats.short_day(dt.date.fromisoformat(day), words.today) for day in days]
    except ValueError:
        return list(days)


def _page(
    desk: Desk, asked: Mapping[str, Any], changes: Sequence[str], context: Mapping[str, Any], status: int
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
            "asked": {name: asked.get(name, "") for name in FIELDS}
            | {name: asked.get(name, []) for name in LISTED},
            "listed": LISTED,
            "question": _question(words, asked),
            "weekdays": WEEKDAYS,
            "choices": choices(clinic),
            "changes": list(changes),
            "today": words.today.isoformat(),
            "may_look": desk.principal.may(Permission.FACTS),
            **context,
        },
        status,
    )
