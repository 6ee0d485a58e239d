"""Booking by plain forms: patient, confirm, done. The script does the same in a dialog."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import RedirectResponse, Response

from tools.errors import Conflict, ToolError
from tools.proposals.correcting import NAME
from web.accounts import same_site_path
from web.api.proposals import words_of
from web.clinical import NOBODY, PatientForm, patient_typed
from web.desk import AtDesk, Desk
from web.errors import STATUS
from web.language import _
from web.pages import page

router = APIRouter(include_in_schema=False)

Field = Annotated[str, Form(max_length=200)]


@router.get("/book")
def patient(desk: AtDesk, offer: Annotated[str, Query(max_length=120)]) -> Response:
    """The form for the patient and the side of one offer."""
    return _form(desk, offer, NOBODY)


@router.post("/book")
def propose(desk: AtDesk, offer: Field, typed: Annotated[PatientForm, Depends(patient_typed)]) -> Response:
    """Store the proposal and show what it touches; a fault shows the form again with what was typed."""
    body = {"action": "book", "offer": offer, "patient": typed.patient(), **typed.side()}
    try:
        proposal = desk.call("propose", body)
    except ToolError as fault:
        return _form(desk, offer, typed.values(), fault)
    return RedirectResponse(f"/proposals/{proposal['id']}", 303)


@router.get("/proposals/{proposal}")
def review(desk: AtDesk, proposal: str, back: Annotated[str, Query(max_length=500)] = "/") -> Response:
    """The confirm card as a page; `back` is where "Not now" leads."""
    card = words_of(desk).proposal(desk.proposal(proposal))
    way, spelt = same_site_path(back), spelling(desk, card)
    context = {"title": card["title"], "card": card, "key": secrets.token_hex(), "back": way, "spelt": spelt}
    return _page(desk, "confirm.html", context)


def spelling(desk: Desk, card: Mapping[str, Any]) -> dict[str, Any] | None:
    """The patient before and after, of a correction alone."""
    return desk.call("patient_correction", {"proposal": card["id"]}) if card["action"] == NAME else None


@router.post("/proposals/{proposal}/confirm")
def confirm(desk: AtDesk, proposal: str, key: Annotated[str, Form(min_length=8, max_length=200)]) -> Response:
    """Book it and go to its day; when the slot is gone, say why and offer what is free now."""
    words = words_of(desk)
    try:
        done = words.done(desk.confirm(proposal, key))
    except Conflict as gone:
        return _gone(desk, desk.proposal(proposal), gone)
    return RedirectResponse(f"/?date={done['date']}&booked={quote(done['id'])}&did={done['action']}", 303)


def _gone(desk: Desk, proposal: Mapping[str, Any], gone: Conflict) -> Response:
    """Why it can't be done any more, with what is free now; a move is looked for anew on its case's page."""
    moved = [
        touch["id"]
        for touch in proposal["touches"]
        if proposal.get("action") == "move" and touch["kind"] == "case"
    ]
    fresh = [] if moved else words_of(desk).offers(gone.offers)
    again = f"/case/{quote(moved[0])}" if moved else ""
    context = {
        "title": _("No longer free"),
        "reason": gone.reasons[0],
        "more": gone.reasons[1:],
        "fresh": fresh,
        "again": again,
    }
    return _page(desk, "gone.html", context, 409)


def _form(desk: Desk, offer: str, values: Mapping[str, Any], fault: ToolError | None = None) -> Response:
    card = words_of(desk).offer(desk.offer(offer))
    slots = [
        f"{case['procedure']}, {case['surgeon']}, {case['room']}, {case['times']}" for case in card["cases"]
    ]
    context = {
        "title": "Book this slot",
        "offer": offer,
        "sided": bool(card["sided"]),
        "slot": f"{card['long_day']}: {'; '.join(slots)}",
        "date": card["date"],
        "values": values,
        "problem": fault.message if fault else "",
    }
    return _page(desk, "book.html", context, STATUS.get(fault.code, 422) if fault else 200)


def _page(desk: Desk, template: str, context: dict[str, Any], status: int = 200) -> Response:
    words = words_of(desk)
    zone = words.formats.zone_line(desk.now())
    return page(template, {"clinic": desk.clinic().name, "zone": zone, **context}, status)
