"""The logic map and its approvals: a version is all that it says, an approval is an entry that nobody takes back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest

from solver.rules import CATALOGUE
from tests.web.cli.conftest import SMALL
from tools.audit import AuditCheck, audit_check
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.logic_map import families, rules_of
from tools.records.store import Store
from tools.registry import default, staffed

NOW = dt.datetime(2026, 3, 5, 14, 0, tzinfo=dt.UTC)
DIRECTOR = Principal("dora", "Dora Lee", Role.DIRECTOR)


@pytest.fixture
def store() -> Iterator[Store]:
    """The small clinic."""
    made = Store.memory(load(SMALL))
    yield made
    made.close()


def call(store: Store, tool: str, who: Principal = DIRECTOR, **body: Any) -> Any:
    """A tool's output, as that person."""
    return staffed().call(tool, Context(store, who, lambda: NOW), body)


def approved(store: Store, who: Principal = DIRECTOR, note: str = "") -> Any:
    """The map after this person has approved what it says."""
    return call(store, "approve_logic_map", who, version=call(store, "logic_map").version, note=note)


def turnover(store: Store, **params: int) -> None:
    """Another value of a rule's parameter."""
    version = next(iter(call(store, "list_records", kind="rules").records)).version
    body = {
        "kind": "rules",
        "id": "turnover",
        "body": {"params": params},
        "version": version,
        "reason": "measured",
    }
    made = call(store, "edit_record", **body)
    call(store, "confirm_edit", proposal=made.proposal, key="k")


def test_the_map_has_every_rule_once(store: Store) -> None:
    """What is read is what is checked: the catalogue, whole and in its order."""
    found = call(store, "logic_map")
    assert [rule.id for family in found.families for rule in family.rules] == list(CATALOGUE)
    assert found.count == len(CATALOGUE)
    assert found.state == "never"


def test_an_approval_names_who_which_version_and_when(store: Store) -> None:
    """It is found again with its note, and stands in the audit trail, which is whole."""
    found = approved(store, note="Read with the board")
    only = found.approvals[0]
    assert (only.by, only.name, only.role, only.note) == (
        "dora",
        "Dora Lee",
        "director",
        "Read with the board",
    )
    assert (only.version, only.present, found.state) == (found.version, True, "approved")
    assert only.at.startswith("2026-03-05T09:00")
    auditor = Principal("carl", "Carl", Role.AUDITOR)
    assert call(store, "audit_trail", auditor, action="logic-map-approved").entries[0].objects == [
        found.version
    ]
    assert audit_check(Context(store, auditor, lambda: NOW), AuditCheck()).whole


def test_a_changed_value_is_another_version_and_is_shown(store: Store) -> None:
    """After a parameter changes the map isn't approved any more, and says what it was and is."""
    before = approved(store)
    turnover(store, specialty_change_minutes=45)
    found = call(store, "logic_map")
    assert found.state == "changed"
    assert found.version != before.version
    (only,) = found.differences
    assert only.rule == "turnover"
    assert [(name, new) for name, _old, new in only.parts] == [("specialty_change_minutes", 45)]
    assert approved(store).differences == []


def test_what_changed_meanwhile_is_not_approved(store: Store) -> None:
    """The version that was read is refused once it isn't the present one, and nothing is kept."""
    read = call(store, "logic_map").version
    turnover(store, specialty_change_minutes=45)
    with pytest.raises(ToolError, match="changed while you read it"):
        call(store, "approve_logic_map", version=read)
    assert call(store, "logic_map").approvals == []


def test_one_person_approves_a_version_once_and_two_may(store: Store) -> None:
    """A double click adds nothing; a second person's approval does."""
    approved(store)
    with pytest.raises(ToolError, match="already"):
        approved(store)
    both = approved(store, Principal("adam", "Adam", Role.ADMIN))
    assert [each.by for each in both.approvals] == ["adam", "dora"]
    with pytest.raises(ToolError, match="already"):
        approved(store)


@pytest.mark.parametrize("role", [Role.SCHEDULER, Role.CHARGE_NURSE, Role.AUDITOR])
def test_others_read_it_and_approve_nothing(store: Store, role: Role) -> None:
    """Everyone who sees the schedule may read what is checked; approving is for who keeps the records."""
    who = Principal("x", "X", role)
    read = call(store, "logic_map", who)
    with pytest.raises(ToolError, match="may not"):
        call(store, "approve_logic_map", who, version=read.version)


def test_no_model_can_approve() -> None:
    """Neither tool is in a model's list."""
    assert {"logic_map", "approve_logic_map"}.isdisjoint(each.name for each in default().tools())


def test_every_rule_is_told_in_words() -> None:
    """The map is read and approved by directors: no field name, no code and no value of the language in it."""
    texts = [family.text for family in families(None)]
    texts += [rule.text for rule in rules_of(families(None))]
    assert [text for text in texts if re.search(r"[`{}_]|\bNone\b|\bmonotone\b", text)] == []
