"""Candidates and the top slots: masks first, then the joint choice of teams, then the verifier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from solver import rank
from solver.assign import Slot, teams
from solver.book import Facts
from solver.candidates import anywhere, in_room, plan_of, rooms, slot_at, staffed, starts, units, wanted
from solver.clinic import Instant
from solver.grid import GRID, Mask, bits
from solver.joint import Hunt
from solver.request import Offer, Plan, Request, Status, Unknown
from solver.reserve import Mode, modes
from solver.snapshot import DaySnapshot, Snapshot
from solver.verify import sentences, verify

Starts = Callable[[DaySnapshot, Request, Mode, str, Mask], Mask]
"""Which of some starts of one mode there are in one room on one day."""


@dataclass(frozen=True)
class Search:
    """What a search came to. `rejected` are plans that the verifier threw out: always a defect of a rule."""

    offers: tuple[Offer, ...]
    status: Status
    rejected: tuple[Plan, ...] = ()


@dataclass(frozen=True)
class Opening:
    """A start that the masks allow and the ranking puts forward; its team is looked at when its turn comes."""

    key: tuple[object, ...]
    day: DaySnapshot
    mode: Mode
    room: str
    bit: int


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
    return Search((), Status.INFEASIBLE if sure else Status.NOT_PROVEN, total.rejected)


def _groups(snapshot: Snapshot, request: Request) -> Iterator[list[dt.date]]:
    """Days to be ranked together: one by one where an earlier day always wins, else all at once."""
    today = snapshot.facts.calendar.date(snapshot.facts.as_of)
    days = [day for day in request.days() if day >= today]
    return iter([day] for day in days) if rank.day_first(snapshot.clinic.ranking) else iter([days])


def _top(snapshot: Snapshot, request: Request, days: Iterable[dt.date], able: Starts, most: int) -> Served:
    """The best `most` openings of these days that have a team; `able` says which starts there are."""
    total = Served()
    ranked = _distinct(sorted(_openings(snapshot, request, days, able), key=lambda opening: opening.key))
    while ranked and len(total.offers) < most:
        left = most - len(total.offers)
        batch, ranked = ranked[:left], ranked[left:]
        total += _served(snapshot, request, [slot_at(o.day, request, o.mode, o.room, o.bit) for o in batch])
    return total


def _openings(
    snapshot: Snapshot, request: Request, days: Iterable[dt.date], able: Starts
) -> Iterator[Opening]:
    """One slot per day, room and opening, at the opening's best edge; the far edge ranks behind all others."""
    allowed, step = rooms(snapshot, request), snapshot.clinic.start_step_minutes
    ways = modes(snapshot.clinic, request)
    for date in days:
        day = snapshot.day(date, request.replaces)
        for mode in ways:
            mask = anywhere(day, request, mode)
            for room in allowed if mask else ():
                for run in _runs(able(day, request, mode, room, mask), step):
                    yield from _edges(day, request, mode, room, run)


def _distinct(
    ranked: list[Opening],
) -> list[Opening]:
    """The best surgeon's slot only, where several could start in the same room at the same time."""
    best: dict[tuple[str, Instant], Opening] = {}
    for opening in ranked:
        best.setdefault((opening.room, opening.day.frame.instant(opening.bit)), opening)
    return list(best.values())


def _edges(day: DaySnapshot, request: Request, mode: Mode, room: str, run: list[int]) -> Iterator[Opening]:
    if request.near is not None:
        closest = min(run, key=lambda bit: (_away(day, request.near, bit), bit))
        key = _key(day, request, mode, room, closest)
        yield Opening((_away(day, request.near, closest), *key), day, mode, room, closest)
        return
    keyed = sorted((_key(day, request, mode, room, bit), bit) for bit in {run[0], run[-1]})
    for choice, (key, bit) in enumerate(keyed):
        if choice == 0 or (run[-1] - run[0]) * GRID >= mode.minutes:
            yield Opening((key[0], choice, *key[1:]), day, mode, room, bit)


def _away(day: DaySnapshot, near: Instant | None, bit: int) -> int:
    return abs(day.frame.instant(bit) - near) if near is not None else 0


def _key(day: DaySnapshot, request: Request, mode: Mode, room: str, bit: int) -> tuple[object, ...]:
    placed = rank.Placed(mode, room, day.frame.instant(bit), day.facts, request)
    return rank.key(placed, rank.terms(placed), day.clinic.ranking)


def _runs(mask: Mask, step: int) -> Iterator[list[int]]:
    """Starts that follow each other on the clinic's start step: one opening each."""
    run: list[int] = []
    for bit in bits(mask):
        if run and (bit - run[-1]) * GRID > step:
            yield run
            run = []
        run.append(bit)
    if run:
        yield run


def _served(snapshot: Snapshot, request: Request, slots: list[Slot]) -> Served:
    facts = snapshot.facts.without(request.replaces)
    solved = teams(slots, facts, snapshot.rules(request))
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
    # The verifier has passed every rule that isn't waived: what it finds now was overridden.
    overridden = verify(plan, facts, snapshot.catalogue) if request.overrides else ()
    return Offer(
        plan=plan,
        terms=values,
        key=rank.key(placed, values, snapshot.clinic.ranking),
        reasons=rank.reasons(placed, values),
        warnings=tuple(f"Overridden: {text}" for text in sentences(overridden, snapshot.catalogue)),
        not_checked=tuple(Unknown(r.id, fact) for r in rules for fact in r.unknown(request.patient)),
        rules_checked=len(rules),
    )


__all__ = ["Search", "plan_of", "rooms", "search", "slot_at", "starts", "units", "wanted"]
