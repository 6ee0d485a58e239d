"""Patients' initials for boards: to those who may know who it is, and never a name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.house import TUESDAY, Home, home
from tools.errors import ToolError
from tools.initials import initials
from tools.registry import default, staffed


@pytest.fixture
def house() -> Iterator[Home]:
    """The demo's book with a booking of Jane Sample's left knee."""
    with home() as made:
        made.desk("director").confirm(made.proposal(), "the-key-of-this-test")
        yield made


def test_a_booking_is_told_by_initials_and_side(house: Home) -> None:
    """Jane Sample's case reads J.S. and left; her name is nowhere in the answer."""
    case = next(each.id for each in reversed(house.store.clinic().cases) if each.patient)
    told: Any = staffed().call("case_initials", house.ctx("scheduler"), {"cases": [case, "nothing"]})
    assert [(each.case, each.initials, each.laterality) for each in told.cases] == [(case, "J.S.", "left")]
    assert "Jane" not in told.model_dump_json()


def test_who_may_not_know_patients_gets_none(house: Home) -> None:
    """An auditor is refused, and his board has no initials, while a scheduler's has."""
    with pytest.raises(ToolError, match="may not see patients"):
        staffed().call("case_initials", house.ctx("auditor"), {"cases": []})
    pages = {who: house.signed_in(who).get(f"/?date={TUESDAY}").text for who in ("auditor", "scheduler")}
    assert "patient J.S." in pages["scheduler"]
    assert "patient J.S." not in pages["auditor"]
    assert "Jane" not in pages["scheduler"]


def test_no_model_is_given_initials() -> None:
    """The tool is for people's surfaces alone."""
    assert "case_initials" not in {tool.name for tool in default().tools()}


def test_initials_of_unusual_names() -> None:
    """Orders, hyphens and empty names: letters only, nothing where nothing is known."""
    said = [initials(name) for name in ("Sample, Jane", "Anna-Maria da Silva", "", "  ", "O'Neil 2nd")]
    assert said == ["S.J.", "A.M.D.S.", "", "", "O."]
