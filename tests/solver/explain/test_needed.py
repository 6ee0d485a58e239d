"""No way out asks for more than it takes: without any one of its changes nothing would open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from solver.changes import MoveCase, asked
from solver.explain import explain
from solver.explain.overlay import overlaid
from solver.search import search
from tests.solver.brute import loaded
from tests.solver.explain.files import DAY, PLANTED, Record, case, planted, staff
from tests.solver.explain.test_planted_files import NOW
from tools import contract
from tools.asking import solver_request

Given = tuple[Callable[[Record], None], Record]
SATURDAY = "2026-03-14"


def in_the_way(clinic: Record) -> None:
    """A booked case has the room, the only C-arm and the only one who may run it, and could be elsewhere."""
    clinic["cases"] = [case("w1", "wrist", "or-2", "10:30", 60)]


def uncertified(clinic: Record) -> None:
    """Nobody who scrubs has what the case asks for, and nobody works on Saturdays."""
    clinic["procedures"]["knee"]["team"][2] = {"role": "scrub", "certification": "arthro"}


def nobody_may(clinic: Record) -> None:
    """The one surgeon for it is on leave; who stands in for them isn't, and nobody waits for the leave's end."""
    clinic["staff"]["dr-a"]["leave"] = [{"from": DAY, "to": DAY}]
    clinic["staff"]["dr-c"] = staff("Dr. Carr", "surgeon")


def at(day: str, **more: object) -> Record:
    """A request for Dr. Adams on a day."""
    return {"procedure": "knee", "surgeon": "dr-a", "date_from": day, "date_to": day, **more}


EXACT = {"start_from": "11:00", "start_until": "11:00", "procedure": "wrist"}
FLIP = {"procedure": "wrist", "surgeon": "dr-b", "count": 2, "arrangement": "flip"}
ELSEWHERE: tuple[Given, ...] = (
    (in_the_way, at(DAY, **EXACT)), (uncertified, at(SATURDAY)), (nobody_may, at(DAY, room="or-1")),
    (in_the_way, at(DAY, **FLIP)), (in_the_way, at(DAY, **FLIP, start_from="09:00", end_by="15:00")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("plant", "given"), [*ELSEWHERE, *((plant, given) for plant, given, _ in PLANTED)],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_nothing_opens_without_any_one_change_of_a_way(
    plant: Callable[[Record], None], given: Record
) -> None:
    """Every change of every way that opens a slot is needed; the ways stand in the order of their cost."""
    snapshot = loaded(planted(plant), NOW)
    request = solver_request(contract.Request.model_validate(given), snapshot.clinic, snapshot.facts.as_of)
    ways = [way for way in explain(snapshot, request).corrections if way.opens]
    assert ways
    assert [way.cost for way in ways] == sorted(way.cost for way in ways)
    for way in ways:
        for change in way.changes:
            fewer = tuple(each for each in way.changes if each != change)
            left = overlaid(snapshot, fewer, request)
            assert not search(left, asked(request, fewer)).offers, (way.text, change)


def test_a_case_in_the_way_is_moved_and_nothing_is_bought() -> None:
    """Moving the one case that has everything is the cheapest way, alone."""
    snapshot = loaded(planted(in_the_way), NOW)
    given = contract.Request.model_validate(at(DAY, **EXACT))
    request = solver_request(given, snapshot.clinic, snapshot.facts.as_of)
    cheapest = explain(snapshot, request).corrections[0]
    assert [type(change) for change in cheapest.changes] == [MoveCase]
    assert (cheapest.granted_by, cheapest.opens) == ("surgeon", 1)
