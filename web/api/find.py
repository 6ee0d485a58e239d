"""Structured search: `find_slots` and `check_slot` without any language."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from tools.contract import CheckRequest, CheckResult, FindResult, Request
from web.desk import AtDesk

router = APIRouter(prefix="/api", tags=["slots"])


@router.post("/find", response_model=FindResult)
def find(request: Request, desk: AtDesk) -> dict[str, Any]:
    """Ranked slots that the verifier passed, or why there are none."""
    return desk.call("find_slots", request.model_dump(mode="json", exclude_unset=True))


@router.post("/check", response_model=CheckResult)
def check(request: CheckRequest, desk: AtDesk) -> dict[str, Any]:
    """Every rule that one exact slot would break, or the verified offer."""
    given = request.model_dump(mode="json", exclude_unset=True)
    return desk.call("check_slot", given | {"at": f"{request.at:%Y-%m-%dT%H:%M}"})
