"""Reports as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query

from web.desk import AtDesk

router = APIRouter(prefix="/api", tags=["reports"])


@router.get("/bottlenecks")
def bottlenecks(
    desk: AtDesk,
    date_from: Annotated[dt.date, Query(alias="from")],
    date_to: Annotated[dt.date, Query(alias="to")],
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> dict[str, Any]:
    """What left requests without a slot between two days of asking, and what one more would open."""
    return desk.call(
        "bottlenecks", {"date_from": date_from.isoformat(), "date_to": date_to.isoformat(), "limit": limit}
    )
