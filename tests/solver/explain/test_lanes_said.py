"""Lanes speak as the rules do: from the rule's own facts, also where the reason has facts by the same name."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from solver.clinic import Clinic
from solver.explain import explain
from tests.solver.clinics import KNEE, ask, having, setting, small_clinic, snapshot

WEDNESDAY = dt.date(2026, 3, 11)
PLACEHOLDER = re.compile(r"\d{4}-\d{2}-\d{2}|\[|\{")


@pytest.mark.parametrize(
    ("clinic", "rule", "said"),
    [
        (small_clinic(), "surgeon-days", "Dr. Smith operates Tuesdays and Thursdays; Wednesday, March 11"),
        (setting(small_clinic(), "horizon", days=3), "horizon", "at most 3 days ahead"),
        (
            having(small_clinic(), "procedures", replace(KNEE, implant_lead_days=9)),
            "implant-lead",
            "9 working days",
        ),
    ],
    ids=["surgeon-days", "horizon", "implant-lead"],
)
def test_a_lane_says_what_the_rule_says(clinic: Clinic, rule: str, said: str) -> None:
    """No cause of a lane holds an ISO date or a list, and the member's lane has the rule's own days in it."""
    asked = ask(day=WEDNESDAY, surgeon="dr-smith" if rule == "surgeon-days" else "dr-patel")
    explanation = explain(snapshot(clinic), asked)
    causes = [blocked.cause for lane in explanation.lanes for blocked in lane.blocked]
    assert not [cause for cause in causes if PLACEHOLDER.search(cause)]
    (lane,) = [lane for lane in explanation.lanes if lane.kind == rule]
    assert any(said in blocked.cause for blocked in lane.blocked)
