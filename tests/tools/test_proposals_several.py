"""An offer of several cases is booked as a whole, or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tools.context import Context, Principal, Role
from tools.errors import Conflict
from tools.proposals import confirm
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
TWO = {
    "procedure": "trigger",
    "date_from": "2026-03-10",
    "date_to": "2026-03-20",
    "count": 2,
    "arrangement": "back-to-back",
}


@pytest.fixture
def desk() -> Context:
    """A scheduler at the demo clinic."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    return Context(store, Principal("sam", "Sam", Role.SCHEDULER), lambda: NOW)


def _proposed(desk: Context, offer: str, mrn: str) -> str:
    body = {"offer": offer, "patient": {"name": "Jo Example", "mrn": mrn}, "laterality": "left"}
    made: Any = default().call("propose", desk, body)
    return str(made.id)


def test_both_cases_are_written_or_neither(desk: Context) -> None:
    """One confirmation books both; whoever comes second gets a conflict and leaves nothing half written."""
    found: Any = default().call("find_slots", desk, TWO)
    offer = found.offers[0].id
    first, second = _proposed(desk, offer, "T1000001"), _proposed(desk, offer, "T1000002")
    before = len(desk.store.clinic().cases)
    assert len(confirm(desk, first, "key-one-of-two").cases) == 2
    with pytest.raises(Conflict):
        confirm(desk, second, "key-two-of-two")
    assert len(desk.store.clinic().cases) == before + 2
