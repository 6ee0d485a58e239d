"""Lanes: free and blocked time of what a request needs, as columns of five minutes for the page to place.

A cause stands whole in its bar or, where the bar is too narrow for it, as a number that the line below the lane tells.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from web.format import Formats, steady

STEP = 5
DRAWN = 900
"""Pixels of a lane at its narrowest: web/static/css/whynot.css keeps it from being drawn narrower."""
LETTER = 6.6
"""Pixels of an average letter in a bar."""
PADDING = 16
LINES = 2
RECORDS = {
    "case": "/case/{}", "block": "/block/{}/{day}", "leave": "/admin/staff/{}", "rule": "/logic-map#r-{}",
}  # fmt: skip
"""Kind of what blocks a stretch -> the page about it."""


def drawn(
    lanes: Sequence[Mapping[str, Any]], formats: Formats, names: Mapping[str, str] | None = None
) -> dict[str, Any] | None:
    """The lanes with each bar's first column and width, and the hours above them; None where there are no lanes.

    `names` tells what people call a lane's subject, where its label says an id.
    """
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
        "lanes": [_lane(lane, first, hours, formats, names or {}) for lane in lanes],
    }


def _edges(lane: Mapping[str, Any]) -> list[str]:
    free = [edge for span in lane["free"] for edge in span]
    return free + [edge for bar in lane["blocked"] for edge in (bar["start"], bar["end"])]


def _lane(
    lane: Mapping[str, Any], first: dt.datetime, hours: int, formats: Formats, names: Mapping[str, str]
) -> dict[str, Any]:
    label = _label(lane["label"], names)
    bars = [_bar(bar, lane["label"], first, hours, formats) for bar in lane["blocked"]]
    free = [
        {"place": _place(start, end, first, hours, formats), "times": formats.times(start, end)}
        for start, end in lane["free"]
    ]
    notes = _noted(bars)
    return {"label": label, "in_conflict": lane["in_conflict"], "blocked": bars, "free": free, "notes": notes}


def _label(label: str, names: Mapping[str, str]) -> str:
    subject, colon, rest = label.partition(": ")
    return f"{names.get(subject, subject)}{colon}{rest}"


def _bar(
    bar: Mapping[str, Any], label: str, first: dt.datetime, hours: int, formats: Formats
) -> dict[str, Any]:
    begin, wide = _columns(bar["start"], bar["end"], first, hours, formats)
    cause = steady(bar["cause"].removeprefix(f"{label}: "))
    room = (wide * DRAWN / (hours * 12) - PADDING) / LETTER
    return {
        "place": f"c{begin} w{wide}",
        "cause": cause,
        "times": formats.times(bar["start"], bar["end"]),
        "outside": bar.get("kind") == "outside",
        "link": _link(bar, first.date()),
        "fits": len(cause) <= room
        or (max(map(len, cause.split(" "))) <= room and len(cause) * 1.2 <= LINES * room),
        "mark": "",
    }


def _link(bar: Mapping[str, Any], day: dt.date) -> str:
    """The page about what blocks the stretch; none where nothing on record does."""
    pattern = RECORDS.get(bar.get("kind") or "")
    return pattern.format(quote(bar["record"], safe=""), day=day) if pattern and bar.get("record") else ""


def _noted(bars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers the causes that don't fit into their bars: each cause once, with all its times."""
    notes: dict[tuple[str, str], dict[str, Any]] = {}
    for bar in bars:
        if not bar["fits"] and not bar["outside"]:
            note = notes.setdefault(
                (bar["cause"], bar["link"]),
                {"mark": str(len(notes) + 1), "cause": bar["cause"], "link": bar["link"], "times": []},
            )
            bar["mark"] = note["mark"]
            note["times"].append(bar["times"])
    return list(notes.values())


def _place(start: str, end: str, first: dt.datetime, hours: int, formats: Formats) -> str:
    """Column and width classes, inside the drawn hours."""
    begin, wide = _columns(start, end, first, hours, formats)
    return f"c{begin} w{wide}"


def _columns(start: str, end: str, first: dt.datetime, hours: int, formats: Formats) -> tuple[int, int]:
    begin, stop = (int((formats.local(each) - first).total_seconds()) // 60 // STEP for each in (start, end))
    begin, stop = max(0, begin), min(hours * 12, stop)
    return begin, max(1, stop - begin)
