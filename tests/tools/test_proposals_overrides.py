"""A rule may be set aside only by whom the catalogue names, with a reason, and the case keeps the record of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.proposals import confirm
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
TIGHT = {
    "procedure": "knee-arthroscopy",
    "surgeon": "dr-smith",
    "room": "or-1",
    "at": "2026-03-10T08:30",
    "overrides": [{"rule": "turnover", "reason": "The room is turned over by a second team."}],
}
PATIENT = {"name": "Jo Example", "mrn": "T1000001"}


@pytest.fixture
def desk() -> Context:
    """A scheduler at the demo clinic."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    return Context(store, Principal("sam", "Sam", Role.SCHEDULER), lambda: NOW)


def _as(desk: Context, role: Role) -> Context:
    return replace(desk, principal=Principal("sam", "Sam", role))


def _propose(desk: Context) -> Any:
    checked: Any = default().call("check_slot", desk, TIGHT)
    body = {"offer": checked.offer.id, "patient": PATIENT, "laterality": "left"}
    return checked, default().call("propose", desk, body)


def _proposed(desk: Context, body: dict[str, Any]) -> str:
    proposal: Any = default().call("propose", desk, body)
    return str(proposal.id)


def test_a_start_inside_the_turnover_needs_the_override(desk: Context) -> None:
    """08:30 is refused for its turnover alone, and offered with a warning when that is set aside."""
    plain: Any = default().call("check_slot", desk, TIGHT | {"overrides": []})
    assert {violation.rule for violation in plain.violations} == {"turnover"}
    checked: Any = default().call("check_slot", _as(desk, Role.CHARGE_NURSE), TIGHT)
    assert checked.offer.warnings[0].startswith("Overridden: OR 1 needs")


@pytest.mark.parametrize("role", [Role.CHARGE_NURSE, Role.DIRECTOR])
def test_whom_the_catalogue_names_may_waive_it_and_it_is_on_record(desk: Context, role: Role) -> None:
    """A charge nurse, and a director above her, book it; the case carries the rule that was waived."""
    allowed = _as(desk, role)
    _, proposal = _propose(allowed)
    booked = confirm(allowed, proposal.id, "a-key-of-my-own")
    assert booked.case is not None
    stored = desk.store.clinic().cases_by_id[booked.case.id]
    assert stored.exceptions == ("turnover",)
    entry = desk.store.audit_entries()[-1]
    assert (entry.principal, entry.role, entry.objects[1]) == ("sam", str(role), booked.case.id)
    assert entry.after["overrides"] == [
        {"rule": "turnover", "reason": "The room is turned over by a second team."}
    ]


def test_the_reason_goes_with_a_hold_and_a_move_too(desk: Context) -> None:
    """Whatever is done past a rule, the trail has the rule and the reason; booking the hold names the rule again."""
    nurse = _as(desk, Role.CHARGE_NURSE)
    checked: Any = default().call("check_slot", nurse, TIGHT)
    held = confirm(nurse, _proposed(nurse, {"action": "hold", "offer": checked.offer.id}), "a" * 8)
    assert desk.store.audit_entries()[-1].after["overrides"][0]["reason"].startswith("The room")
    body = {
        "case": held.case.id if held.case else "",
        "patient": PATIENT,
        "laterality": "left",
        "reason": "urgent",
    }
    confirm(nurse, _proposed(nurse, body), "b" * 8)
    after = desk.store.audit_entries()[-1].after
    assert (after["overrides"], after["reason"]) == ([{"rule": "turnover", "reason": None}], "urgent")
    again: Any = default().call("check_slot", nurse, TIGHT | {"replaces": body["case"]})
    move = {"action": "move", "case": body["case"], "offer": again.offer.id}
    confirm(nurse, _proposed(nurse, move), "c" * 8)
    assert desk.store.audit_entries()[-1].after["overrides"][0]["reason"].startswith("The room")
    assert desk.store.audit_broken_at() is None


def test_a_reason_is_kept_with_an_edit_of_the_patient(desk: Context) -> None:
    """Why a case became somebody else's is in the trail, and who it is isn't."""
    nurse = _as(desk, Role.CHARGE_NURSE)
    _, proposal = _propose(nurse)
    case = confirm(nurse, proposal.id, "a-key-of-my-own").case
    other = {"name": "Mo Sample", "mrn": "T1000002"}
    body = {"action": "edit", "case": case.id if case else "", "patient": other, "reason": "mixed up"}
    confirm(nurse, _proposed(nurse, body), "d" * 8)
    entry = desk.store.audit_entries()[-1]
    assert (entry.action, entry.after["reason"]) == ("edit", "mixed up")
    assert "Mo Sample" not in str(entry)


def test_a_replay_asks_again_who_it_is(desk: Context) -> None:
    """Who may set the rule aside no more isn't given the answer again, though the key is right."""
    nurse = _as(desk, Role.CHARGE_NURSE)
    _, proposal = _propose(nurse)
    confirm(nurse, proposal.id, "a-key-of-my-own")
    confirm(nurse, proposal.id, "a-key-of-my-own")
    with pytest.raises(ToolError, match="may not override") as refused:
        confirm(_as(desk, Role.SCHEDULER), proposal.id, "a-key-of-my-own")
    assert refused.value.code == "forbidden"


def test_a_scheduler_may_not(desk: Context) -> None:
    """Nobody without the role books past a rule."""
    with pytest.raises(ToolError) as refused:
        _propose(desk)
    assert refused.value.code == "forbidden"


def test_what_is_never_waived_is_refused_at_the_door(desk: Context) -> None:
    """A room that is taken stays taken, whoever asks."""
    body = TIGHT | {"overrides": [{"rule": "room-occupancy", "reason": "please"}]}
    with pytest.raises(ToolError, match="never waived"):
        default().call("check_slot", _as(desk, Role.DIRECTOR), body)
