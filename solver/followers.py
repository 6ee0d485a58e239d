"""A moved case takes those along that follow it: where each of them would stand then, or why it can't follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from solver import relations
from solver.assign import Slot
from solver.book import Facts
from solver.candidates import units
from solver.clinic import Case, Instant, UnitUse
from solver.explain import violations_at
from solver.request import Plan, Reason, Request, patient_of
from solver.search import search
from solver.snapshot import Snapshot
from solver.verify import verify


@dataclass(frozen=True)
class Moved:
    """A follower in its new place: `after` keeps its id, patient and relation; its team may be another."""

    before: Case
    after: Case
    units: tuple[UnitUse, ...]

    @property
    def plan(self) -> Plan:
        """What is written for it, beside the move that it follows."""
        return Plan((self.after,), (self.units,), (), patient_of(self.after))


@dataclass(frozen=True)
class Stuck:
    """A follower that can't go along, with every rule that stands against its place behind the moved case."""

    case: Case
    reasons: tuple[Reason, ...]


def followers_after(snapshot: Snapshot, case: str, new_slot: Case) -> list[Moved | Stuck]:
    """What becomes of the cases that follow `case`, directly or in a chain, once it stands at `new_slot`.

    `snapshot` is the clinic before the move, `new_slot` the case of the offer that was found with `replaces=case`
    (its id doesn't matter). A follower starts when its room is ready after the case before it, as one that is
    booked "to follow" does; a flip keeps its distance from the other start where it can; one that can't go along but
    breaks no rule where it stands stays. Those that stay exactly where they are aren't listed, nor is what follows a
    `Stuck` case, which stays with it. In order of the chain:
    every `Moved` is verified against the book with the move and all listed before it, so that writing them in this
    order, after the move, breaks no rule. Raises KeyError where the book has no such case.
    """
    book = snapshot.facts.book
    moved = replace(new_slot, id=book.cases[case].id)
    chain = _chain(book.cases.values(), case)
    facts = snapshot.facts.without(case)
    for follower in chain:
        facts = facts.without(follower.id)
    return list(_placed(snapshot, facts.after(Plan((moved,))), chain, moved))


def _chain(booked: Iterable[Case], case: str) -> list[Case]:
    """The cases that follow, each behind the one it follows and once, whatever the records say."""
    ordered, known, waiting = list[Case](), {case}, [case]
    by_start = sorted(booked, key=lambda each: (each.start, each.id))
    while waiting:
        before = waiting.pop(0)
        direct = [each for each in by_start if each.follows == before and each.id not in known]
        ordered += direct
        waiting += [each.id for each in direct]
        known |= {each.id for each in direct}
    return ordered


def _placed(snapshot: Snapshot, facts: Facts, chain: list[Case], moved: Case) -> Iterator[Moved | Stuck]:
    """Places one follower after the other; `stands` is where the cases that they follow are by then."""
    stands = {moved.id: moved}
    for follower in chain:
        before, result = stands.get(follower.follows or ""), None
        if before is not None:  # else what it follows is stuck and stays, and so does it
            now = Snapshot(facts, snapshot.catalogue)
            result = _behind(now, follower, before, _lag(snapshot, follower))
        facts = facts.after(Plan((result.after if isinstance(result, Moved) else follower,)))
        if isinstance(result, Moved):
            stands[follower.id] = result.after
        if isinstance(result, Stuck) or (result is not None and result.after != follower):
            yield result


def _lag(snapshot: Snapshot, follower: Case) -> int:
    """Minutes by which a follower starts after the case before it, as they stand now."""
    return follower.start - snapshot.facts.book.cases[follower.follows or ""].start


def _behind(snapshot: Snapshot, follower: Case, before: Case, lag: int) -> Moved | Stuck:
    """The follower behind the case in its new place: with its own team where that is free, else with another."""
    flips = follower.arrangement == "flip"
    kept = replace(
        follower,
        start=before.start + lag if flips else _ready(snapshot, follower, before),
        room=follower.room if flips else before.room,
    )
    if _stands(snapshot, kept):
        return _moved(snapshot.facts, follower, kept)
    exact = _request(snapshot.facts, kept)
    nearest = replace(exact, at=None, near=kept.start, room=None)
    for request in (exact, nearest) if flips else (exact,):
        for offer in search(snapshot, request).offers:
            (found,) = offer.plan.cases
            placed = replace(follower, start=found.start, room=found.room, team=found.team)
            return _moved(snapshot.facts, follower, placed)
    if _stands(snapshot, follower):
        return _moved(snapshot.facts, follower, follower)
    _, violations = violations_at(snapshot, exact)
    return Stuck(follower, tuple(snapshot.catalogue.reason(violation) for violation in violations))


def _stands(snapshot: Snapshot, case: Case) -> bool:
    """Whether a case breaks no rule there, but for those that it was booked in spite of."""
    plan = Plan((case,), patient=patient_of(case))
    return not verify(plan, snapshot.facts, snapshot.catalogue, frozenset(case.exceptions))


def _ready(snapshot: Snapshot, follower: Case, before: Case) -> Instant:
    """When the room is ready for a follower, on the clinic's start step."""
    facts = snapshot.facts
    wait = relations.gap(facts.mode(before), facts.mode(follower), snapshot.catalogue, facts.date(before))
    return relations.next_start(facts, before.end + wait)


def _request(facts: Facts, kept: Case) -> Request:
    """The search for another team for a follower in its new place."""
    day = facts.date(kept)
    return Request(
        procedure=kept.procedure,
        additional_procedures=kept.additional_procedures,
        date_from=day,
        date_to=day,
        surgeon=kept.surgeon,
        room=kept.room,
        duration_minutes=kept.minutes,
        anesthesia=kept.anesthesia,
        extra_equipment=kept.extra_equipment,
        patient=patient_of(kept),
        after_case=kept.follows,
        arrangement=kept.arrangement,
        limit=1,
        at=kept.start,
    )


def _moved(facts: Facts, before: Case, after: Case) -> Moved:
    mode, able = facts.mode(before), dict[str, tuple[str, ...]]()
    return Moved(before, after, units(Slot(mode, after.room, after.start, able), facts))
