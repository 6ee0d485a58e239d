"""The worklist over HTTP: cases that stand against a rule, and what was done about them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query

from tools.worklist import WorkItem, Worklist, WorklistCount
from web.desk import AtDesk

router = APIRouter(prefix="/api/worklist", tags=["records"])


@router.get("", response_model=Worklist)
def listed(
    desk: AtDesk,
    state: Literal["open", "resolved", "all"] = "open",
    case: Annotated[str | None, Query(min_length=1, max_length=120)] = None,
) -> dict[str, Any]:
    """Entries in order of their cases' start."""
    return desk.call("worklist", {"state": state} | ({"case": case} if case else {}))


@router.get("/count", response_model=WorklistCount)
def counted(desk: AtDesk) -> dict[str, Any]:
    """How many cases and entries are open."""
    return desk.call("count_worklist", {})


@router.post("/{entry}/resolve", response_model=WorkItem)
def resolve(entry: str, desk: AtDesk, body: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Note that an entry has been dealt with: {"note"}."""
    return desk.call("resolve_exception", body | {"id": entry})
