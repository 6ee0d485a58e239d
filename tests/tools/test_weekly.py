"""Week by week: clashes are counted by case, and a booking's time runs from the first search of its talk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tools import proposals
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default, staffed

START = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
KNEE = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-10", "date_to": "2026-03-19",
}  # fmt: skip
FLOOD = {"from": "2026-03-10T07:00", "to": "2026-03-10T17:00", "reason": "flood"}


@dataclass
class Desk:
    """A director at the demo clinic, with a clock that the test moves."""

    store: Store = field(default_factory=lambda: Store.memory(demo_clinic(dt.date(2026, 3, 5))))
    at: dt.datetime = START

    def ctx(self, talk: str | None = "talk") -> Context:
        """What a call runs in."""
        return Context(self.store, Principal("dora", "Dora", Role.DIRECTOR), lambda: self.at, talk)

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.at += dt.timedelta(**span)

    def find(self, talk: str | None = "talk") -> str:
        """The first slot's id."""
        return str(default().call("find_slots", self.ctx(talk), KNEE).offers[0].id)  # type: ignore[attr-defined]

    def book(self, offer: str, mrn: str, talk: str | None = "talk") -> None:
        """Propose and confirm it."""
        patient = {"name": "Jane Sample", "mrn": mrn, "birth_date": "1970-01-01"}
        body = {"action": "book", "offer": offer, "patient": patient, "laterality": "left"}
        made: Any = default().call("propose", self.ctx(talk), body)
        proposals.confirm(self.ctx(talk), made.id, f"key-{mrn}")

    def weeks(self, **body: Any) -> Any:
        """The report up to this week."""
        return staffed().call("weekly", self.ctx(), {"until": "2026-03-05"} | body).weeks  # type: ignore[attr-defined]


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The director's desk."""
    made = Desk()
    yield made
    made.store.close()


def test_every_week_has_a_row_from_monday(desk: Desk) -> None:
    """Weeks without anything stand there too, oldest first, with no time made up."""
    weeks = desk.weeks(weeks=3)
    assert [str(week.monday) for week in weeks] == ["2026-02-16", "2026-02-23", "2026-03-02"]
    assert {(week.clashes, week.bookings, week.median_seconds) for week in weeks} == {(0, 0, None)}


def test_the_time_runs_from_the_first_search_of_the_talk(desk: Desk) -> None:
    """Searched, searched again two minutes later, booked a minute after that: three minutes."""
    desk.find()
    desk.later(minutes=2)
    offer = desk.find()
    desk.later(minutes=1)
    desk.book(offer, "T1000001")
    week = desk.weeks()[-1]
    assert (week.bookings, week.median_seconds, week.slowest_seconds) == (1, 180, 180)


def test_another_talk_starts_its_own_time(desk: Desk) -> None:
    """What was asked yesterday by somebody else doesn't count for today's booking."""
    desk.find("other")
    desk.later(minutes=30)
    offer = desk.find()
    desk.later(seconds=40)
    desk.book(offer, "T1000001")
    assert desk.weeks()[-1].median_seconds == 40


def test_half_and_nine_in_ten(desk: Desk) -> None:
    """Of three bookings the median is the middle one, and nine in ten are as fast as the slowest."""
    for n, seconds in enumerate((10, 50, 20)):
        offer = desk.find(f"talk-{n}")
        desk.later(seconds=seconds)
        desk.book(offer, f"T100000{n}", f"talk-{n}")
    week = desk.weeks()[-1]
    assert (week.bookings, week.median_seconds, week.slowest_seconds) == (3, 20, 50)


def test_a_clash_is_a_case_and_is_dealt_with_when_nothing_is_left(desk: Desk) -> None:
    """A flood hits two cases; one that somebody dealt with counts as such, both stay counted."""
    body = {"kind": "rooms", "id": "or-1", "add": {"closures": [FLOOD]}, "reason": "flood"}
    staffed().call("edit_record", desk.ctx(), body)
    items = staffed().call("worklist", desk.ctx(), {}).items  # type: ignore[attr-defined]
    cases = {item.case for item in items}
    assert len(cases) > 1
    gone = items[0].case
    for item in items:
        if item.case == gone:
            staffed().call("resolve_exception", desk.ctx(), {"id": item.id, "note": "phoned"})
    week = desk.weeks()[-1]
    assert (week.clashes, week.resolved) == (len(cases), 1)


def test_a_scheduler_reads_no_report(desk: Desk) -> None:
    """Reports are for those who run the clinic."""
    ctx = Context(desk.store, Principal("s", "S", Role.SCHEDULER), lambda: START)
    with pytest.raises(ToolError, match="read reports"):
        staffed().call("weekly", ctx, {"until": "2026-03-05"})
