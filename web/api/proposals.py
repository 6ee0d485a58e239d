"""Writing in two steps: propose, then confirm once. Nothing here writes without a stored proposal."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from tools.errors import Conflict, ToolError
from web.cards import Words
from web.desk import AtDesk, Desk, formats_of
from web.errors import envelope

router = APIRouter(prefix="/api/proposals", tags=["booking"])


@router.post("", status_code=201, response_model=None)
def propose(desk: AtDesk, body: Annotated[dict[str, Any], Body()]) -> JSONResponse | dict[str, Any]:
    """Store what would be done and everything that it would touch; nothing is booked yet."""
    try:
        proposal = desk.call("propose", body)
    except Conflict as gone:
        return JSONResponse(conflict(desk, gone), 409)
    return {**proposal, "card": words_of(desk).proposal(proposal)}


@router.post("/correct-patient", status_code=201, response_model=None)
def correct_patient(desk: AtDesk, body: Annotated[dict[str, Any], Body()]) -> JSONResponse | dict[str, Any]:
    """Store the correction of a patient's name or birth date under the same record number; `identity` shows both."""
    try:
        proposal = desk.call("correct_patient", body)
    except Conflict as gone:
        return JSONResponse(conflict(desk, gone), 409)
    spelt = desk.call("patient_correction", {"proposal": proposal["id"]})
    return {**proposal, "card": words_of(desk).proposal(proposal), "identity": spelt}


@router.post("/{proposal}/confirm", status_code=201, response_model=None)
async def confirm(
    proposal: str,
    request: Request,
    desk: AtDesk,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> JSONResponse | dict[str, Any]:
    """Carry out a proposal once; the same key again gets the same answer. 409 when the slot is gone."""
    if not idempotency_key:
        raise ToolError(
            "invalid",
            "The Idempotency-Key header is missing. Maybe send a fresh random one.",
            "Idempotency-Key",
        )
    try:
        body = (await request.body()).decode(errors="replace")
        done = await run_in_threadpool(desk.confirm, proposal, idempotency_key, _hash(body))
    except Conflict as gone:
        return JSONResponse(await run_in_threadpool(conflict, desk, gone), 409)
    return {**done, "booked": await run_in_threadpool(lambda: words_of(desk).done(done))}


def _hash(body: str) -> str:
    """What was sent beside the key; an empty body and an empty object are the same."""
    try:
        sent = json.loads(body or "null")
    except (ValueError, RecursionError):  # the second where brackets go deeper than can be read
        sent = body
    return "" if sent in (None, {}) else hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()


def conflict(desk: Desk, gone: Conflict) -> dict[str, Any]:
    """Why a slot can't be booked any more, with fresh offers and their cards."""
    return {
        "reason": gone.message,
        "first": gone.reasons[0],
        "more": list(gone.reasons[1:]),
        "offers": gone.offers,
        "cards": words_of(desk).offers(gone.offers),
        **envelope(gone.code, gone.message),
    }


def words_of(desk: Desk) -> Words:
    """The words of this clinic, today."""
    formats = formats_of(desk)
    return Words(desk.clinic(), formats, formats.local(desk.now()).date())
