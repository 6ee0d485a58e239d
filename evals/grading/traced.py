"""What was said to have taken a slot, against the oracle: without that booking the start is free, with it it isn't.

It reads the exported clinic alone, and nothing of how the product goes through its audit trail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from evals.grading.checks import Graded
from evals.heard import Heard, Traced
from evals.oracle import World

OVER = frozenset({"fits", "taken", "time", "never-fitted"})
BOOKING = frozenset({"book", "hold"})
"""Changes that brought a case: without it the book is as it was before, as far as one start goes."""


def told(result: Graded, turn: int, heard: Heard) -> None:
    """Every answer of this turn to what took a slot."""
    for traced in heard.traced:
        status, change = traced.told["status"], traced.told.get("change")
        if status not in OVER or not (traced.asked.get("room") and traced.asked.get("surgeon")):
            result.count("traces not judged")
            continue
        free = _free(traced, traced.exported["cases"], _aware(traced, traced.now))
        result.count("traces judged")
        result.add("a slot fits exactly when the oracle has it", turn, free == (status == "fits"), status)
        result.add(
            "names a change exactly when one took it", turn, bool(change) == (status == "taken"), status
        )
        _before(result, turn, traced)
        if change and change["action"] in BOOKING:
            _taken(result, turn, traced, change)


def _taken(result: Graded, turn: int, traced: Traced, change: Mapping[str, Any]) -> None:
    """The change brought cases that stand in the book: with them there is no such start, and without them there is."""
    ids, cases = set(change["objects"]), traced.exported["cases"]
    there = [case for case in cases if case["id"] in ids]
    rest = [case for case in cases if case["id"] not in ids]
    moment = _aware(traced, dt.datetime.fromisoformat(change["at"]))
    named = ", ".join(sorted(ids)) or "nothing"
    result.add("what took it is in the book", turn, bool(there), named)
    result.add("without what took it the slot is free", turn, _free(traced, rest, moment), named)
    result.add("with what took it the slot is gone", turn, not _free(traced, cases, moment), named)


def _before(result: Graded, turn: int, traced: Traced) -> None:
    """What was free when the conversation began, and since then at the latest, was free once."""
    exported, begun = traced.begun
    since = _aware(traced, dt.datetime.fromisoformat(str(traced.asked["since"])))
    if since > begun or not _free(traced, exported["cases"], begun):
        return
    status = traced.told["status"]
    same = exported["cases"] == traced.exported["cases"]
    result.add("what was free isn't said never to have been", turn, status != "never-fitted", status)
    result.add("time alone takes a slot from no other book", turn, status != "time" or same, status)


def _free(traced: Traced, cases: Any, moment: dt.datetime) -> bool:
    asked = {key: value for key, value in traced.asked.items() if key != "since"}
    world = World({**traced.exported, "cases": list(cases)})
    return next(iter(world.starts(asked, now=moment)), None) is not None


def _aware(traced: Traced, moment: dt.datetime) -> dt.datetime:
    zone = ZoneInfo(traced.exported["clinic"]["timezone"])
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
