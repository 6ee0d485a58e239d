"""What is compiled once for all rooms or surgeons is the same for each of them, and fast look-ups see everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from solver.book import Book
from solver.candidates import anywhere, in_room
from solver.clinic import Block, Clinic, Critical
from solver.grid import Mask
from solver.request import Request
from solver.reserve import Kind, modes
from solver.rules import CATALOGUE
from solver.snapshot import Candidate, DaySnapshot
from tests.solver.brute import asked, loaded, sites
from tests.solver.clinics import (
    TUESDAY,
    ask,
    booked,
    having,
    small_clinic,
    snapshot,
    with_blocks,
    with_cases,
)
from tests.solver.strategies import Record, situations

QUICK = settings(phases=(Phase.explicit, Phase.reuse, Phase.generate), max_examples=40)
Situation = tuple[Record, Record, datetime]


def room_mask(day: DaySnapshot, request: Request, surgeon: str, room: str) -> Mask:
    """What every rule of the day's catalogue leaves of one room, asked without any sharing."""
    mode = next(mode for mode in modes(day.clinic, replace(request, surgeon=surgeon)))
    allowed = day.frame.full
    for need in mode.needs:
        if need.kind in (Kind.ROOM, Kind.EQUIPMENT):
            unit = room if need.kind is Kind.ROOM else need.key
            for rule in day.narrowing(request.overrides, need.kind):
                for _, mask in rule.narrow(request, Candidate(mode, need, unit, room), day):
                    allowed &= ~mask
    return allowed


@QUICK
@given(situations())
def test_shared_masks_are_those_of_every_room_and_surgeon(situation: Situation) -> None:
    """However many requests have warmed a day, a room's starts are what its rules say one by one."""
    data, raw, now = situation
    snap, request = loaded(data, now), asked(raw)
    for day, mode, room in sites(snap, request):
        wanted = anywhere(day, request, mode)
        assert in_room(day, request, mode, room, wanted) == wanted & room_mask(
            day, request, mode.surgeon, room
        )


def tied_clinic() -> Clinic:
    """A clinic in which every rule that tells surgeons apart in a room has something to say."""
    clinic = small_clinic()
    for procedure in clinic.procedures.values():
        clinic = having(clinic, "procedures", replace(procedure, critical=Critical(10, -10)))
    smith = replace(clinic.staff["dr-smith"], arrival_minutes=45, calls=(TUESDAY - timedelta(days=1),))
    block = Block("b", "dr-patel", "or-1", TUESDAY.weekday(), (8 * 60, 12 * 60))
    return with_cases(
        with_blocks(having(clinic, "staff", smith), block), booked("13:00", "or-2", "wrist-orif")
    )


def test_only_tied_surgeons_see_a_room_otherwise() -> None:
    """Block owners, arrivals, calls and flips tie; a surgeon whom no rule ties is never shown another's starts."""
    clinic = tied_clinic()
    for surgeons in (("dr-smith", "dr-patel"), ("dr-patel", "dr-smith")):
        day = snapshot(clinic).day(TUESDAY)
        for surgeon in surgeons:
            request = ask(surgeon=surgeon)
            (mode,) = modes(clinic, request)
            for room in clinic.rooms:
                mask = day.standing(request, mode).starts(room)
                assert mask == room_mask(day, request, surgeon, room), (surgeon, room)


def test_every_rule_that_tells_surgeons_apart_is_among_the_claims() -> None:
    """The rules that tie surgeons are the four that the clinic above gives something to say."""
    clinic = tied_clinic()
    ties = {id_ for id_, rule in CATALOGUE.items() if any(rule(clinic).tied(room) for room in clinic.rooms)}
    assert ties == {"block", "surgeon-arrival", "flip-rooms", "post-call"}


@QUICK
@given(situations(), st.data())
def test_looking_near_finds_every_overlap(situation: Situation, data: st.DataObject) -> None:
    """`near` is the plain filter, also after cases were added and taken out in any order."""
    file, _, now = situation
    snap = loaded(file, now)
    cases = [case for case in snap.clinic.cases if case.occupies]
    book = Book.of(replace(snap.clinic, cases=()))
    for case in data.draw(st.permutations(cases)):
        for resource in list(book.by_resource):
            book.near(resource, 0, 1)
        book = book.adding(snap.clinic, [case])
    for case in data.draw(st.lists(st.sampled_from(cases), max_size=2, unique=True)) if cases else ():
        book = book.without(case.id)
    low = data.draw(
        st.integers(min((c.start for c in cases), default=0) - 100, max((c.end for c in cases), default=0))
    )
    high = low + data.draw(st.integers(1, 600))
    for resource, held in book.by_resource.items():
        assert book.near(resource, low, high) == [r for r in held if r.start < high and r.end > low]
