"""An offer whose team is gone gets another in the same places, or is told that there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from solver.request import Override, Plan
from solver.reteam import reteamed
from solver.search import search
from solver.verify import verify
from tests.solver.clinics import ask, at, booked, small_clinic, snapshot, with_cases


def offered(**more: Any) -> Plan:
    """The best offer's plan in an empty clinic."""
    return search(snapshot(small_clinic()), ask(surgeon="dr-smith", **more)).offers[0].plan


@pytest.mark.parametrize(("count", "arrangement"), [(1, "any"), (2, "any"), (2, "back-to-back")])
def test_everyone_taken_meanwhile_is_replaced(count: int, arrangement: str) -> None:
    """One case or several: the places stay, the people taken meanwhile are others, and the whole passes."""
    plan = offered(count=count, arrangement=arrangement)
    team = {member.role: member.resource for member in plan.cases[0].team}
    taken = booked("07:30", "or-2", "wrist-orif", length=240, staff=team["anesthesiologist"][-1])
    now = snapshot(with_cases(small_clinic(), taken))
    assert verify(plan, now.facts)
    again = reteamed(now, plan)
    assert again is not None
    assert [replace(case, team=()) for case in again.cases] == [replace(case, team=()) for case in plan.cases]
    assert verify(again, now.facts) == ()
    assert len(again.units) == count


def test_a_taken_room_is_no_matter_of_teams() -> None:
    """Where the place itself is gone, no team helps."""
    plan = offered(count=2)
    other = booked("08:00", staff="2")
    assert reteamed(snapshot(with_cases(small_clinic(), other)), plan) is None


def test_what_was_waived_stays_waived() -> None:
    """A slot that was offered without turnover is found again without it, and not otherwise."""
    clinic = with_cases(small_clinic(), booked("07:30"))
    waiving = ask(surgeon="dr-smith", at=at("08:45"), overrides=(Override("turnover", "short case"),))
    plan = search(snapshot(clinic), waiving).offers[0].plan
    assert reteamed(snapshot(clinic), plan) is None
    assert reteamed(snapshot(clinic), plan, frozenset({"turnover"})) is not None


def test_exchanges_are_looked_for_anew() -> None:
    """A plan that moves people of other cases isn't patched."""
    plan = offered()
    swapped = replace(plan, swaps=(object(),))  # type: ignore[arg-type]
    assert reteamed(snapshot(small_clinic()), swapped) is None
