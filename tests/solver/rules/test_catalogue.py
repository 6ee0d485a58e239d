"""The catalogue as a whole: every rule is claimed, and described for the logic map."""

from __future__ import annotations

import pytest

from solver.rules import CATALOGUE
from tests.solver.rules import (
    test_anesthesia,
    test_block,
    test_calendar,
    test_equipment,
    test_nursing,
    test_patient,
    test_policy,
    test_recovery,
    test_room,
    test_sterile,
    test_surgeon,
)

MODULES = (
    test_anesthesia, test_block, test_calendar, test_equipment, test_nursing, test_patient, test_policy,
    test_recovery, test_room, test_sterile, test_surgeon,
)  # fmt: skip

WALKED = {
    "facility-hours", "holiday", "notice", "start-step", "room-hours", "room-closed", "room-occupancy",
    "turnover", "room-equipment", "room-feature", "block", "surgeon-privilege", "surgeon-days",
    "surgeon-limits", "anesthesia-provider", "anesthesia-type", "person-occupancy", "leave", "staff-shift",
    "staff-certification", "staff-hours", "circulator", "scrub", "first-assist", "equipment-pool",
    "equipment-move", "equipment-maintenance", "equipment-operator", "tray-set", "tray-reprocessing",
    "pacu-bay", "patient-occupancy", "patient-limits", "unit-occupancy",
}  # fmt: skip
"""The rules of the walking path; what a site switches on beside them is claimed where it is tested."""


def test_every_rule_of_the_walking_path_is_claimed() -> None:
    """Each has a case that it alone refuses, one that it doesn't, its sentence, and passes once it is off."""
    claimed = {each.values[0].rule for module in MODULES for each in module.CLAIMS}
    assert claimed >= WALKED
    assert claimed <= set(CATALOGUE)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_rule_says_what_the_logic_map_prints(rule: type) -> None:
    """A rule has a title, an owner, what it couples, and one sentence of its meaning."""
    assert rule.title  # type: ignore[attr-defined]
    assert rule.owner  # type: ignore[attr-defined]
    assert rule.couples  # type: ignore[attr-defined]
    assert (rule.__doc__ or "").strip().endswith(".")
