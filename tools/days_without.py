"""Which days of a request that has a slot have none, and why: what a director asks about Thursdays."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from pydantic import Field

from solver.explain import explain, impossible
from solver.request import DayReason, Request, Status
from solver.search import search
from solver.snapshot import Snapshot
from tools import contract
from tools.asking import solver_request
from tools.context import Context, Permission
from tools.contract import Output
from tools.registry import tool
from tools.render import Renderer
from tools.snapshots import snapshot_of

MOST_DAYS = 31
"""Days that are searched one by one; of a longer window these first ones."""


class DaysWithout(Output):
    """The days without a slot, each with its own smallest conflict."""

    searched: int = Field(description="Days of the window that were searched, those that are over left out.")
    whole: bool = Field(description="Whether these were all days of the window.")
    days: list[contract.DayOut]
    summary: str = Field(description="Several such days in one sentence.")


@tool(permission=Permission.FIND, effect="read")
def days_without_slot(ctx: Context, body: contract.Request) -> DaysWithout:
    """Searches every day of the window by itself, and explains those on which there is proven to be no slot.

    It only looks: unlike find_slots' refusals, these are not kept among the clinic's unmet requests.
    """
    snapshot = snapshot_of(ctx)
    request = solver_request(body, snapshot.clinic, snapshot.facts.as_of)
    if impossible(snapshot, request):
        return DaysWithout(searched=0, whole=True, days=[], summary="")
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    ahead = [day for day in request.days() if day >= today]
    without = [day for day in ahead[:MOST_DAYS] if _has_none(snapshot, request, day)]
    days, summary = _explained(snapshot, request, without) if without else ((), "")
    shown = Renderer(snapshot.clinic)
    return DaysWithout(
        searched=len(ahead[:MOST_DAYS]),
        whole=len(ahead) <= MOST_DAYS,
        days=[
            contract.DayOut(date=day.date, conflict=[shown.reason(each) for each in day.conflict])
            for day in days
        ],
        summary=summary,
    )


def _has_none(snapshot: Snapshot, request: Request, day: dt.date) -> bool:
    """Whether it is proven that this day has no slot; one that wasn't decided isn't told."""
    alone = replace(request, date_from=day, date_to=day, limit=1)
    return search(snapshot, alone).status is Status.INFEASIBLE


def _explained(
    snapshot: Snapshot, request: Request, days: list[dt.date]
) -> tuple[tuple[DayReason, ...], str]:
    others = set(request.days()) - set(days)
    told = explain(snapshot, replace(request, exclude_dates=request.exclude_dates | others), ways_out=False)
    return told.days or (DayReason(days[0], told.conflict),), told.summary
