"""What if: every type of change, over any record and parameter; nonsense is refused, and nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pytest

from solver.changes import CHANGES
from solver.rules import CATALOGUE
from tools import changes
from tools.clinic_file import Loaded, exported
from tools.errors import ToolError
from tools.registry import default
from web.cli.options import Source
from web.cli.source import opened

ASKED = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": "or-2",
    "date_from": "2026-03-10", "date_to": "2026-03-12",
}  # fmt: skip
TOWER = {"type": "add-equipment", "room": "or-2", "equipment": "arthroscopy-tower"}

EACH: dict[str, dict[str, Any]] = {
    "add-unit": {"resource": "knee-scope-set", "units": 2},
    "add-equipment": {"room": "or-2", "equipment": "arthroscopy-tower"},
    "add-feature": {"room": "or-1", "feature": "lead-lined"},
    "set-hours": {"resource": "or-2", "day": "tue", "start": "06:00", "end": "20:00"},
    "add-shift": {"staff": "dr-smith", "date": "2026-03-11", "start": "07:00", "end": "17:00"},
    "add-staff": {"role": "circulator", "date": "2026-03-10", "start": "07:00", "end": "17:00"},
    "add-nurses": {"bay": "pacu", "day": "tue", "start": "07:00", "end": "18:00"},
    "remove-leave": {"staff": "dr-smith", "first": "2026-03-10", "last": "2026-03-12"},
    "release-block": {"block": "patel-tue", "date": "2026-03-10"},
    "set-param": {"rule": "turnover", "param": "specialty_change_minutes", "value": 0},
    "set-record": {"kind": "trays", "id": "knee-scope-set", "values": {"reprocessing_minutes": 0}},
    "move-case": {"case": "", "start": "2026-03-13T13:00"},
    "override-rule": {"rule": "turnover"},
    "reopen-room": {"room": "or-2", "date": "2026-03-10"},
    "change-request": {"field": "surgeon", "value": "dr-patel"},
}

EXTRA = {"type": "add-staff", "date": "2026-03-10", "start": "07:00", "end": "15:00"}
"""Somebody who comes in for a day."""


@pytest.fixture(scope="module")
def ctx() -> Any:
    """A demo clinic whose clock stands still."""
    return opened(Source(demo=True, now="2026-03-05T09:00"))


def tried(ctx: Any, *changes: dict[str, Any], request: dict[str, Any] = ASKED) -> dict[str, Any]:
    """A what-if."""
    given = {"request": request, "changes": changes}
    return dict(default().call("what_if", ctx, given).model_dump(mode="json", by_alias=True))


def concrete(ctx: Any, type_: str) -> dict[str, Any]:
    """The change of a type, about a block and a case that the demo has."""
    clinic, values = ctx.store.clinic(), dict(EACH[type_])
    if type_ == "release-block":
        values["block"] = clinic.blocks[0].id
    if type_ == "move-case":
        values["case"] = clinic.cases[0].id
    return {"type": type_, **values}


def test_the_contract_the_solver_and_this_page_know_the_same_changes() -> None:
    """No type of change is left untried below."""
    union = get_args(get_args(changes.Change)[0])
    assert {get_args(each.model_fields["type"].annotation)[0] for each in union} == set(CHANGES) == set(EACH)


@pytest.mark.parametrize("type_", sorted(EACH))
def test_a_change_of_every_type_is_tried_alone_and_beside_another_and_not_written(
    ctx: Any, type_: str
) -> None:
    """It is said in words, answered before and after, and the clinic is as it was."""
    whole = exported(Loaded(ctx.store.clinic()))
    change = concrete(ctx, type_)
    alone = tried(ctx, change)
    assert len(alone["changes"]) == 1
    assert alone["changes"][0]
    assert alone["before"]["status"] == "infeasible"
    assert (alone["after"]["status"] == "found") == (type_ == "add-equipment")
    both = tried(ctx, TOWER, change)
    assert both["after"]["status"] == "found"
    assert exported(Loaded(ctx.store.clinic())) == whole


@pytest.mark.parametrize(
    ("kind", "id_", "values"),
    [
        ("rooms", "or-2", {"equipment": ["arthroscopy-tower"]}),
        ("procedures", "knee-arthroscopy", {"equipment": []}),
    ],
)
def test_any_record_may_be_otherwise(ctx: Any, kind: str, id_: str, values: dict[str, Any]) -> None:
    """A room's equipment and a procedure's needs are what would open the slot, as the clinic file writes them."""
    answer = tried(ctx, {"type": "set-record", "kind": kind, "id": id_, "values": values})
    assert answer["after"]["status"] == "found"
    assert {offer["cases"][0]["room"] for offer in answer["after"]["offers"]} == {"or-2"}


def test_people_blocks_and_the_clinics_own_record_may_be_otherwise_too(ctx: Any) -> None:
    """Another surgeon privileged, a holiday, a block, each changes the answer and is named."""
    surgeon = ctx.store.clinic().staff["dr-evans"]
    asked = {**ASKED, "surgeon": surgeon.id, "room": None, "date_from": "2026-03-09", "date_to": "2026-03-20"}
    privileged = {
        "type": "set-record", "kind": "staff", "id": surgeon.id,
        "values": {"privileges": [{"procedure": "knee-arthroscopy"}]},
    }  # fmt: skip
    assert tried(ctx, privileged, request=asked)["after"]["status"] == "found"
    days = [{"date": f"2026-03-{day:02}", "name": "Stocktaking"} for day in range(9, 21)]
    shut = {"type": "set-record", "kind": "clinic", "values": {"holidays": days}}
    closed = tried(ctx, privileged, shut, request=asked)["after"]
    assert closed["status"] == "infeasible"
    assert "holiday" in {reason["rule"] for reason in closed["explanation"]["conflict"]}
    taken = {
        "type": "set-record", "kind": "blocks", "id": "all-mine",
        "values": {"owner": "dr-patel", "room": "or-1", "day": "tue", "hours": "06:00-20:00", "release_days": 0},
    }  # fmt: skip
    free = {**ASKED, "room": "or-1", "date_to": "2026-03-10"}
    assert tried(ctx, taken, request=free)["after"]["status"] == "infeasible"


def test_changes_are_read_in_order(ctx: Any) -> None:
    """A record is changed as those before it left it: a unit added to a pool stays when its name changes."""
    more = {"type": "add-unit", "resource": "knee-scope-set", "units": 3}
    named = {"type": "set-record", "kind": "trays", "id": "knee-scope-set", "values": {"name": "Scopes"}}
    answer = tried(ctx, more, named, TOWER)
    assert answer["changes"][1] == "Scopes with name Scopes"
    assert answer["after"]["status"] == "found"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "add-unit", "resource": "or-1"}, "no pool"),
        ({"type": "add-unit", "resource": "c-arm", "units": 0}, "units"),
        ({"type": "add-equipment", "room": "or-9", "equipment": "arthroscopy-tower"}, "no room"),
        ({"type": "set-hours", "resource": "or-1", "day": "tue", "start": "12:00", "end": "09:00"}, "swapped"),
        ({"type": "add-shift", "staff": "nobody", "date": "2026-03-10", "start": "07:00", "end": "08:00"}, "no person"),
        ({"type": "set-param", "rule": "turnover", "param": "specialty_change_minutes", "value": "x"}, "not a number"),
        ({"type": "set-param", "rule": "turnover", "param": "colour", "value": 1}, "colour"),
        ({"type": "set-record", "kind": "trays", "id": "knee-scope-set", "values": {"units": -1}}, "units"),
        ({"type": "set-record", "kind": "trays", "id": "new", "values": {"units": 1}}, "name: is missing"),
        ({"type": "set-record", "kind": "rooms", "values": {"name": "X"}}, "id is missing"),
        ({"type": "set-record", "kind": "clinic", "values": {"timezone": "UTC"}}, "only name"),
        ({"type": "set-record", "kind": "staff", "id": "dr-smith", "values": {"role": ""}}, "role"),
        ({"type": "move-case", "case": "no-case", "start": "2026-03-10T10:00"}, "no-case"),
        ({"type": "move-case", "case": "no-case", "room": "or-2"}, "There is no case 'no-case'"),
        ({"type": "change-request", "field": "surgeon", "value": "nobody"}, "nobody"),
        ({"type": "change-request", "field": "surgeon", "value": "scrub-1"}, "no surgeon 'scrub-1'. Maybe you"),
        ({"type": "change-request", "field": "anesthesia", "value": "ether"}, "no anesthesia 'ether'"),
        ({**EXTRA, "role": "wizard"}, "no role 'wizard'"),
        ({**EXTRA, "role": "surgeon", "privileges": ["alchemy"]}, "no procedure 'alchemy'"),
        ({"type": "buy-a-hospital"}, "type"),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused_plainly(
    ctx: Any, change: dict[str, Any], words: str
) -> None:
    """One sentence says which value was seen; no answer is made up."""
    with pytest.raises(ToolError, match=words):
        tried(ctx, change)


def test_nothing_at_all_is_written(ctx: Any) -> None:
    """Whatever is found before and after, no row of any table is another one, no offer is kept, no request counted."""
    connection = ctx.store.engine.raw_connection().driver_connection
    whole = list(connection.iterdump())
    free = {**ASKED, "room": "or-1", "date_from": "2026-03-10", "date_to": "2026-03-12"}
    both = tried(ctx, TOWER), tried(ctx, TOWER, request=free)
    assert [answer["before"]["status"] for answer in both] == ["infeasible", "found"]
    assert list(connection.iterdump()) == whole


def test_every_parameter_that_there_is_can_be_set_to_what_it_is(ctx: Any) -> None:
    """Its own default changes nothing, and is said without brackets, quotes or None."""
    given = [
        {"type": "set-param", "rule": rule.id, "param": param, "value": plain(value)}
        for rule in CATALOGUE.values()
        for param, value in rule.defaults.items()
    ]
    assert len(given) > 50
    for start in range(0, len(given), 20):
        answer = tried(ctx, *given[start : start + 20])
        assert answer["after"]["explanation"]["conflict"] == answer["before"]["explanation"]["conflict"]
        assert not [text for text in answer["changes"] if set("[]{}") & set(text) or "None" in text]


def plain(value: Any) -> Any:
    """As JSON has it."""
    return dict(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value


def test_each_change_is_said_of_the_clinic_as_those_before_it_left_it(ctx: Any) -> None:
    """A room that a change adds goes by its name in the next one."""
    added = {"type": "set-record", "kind": "rooms", "id": "or-9", "values": {"name": "OR Nine", "hours": {}}}
    answer = tried(ctx, added, {"type": "add-equipment", "room": "or-9", "equipment": "arthroscopy-tower"})
    assert answer["changes"] == ["OR Nine added", "arthroscopy tower in OR Nine too"]
