"""Judges offers against an exported clinic file: every rule by the plainest code, over datetimes and lists.

Rule ids are those of the rule catalogue, and four more for what it has no id for: `start-step`, `duration`,
`request` (the offer isn't what was asked for) and `unknown` (a name the file doesn't hold).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import yaml

from .book import OCCUPYING, Case, Clinic, Finding, Record
from .clock import Span, as_date, minutes
from .judge import Judge
from .people import Others
from .places import named_units
from .reasons import Reasons, bar
from .search import candidates, possible

Start = tuple[str, str, datetime]
"""Room, surgeon and wheels-in."""

SEARCHED: dict[str, tuple[object, ...]] = {
    "count": (None, 1),
}  # fmt: skip


def load(source: str | Path | Record) -> World:
    """A world from a clinic file's path or from its parsed content."""
    data = source if isinstance(source, dict) else yaml.safe_load(Path(source).read_text(encoding="utf-8"))
    return World(data)


class World:
    """A clinic and its book."""

    def __init__(self, data: Record) -> None:
        self.clinic = Clinic(data)
        self.booked: dict[str, Case] = {}
        self.added = 0
        for raw in data.get("cases") or []:
            self.add(raw)

    def add(self, case: Record) -> str:
        """Book a case without judging it; returns its id. Only held, booked and done cases occupy."""
        self.added += 1
        made = self.clinic.case(case, f"added-{self.added}")
        if case.get("status", "booked") in OCCUPYING:
            self.booked[made.id] = made
        return made.id

    def remove(self, case_id: str) -> None:
        """Take a case out of the book; KeyError when it isn't there."""
        del self.booked[case_id]

    def judge(self, case: Record, *, now: datetime, request: Record | None = None) -> list[str]:
        """What is wrong with one offered case: "rule subject: words" each, nothing when it fits."""
        return self.judge_all([case], now=now, request=request)

    def judge_all(self, cases: list[Record], *, now: datetime, request: Record | None = None) -> list[str]:
        """What is wrong with the cases of one offer, taken together."""
        judge = Judge(self.clinic, self.clinic.clock.instant(now), request or {})
        missing = [row for raw in cases for row in self._missing(raw)]
        if missing:
            return _sentences(missing)
        made = [self.clinic.case(raw, f"offered-{n}", request) for n, raw in enumerate(cases, 1)]
        made = [chained(one, made[:n], request or {}) for n, one in enumerate(made)]
        found = judge.binding(named_units(self.clinic, made))
        for case in made:
            others = self._others(request, [one for one in made if one is not case], case.span)
            found += judge.beside_team(case, others.cases) + judge.team(case, others)
        return _sentences(found)

    def feasible_starts(
        self, request: Record, *, now: datetime, only: Iterable[tuple[str, str]] | None = None
    ) -> set[Start]:
        """Every (room, surgeon, start) that some team makes a case which `judge` accepts; for small clinics.

        With `only`, nothing but those atoms, (rule, subject) each, is held against a start.
        Starts have a fixed offset, so that they equal `datetime.fromisoformat` of an offer's start.
        Raises ValueError for requests about several cases, which it doesn't search.
        """
        return set(self.starts(request, now=now, only=only))

    def starts(
        self, request: Record, *, now: datetime, only: Iterable[tuple[str, str]] | None = None
    ) -> Iterator[Start]:
        """The same one by one, for who needs to know only whether there is any."""
        searchable(request)
        held = None if only is None else frozenset(only)
        judge = Judge(self.clinic, self.clinic.clock.instant(now), request, held)
        others = self._others(request, [], self._window(request))
        for case in candidates(self.clinic, request):
            if possible(judge, case, others):
                yield case.room, case.surgeon, self.clinic.clock.fixed(case.begin)

    def reasons(self, request: Record, *, now: datetime) -> Reasons:
        """What bars every start of the request, one by one, so that a reason can be held against all of them."""
        searchable(request)
        judge = Judge(self.clinic, self.clinic.clock.instant(now), request)
        others = self._others(request, [], self._window(request))
        return Reasons(bar(judge, case, others) for case in candidates(self.clinic, request))

    def _window(self, request: Record) -> Span:
        clock = self.clinic.clock
        return clock.at(as_date(request["date_from"]), "00:00"), clock.at(
            as_date(request["date_to"]), "24:00"
        )

    def _others(self, request: Record | None, beside: list[Case], span: Span) -> Others:
        """The cases that could matter to one in the span: a rule looks no further than days, tails and stays."""
        replaced = (request or {}).get("replaces")
        far = timedelta(days=self.clinic.longest_gap()) + minutes(self.clinic.longest_tail())
        standing = [
            case
            for case in self.booked.values()
            if case.id != replaced and case.begin < span[1] + far and span[0] - far < case.end
        ]
        return Others(self.clinic, [*standing, *beside])

    def _missing(self, raw: Record) -> list[Finding]:
        """Names in an offered case that the file doesn't hold."""
        clinic = self.clinic
        procedures = [raw["procedure"], *(raw.get("additional_procedures") or [])]
        people = [raw["surgeon"], *(row["resource"] for row in raw.get("team") or [])]
        names = [(raw["room"], clinic.rooms), *((one, clinic.procedures) for one in procedures)]
        names += [(one, clinic.staff) for one in people]
        return [("unknown", name, "is not in the clinic file") for name, known in names if name not in known]


def chained(case: Case, before: list[Case], request: Record) -> Case:
    """A case with what the request says of its place: behind the case named, or behind the one offered before it."""
    arrangement = request.get("arrangement") or "any"
    if not before:
        follows = request.get("after_case")
        return replace(case, follows=follows, arrangement=arrangement) if follows else case
    return case if arrangement == "any" else replace(case, follows=before[-1].id, arrangement=arrangement)


def searchable(request: Record) -> None:
    """Raises ValueError for a request about several cases."""
    for key, plain in SEARCHED.items():
        if request.get(key) not in plain:
            raise ValueError(f"{key}={request[key]!r} is not searched here. Maybe judge the offers alone.")


def _sentences(found: list[Finding]) -> list[str]:
    return list(dict.fromkeys(f"{rule} {subject}: {words}" for rule, subject, words in found))
