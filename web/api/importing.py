"""Spreadsheets over HTTP: tried dry, then imported whole or not at all."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from tools.importing.contract import ImportResult
from web.desk import AtDesk

router = APIRouter(prefix="/api/import", tags=["records"])

STATUS = {"refused": 422, "ready": 200, "imported": 201}


@router.post("", response_model=ImportResult)
def imported(desk: AtDesk, body: Annotated[dict[str, Any], Body()], response: Response) -> dict[str, Any]:
    """Read a spreadsheet: {"kind", "text", "dry_run"}. 422 lists every fault with its line and column."""
    result = desk.call("import_csv", body)
    response.status_code = STATUS[result["status"]]
    return result
