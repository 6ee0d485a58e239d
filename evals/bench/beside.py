"""Ours and a peer over the same requests in one run: agreement, time-outs, and CPU time pair by pair."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from statistics import median
from typing import Any

from evals.bench.peers import Answer, Peer
from evals.bench.tables import Tables, earliest_tables, expressible, top_tables, when
from solver.clinic import Clinic, Instant, RankTerm
from solver.request import Offer, Request, Status
from solver.search import search
from solver.snapshot import Snapshot
from tools.collecting import seldom

EARLIEST = ((RankTerm("day"),), (RankTerm("start"),))
"""The one order of preference that every peer can say."""

QUESTIONS: dict[str, tuple[int, Callable[[Snapshot, Request], Tables]]] = {
    "earliest": (1, earliest_tables), "top 5": (5, top_tables)
}  # fmt: skip
"""Question -> how many choices, and the tables for it."""


@dataclass(frozen=True)
class Pair:
    """One request with both answers, and the axis that tells what the positions are."""

    request: Request
    given: Tables
    ours: Answer | None
    """None where Slotwright chose a start inside an opening whose edge has no team: the tables don't hold it."""
    peer: Answer

    @property
    def judged(self) -> bool:
        """Whether both have decided."""
        return self.ours is not None and self.ours.proven and self.peer.proven


def earliest(clinic: Clinic) -> Clinic:
    """The clinic with the earliest start as its only preference."""
    return replace(clinic, ranking=EARLIEST)


def compared(
    clinic: Clinic, as_of: Instant, asked: Sequence[Request], peer: Peer, seconds: float,
    done: Callable[[], None] = lambda: None, question: str = "earliest",
) -> dict[str, Any]:  # fmt: skip
    """Both sides over the requests that the peer can express, warm."""
    snapshot, (most, tables) = Snapshot.of(earliest(clinic), as_of), QUESTIONS[question]
    pairs = []
    with seldom():  # for either side
        for request in (replace(each, limit=most) for each in asked):
            if expressible(snapshot, request):
                given = tables(snapshot, request)
                _ = given.busy  # in nobody's time
                search(snapshot, request)
                pairs.append(
                    Pair(request, given, _ours(snapshot, request, given), peer(given, most, seconds))
                )
            done()
    return _told(pairs, len(asked))


def _ours(snapshot: Snapshot, request: Request, given: Tables) -> Answer | None:
    began = time.process_time()
    result = search(snapshot, request)
    spent = 1000 * (time.process_time() - began)
    found = [_position(offer, given) for offer in result.offers]
    known = [position for position in found if position is not None]
    if len(known) < len(found):
        return None
    return Answer(tuple(sorted(known)), result.status is not Status.NOT_PROVEN, spent)


def _position(offer: Offer, given: Tables) -> int | None:
    """Where an offer stands on the axis: the best position of its start that its room has."""
    case = offer.plan.cases[0]
    standing = given.places["room"].get(case.room, ())
    return next((at for at in standing if given.axis[at][2] == case.start), None)


def _told(pairs: Sequence[Pair], asked: int) -> dict[str, Any]:
    judged = [(pair, pair.ours) for pair in pairs if pair.judged and pair.ours is not None]
    ratios = [pair.peer.ms / max(ours.ms, 0.01) for pair, ours in judged]
    derived = [(pair.peer.ms + pair.given.derived_ms) / max(ours.ms, 0.01) for pair, ours in judged]
    some = [bool(ours.found) for _, ours in judged]
    return {
        "asked": asked,
        "expressible": len(pairs),
        "timed_out": sum(not pair.peer.proven for pair in pairs),
        "ours_not_proven": sum(pair.ours is not None and not pair.ours.proven for pair in pairs),
        "inside_openings": sum(pair.ours is None for pair in pairs),
        "equal": sum(ours.found == pair.peer.found for pair, ours in judged),
        "disagree": [_said(pair, ours) for pair, ours in judged if ours.found != pair.peer.found],
        "ours_cpu_ms": _spread([ours.ms for _, ours in judged]),
        "peer_cpu_ms": _spread([pair.peer.ms for pair in pairs]),
        "ratio": _spread(ratios),
        "ratio_found": _spread(list(compress(ratios, some))),
        "ratio_derived": _spread(derived),
        "ratio_derived_found": _spread(list(compress(derived, some))),
    }


def _said(pair: Pair, ours: Answer) -> dict[str, Any]:
    request = pair.request
    return {
        "procedure": request.procedure, "date_from": request.date_from.isoformat(), "surgeon": request.surgeon,
        "ours": _starts(ours, pair.given), "peer": _starts(pair.peer, pair.given),
    }  # fmt: skip


def _starts(answer: Answer, given: Tables) -> list[str]:
    return [when(given.axis[position][2]) for position in answer.found]


def _spread(values: Sequence[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    at = -(-95 * len(ordered) // 100) - 1
    return {"p50": round(median(ordered), 2), "p95": round(ordered[at], 2)}
