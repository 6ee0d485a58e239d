"""Ranking terms: every one is shown, and the risk of running over is weighed where the clinic asks for it."""

from __future__ import annotations

from dataclasses import replace

from solver.clinic import RankTerm
from solver.rank import TERMS
from solver.search import search
from tests.solver.clinics import ask, minutes, small_clinic, snapshot


def test_every_term_is_shown() -> None:
    """An offer carries every term, weighed or not."""
    assert set(search(snapshot(small_clinic()), ask()).offers[0].terms) == set(TERMS)


def test_overrun_is_the_80_percent_time_past_closing() -> None:
    """A wrist of 90 minutes, 110 in a slow case, in rooms open until 17:00: 20 minutes over from 15:30, 0 at noon."""
    late, noon = (
        ask("wrist-orif", start_from=minutes(clock), start_until=minutes(clock))
        for clock in ("15:30", "12:00")
    )
    assert search(snapshot(small_clinic()), late).offers[0].terms["overrun"] == 20
    assert search(snapshot(small_clinic()), noon).offers[0].terms["overrun"] == 0


def test_a_clinic_may_rank_the_risk_first() -> None:
    """With overrun as the first level no offer at risk comes before one without."""
    clinic = replace(small_clinic(), ranking=((RankTerm("overrun"),), (RankTerm("start", -1),)))
    risks = [offer.terms["overrun"] for offer in search(snapshot(clinic), ask("wrist-orif")).offers]
    assert risks == sorted(risks)
