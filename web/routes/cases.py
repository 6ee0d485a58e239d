"""A booked case: what it is, and moving, cancelling, editing, booking or releasing it. Each ends at a confirm card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from solver.clinic import Case
from tools.context import Permission
from tools.errors import ToolError
from web.accounts import same_site_path
from web.api.proposals import words_of
from web.cards import Words
from web.clinical import IDENTITY, NOBODY, PatientForm, patient_typed
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.format import steady
from web.language import _
from web.pages import page
from web.person import needs
from web.standing import case_at, times_of, told

router = APIRouter(include_in_schema=False, dependencies=[needs(Permission.SCHEDULE)])

Field = Annotated[str, Form(max_length=500)]
CORRECT, CORRECT_TOOL = "correct-patient", "correct_patient"
DAYS = 14
"""How far ahead another time is looked for, unless other dates are given."""
MOST = 6
"""How many other times are shown; one more is looked for, since where it stands now may be among them."""


@router.get("/case/{case}")
def shown(
    desk: AtDesk, case: str, date_from: dt.date | None = None, date_to: dt.date | None = None,
    room: Annotated[str, Query(max_length=120)] = "",
) -> Response:  # fmt: skip
    """The case; with dates also where else it could stand."""
    found = case_at(desk, case)
    asked = {"date_from": date_from, "date_to": date_to or date_from, "room": room} if date_from else {}
    return _page(desk, found, {"places": _places(desk, found, asked) if asked else None}, asked=asked)


@router.post("/case/{case}")
def change(
    desk: AtDesk, case: str, action: Field, typed: Annotated[PatientForm, Depends(patient_typed)],
    offer: Field = "", reason: Field = "", duration_minutes: Field = "", pinned: Field = "", back: Field = "",
) -> Response:  # fmt: skip
    """Store the proposal and show what it touches; a fault shows the case again with what was typed."""
    found = case_at(desk, case)
    try:
        if action == CORRECT:
            proposal = desk.call(CORRECT_TOOL, _correction(found, typed, reason))
        else:
            proposal = desk.call(
                "propose", _body(found, action, typed, offer, reason, duration_minutes, pinned)
            )
    except ToolError as fault:
        typed_ = {"reason": reason, "minutes": duration_minutes, "pinned": pinned}
        extra = {"problem": steady(fault.message), "at": action, "values": typed.values(), "typed": typed_}
        return _page(desk, case_at(desk, case), extra, STATUS.get(fault.code, 422))
    way = quote(same_site_path(back)) if back else f"/case/{quote(case)}"
    return RedirectResponse(f"/proposals/{proposal['id']}?back={way}", 303)


@router.post("/undo", dependencies=[needs(Permission.CONFIRM)])
def undo(desk: AtDesk) -> Response:
    """The confirm card that takes back the person's own last change, within a minute."""
    return RedirectResponse(f"/proposals/{desk.call('propose', {'action': 'undo'})['id']}", 303)


def _body(
    case: Case, action: str, typed: PatientForm, offer: str, reason: str, minutes: str, pinned: str
) -> dict[str, Any]:
    """What `propose` is given, of each action only what was filled in."""
    if action not in ("move", "cancel", "edit", "book"):
        raise ToolError(
            "invalid", f"{action!r} can't be done to a case. Maybe move, cancel, edit or book.", "action"
        )
    body: dict[str, Any] = {"action": action, "case": case.id}
    side = typed.side()
    if action == "book":
        return body | side | {"patient": typed.patient()}
    if action == "edit":
        longer = {"duration_minutes": minutes} if minutes and minutes != str(case.minutes) else {}
        kept = {"pinned": pinned == "yes"} if pinned and (pinned == "yes") != case.pinned else {}
        return body | side | longer | kept
    return body | ({"offer": offer} if action == "move" else {}) | ({"reason": reason} if reason else {})


def _correction(case: Case, typed: PatientForm, reason: str) -> dict[str, Any]:
    """The patient spelt right, under the record number that was typed."""
    patient = {key: value for key in IDENTITY if (value := getattr(typed, key))}
    return {"case": case.id, "patient": patient} | ({"reason": reason} if reason else {})


def _places(desk: Desk, case: Case, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Where the case could stand instead, or the reason why nowhere, with the way to the whole of it."""
    words = words_of(desk)
    days = {key: asked[key].isoformat() for key in ("date_from", "date_to")}
    narrowed = {"procedure": case.procedure, "surgeon": case.surgeon, "replaces": case.id, **days}
    narrowed |= {"room": asked["room"]} if asked["room"] else {}
    whole = {
        "additional_procedures": list(case.additional_procedures), "extra_equipment": list(case.extra_equipment),
        "duration_minutes": case.minutes, "anesthesia": case.anesthesia, "limit": MOST + 1,
    }  # fmt: skip
    try:
        found = desk.call("find_slots", narrowed | whole)
    except ToolError as fault:
        return {"problem": steady(fault.message), "cards": [], "near": [], "reasons": [], "why": ""}
    why = found["explanation"]
    here = {"start": times_of(case, words).start.isoformat(), "room": case.room}
    other = [each for each in found["offers"] if not here.items() <= each["cases"][0].items()]
    return {
        "problem": "",
        "cards": words.offers(other),
        "near": [each for each in words.alternatives(found["alternatives"]) if len(each["cases"]) == 1],
        "reasons": words.explanation(why["conflict"]) if why else [],
        "proven": found["status"] != "not_proven",
        "why": "" if other else f"/why-not?{urlencode(narrowed)}",
    }


def _page(
    desk: Desk,
    case: Case,
    extra: Mapping[str, Any],
    status: int = 200,
    asked: Mapping[str, Any] | None = None,
) -> Response:
    words = words_of(desk)
    context = {
        "title": _("A case"),
        "clinic": desk.clinic().name,
        "zone": words.formats.zone_line(desk.now()),
        "case": told(desk, case, words),
        "rooms": [(each.id, each.name) for each in desk.clinic().rooms.values()],
        "asked": _dates(case, words, asked or {}),
        "may": desk.principal.may(Permission.PROPOSE),
        "may_confirm": desk.principal.may(Permission.CONFIRM),
        "may_correct": bool(case.patient) and desk.principal.may(Permission.PATIENTS),
        "problem": "",
        "at": "",
        "values": NOBODY,
        "nobody": NOBODY,
        "typed": {"reason": "", "minutes": "", "pinned": ""},
        "places": None,
        "follow": _follow(case, words) if desk.principal.may(Permission.FIND) else "",
    }
    return page("case.html", {**context, **extra}, status)


def _follow(case: Case, words: Words) -> str:
    """The form's address for a case behind this one, with the same surgeon on the same day."""
    day = times_of(case, words).start.date().isoformat()
    asked = {"surgeon": case.surgeon, "date_from": day, "date_to": day, "after_case": case.id}
    return f"/find?{urlencode(asked)}"


def _dates(case: Case, words: Words, asked: Mapping[str, Any]) -> dict[str, str]:
    """The dates of the form: those asked for, or two weeks from the case's day on."""
    first = asked.get("date_from") or max(words.today, times_of(case, words).start.date())
    last = asked.get("date_to") or first + dt.timedelta(days=DAYS)
    return {"date_from": first.isoformat(), "date_to": last.isoformat(), "room": asked.get("room") or ""}
