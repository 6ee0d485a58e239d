"""Solving unmet requests again: what a slot already stands for isn't claimed, what is over is judged as of then."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from tests.tools.test_bottlenecks import WEDNESDAY, asked, nurse, report
from tools import again
from tools.context import Context
from tools.records.unmet import between, keep

__all__ = ["nurse"]

TUESDAY = WEDNESDAY | {"date_from": "2026-03-10", "date_to": "2026-03-10"}
TRAY = ("tray-set", "knee-scope-set")


def later(ctx: Context, days: int) -> Context:
    """The same person some days later."""
    then = ctx.now() + dt.timedelta(days=days)
    return replace(ctx, now=lambda: then)


def rows(ctx: Context) -> list[Any]:
    """Everything that was kept."""
    year = dt.timedelta(days=365)
    return between(ctx.store, ctx.now() - year, ctx.now() + year)


def test_what_has_a_slot_by_now_is_not_opened_by_one_more(nurse: Context) -> None:
    """A request that today's book has a slot for is neither tried nor claimed as opened; it is counted as such."""
    keep(nurse, TUESDAY, 55, [TRAY])
    (cause,) = report(nurse).causes
    more = cause.one_more
    assert (more.already, more.tried, more.opened, more.minutes) == (1, 0, 0, 0)
    assert "would open" not in cause.text


def test_requests_whose_days_are_over_are_solved_as_of_when_they_were_asked(nurse: Context) -> None:
    """A report at the end of a month still says what one more would have opened in it."""
    asked(nurse)
    today, month_end = report(nurse).causes[0].one_more, report(later(nurse, 26)).causes[0].one_more
    assert today.tried == 1
    assert month_end == today


def test_what_stood_against_a_patient_is_not_solved_without_them(nurse: Context) -> None:
    """Nothing is kept of the patient, so nothing is claimed of what one more unit would do for them."""
    keep(nurse, WEDNESDAY, 55, [("surgeon-days", "dr-smith"), ("latex-first", "patient")])
    days = next(cause for cause in report(nurse).causes if cause.rule == "surgeon-days")
    assert days.one_more is None


def test_an_override_is_kept_without_its_words(nurse: Context) -> None:
    """The rule that was set aside is set aside again; what was said of it is not kept."""
    asked(nurse, overrides=[{"rule": "turnover", "reason": "septic knee"}])
    (row,) = rows(nurse)
    assert row.request["overrides"] == [{"rule": "turnover", "reason": "not kept"}]
    assert report(nurse).causes[0].one_more.tried == 1


def test_a_request_with_every_field_written_out_is_the_same_request(nurse: Context) -> None:
    """Defaults that one surface writes out and another leaves out don't make two requests."""
    asked(nurse)
    asked(nurse, room=None, count=1, allow_swaps=False, additional_procedures=[], arrangement="any", limit=3)
    assert report(nurse).requests == 1


def test_two_procedures_cost_the_longer_ones_minutes(nurse: Context) -> None:
    """Minutes are those that the case would be planned for: the longest procedure's, never the sum."""
    asked(nurse, additional_procedures=["shoulder-sad"], surgeon=None, room="or-2")
    assert [row.minutes for row in rows(nurse)] == [75]


def test_days_beyond_those_tried_leave_it_open(nurse: Context, monkeypatch: Any) -> None:
    """Where more days could help than are tried, nothing found is not proven, and no "not enough"."""
    asked(nurse, date_to="2026-03-11", start_from="16:30")
    monkeypatch.setattr(again, "MOST_WAYS", 0)
    assert report(nurse).causes[0].one_more.not_proven == 1
