"""What is compiled once for all rooms or surgeons is the same for each of them, and fast look-ups see everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from solver.book import DAY, Book
from solver.candidates import anywhere, in_room
from solver.clinic import Block, Clinic, Critical, Stay
from solver.grid import Mask
from solver.request import Request
from solver.reserve import Kind, modes, reservations
from solver.rules import CATALOGUE
from solver.shelf import by_start
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
        if data.draw(st.booleans()):
            book.near(case.room, case.start, case.end)  # works out what is there already
        book = book.adding(snap.clinic, [case])
    for case in data.draw(st.lists(st.sampled_from(cases), max_size=2, unique=True)) if cases else ():
        book = book.without(case.id)
    low = data.draw(
        st.integers(min((c.start for c in cases), default=0) - 100, max((c.end for c in cases), default=0))
    )
    high = low + data.draw(st.integers(1, 600))
    left = [taken for case in book.cases.values() for taken in reservations(case, snap.clinic)]
    for resource in {taken.resource for taken in left}:
        meeting = [r for r in left if r.resource == resource and r.start < high and r.end > low]
        assert book.near(resource, low, high) == sorted(meeting, key=by_start)


def test_only_the_days_looked_at_are_worked_out() -> None:
    """Looking near Tuesday works out what its cases take, and leaves a case three weeks on alone."""
    far = TUESDAY + timedelta(days=21)
    clinic = with_cases(small_clinic(), booked("09:00"), booked("09:00", day=far))
    book = snapshot(clinic).facts.book
    tuesday, later = sorted(book.cases.values(), key=lambda case: case.start)
    assert [r.case for r in book.near("or-1", tuesday.start, tuesday.end)] == [tuesday.id]
    worked = {day for day, shelf in book.shelves.items() if shelf.made}
    assert tuesday.start // DAY in worked
    assert later.start // DAY not in worked
    assert [r.case for r in book.near("or-1", later.start, later.end)] == [later.id]


def test_what_reaches_past_its_day_is_found_from_there() -> None:
    """A stay of two nights holds its bay on the day after next, also for who looks only there."""
    clinic = with_cases(small_clinic(), booked("09:00"))
    (case,) = clinic.cases
    long = replace(clinic.procedures[case.procedure], ward=Stay("pacu", 48 * 60))
    book = Book.of(having(clinic, "procedures", long))
    late = case.end + 47 * 60
    assert [r.role for r in book.near("pacu", late, late + 5)] == ["ward"]
