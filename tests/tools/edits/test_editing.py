"""Records are changed by people: facts at once, policy in two steps, nobody's change lost."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.tools.edits.conftest import Call, context
from tests.tools.records.conftest import NOW
from tools import registry
from tools.clinic_file import exported, load
from tools.context import Role
from tools.edits.drafting import VersionConflict
from tools.errors import Conflict, ToolError
from tools.records.store import Store
from tools.registry import default

SICK = {"from": "2026-03-10", "to": "2026-03-10", "reason": "sick"}


def confirmed(call: Call, proposal: dict[str, Any], key: str = "key-1") -> dict[str, Any]:
    """What confirming a proposal answers."""
    assert proposal["status"] == "proposed", proposal
    return call("confirm_edit", proposal=proposal["proposal"], key=key)


def test_sickness_is_saved_at_once_and_flags_the_case(call: Call, store: Store) -> None:
    """A leave needs no confirmation; the case that it hits goes into the worklist, and stays booked."""
    saved = call("edit_record", kind="staff", id="nurse-1", add={"leave": [SICK]}, reason="called in")
    assert saved["status"] == "saved"
    assert [(one["case"], one["rule"]) for one in saved["breaks"]] == [("case-1", "leave")]
    assert store.clinic().staff["nurse-1"].leave[0].reason == "sick"
    assert store.clinic().cases_by_id["case-1"].status == "booked"
    (item,) = call("worklist")["items"]
    assert (item["id"], item["case"], item["still"]) == (saved["flagged"][0], "case-1", True)
    assert "called in" in item["cause"]
    assert [entry.action for entry in store.audit_entries()] == ["load", "record-change"]


def test_policy_lists_what_it_breaks_and_waits(call: Call, store: Store) -> None:
    """Shorter room hours are a proposal that names the booking they break; confirming writes and flags it."""
    hours = {"hours": {"tue": "09:00-17:00", "thu": "07:30-17:00"}}
    before = store.clinic()
    proposed = call("edit_record", kind="rooms", id="or-1", body=hours, version=1, reason="staffing")
    assert [(one["case"], one["rule"]) for one in proposed["breaks"]] == [("case-1", "room-hours")]
    assert store.clinic() is before
    done = confirmed(call, proposed)
    assert (done["status"], done["version"], len(done["flagged"])) == ("saved", 2, 1)
    assert store.clinic().rooms["or-1"].hours[1] == ((540, 1020),)
    assert store.clinic().cases == before.cases
    assert confirmed(call, proposed) == done
    with pytest.raises(Conflict, match="carried out already"):
        confirmed(call, proposed, "key-2")


def test_the_second_writer_sees_both_versions(call: Call, store: Store) -> None:
    """An edit made from an old version is refused with the present record and the one it would have made."""
    first = call("edit_record", kind="trays", id="scope-set", body={"units": 3}, version=1, reason="bought")
    second = call("edit_record", kind="trays", id="scope-set", body={"units": 1}, version=1, reason="sold")
    confirmed(call, first)
    for attempt in (
        lambda: confirmed(call, second, "key-2"),
        lambda: call("edit_record", kind="trays", id="scope-set", body={"units": 1}, version=1, reason="x"),
    ):
        with pytest.raises(VersionConflict) as caught:
            attempt()
        assert caught.value.current == {"version": 2, "body": store.export()["trays"]["scope-set"]}
        assert caught.value.yours["body"]["units"] == 1


def test_more_broken_than_was_shown_is_refused(call: Call, store: Store) -> None:
    """A booking made between showing and confirming, which the edit breaks too, stops it."""
    hours = {"hours": {"tue": "09:00-17:00", "thu": "07:30-17:00"}}
    proposed = call("edit_record", kind="rooms", id="or-1", body=hours, version=1, reason="staffing")
    case = store.clinic().cases[0]
    store.write(lambda w: w.add_case(replace(case, id="case-9", start=case.start + 10080), "left", 9))
    with pytest.raises(Conflict, match="2 bookings"):
        confirmed(call, proposed)
    assert store.clinic().rooms["or-1"].hours[1] == ((450, 1020),)


@pytest.mark.parametrize(
    ("record", "body", "field", "words"),
    [
        ("staff/nurse-1", {"body": {"shift": {}}, "version": 1}, "shift", "shifts"),
        ("staff/nurse-1", {"body": {"shifts": {"tue": "15:00-07:00"}}, "version": 1}, "shifts.tue", "ends before"),
        ("staff/nurse-2", {"body": {"name": "X"}, "version": 1}, "id", "nurse-1"),
        ("staff/nurse-1", {"body": {"name": "X"}}, "version", "version 1"),
        ("rooms/or-1", {"body": {"equipment": ["lathe"]}, "version": 1}, "equipment[0]", "lathe"),
        ("staff/dr-a", {"body": {"role": "circulator"}, "version": 1}, "cases.case-1.surgeon", "surgeon"),
        ("rules/turnover", {"body": {"params": {"x": 1}}, "version": 1}, "params.x", "parameter"),
        ("rules/gravity", {"op": "create", "body": {"level": "off"}}, "body", "no such rule"),
        ("rules/room-occupancy", {"op": "create", "body": {"level": "off"}}, "level", "occupancy"),
        ("clinic/clinic", {"body": {"timezone": "Europe/Paris"}, "version": 1}, "timezone", "stays"),
        ("clinic/clinic", {"op": "end", "version": 1}, "op", "can't end"),
        ("trays/scope-set", {"op": "end", "version": 1}, "procedures.knee.trays[0]", "scope-set"),
        ("staff/nurse-1", {"op": "end", "version": 1}, "from_date", "first day"),
        ("staff/nurse-1", {"body": {"name": "N"}, "from_date": "2026-04-01", "version": 1}, "from_date", "rules"),
        ("staff/nurse-1", {"add": {"leave": [{"from": "2026-03-12", "to": "2026-03-10"}]}}, "leave[0]", "before"),
        ("staff/nurse-1", {"add": {"name": ["x"]}}, "add", "list"),
        ("rules/turnover", {"body": {"params": 3}, "version": 1}, "params", "table of keys"),
    ],
)  # fmt: skip
def test_bad_edits_name_the_key_and_write_nothing(
    call: Call, store: Store, record: str, body: dict[str, Any], field: str, words: str
) -> None:
    """What a clinic file couldn't hold is refused with the key at fault and the way out; no row changes."""
    before = store.revision()
    kind, id_ = record.split("/")
    with pytest.raises(ToolError) as caught:
        call("edit_record", kind=kind, id=id_, reason="test", **body)
    assert (caught.value.field, words in caught.value.message) == (field, True), caught.value.message
    assert store.revision() == before
    assert len(store.audit_entries()) == 1


def test_parameters_hold_from_their_day(call: Call, store: Store) -> None:
    """A parameter with a date is kept beside the present one; ending it from a day gives the default back."""
    change = {"params": {"specialty_change_minutes": 30}}
    made = {"kind": "rules", "id": "turnover", "body": change, "from_date": "2026-04-01"}
    confirmed(call, call("edit_record", **made, version=1, reason="committee"))
    rule = store.clinic().rules["turnover"]
    assert rule.params == {"specialty_change_minutes": 10}
    assert [(str(each.first), dict(each.params)) for each in rule.dated] == [
        ("2026-04-01", {"specialty_change_minutes": 30})
    ]
    ended = {"kind": "rules", "id": "turnover", "op": "end", "from_date": "2026-06-01", "version": 2}
    confirmed(call, call("edit_record", **ended, reason="trial over"), "key-2")
    assert len(store.clinic().rules["turnover"].dated) == 2


def test_people_rooms_blocks_and_procedures_end_by_a_day(call: Call, store: Store) -> None:
    """What ends lists its bookings beyond the day; records stay for the cases that were."""
    ended: dict[str, Any] = {"op": "end", "from_date": "2026-03-09", "version": 1, "reason": "left"}
    person = call("edit_record", kind="staff", id="nurse-1", **ended)
    assert [one["rule"] for one in person["breaks"]] == ["leave"]
    room = call("edit_record", kind="rooms", id="or-1", **ended)
    assert [one["rule"] for one in room["breaks"]] == ["room-closed"]
    done = call("edit_record", kind="procedures", id="knee", **ended)
    assert [one["rule"] for one in done["breaks"]] == ["surgeon-privilege"]
    block = confirmed(call, call("edit_record", kind="blocks", id="a-tue", **ended))
    assert block["after"]["until"] == "2026-03-08"
    assert [store.clinic().blocks[0].falls_on(dt.date(2026, 3, day)) for day in (3, 10)] == [True, False]
    for number, one in enumerate((person, room, done)):
        confirmed(call, one, f"end-{number}")
    assert store.clinic().cases_by_id["case-1"].status == "booked"
    assert exported(load(store.export())) == store.export()


def test_a_record_is_created_and_can_be_booked(call: Call, store: Store) -> None:
    """A new room has a unit that a case can take at once."""
    room = {"name": "OR 2", "hours": {"tue": "07:30-17:00"}, "equipment": ["tower"]}
    confirmed(call, call("edit_record", kind="rooms", id="or-2", op="create", body=room, reason="built"))
    case = replace(
        store.clinic().cases[0], id="case-9", room="or-2", start=store.clinic().cases[0].start + 10080
    )
    store.write(lambda writer: writer.add_case(case, "left", 9))
    assert [record["id"] for record in call("list_records", kind="rooms")["records"]] == ["or-1", "or-2"]


def test_history_says_who_when_why_from_what_to_what(call: Call) -> None:
    """Each change of a record is listed, newest first, with both bodies."""
    call("edit_record", kind="staff", id="nurse-1", add={"leave": [SICK]}, reason="called in")
    found = call("list_records", kind="staff", id="nurse-1", history=True)
    (change,) = found["history"]
    assert (change["by"], change["reason"], change["version"]) == ("dora", "called in", 2)
    assert "leave" not in change["before"]
    assert change["after"]["leave"] == [SICK]
    assert found["records"][0]["version"] == 2


def test_roles(call: Call) -> None:
    """A charge nurse notes facts and no policy, a scheduler neither, and a model is given none of it."""
    sick = {"kind": "staff", "id": "nurse-1", "add": {"leave": [SICK]}, "reason": "x"}
    policy = {"kind": "trays", "id": "scope-set", "body": {"units": 3}, "version": 1, "reason": "x"}
    assert call("edit_record", Role.CHARGE_NURSE, **sick)["status"] == "saved"
    for role, body in ((Role.CHARGE_NURSE, policy), (Role.SCHEDULER, sick), (Role.AUDITOR, sick)):
        with pytest.raises(ToolError) as caught:
            call("edit_record", role, **body)
        assert caught.value.code == "forbidden"
    assert not {each.effect for each in default().tools()} & {"write"}


def test_another_persons_proposal_is_not_there(call: Call, store: Store) -> None:
    """Who proposed an edit confirms it; nobody else finds it."""
    proposed = call("edit_record", kind="trays", id="scope-set", body={"units": 3}, version=1, reason="x")
    other = context(store, name="otto")
    with pytest.raises(ToolError, match="no proposal"):
        registry.staffed().call("confirm_edit", other, {"proposal": proposed["proposal"], "key": "k"})


def test_fewer_units_leave_the_rest_bookable(call: Call, store: Store) -> None:
    """Two cases that shared two trays stand when one tray is left; they are flagged, and later ones still fit."""
    first = store.clinic().cases[0]
    second = replace(first, id="case-2", start=first.start + 120, patient=None)
    store.write(lambda writer: writer.add_case(second, "left", 2))
    proposed = call("edit_record", kind="trays", id="scope-set", body={"units": 1}, version=1, reason="lost")
    assert {one["case"] for one in proposed["breaks"]} == {"case-1", "case-2"}
    confirmed(call, proposed)
    later = replace(first, id="case-3", start=first.start + 120 + 55 + 180, patient=None)
    store.write(lambda writer: writer.add_case(later, "left", 3))


def test_a_shorter_use_makes_room(call: Call, store: Store) -> None:
    """When reprocessing takes less, the time that it gives back can be booked."""
    confirmed(
        call, call("edit_record", kind="trays", id="scope-set", body={"units": 1}, version=1, reason="x")
    )
    less = {"kind": "trays", "id": "scope-set", "body": {"reprocessing_minutes": 30}, "version": 2}
    confirmed(call, call("edit_record", **less, reason="new washer"), "key-2")
    first = store.clinic().cases[0]
    store.write(
        lambda writer: writer.add_case(
            replace(first, id="case-2", start=first.start + 90, patient=None), None, 2
        )
    )


def test_resolving_keeps_who_and_how(call: Call) -> None:
    """A resolved entry leaves the open list, says who resolved it and how, and isn't resolved twice."""
    (flagged,) = call("edit_record", kind="staff", id="nurse-1", add={"leave": [SICK]}, reason="x")["flagged"]
    done = call("resolve_exception", Role.SCHEDULER, id=flagged, note="nurse 2 takes it")
    assert (done["state"], done["resolved_by"], done["note"]) == ("resolved", "dora", "nurse 2 takes it")
    assert call("worklist")["items"] == []
    assert len(call("worklist", state="all")["items"]) == 1
    with pytest.raises(ToolError, match="resolved it already"):
        call("resolve_exception", id=flagged, note="again")
    with pytest.raises(ToolError, match="no entry"):
        call("resolve_exception", id="work-x", note="again")
    assert NOW.date().isoformat() in done["resolved_at"]
