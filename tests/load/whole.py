"""What must be true of a book whatever happened to its writers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from tools.records import tables as t
from tools.records import trail
from tools.records.occupancy import takings
from tools.records.sealing import opened
from tools.records.store import Store


def faults(store: Store, confirmed: set[str] = frozenset()) -> list[str]:  # type: ignore[assignment]
    """Everything that is half-written or lost, in words; `confirmed` are the cases that somebody was told of."""
    return [*_reservations(store), *_proposals(store), *_told(store, confirmed), *_chains(store)]


def _reservations(store: Store) -> Iterator[str]:
    """Each case has what it takes, and nothing is taken by anything else."""
    r, clinic = t.reservations.c, store.clinic()
    held: dict[str, Counter[tuple[str, int, int]]] = defaultdict(Counter)
    with store.reading() as connection:
        for row in connection.execute(select(r.case_id, r.role, r.start_at, r.end_at)):
            held[row.case_id][row.role, row.start_at, row.end_at] += 1
    for case in clinic.cases:
        wanted = Counter((one.role, one.start, one.end) for one in takings(case, clinic))
        if held.pop(case.id, Counter()) != wanted:
            yield f"{case.id} ({case.status}) has other reservations than it takes"
    yield from (f"reservations of {case}, which isn't in the book" for case in held)


def _proposals(store: Store) -> Iterator[str]:
    """A proposal that was carried out has an answer kept and an entry in the trail; an open one has neither."""
    entered = {name for entry in store.audit_entries() for name in entry.objects}
    with store.reading() as connection:
        rows = connection.execute(select(t.proposals.c.id, t.proposals.c.state)).all()
        kept = connection.execute(select(t.replays)).all()
        answered = {opened(store.keys, t.replays, row).answer["proposal"] for row in kept}
    states = {row.id: row.state for row in rows}
    done = {name for name, state in states.items() if state == "confirmed"}
    yield from (f"{name} is confirmed, and its answer isn't kept" for name in done - answered)
    yield from (f"{name} is confirmed, and the trail doesn't say so" for name in done - entered)
    yield from (f"{name} is open, and was answered" for name in answered - done)
    yield from (f"{name} is open, and in the trail" for name in (entered & set(states)) - done)


def _told(store: Store, confirmed: set[str]) -> Iterator[str]:
    """Nothing that was confirmed to somebody is lost, and nothing is there that no entry explains."""
    entered = {name for entry in store.audit_entries() if entry.action == "book" for name in entry.objects}
    there = set(store.clinic().cases_by_id)
    yield from (f"{case} was confirmed, and is lost" for case in confirmed - there)
    yield from (f"{case} is in the book, and nobody booked it" for case in there - entered)


def _chains(store: Store) -> Iterator[str]:
    with store.reading() as connection:
        for chain in trail.CHAINS.values():
            fault = trail.check(connection, store.clinic_id, store.keys, chain).fault
            if fault:
                yield f"{chain.name}: {fault.text}"
