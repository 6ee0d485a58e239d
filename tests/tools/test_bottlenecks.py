"""What costs the clinic most: counted once, without a patient, and what one more would open is solved again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.records.unmet import between
from tools.registry import default

WEDNESDAY = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-11", "date_to": "2026-03-11",
}  # fmt: skip
PERIOD = {"date_from": "2026-03-01", "date_to": "2026-03-31"}


@pytest.fixture
def nurse() -> Iterator[Context]:
    """A charge nurse at the demo clinic."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    now = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
    yield Context(store, Principal("cho", "Cho", Role.CHARGE_NURSE), lambda: now, "talk")
    store.close()


def asked(ctx: Context, **request: Any) -> Any:
    """A search."""
    return default().call("find_slots", ctx, WEDNESDAY | request)


def report(ctx: Context, **period: Any) -> Any:
    """The report of March."""
    return default().call("bottlenecks", ctx, PERIOD | period)


def test_a_request_without_a_slot_is_counted_once_a_conversation(nurse: Context) -> None:
    """Asked twice and explained once in one conversation it is one request; in another one it is another."""
    asked(nurse)
    asked(nurse)
    default().call("explain", nurse, WEDNESDAY)
    assert report(nurse).requests == 1
    asked(replace(nurse, conversation="another"))
    found = report(nurse)
    assert (found.requests, found.minutes) == (2, 110)
    assert [(cause.rule, cause.subject, cause.requests, cause.alone) for cause in found.causes] == [
        ("surgeon-days", "dr-smith", 2, 2)
    ]


def test_what_has_a_slot_or_is_only_imagined_is_not_counted(nurse: Context) -> None:
    """Found requests, what-ifs and checks leave nothing behind."""
    asked(nurse, date_from="2026-03-10", date_to="2026-03-10")
    change = {"type": "remove-leave", "staff": "dr-smith", "first": "2026-03-11", "last": "2026-03-11"}
    default().call("what_if", nurse, {"request": WEDNESDAY, "changes": [change]})
    assert report(nurse).requests == 0
    assert "No request" in report(nurse).summary


def test_no_patient_is_kept(nurse: Context) -> None:
    """Neither the patient's facts nor the reason of an override are in the row."""
    asked(
        nurse, patient={"age": 71, "flags": ["mrsa"]}, overrides=[{"rule": "notice", "reason": "septic knee"}]
    )
    with nurse.store.reading() as connection:
        row = connection.execute(select(t.unmet)).one()
    assert "mrsa" not in str(row)
    assert "septic" not in str(row)
    assert row.role == "charge-nurse"


def test_what_one_more_would_open_is_that_of_a_what_if(nurse: Context) -> None:
    """The report's number for a pool is what laying one more unit over the records finds."""
    for day in ("2026-03-12", "2026-03-17", "2026-03-19"):
        asked(nurse, date_from=day, date_to=day, start_from="11:00", start_until="12:30")
    pools = {**nurse.store.clinic().trays, **nurse.store.clinic().equipment, **nurse.store.clinic().bays}
    tried = [cause for cause in report(nurse).causes if cause.subject in pools]
    assert tried
    for cause in tried:
        change = {"type": "add-unit", "resource": cause.subject}
        opened = 0
        for row in between(
            nurse.store, nurse.now() - dt.timedelta(days=1), nurse.now() + dt.timedelta(days=1)
        ):
            if (cause.rule, cause.subject) in row.conflict:
                then: Any = default().call("what_if", nurse, {"request": row.request, "changes": [change]})
                opened += then.after.status == "found"
        assert (cause.one_more.tried, cause.one_more.opened) == (3, opened)
        assert opened > 0


def test_one_more_day_of_a_surgeon_is_tried(nurse: Context) -> None:
    """The day that was asked for, as long as the clinic is open, is laid over the records and searched."""
    asked(nurse)
    more = report(nurse).causes[0].one_more
    assert (more.tried, "one more day" in more.text) == (1, True)
    assert more.opened + more.not_proven <= more.tried


def test_what_a_request_asks_of_itself_is_nobodys_bottleneck(nurse: Context) -> None:
    """Several cases that don't fit together are counted as a request, and their number is no cause."""
    asked(nurse, date_from="2026-03-10", date_to="2026-03-10", count=8)
    found = report(nurse)
    assert found.requests == 1
    assert "request" not in {cause.rule for cause in found.causes}
    assert found.summary


def test_the_period_bounds_what_is_counted(nurse: Context) -> None:
    """Days of asking, both included; a span in the wrong order is refused."""
    asked(nurse)
    assert report(nurse, date_from="2026-03-05", date_to="2026-03-05").requests == 1
    assert report(nurse, date_from="2026-03-06").requests == 0
    with pytest.raises(ToolError, match="not a span"):
        report(nurse, date_from="2026-04-06")


@pytest.mark.parametrize("day", ["0001-01-01", "1970-12-31", "9999-12-31"])
def test_a_day_that_no_clinic_has_is_refused(nurse: Context, day: str) -> None:
    """A period at either end of the calendar is told which day is outside it."""
    with pytest.raises(ToolError, match=f"{day} is outside the calendar") as seen:
        report(nurse, date_from=day, date_to=day)
    assert seen.value.code == "invalid"


def test_a_scheduler_doesnt_read_it(nurse: Context) -> None:
    """Reports are for charge nurses, directors and admins."""
    scheduler = replace(nurse, principal=Principal("ann", "Ann", Role.SCHEDULER))
    with pytest.raises(ToolError, match="may not read reports"):
        report(scheduler)


def test_names_keep_their_capitals_and_a_block_is_called_by_its_owner(nurse: Context) -> None:
    """The summary says "Dr. Smith on one more day", and no id of a block stands for its name."""
    asked(nurse)
    asked(nurse, date_from="2026-03-12", date_to="2026-03-12")
    found = report(nurse)
    assert "; dr. " not in found.summary
    assert not [cause.name for cause in found.causes if "-" in cause.name]
