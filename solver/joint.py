"""Several cases in one offer: masks propose each case's starts in turn, with the cases before it laid into the book.

A depth-first search in order of preference, with a budget of nodes. A set of starts counts when CP-SAT finds one
team for all its cases together and the verifier passes the whole plan. "No" is said only where a bound or the
whole tree proves it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from solver import rank
from solver.assign import Slot, teams, together
from solver.bound import most_on
from solver.bundle import Spot, offer_of, plan_together
from solver.candidates import NEW, anywhere, case_of, in_room, rooms, slot_at
from solver.clinic import Case
from solver.grid import GRID, bits
from solver.request import Offer, Plan, Request
from solver.reserve import Mode, modes
from solver.snapshot import DaySnapshot, Snapshot
from solver.verify import verify

NODES = 400
"""Partial plans looked at for one request: the deterministic budget."""


@dataclass
class Hunt:
    """One request for several cases, and what the search for them has come to so far."""

    snapshot: Snapshot
    request: Request
    nodes: int = 0
    proven: bool = True
    rejected: list[Plan] = field(default_factory=list)
    seen: set[frozenset[tuple[object, ...]]] = field(default_factory=set)

    def offers(self) -> list[Offer]:
        """The best plans, each with another first case; empty is a proven "no" where `proven` says so."""
        if self.request.arrangement == "any" and self._too_many():
            return []
        found = self._starting(wide=self.request.arrangement != "any")
        if not found and self.request.arrangement == "any" and self.proven:
            # The edges of openings had no plan, but starts inside them may have one.
            found = self._starting(wide=True)
        return found

    def _too_many(self) -> bool:
        days = (self._day(date) for date in self._dates())
        return sum(most_on(day, self.request, self._ways()) for day in days) < self.request.count

    def _starting(self, wide: bool) -> list[Offer]:
        found: list[Offer] = []
        taken: set[tuple[object, ...]] = set()
        for first in self._next((), wide):
            place = (first.day.date, first.slot.room)
            if len(found) >= self.request.limit or self._spent():
                break
            if place in taken and self.request.arrangement != "any":
                continue  # one offer per room and day: the others are the same run of cases, a step later
            offer = self._completed((first,), wide)
            if offer is not None:
                found.append(offer)
                taken.add(place)
        return found

    def _spent(self) -> bool:
        if self.nodes >= NODES:
            self.proven = False
        return self.nodes >= NODES

    def _completed(self, placed: tuple[Spot, ...], wide: bool) -> Offer | None:
        """The best offer that begins with these cases; None where there is none, or the budget is spent."""
        self.nodes += 1
        if not self._staffed(placed):
            return None
        if len(placed) == self.request.count:
            return self._settled(placed)
        for spot in self._next(placed, wide):
            if self._spent():
                return None
            offer = self._completed((*placed, spot), wide)
            if offer is not None:
                return offer
        return None

    def _staffed(self, placed: tuple[Spot, ...]) -> bool:
        """Whether one team can serve the last case and those that meet it in time; True where not known."""
        *before, last = (spot.slot for spot in placed)
        meeting = [slot for slot in before if slot.start < _over(last) and last.start < _over(slot)]
        rules = self.snapshot.rules(self.request)
        facts = placed[0].day.facts
        solved = together([*meeting, last], facts, rules) if meeting else teams([last], facts, rules)
        self.proven = self.proven and solved.proven
        return not solved.proven or None not in solved.chosen

    def _settled(self, placed: tuple[Spot, ...]) -> Offer | None:
        places = frozenset((spot.slot.room, spot.slot.start, spot.slot.mode.surgeon) for spot in placed)
        if places in self.seen:
            return None
        self.seen.add(places)
        facts = self.snapshot.facts.without(self.request.replaces)
        solved = together([spot.slot for spot in placed], facts, self.snapshot.rules(self.request))
        self.proven = self.proven and solved.proven
        chosen = [team for team in solved.chosen if team is not None]
        if len(chosen) < len(placed):
            return None
        plan = plan_together(placed, chosen, self.request, facts)
        if verify(plan, facts, self.snapshot.catalogue, self.snapshot.catalogue.waived(self.request)):
            self.rejected.append(plan)
            self.proven = False
            return None
        return offer_of(self.snapshot, self.request, placed, plan, facts)

    def _next(self, placed: tuple[Spot, ...], wide: bool) -> Iterator[Spot]:
        """The spots for the next case, best first, day by day."""
        chained = self.request.arrangement != "any"
        cases = tuple(self._case(index, spot) for index, spot in enumerate(placed, 1))
        asked = self._asked(len(placed))
        for date in self._dates():
            if placed and (date < placed[-1].day.date or (chained and date != placed[-1].day.date)):
                continue
            day = self._day(date)
            laid = day.laid(cases) if cases else day
            for spot in sorted(self._spots(laid, asked, placed, wide or chained), key=lambda spot: spot.key):
                # Cases of one kind are tried in one order only: the others are the same plan.
                if not placed or chained or _order(spot) > _order(placed[-1]):
                    yield spot

    def _spots(
        self, day: DaySnapshot, asked: Request, placed: tuple[Spot, ...], wide: bool
    ) -> Iterator[Spot]:
        chained = placed and self.request.arrangement != "any"
        pair = {spot.slot.room for spot in placed[:2]} if chained and len(placed) > 1 else None
        for mode in self._ways():
            if chained and mode.surgeon != placed[0].slot.mode.surgeon:
                continue
            mask = anywhere(day, asked, mode)
            for room in rooms(self.snapshot, asked) if mask else ():
                if pair is None or room in pair:
                    able = list(bits(in_room(day, asked, mode, room, mask)))
                    for bit in able if wide else self._edges(able):
                        yield self._spot(day, asked, mode, room, bit)

    def _edges(self, able: list[int]) -> list[int]:
        """The first and last start of every run of starts on the clinic's step."""
        step = self.snapshot.clinic.start_step_minutes
        inner = {
            bit
            for before, bit, after in zip(able, able[1:], able[2:], strict=False)
            if (bit - before) * GRID <= step and (after - bit) * GRID <= step
        }
        return [bit for bit in able if bit not in inner]

    def _spot(self, day: DaySnapshot, asked: Request, mode: Mode, room: str, bit: int) -> Spot:
        slot = slot_at(day, asked, mode, room, bit)
        placed = rank.Placed(mode, room, slot.start, day.facts, self.request)
        key = rank.key(placed, rank.terms(placed, day.clinic.ranking), day.clinic.ranking)
        earliest = (slot.start,) if self.request.arrangement == "any" else ()
        return Spot(self._day(day.date), asked, slot, (*earliest, *key))

    def _asked(self, index: int) -> Request:
        """The request as it is for one more case: what was said of the group's start holds for its first case."""
        if index == 0:
            return self.request
        later = replace(self.request, at=None, near=None, after_case=None)
        if self.request.arrangement == "any":
            return later
        return replace(later, position=None, start_until=None, after_case=f"{NEW}-{index}")

    def _case(self, index: int, spot: Spot) -> Case:
        return case_of(spot.slot, {}, spot.asked, index)

    def _day(self, date: dt.date) -> DaySnapshot:
        return self.snapshot.day(date, self.request.replaces)

    def _dates(self) -> list[dt.date]:
        today = self.snapshot.facts.calendar.date(self.snapshot.facts.as_of)
        return [day for day in self.request.days() if day >= today]

    def _ways(self) -> list[Mode]:
        return modes(self.snapshot.clinic, self.request)


def _order(spot: Spot) -> tuple[int, str, str]:
    return spot.slot.start, spot.slot.room, spot.slot.mode.surgeon


def _over(slot: Slot) -> int:
    """The instant at which the last of a slot's people is free."""
    return slot.start + slot.mode.minutes
