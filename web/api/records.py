"""The clinic's records: looked at with their versions, changed at once where they are facts, else in two steps."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query
from fastapi.responses import JSONResponse

from tools.edits.contract import RecordsOut
from tools.edits.drafting import VersionConflict
from tools.errors import ToolError
from web.desk import AtDesk, Desk
from web.errors import envelope

router = APIRouter(prefix="/api/records", tags=["records"])

Key = Annotated[str | None, Header(max_length=200)]
Given = Annotated[dict[str, Any], Body()]


@router.get("", response_model=RecordsOut)
def kinds(desk: AtDesk) -> dict[str, Any]:
    """The kinds of records, with their counts and the JSON Schema of one."""
    return desk.call("list_records", {})


@router.get("/{kind}", response_model=RecordsOut)
def records(desk: AtDesk, kind: str, history: Annotated[bool, Query()] = False) -> dict[str, Any]:
    """The records of a kind, as the clinic file writes them."""
    return desk.call("list_records", {"kind": kind, "history": history})


@router.get("/{kind}/{record}", response_model=RecordsOut)
def record(desk: AtDesk, kind: str, record: str, history: Annotated[bool, Query()] = True) -> dict[str, Any]:
    """One record with the history of its changes."""
    return desk.call("list_records", {"kind": kind, "id": record, "history": history})


@router.post("/proposals/{proposal}/confirm", status_code=201, response_model=None)
def confirm(proposal: str, desk: AtDesk, idempotency_key: Key = None) -> JSONResponse | dict[str, Any]:
    """Carry out a proposed edit once; the same key again gets the same answer."""
    if not idempotency_key:
        said = "The Idempotency-Key header is missing. Maybe send a fresh random one."
        raise ToolError("invalid", said, "Idempotency-Key")
    return _answered(desk, "confirm_edit", {"proposal": proposal, "key": idempotency_key})


@router.post("/{kind}", status_code=201, response_model=None)
def create(kind: str, desk: AtDesk, body: Given) -> JSONResponse | dict[str, Any]:
    """Create a record: {"id", "body", "reason"}; or change the one record of clinic and ranking."""
    op = {} if kind in ("clinic", "ranking") else {"op": "create"}
    return _answered(desk, "edit_record", op | body | {"kind": kind})


@router.post("/{kind}/{record}", status_code=201, response_model=None)
def edit(kind: str, record: str, desk: AtDesk, body: Given) -> JSONResponse | dict[str, Any]:
    """Create, change or end a record: {"op", "body", "add", "from_date", "version", "reason", "preview"}.

    201 says what was saved or proposed; 409 brings both versions where somebody else changed it meanwhile.
    """
    return _answered(desk, "edit_record", body | {"kind": kind, "id": record})


def _answered(desk: Desk, tool: str, payload: dict[str, Any]) -> JSONResponse | dict[str, Any]:
    try:
        return desk.call(tool, payload)
    except VersionConflict as stale:
        both = {"current": stale.current, "yours": stale.yours}
        return JSONResponse(envelope(stale.code, stale.message, stale.field) | both, 409)
