"""Structured search and its reasons: the tools of finding and explaining, without any language."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from tools.changes import WhatIfRequest, WhatIfResult
from tools.contract import (
    CheckRequest,
    CheckResult,
    CompareRequest,
    CompareResult,
    ExplainRequest,
    FindResult,
    Request,
)
from tools.freshness import Freshness, Shown
from tools.history import WhyChanged, WhyChangedResult
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
    return desk.call("check_slot", given | {"at": request.at.isoformat()})


@router.post("/why-changed", response_model=WhyChangedResult)
def why_changed(request: WhyChanged, desk: AtDesk) -> dict[str, Any]:
    """What took a slot that was free at an earlier time: which change, when, and by which role."""
    given = request.model_dump(mode="json", exclude_unset=True)
    return desk.call("why_changed", given | {"at": request.at.isoformat()})


@router.post("/still-free", response_model=Freshness)
def still_free(shown: Shown, desk: AtDesk) -> dict[str, Any]:
    """Which offers on a screen can't be booked any more, and why."""
    return desk.call("still_free", shown.model_dump(mode="json"))


@router.post("/explain", response_model=FindResult)
def explain(request: ExplainRequest, desk: AtDesk) -> dict[str, Any]:
    """Why a request has no slot and what would open one, or its offers where it has some."""
    return desk.call("explain", request.model_dump(mode="json", exclude_unset=True) | _at(request))


@router.post("/what-if", response_model=WhatIfResult)
def what_if(request: WhatIfRequest, desk: AtDesk) -> dict[str, Any]:
    """What a request finds now, and what it would find with the changes. Nothing is written."""
    return desk.call("what_if", request.model_dump(mode="json", exclude_unset=True))


@router.post("/compare", response_model=CompareResult)
def compare(request: CompareRequest, desk: AtDesk) -> dict[str, Any]:
    """The ranking terms of two offers side by side."""
    return desk.call("compare_offers", request.model_dump(mode="json"))


def _at(request: ExplainRequest) -> dict[str, str]:
    return {"at": request.at.isoformat()} if request.at is not None else {}
