"""A renewed snapshot answers like a fresh one, and keeps the days that nothing reached."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from solver import snapshot as bounds
from solver.answer import find
from solver.clinic import Clinic
from solver.renewal import renewed
from solver.snapshot import Snapshot
from tests.solver.brute import asked, loaded
from tests.solver.clinics import (
    NEW_YORK,
    NOW,
    TUESDAY,
    ask,
    booked,
    setting,
    small_clinic,
    snapshot,
    with_cases,
)
from tests.solver.strategies import Record, situations

FAR = TUESDAY + dt.timedelta(days=21)
LATER = NEW_YORK.of(NOW) + 7


def warm(clinic: Clinic) -> Snapshot:
    """A snapshot that has answered for two days three weeks apart."""
    made = snapshot(clinic)
    for day in (TUESDAY, FAR):
        find(made, ask(day=day))
    return made


@settings(phases=(Phase.explicit, Phase.reuse, Phase.generate), max_examples=25)
@given(situations(), st.data())
def test_a_renewed_snapshot_answers_like_a_fresh_one(
    situation: tuple[Record, Record, dt.datetime], data: st.DataObject
) -> None:
    """Whatever cases came and went, and however many minutes passed, the answers are equal objects."""
    file, raw, now = situation
    request, whole = asked(raw), loaded(file, now)
    every = whole.clinic.cases
    some = data.draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    held = Snapshot.of(replace(whole.clinic, cases=tuple(some)), whole.facts.as_of)
    if request.replaces is None or request.replaces in held.facts.book.cases:
        find(held, request)
    as_of = whole.facts.as_of + data.draw(st.sampled_from((0, 1, 45, 60 * 24)))
    assert find(renewed(held, whole.clinic, as_of), request) == find(
        Snapshot.of(whole.clinic, as_of), request
    )


def test_a_booking_keeps_the_days_that_it_does_not_reach() -> None:
    """The days near a new case are compiled again; three weeks on, every mask is the one compiled before."""
    old = warm(small_clinic())
    new = renewed(old, with_cases(small_clinic(), booked("09:00")), old.facts.as_of)
    assert [key[0] for key in new.days] == [FAR]
    before, after = old.days[FAR, None].fillings, new.days[FAR, None].fillings
    assert all(after[key].masks is filling.masks for key, filling in before.items())
    assert "or-1-0310-09:00" in new.facts.book.cases


def test_a_kept_day_reads_the_new_book() -> None:
    """Nothing of the old book is held on to by what is kept."""
    old = warm(small_clinic())
    new = renewed(old, with_cases(small_clinic(), booked("09:00")), old.facts.as_of)
    day = new.days[FAR, None]
    assert day.facts is new.facts
    assert all(filling.day is day for filling in day.fillings.values())


def test_a_minute_later_only_days_within_notice_are_compiled_again() -> None:
    """With 240 hours of notice the day in five days is in question, and the one in a month is not."""
    old = warm(setting(small_clinic(), "notice", min_hours=240))
    kept = {date for date, _ in renewed(old, old.clinic, LATER).days}
    assert FAR in kept
    assert min(kept) >= NOW.date() + dt.timedelta(days=10)


def test_a_freeze_may_turn_at_any_minute() -> None:
    """Where the schedule freezes, another minute keeps the book alone."""
    old = warm(setting(small_clinic(), "freeze", days_before=1))
    assert not renewed(old, old.clinic, LATER).days


def test_other_records_are_compiled_anew() -> None:
    """A changed person, room or rule may change every mask."""
    old = warm(small_clinic())
    assert not renewed(old, small_clinic(start_step_minutes=30), old.facts.as_of).days


def test_memory_is_bounded_and_answers_stay(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """However many days and kinds of request are asked about, no more is kept than stated, and nothing changes."""
    requests = [
        ask(day=TUESDAY + dt.timedelta(days=n), surgeon=s) for n in range(5) for s in ("dr-smith", "dr-patel")
    ]
    whole = [find(snapshot(small_clinic()), request) for request in requests]
    monkeypatch.setattr(bounds, "MOST_DAYS", 2)
    monkeypatch.setattr(bounds, "MOST_FILLINGS", 7)
    small = snapshot(small_clinic())
    assert [find(small, request) for request in requests] == whole
    assert len(small.days) <= 2
    assert all(len(day.fillings) <= 7 for day in small.days.values())
