"""Candidates and the top slots: masks first, then the joint choice of teams, then the verifier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from solver import rank
from solver.assign import Slot, Teams, teams
from solver.book import Facts
from solver.candidates import in_room, likely_slot, plan_of, rooms, slot_at, staffed, starts, units, wanted
from solver.joint import Hunt
from solver.openings import Opening, Starts, distinct, openings
from solver.request import Offer, Plan, Request, Status, Unknown
from solver.snapshot import Snapshot
from solver.swaps import Rescue
from solver.verify import verify, warnings


@dataclass(frozen=True)
class Search:
    """What a search came to. `rejected` are plans that the verifier threw out: always a defect of a rule.

    `fewest_swaps` says over what the swaps of every offer were proven to be the fewest: "day", "neighbourhood" (the
    cases that run at the same time), "unproven", or None where nobody was exchanged.
    """

    offers: tuple[Offer, ...]
    status: Status
    rejected: tuple[Plan, ...] = ()
    fewest_swaps: str | None = None


@dataclass(frozen=True)
class Served:
    """What became of openings; `whole` where each of them had a team."""

    offers: tuple[Offer, ...] = ()
    rejected: tuple[Plan, ...] = ()
    proven: bool = True
    whole: bool = True

    def __add__(self, other: Served) -> Served:
        return Served(
            self.offers + other.offers,
            self.rejected + other.rejected,
            self.proven and other.proven,
            self.whole and other.whole,
        )


def search(snapshot: Snapshot, request: Request) -> Search:
    """The best offers for a request, each with its whole team and passed by the verifier; may raise `NotWaivable`."""
    snapshot.rules(request)  # an override of what is never waived is refused, whether there is a slot or not
    return _single(snapshot, request) if request.count == 1 else _several(snapshot, request)


def _several(snapshot: Snapshot, request: Request) -> Search:
    hunt = Hunt(snapshot, request)
    offers = tuple(sorted(hunt.offers(), key=lambda offer: offer.key))
    if offers:
        return Search(offers, Status.FOUND, tuple(hunt.rejected))
    return Search((), Status.INFEASIBLE if hunt.proven else Status.NOT_PROVEN, tuple(hunt.rejected))


def _swapped(snapshot: Snapshot, request: Request, sure: bool) -> Search:
    """Where nothing fits as the book stands: what fits when people of other cases are exchanged."""
    rescue = Rescue(snapshot, request)
    offers: list[Offer] = []
    for group in _groups(snapshot, request):
        offers += rescue.offers(group, request.limit - len(offers))
        if len(offers) >= request.limit:
            break
    ranked = tuple(sorted(offers, key=lambda offer: offer.key))
    if ranked:
        return Search(ranked, Status.FOUND, tuple(rescue.rejected), rescue.fewest)
    proven = sure and rescue.proven and not rescue.rejected
    return Search((), Status.INFEASIBLE if proven else Status.NOT_PROVEN, tuple(rescue.rejected))


def _single(snapshot: Snapshot, request: Request) -> Search:
    total = Served()
    for group in _groups(snapshot, request):
        most = request.limit - len(total.offers)
        served = _top(snapshot, request, group, in_room, most)
        if not served.whole:
            # An opening's edge had no team of different people, but a start inside it may have one.
            served = _top(snapshot, request, group, staffed, most)
        total += served
        if len(total.offers) >= request.limit:
            break
    if total.offers:
        ranked = tuple(sorted(total.offers, key=lambda offer: offer.key))
        return Search(ranked, Status.FOUND, total.rejected)
    sure = total.proven and not total.rejected
    if request.allow_swaps:
        return _swapped(snapshot, request, sure)
    return Search((), Status.INFEASIBLE if sure else Status.NOT_PROVEN, total.rejected)


def _groups(snapshot: Snapshot, request: Request) -> Iterator[list[dt.date]]:
    """Days to be ranked together: one by one where an earlier day always wins, else all at once."""
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    days = [day for day in request.days() if day >= today]
    return iter([day] for day in days) if rank.day_first(snapshot.clinic.ranking) else iter([days])


def _top(snapshot: Snapshot, request: Request, days: Iterable[dt.date], able: Starts, most: int) -> Served:
    """The best `most` openings of these days that have a team; `able` says which starts there are."""
    total = Served()
    views = [snapshot.day(date, request.replaces) for date in days]
    ranked = distinct(sorted(openings(snapshot, request, views, able), key=lambda opening: opening.key))
    while ranked and len(total.offers) < most:
        left = most - len(total.offers)
        batch, ranked = ranked[:left], ranked[left:]
        total += _served(snapshot, request, batch)
    return total


def _teams(snapshot: Snapshot, request: Request, batch: list[Opening]) -> tuple[list[Slot], Teams]:
    """Teams from the likeliest people; for openings where these don't make one, from everyone."""
    places = [(o.day, request, o.mode, o.room, o.bit) for o in batch]
    facts, rules = batch[0].day.facts, snapshot.rules(request)
    slots = [likely_slot(*place) for place in places]
    solved = teams(slots, facts, rules)
    left = [index for index, team in enumerate(solved.chosen) if team is None]
    if not left:
        return slots, solved
    rest = teams([slot_at(*places[index]) for index in left], facts, rules)
    chosen = dict(zip(left, rest.chosen, strict=True))
    every = tuple(chosen.get(index, team) for index, team in enumerate(solved.chosen))
    return slots, Teams(every, rest.proven)


def _served(snapshot: Snapshot, request: Request, batch: list[Opening]) -> Served:
    slots, solved = _teams(snapshot, request, batch)
    facts = batch[0].day.facts
    offers, thrown = [], []
    for slot, team in zip(slots, solved.chosen, strict=True):
        if team is not None:
            plan = plan_of(slot, team, request, facts)
            waived = snapshot.catalogue.waived(request)
            if verify(plan, facts, snapshot.catalogue, waived):
                thrown.append(plan)
            else:
                offers.append(_offer(snapshot, request, slot, plan, facts))
    return Served(tuple(offers), tuple(thrown), solved.proven, None not in solved.chosen)


def _offer(snapshot: Snapshot, request: Request, slot: Slot, plan: Plan, facts: Facts) -> Offer:
    placed = rank.Placed(slot.mode, slot.room, slot.start, facts, request)
    values = rank.terms(placed)
    rules = snapshot.rules(request)
    return Offer(
        plan=plan,
        terms=values,
        key=rank.key(placed, values, snapshot.clinic.ranking),
        reasons=rank.reasons(placed, values, plan.cases[0].team),
        warnings=warnings(plan, facts, snapshot.catalogue, bool(request.overrides)),
        not_checked=tuple(Unknown(r.id, fact) for r in rules for fact in r.unknown(request.patient)),
        rules_checked=len(rules),
    )


__all__ = ["Search", "plan_of", "rooms", "search", "slot_at", "starts", "units", "wanted"]
