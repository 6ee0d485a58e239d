"""A rule that is off, or set aside, stands in nobody's way; what is physical still holds, and is the reason told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from solver.answer import check, find
from solver.clinic import Clinic
from solver.request import Override, Request, Status
from solver.search import search
from tests.solver.clinics import (
    ask,
    at,
    booked,
    having,
    minutes,
    person,
    setting,
    small_clinic,
    snapshot,
    surgeon,
    with_cases,
)


def exactly(clock: str, *args: str, **more: object) -> Request:
    """A request for one start."""
    return ask(*args, start_from=minutes(clock), start_until=minutes(clock), **more)


ONE_BAY = with_cases(
    having(small_clinic(), "bays", replace(small_clinic().bays["pacu"], units=1)),
    booked("09:00", "or-2", "wrist-orif", length=90),
)
ONE_SET = with_cases(
    having(small_clinic(), "trays", replace(small_clinic().trays["knee-scope-set"], units=1)), booked("07:30")
)
TWO_WRISTS = with_cases(
    having(
        having(small_clinic(), "staff", surgeon("dr-jones", "wrist-orif")),
        "staff",
        person("rad-tech-2", "rad-tech", "06:30-17:30", "fluoroscopy"),
    ),
    booked("09:00", "or-2", "wrist-orif", length=60),
)
KNEE = exactly("09:30", surgeon="dr-smith")
BEHIND = exactly("10:00", "wrist-orif", surgeon="dr-jones", room="or-3")
BESIDE = exactly("09:30", "wrist-orif", surgeon="dr-jones", room="or-3")

OPENED = [
    pytest.param(ONE_SET, "tray-reprocessing", KNEE, id="tray-reprocessing"),
    pytest.param(TWO_WRISTS, "equipment-move", BEHIND, id="equipment-move"),
]
PHYSICAL = [
    pytest.param(ONE_BAY, "pacu-bay", KNEE, "pacu", id="pacu-bay"),
    pytest.param(TWO_WRISTS, "equipment-pool", BESIDE, "c-arm", id="equipment-pool"),
]


@pytest.mark.parametrize("level", ["off", "soft"])
@pytest.mark.parametrize(("clinic", "rule", "asked"), OPENED)
def test_a_rule_that_is_off_opens_what_it_closed(
    clinic: Clinic, rule: str, asked: Request, level: str
) -> None:
    """There is no slot for the rule alone, and one, with units that exist, when it is off or only ranks."""
    assert search(snapshot(clinic), asked).status is Status.INFEASIBLE
    result = search(snapshot(setting(clinic, rule, level)), asked)
    assert result.status is Status.FOUND
    assert not result.rejected
    assert {use.unit for use in result.offers[0].plan.units[0]} == {1}


@pytest.mark.parametrize(("clinic", "rule", "asked", "pool"), PHYSICAL)
def test_every_unit_in_use_is_physical(clinic: Clinic, rule: str, asked: Request, pool: str) -> None:
    """With the pool's rule off there is a proven no, whose reason is that all units are in use; never "not proven"."""
    result = find(snapshot(setting(clinic, rule, "off")), asked)
    assert result.status is Status.INFEASIBLE
    assert result.explanation is not None
    assert [(r.atom.rule, r.atom.subject) for r in result.explanation.conflict] == [("unit-occupancy", pool)]


def test_a_move_may_be_set_aside() -> None:
    """With the override of a charge nurse the C-arm follows at once, as the unit that there is."""
    waived = replace(BEHIND, overrides=(Override("equipment-move", "It stands next door."),))
    (offer, *_) = search(snapshot(TWO_WRISTS), waived).offers
    assert ("c-arm", 1) in [(use.resource, use.unit) for use in offer.plan.units[0]]


def test_setting_a_full_recovery_aside_finds_no_bay() -> None:
    """Longer hours may be waived; a bay that isn't there can't be, and the answer is a proven no."""
    full = replace(KNEE, overrides=(Override("pacu-bay", "She recovers upstairs."),))
    assert search(snapshot(ONE_BAY), full).status is Status.INFEASIBLE
    closed = having(small_clinic(), "bays", replace(small_clinic().bays["pacu"], hours={1: ((450, 600),)}))
    assert search(snapshot(closed), replace(full, overrides=())).status is Status.INFEASIBLE
    assert search(snapshot(closed), full).status is Status.FOUND


@pytest.mark.parametrize(
    ("clinic", "asked", "rules"),
    [(ONE_SET, KNEE, {"tray-reprocessing"}), (TWO_WRISTS, BESIDE, {"equipment-pool"})],
)
def test_a_checked_start_names_a_short_pool_once(clinic: Clinic, asked: Request, rules: set[str]) -> None:
    """A pool that is short is said by its own rule, and no unit is named that doesn't exist."""
    start = at(f"{dt.time(*divmod(asked.start_from or 0, 60)):%H:%M}")
    answer = check(snapshot(clinic), replace(asked, room=asked.room or "or-1", at=start))
    assert {violation.atom.rule for violation in answer.violations} == rules
