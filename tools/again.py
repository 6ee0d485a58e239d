"""Requests that found no slot, solved again with today's book: as they were asked, and with one more of something."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from solver.book import Facts
from solver.explain.overlay import overlaid
from solver.grid import Calendar
from solver.laid import UnknownTarget
from solver.request import Request, Status
from solver.rules import CATALOGUE, NotWaivable
from solver.search import search
from solver.snapshot import Snapshot
from tools import contract
from tools.asking import solver_request
from tools.errors import ToolError
from tools.onemore import OneMore, Way
from tools.records.unmet import Unmet

SECONDS = 8.0
"""Of solving again, for one report; what isn't reached by then is told as not tried."""
MOST_TRIED = 25
"""Requests that are solved again for one rule and resource."""
MOST_WAYS = 62
"""Days, or other ways of one more, that are tried for one request; beyond them it is open what the rest would do."""


@dataclass
class Tally:
    """What came of trying one more on some requests."""

    tried: int = 0
    opened: int = 0
    not_proven: int = 0
    already: int = 0
    minutes: int = 0


@dataclass
class Again:
    """One report's solving, for as long as it may take; `complete` is whether all of it was done."""

    snapshot: Snapshot
    ends: float = field(default_factory=lambda: time.monotonic() + SECONDS)
    complete: bool = True
    _fitting: dict[str, bool] = field(default_factory=dict)

    def tally(self, more: OneMore, rows: Sequence[Unmet]) -> Tally:
        """One more of something, tried on each of the requests that nothing has a slot for without it."""
        told = Tally()
        for row in rows[:MOST_TRIED]:
            if time.monotonic() > self.ends:
                self.complete = False
                break
            asked = self._asked(row)
            if asked is not None:
                self._count(told, row, *asked, more)
        return told

    def _count(self, told: Tally, row: Unmet, snapshot: Snapshot, request: Request, more: OneMore) -> None:
        if self._fits(row, snapshot, request):
            told.already += 1
            return
        status = _best(snapshot, more.ways(request))
        told.tried += 1
        told.opened += status is Status.FOUND
        told.not_proven += status is Status.NOT_PROVEN
        told.minutes += row.minutes if status is Status.FOUND else 0

    def _fits(self, row: Unmet, snapshot: Snapshot, request: Request) -> bool:
        """Whether today's book has a slot for it as it is: then nothing that is added has opened one."""
        if row.id not in self._fitting:
            found = search(snapshot, replace(request, limit=1)).status
            self._fitting[row.id] = found is Status.FOUND
        return self._fitting[row.id]

    def _asked(self, row: Unmet) -> tuple[Snapshot, Request] | None:
        """The request, and the clinic as of now, or of when it was asked where some of its days are over since.

        None where its records are gone, or where what stood against it was its patient, of whom nothing is kept.
        """
        if any(_of_patient(rule) for rule, _ in row.conflict):
            return None
        facts = self.snapshot.facts
        try:
            body = contract.Request.model_validate(row.request)
            over = body.date_from < facts.calendar.date(facts.as_of)
            as_of = Calendar(facts.clinic.timezone).of(row.at) if over else facts.as_of
            request = solver_request(body, self.snapshot.clinic, as_of)
        except (ToolError, ValueError):
            return None
        then = Snapshot(Facts(facts.clinic, facts.book, as_of), self.snapshot.catalogue)
        return (then if over else self.snapshot), request


def _of_patient(rule: str) -> bool:
    """Whether a rule asks something of the patient."""
    return rule in CATALOGUE and any("patient" in each for each in CATALOGUE[rule].couples)


def _best(snapshot: Snapshot, ways: Sequence[Way]) -> Status:
    """The best that any of the ways does; open where there are more of them than are tried."""
    best = Status.INFEASIBLE if len(ways) <= MOST_WAYS else Status.NOT_PROVEN
    for status in _statuses(snapshot, ways[:MOST_WAYS]):
        if status is Status.FOUND:
            return status
        best = status if status is Status.NOT_PROVEN else best
    return best


def _statuses(snapshot: Snapshot, ways: Sequence[Way]) -> Iterable[Status]:
    for request, changes in ways:
        try:
            yield search(overlaid(snapshot, changes, request), replace(request, limit=1)).status
        except (UnknownTarget, NotWaivable):
            continue
