"""Swaps: where nobody is free, people of other booked cases are exchanged among the qualified.

Rooms, times and surgeons stay, and a case that is locked (pinned, held, started, or inside the freeze window) keeps
its people. The cases that run at the same time are tried first, then all of the day; CP-SAT finds the fewest swaps
in each, and the verifier judges the whole day that comes out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from solver import rank
from solver.assign import Slot, exchanged
from solver.book import Facts
from solver.candidates import in_room, plan_of, slot_at
from solver.clinic import SURGEON, Case
from solver.openings import Opening, distinct, openings
from solver.request import Offer, Plan, Request, Swap, Unknown
from solver.reserve import Kind, assigned
from solver.snapshot import DaySnapshot, Snapshot
from solver.verify import verify, warnings

ATTEMPTS = 16
"""Openings looked at for one request: the deterministic budget."""

MOST_CASES = 60
"""Cases of a day up to which all of them are solved together."""


@dataclass(frozen=True)
class Exchange:
    """A team for the new case and the swaps that free it; `over` is what the swaps are proven to be fewest over."""

    slot: Slot
    team: dict[str, str]
    swaps: tuple[Swap, ...]
    over: str


@dataclass
class Rescue:
    """One request that nothing fits as the book stands."""

    snapshot: Snapshot
    request: Request
    attempts: int = 0
    proven: bool = True
    fewest: str | None = None
    rejected: list[Plan] = field(default_factory=list)

    def offers(self, dates: Sequence[dt.date], most: int) -> list[Offer]:
        """Up to `most` offers of these days, each with the fewest swaps that could be found for it."""
        views = [self._loosened(date, None) for date in dates]
        ranked = distinct(sorted(openings(self.snapshot, self.request, views, in_room), key=lambda o: o.key))
        found: list[Offer] = []
        for opening in ranked:
            if len(found) < most and self._spend():
                offer = self._at(opening)
                found += [offer] if offer else []
        if not found:
            found = self._inside(views, {(o.day.date, o.room, o.mode.surgeon, o.bit) for o in ranked}, most)
        return found

    def _inside(self, views: Sequence[DaySnapshot], tried: set[tuple[object, ...]], most: int) -> list[Offer]:
        """Starts inside the openings, where no edge of one could be had."""
        found: list[Offer] = []
        every = openings(self.snapshot, replace(self.request, near=None), views, in_room, every=True)
        for opening in sorted(every, key=lambda o: o.key):
            place = (opening.day.date, opening.room, opening.mode.surgeon, opening.bit)
            if place not in tried and len(found) < most and self._spend():
                offer = self._at(opening)
                found += [offer] if offer else []
        return found

    def _spend(self) -> bool:
        self.attempts += 1
        if self.attempts > ATTEMPTS:
            self.proven = False
        return self.attempts <= ATTEMPTS

    def _at(self, opening: Opening) -> Offer | None:
        """The opening with the fewest swaps: among the cases at the same time, then over the day."""
        every = self._unlocked(opening.day.date)
        start, end = opening.day.frame.instant(opening.bit), 0
        end = start + opening.mode.minutes
        near = [case for case in every if case.start < end and start < case.end]
        best = self._solved(opening, near, "day" if len(near) == len(every) else "neighbourhood")
        if len(near) < len(every) and (best is None or len(best.swaps) > 1):
            if len(every) <= MOST_CASES:
                wider = self._solved(opening, every, "day")
                best = wider if wider is not None else best
            elif best is None:
                self.proven = False
        if best is not None and len(best.swaps) == 1 and best.over == "neighbourhood":
            best = replace(best, over="day")  # none at all would have been an offer without swaps
        return None if best is None else self._offer(opening, best)

    def _solved(self, opening: Opening, cases: Sequence[Case], over: str) -> Exchange | None:
        day = self._loosened(opening.day.date, cases)
        slot = slot_at(day, self.request, opening.mode, opening.room, opening.bit)
        if not all(slot.able.values()):
            return None
        slots = [slot, *(self._seats(day, case) for case in cases)]
        held = [{}, *(_people(case, day.facts) for case in cases)]
        solved = exchanged(slots, day.facts, self.snapshot.rules(self.request), held)
        team = solved.chosen[0]
        if team is None:
            self.proven = self.proven and solved.proven
            return None
        swaps = tuple(
            Swap(case.id, need.role, now[need.key], chosen[need.key])
            for case, seats, now, chosen in zip(cases, slots[1:], held[1:], solved.chosen[1:], strict=True)
            if chosen is not None
            for need in seats.mode.needs
            if chosen[need.key] != now[need.key]
        )
        return Exchange(slot, team, swaps, over if solved.proven else "unproven")

    def _offer(self, opening: Opening, made: Exchange) -> Offer | None:
        facts = self.snapshot.facts.without(self.request.replaces)
        plan = replace(plan_of(made.slot, made.team, self.request, facts), swaps=made.swaps)
        catalogue = self.snapshot.catalogue
        if verify(plan, facts, catalogue, catalogue.waived(self.request)):
            self.rejected.append(plan)
            return None
        order = ("day", "neighbourhood", "unproven")
        self.fewest = max(self.fewest or "day", made.over, key=order.index)
        placed = rank.Placed(opening.mode, opening.room, made.slot.start, facts, self.request)
        values = rank.terms(placed) | {"swaps": len(made.swaps)}
        first, *rest = rank.key(placed, values, self.snapshot.clinic.ranking)
        rules = self.snapshot.rules(self.request)
        return Offer(
            plan=plan,
            terms=values,
            key=(first, len(made.swaps), *rest),
            reasons=(_said(made), *rank.reasons(placed, values, plan.cases[0].team)),
            warnings=(
                "People of other booked cases are exchanged.",
                *warnings(plan, facts, catalogue, bool(self.request.overrides)),
            ),
            not_checked=tuple(Unknown(r.id, fact) for r in rules for fact in r.unknown(self.request.patient)),
            rules_checked=len(rules),
        )

    def _unlocked(self, date: dt.date) -> list[Case]:
        facts = self.snapshot.facts.without(self.request.replaces)
        frozen_until = facts.as_of + facts.clinic.settings.freeze_hours * 60
        frame = facts.calendar.frame(date)
        return [
            case
            for case in facts.cases_on(date)
            if case.status == "booked"
            and not case.pinned
            and case.start >= frozen_until
            and frame.bit(case.start) is not None
        ]

    def _loosened(self, date: dt.date, cases: Sequence[Case] | None) -> DaySnapshot:
        """The day with the people of these cases, or of all that are not locked, free for others."""
        day = self.snapshot.day(date, self.request.replaces)
        open_ = self._unlocked(date) if cases is None else cases
        book = day.facts.book
        for case in open_:
            book = book.without(case.id)
        bare = [_without(case, _people(case, day.facts)) for case in open_]
        facts = Facts(day.clinic, book.adding(day.clinic, bare), day.facts.as_of)
        return DaySnapshot(facts, day.frame, day.catalogue, day.roles)

    def _seats(self, day: DaySnapshot, case: Case) -> Slot:
        """The places of a booked case whose people may be exchanged, with everyone who could take each."""
        people, bit = _people(case, day.facts), day.frame.bit(case.start)
        mode = day.facts.mode(case)
        asked = Request(case.procedure, day.date, day.date, surgeon=case.surgeon)
        able = {}
        for need in mode.needs:
            if need.key in people:
                filling = day.filling(asked, mode, need, case.room)
                free = tuple(unit for unit in filling.units if filling.allowed(unit) >> (bit or 0) & 1)
                able[need.key] = tuple(dict.fromkeys((people[need.key], *free)))
        needs = tuple(need for need in mode.needs if need.key in able)
        return Slot(replace(mode, needs=needs), case.room, case.start, able)


def _people(case: Case, facts: Facts) -> dict[str, str]:
    """Need key -> who has it, for the places of a booked case beside the surgeon's."""
    needs = {need.key: need for need in facts.mode(case).needs if need.kind is Kind.PERSON}
    held = assigned(case, facts.clinic)
    return {key: who for key, who in held.items() if key in needs and key != SURGEON and who is not None}


def _without(case: Case, people: dict[str, str]) -> Case:
    """The case without the people in its places; those beyond what it needs stay."""
    left, team = list(people.values()), []
    for member in case.team:
        if member.resource in left:
            left.remove(member.resource)
        else:
            team.append(member)
    return replace(case, team=tuple(team))


def _said(made: Exchange) -> str:
    count = len(made.swaps)
    people = "1 person" if count == 1 else f"{count} people"
    if made.over == "unproven":
        return f"{people} exchanged; not proven to be the fewest"
    where = "over the day" if made.over == "day" else "among the cases at the same time"
    return f"{people} exchanged, the fewest {where}"
