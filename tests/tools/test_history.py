"""Why it fitted yesterday: the change that took a slot is found in the trail, and named without a patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools.test_proposals import OTHER, PATIENT, SEARCH, Clock, Desk
from tests.tools.test_proposals_changes import beside, done
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records.store import Store
from tools.registry import default, staffed

SINCE = "2026-03-05T09:00"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A scheduler at a demo clinic in a SQLite file, a minute after nine."""
    clock = Clock()
    store = Store.create_demo(f"sqlite:///{tmp_path}/demo.db", clock.now.date())
    clock.now += dt.timedelta(minutes=1)
    yield Desk(Context(store, Principal("ann", "Ann", Role.SCHEDULER), lambda: clock.now, "talk"), clock)
    store.close()


def asked(desk: Desk, at: str, since: str = SINCE) -> Any:
    """What took that start in OR 1."""
    desk.clock.now += dt.timedelta(minutes=5)
    body = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": "or-1", "at": at, "since": since}
    return staffed().call("why_changed", desk.ctx, body)


def first(desk: Desk) -> str:
    """The best start, wall time."""
    found: Any = default().call("find_slots", desk.ctx, SEARCH)
    return str(found.offers[0].cases[0].start)[:16]


def test_what_is_still_free_took_nothing(desk: Desk) -> None:
    """A slot that fits now has lost nothing."""
    assert asked(desk, first(desk)).status == "fits"


def test_the_booking_that_took_it_is_named_without_its_patient(desk: Desk) -> None:
    """Of two bookings the one that took the slot, with its role, its time and the rule; nobody's name."""
    at = first(desk)
    later = beside(desk)
    desk.clock.now += dt.timedelta(minutes=1)
    taken = done(desk, offer=desk.offer(), patient=PATIENT, laterality="left").case
    desk.clock.now += dt.timedelta(minutes=1)
    done(
        later,
        offer=later.offer(date_from="2026-03-31", date_to="2026-03-31"),
        patient=OTHER,
        laterality="left",
    )
    found = asked(desk, at)
    assert taken is not None
    assert (found.status, found.change.action, found.change.role) == ("taken", "book", "scheduler")
    assert taken.id in found.change.objects
    assert "OR 1" in " ".join(found.reasons)
    assert PATIENT["name"] not in found.model_dump_json()


def test_a_cancelled_and_rebooked_slot_is_traced_to_the_last(desk: Desk) -> None:
    """Booked, cancelled and booked again: since before all of it, the first booking took it."""
    at = first(desk)
    one = done(desk, offer=desk.offer(), patient=PATIENT, laterality="left").case
    assert one is not None
    desk.clock.now += dt.timedelta(minutes=1)
    done(desk, action="cancel", case=one.id)
    desk.clock.now += dt.timedelta(minutes=1)
    between = (desk.clock.now - dt.timedelta(hours=5, seconds=30)).strftime("%Y-%m-%dT%H:%M:%S")
    two = done(desk, offer=desk.offer(), patient=OTHER, laterality="left").case
    assert two is not None
    assert one.id in asked(desk, at).change.objects
    assert two.id in asked(desk, at, between).change.objects


def test_what_never_fitted_is_said_so(desk: Desk) -> None:
    """A start that was taken from the beginning."""
    found = asked(desk, "2026-03-10T07:30")
    assert (found.status, found.change) == ("never-fitted", None)
    assert found.reasons


def test_since_must_be_past(desk: Desk) -> None:
    """A time to come is refused with its field."""
    with pytest.raises(ToolError, match="not in the past") as refused:
        asked(desk, "2026-03-10T07:30", "2027-01-01T09:00")
    assert refused.value.field == "since"
