"""Rooms and surgeons that a request leaves out: the same answer without them, and never one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from solver.answer import check, find
from solver.explain import impossible
from solver.request import Request, Status
from solver.search import search
from solver.snapshot import Snapshot
from tests.solver.brute import asked, by_solver, loaded
from tests.solver.clinics import ask, at, small_clinic, snapshot
from tests.solver.strategies import Record, situations

Situation = tuple[Record, Record, datetime]
CHOSEN = ("surgeon", "room", "exclude_surgeons", "exclude_rooms")


def laid_out(situation: Situation) -> tuple[Snapshot, Request]:
    """The clinic, and its request for any room and any surgeon."""
    data, request, moment = situation
    return loaded(data, moment), asked({key: value for key, value in request.items() if key not in CHOSEN})


@settings(max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(situations())
def test_the_starts_are_those_of_the_others(situation: Situation) -> None:
    """Whoever and whatever is left out takes its own starts away, and nobody else's."""
    book, request = laid_out(situation)
    every = by_solver(book, request)
    for rooms, surgeons in ((("r1",), ()), ((), ("s1",)), (("r2",), ("s2",))):
        left = replace(request, exclude_rooms=frozenset(rooms), exclude_surgeons=frozenset(surgeons))
        assert by_solver(book, left) == {
            (room, surgeon, start)
            for room, surgeon, start in every
            if room not in rooms and surgeon not in surgeons
        }


@settings(max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(situations())
def test_the_offers_without_a_room_are_the_other_rooms_offers(situation: Situation) -> None:
    """With room for all of them, what is offered without OR 1 is what was offered outside it, in the same order."""
    book, request = laid_out(situation)
    every = search(book, replace(request, limit=50)).offers
    left = search(book, replace(request, limit=50, exclude_rooms=frozenset({"r1"}))).offers
    assert [o.plan.cases for o in left] == [o.plan.cases for o in every if o.plan.cases[0].room != "r1"]


def test_near_misses_keep_to_it() -> None:
    """Without OR 1, where the only tower is, nothing is offered instead, and the reason is about the other rooms."""
    told = find(snapshot(small_clinic()), ask(exclude_rooms=frozenset({"or-1"})))
    assert (told.status, told.alternatives) == (Status.INFEASIBLE, ())
    assert told.explanation is not None
    assert {reason.atom.subject for reason in told.explanation.conflict} == {"or-2", "or-3"} & set(
        small_clinic().rooms
    )


def test_several_cases_keep_to_it() -> None:
    """Two cases back to back are by others than the one left out."""
    every = search(snapshot(small_clinic()), ask(count=2, arrangement="back-to-back")).offers
    out = {case.surgeon for offer in every for case in offer.plan.cases[:1]}
    kept = ask(count=2, arrangement="back-to-back", exclude_surgeons=frozenset(out))
    for offer in search(snapshot(small_clinic()), kept).offers:
        assert not {case.surgeon for case in offer.plan.cases} & out


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"exclude_rooms": {"or-1", "or-2", "or-3"}}, "exclude_rooms", "Every room is left out"),
        ({"room": "or-1", "exclude_rooms": {"or-1"}}, "exclude_rooms", "OR 1 is asked for and left out"),
        ({"surgeon": "dr-smith", "exclude_surgeons": {"dr-smith"}}, "exclude_surgeons", "Dr. Smith is asked for"),
        ({"exclude_surgeons": {"*"}}, "exclude_surgeons", "Everyone who may do knee arthroscopy here"),
    ],
)  # fmt: skip
def test_what_leaves_nothing_is_told_before_any_search(said: dict[str, Any], field: str, words: str) -> None:
    """The field at fault and a way out, for a search and for one exact start."""
    clinic = small_clinic()
    everyone = frozenset(person.id for person in clinic.staff.values())
    given_ = {
        key: value if isinstance(value, str) else everyone if "*" in value else frozenset(value)
        for key, value in said.items()
    }
    request = ask(**given_)
    told = impossible(snapshot(clinic), request)
    assert told is not None
    assert told.field == field
    assert words in told.text
    assert "Maybe" in told.text
    assert search(snapshot(clinic), request).status is Status.INFEASIBLE
    exact = check(snapshot(clinic), replace(request, at=at("10:00")))
    assert [reason.text for reason in exact.violations] == [told.text]
