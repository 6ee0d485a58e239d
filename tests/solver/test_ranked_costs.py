"""Ranked costs equal brute force: on random small clinics, with terms worked out minute by minute from the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from solver.search import search
from tests.solver.brute import asked, by_solver, loaded
from tests.solver.clinics import NEW_YORK
from tests.solver.strategies import Record, one_of, situations

LEVELS: Sequence[Sequence[tuple[str, float]]] = (
    (("day", 1),), (("overtime", 2), ("gap", 1), ("utilisation", 1), ("preference", 30)), (("start", 1),),
)  # fmt: skip
Where = tuple[str, str, int]
"""Room, surgeon, instant of wheels-in."""


class Naive:
    """The terms by the plainest code: sets of minutes, the file's own records, no reservations."""

    def __init__(self, data: Record, request: Record) -> None:
        self.data, self.request = data, request
        self.cases = [
            case for case in data["cases"]
            if case["status"] in ("held", "booked", "done") and case["id"] != request.get("replaces")
        ]  # fmt: skip

    def terms(self, where: Where) -> dict[str, float]:
        """Each term of a start."""
        room, surgeon, start = where
        wall = NEW_YORK.wall(start)
        return {
            "day": (wall.date() - date.fromisoformat(self.request["date_from"])).days,
            "start": wall.hour * 60 + wall.minute,
            "overtime": self._overtime(room, surgeon, start),
            "gap": self._gap(room, start, surgeon, wall.date()),
            "utilisation": self._outside(room, surgeon, start),
            "preference": self._against(room, surgeon, start),
        }

    def minutes(self, surgeon: str) -> int:
        """Planned minutes of what is asked."""
        if self.request.get("duration_minutes"):
            return int(self.request["duration_minutes"])
        planned = self.data["clinic"]["settings"]["planned"]
        names = [self.request["procedure"], *self.request.get("additional_procedures", [])]
        return max(int(self.data["procedures"][name]["minutes"]["default"][planned]) for name in names)

    def key(self, where: Where) -> tuple[Any, ...]:
        """What starts are ordered by."""
        terms = self.terms(where)
        return (
            *(sum(weight * terms[term] for term, weight in level) for level in LEVELS),
            where[2],
            *where[:2],
        )

    def _blocks(self, surgeon: str, start: int) -> list[tuple[str, set[int]]]:
        day, found = NEW_YORK.wall(start).date(), []
        for block in self.data["blocks"]:
            falls = f"{day:%a}".lower() == block["day"] and (day.day - 1) // 7 + 1 in block["weeks"]
            if block["owner"] == surgeon and falls and str(day) not in block["released"]:
                first, last = (self._instant(day, clock) for clock in block["hours"].split("-"))
                found.append((block["room"], set(range(first, last))))
        return found

    def _instant(self, day: date, clock: str) -> int:
        return NEW_YORK.of(datetime.fromisoformat(f"{day}T{clock}"))

    def _overtime(self, room: str, surgeon: str, start: int) -> int:
        last = [max(block) + 1 for where, block in self._blocks(surgeon, start) if where == room]
        return max(0, start + self.minutes(surgeon) - max(last)) if last else 0

    def _taken(self, room: str) -> list[tuple[int, int, int, int]]:
        """Set-up, wheels-in, wheels-out and turnover of the cases in a room."""
        found = []
        for case in self.cases:
            names = [case["procedure"], *case.get("additional_procedures", [])]
            start = NEW_YORK.of(datetime.fromisoformat(case["start"]))
            most = [
                max(self.data["procedures"][n][key] for n in names)
                for key in ("setup_minutes", "turnover_minutes")
            ]
            if case["room"] == room:
                found.append((most[0], start, start + case["minutes"], most[1]))
        return sorted(found, key=lambda one: one[1])

    def _mine(self) -> tuple[int, int]:
        names = [self.request["procedure"], *self.request.get("additional_procedures", [])]
        procedures = [self.data["procedures"][name] for name in names]
        return max(p["setup_minutes"] for p in procedures), max(p["turnover_minutes"] for p in procedures)

    def _gap(self, room: str, start: int, surgeon: str, day: date) -> int:
        setup, turnover = self._mine()
        end = start + self.minutes(surgeon)
        first, last = self._instant(day, "00:00"), self._instant(day + timedelta(days=1), "00:00")
        near = [one for one in self._taken(room) if one[1] < last and one[2] > first]
        idle = [start - setup - out - after for _, _, out, after in near if out <= start][-1:]
        idle += [into - before - end - turnover for before, into, _, _ in near if into >= end][:1]
        return sum(minutes for minutes in idle if 0 < minutes < 60)

    def _outside(self, room: str, surgeon: str, start: int) -> int:
        case, own = set(range(start, start + self.minutes(surgeon))), self._blocks(surgeon, start)
        if not own:
            prime = self.data["clinic"]["settings"].get("prime_time")
            if not prime:
                return 0
            day = NEW_YORK.wall(start).date()
            first, last = (self._instant(day, clock) for clock in prime.split("-"))
            return len(case - set(range(first, last)))
        inside = set().union(*(block for where, block in own if where == room))
        able = any(self._holds(block, where, len(case)) for where, block in own)
        return len(case - inside) if able else 0

    def _holds(self, block: set[int], room: str, length: int) -> bool:
        setup, turnover = self._mine()
        near = [one for one in self._taken(room) if one[1] <= max(block) and one[2] > min(block)]
        return any(
            set(range(at, at + length)) <= block
            and all(
                at + length + turnover + before <= into or out + after + setup <= at
                for before, into, out, after in near
            )
            for at in block
        )

    def _against(self, room: str, surgeon: str, start: int) -> int:
        said = self.data["staff"][surgeon].get("preferences", {})
        day, names = (
            NEW_YORK.wall(start).date(),
            {self.request["procedure"], *self.request.get("additional_procedures", [])},
        )
        others = [
            case for case in self.cases
            if case["surgeon"] == surgeon and self._touches(case, day)
        ]  # fmt: skip
        against = int(bool(said.get("rooms")) and room not in said["rooms"])
        if said.get("first"):
            against += any(self._disordered(said["first"], names, start, other) for other in others)
        if said.get("consecutive") and others:
            against += all(self._apart(surgeon, start, other) for other in others)
        return against

    def _touches(self, case: Record, day: date) -> bool:
        start = NEW_YORK.of(datetime.fromisoformat(case["start"]))
        first, last = self._instant(day, "00:00"), self._instant(day + timedelta(days=1), "00:00")
        return start < last and start + case["minutes"] > first

    def _disordered(self, first: list[str], names: set[str], start: int, other: Record) -> bool:
        mine = bool(names & set(first))
        theirs = bool({other["procedure"], *other.get("additional_procedures", [])} & set(first))
        theirs_in = NEW_YORK.of(datetime.fromisoformat(other["start"]))
        before, behind = start < theirs_in, start >= theirs_in
        return (mine and not theirs and behind) or (theirs and not mine and before)

    def _apart(self, surgeon: str, start: int, other: Record) -> bool:
        (setup, turnover), end = self._mine(), start + self.minutes(surgeon)
        before, into, out, after = next(
            one for one in self._taken(other["room"])
            if one[1] == NEW_YORK.of(datetime.fromisoformat(other["start"])) and one[2] - one[1] == other["minutes"]
        )  # fmt: skip
        if into < start:
            return start - out - after - setup >= 60
        return into - end - turnover - before >= 60


def edges(naive: Naive, places: set[Where], step: int) -> Iterator[Where]:
    """The first and the last start of every opening."""
    for room, surgeon, start in sorted(places):
        inside = {(room, surgeon, start - step), (room, surgeon, start + step)} <= places
        if not inside:
            yield room, surgeon, start


def wished(draw: Any, data: Record) -> None:
    """Surgeons who have said something, a prime time, and levels with a weight for each."""
    for surgeon in ("s1", "s2"):
        data["staff"][surgeon]["preferences"] = draw(one_of(
            {"rooms": ["r2"]}, {"consecutive": True}, {"first": ["p"]}, {"first": ["q"], "rooms": ["r1"]}, {},
        ))  # fmt: skip
    data["clinic"]["settings"]["prime_time"] = draw(one_of("07:30-11:00", None))
    data["ranking"] = {"levels": [[{"term": t, "weight": w} for t, w in level] for level in LEVELS]}


@st.composite
def ranked(draw: Any) -> tuple[Record, Record, datetime]:
    """A random clinic whose surgeons have preferences, and what is asked."""
    data, request, now = draw(situations(plain=True))
    wished(draw, data)
    return data, request, now


@settings(
    max_examples=50,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.filter_too_much],
)
@given(ranked())
def test_ranked_costs_equal_brute_force(situation: tuple[Record, Record, datetime]) -> None:
    """Every offer's terms are what plain counting gives, and none of an opening's edges is better than the first."""
    data, request, now = situation
    snapshot = loaded(data, now)
    offers = search(snapshot, asked(request)).offers
    assume(offers)
    naive = Naive(data, request)
    for offer in offers:
        case = offer.plan.cases[0]
        where = case.room, case.surgeon, case.start
        found = naive.terms(where)
        assert {term: offer.terms[term] for term in found} == found
        assert offer.key == naive.key(where)
    assert [offer.key for offer in offers] == sorted(offer.key for offer in offers)
    places = by_solver(snapshot, asked(request))
    best = min(naive.key(where) for where in edges(naive, places, data["clinic"]["start_step_minutes"]))
    assert offers[0].key == best
