"""Lanes: free and blocked time of what a request needs, as columns of five minutes for the page to place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from web.format import Formats

STEP = 5


def drawn(lanes: Sequence[Mapping[str, Any]], formats: Formats) -> dict[str, Any] | None:
    """The lanes with each bar's first column and width, and the hours above them; None where there are no lanes."""
    edges = [formats.local(edge) for lane in lanes for edge in _edges(lane)]
    if not edges:
        return None
    first = min(edges).replace(minute=0, second=0)
    last = max(edges)
    hours = max(1, min(24, -(-int((last - first).total_seconds()) // 3600)))
    marks = [first + dt.timedelta(hours=n) for n in range(hours)]
    return {
        "day": formats.day(first.date()),
        "grid": f"h{hours}",
        "hours": [{"place": f"c{n * 12} w12", "text": formats.hour(mark)} for n, mark in enumerate(marks)],
        "lanes": [_lane(lane, first, hours, formats) for lane in lanes],
    }


def _edges(lane: Mapping[str, Any]) -> list[str]:
    free = [edge for span in lane["free"] for edge in span]
    return free + [edge for bar in lane["blocked"] for edge in (bar["start"], bar["end"])]


def _lane(lane: Mapping[str, Any], first: dt.datetime, hours: int, formats: Formats) -> dict[str, Any]:
    bars = [
        {
            "place": _place(bar["start"], bar["end"], first, hours, formats),
            "cause": bar["cause"],
            "times": formats.times(bar["start"], bar["end"]),
            "record": bar.get("record") or "",
        }
        for bar in lane["blocked"]
    ]
    free = [
        {"place": _place(start, end, first, hours, formats), "times": formats.times(start, end)}
        for start, end in lane["free"]
    ]
    return {"label": lane["label"], "in_conflict": lane["in_conflict"], "blocked": bars, "free": free}


def _place(start: str, end: str, first: dt.datetime, hours: int, formats: Formats) -> str:
    """Column and width classes, inside the drawn hours."""
    begin, stop = (int((formats.local(each) - first).total_seconds()) // 60 // STEP for each in (start, end))
    begin, stop = max(0, begin), min(hours * 12, stop)
    return f"c{begin} w{max(1, stop - begin)}"
