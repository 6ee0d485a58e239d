"""The days of a window that have no slot, told beside those that have one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records import tables as t
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default, staffed

NOW = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
KNEE = {"procedure": "knee-arthroscopy", "surgeon": "dr-smith"}
THURSDAYS = KNEE | {"date_from": "2026-03-01", "date_to": "2026-03-31", "weekdays": ["thu"]}


@pytest.fixture(scope="module")
def ctx() -> Iterator[Context]:
    """The demo, at a director's desk."""
    store = Store.memory(demo_clinic(NOW.date()))
    yield Context(store, Principal("ann", "Ann", Role.DIRECTOR), lambda: NOW)
    store.close()


def without(ctx: Context, **body: Any) -> Any:
    """What the tool says."""
    return staffed().call("days_without_slot", ctx, body)


def kept(ctx: Context) -> int:
    """How many unmet requests are on record."""
    with ctx.store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(t.unmet)).scalar_one())


def test_they_are_those_on_which_a_search_finds_none(ctx: Context) -> None:
    """Each Thursday ahead is searched by itself; the named ones are those that are infeasible alone."""
    told = without(ctx, **THURSDAYS)
    none = []
    for day in ("2026-03-05", "2026-03-12", "2026-03-19", "2026-03-26"):
        found: Any = default().call("find_slots", ctx, KNEE | {"date_from": day, "date_to": day})
        none += [day] if found.status == "infeasible" else []
    assert [day.date.isoformat() for day in told.days] == none
    assert (told.searched, told.whole) == (4, True)
    assert all(day.conflict for day in told.days)


def test_looking_keeps_nothing_among_the_unmet_requests(ctx: Context) -> None:
    """A director's look at the days isn't a request that found no slot."""
    before = kept(ctx)
    assert without(ctx, **THURSDAYS).days
    assert kept(ctx) == before


def test_days_that_are_over_are_not_searched(ctx: Context) -> None:
    """Of a window that began last week only the days from today on are counted."""
    told = without(ctx, **THURSDAYS | {"date_from": "2026-02-26", "date_to": "2026-03-12"})
    assert told.searched == 2
    assert all(day.date >= NOW.date() for day in told.days)


def test_a_window_without_such_a_day_says_nothing(ctx: Context) -> None:
    """No Thursday lies between a Monday and a Tuesday."""
    told = without(ctx, **THURSDAYS | {"date_from": "2026-03-09", "date_to": "2026-03-10"})
    assert (told.searched, told.days) == (0, [])


def test_a_longer_window_says_that_it_was_cut(ctx: Context) -> None:
    """Of three months the first days are searched, and it says that these weren't all."""
    told = without(ctx, **KNEE, date_from="2026-03-05", date_to="2026-06-05")
    assert (told.searched, told.whole) == (31, False)


def test_who_may_not_search_is_refused(ctx: Context) -> None:
    """It takes the permission to find."""
    auditor = Context(ctx.store, Principal("ada", "Ada", Role.AUDITOR), lambda: NOW)
    with pytest.raises(ToolError) as refused:
        without(auditor, **THURSDAYS)
    assert refused.value.code == "forbidden"
