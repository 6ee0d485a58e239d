"""The registry validates, checks the permission and runs, the same for every surface."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from tests.tools.clinic_file.conftest import TEXT
from tools.context import GRANTS, Context, Permission, Principal, Role
from tools.errors import ToolError
from tools.records.store import Store
from tools.registry import Registry, tool


class Ask(BaseModel):
    """What the test's tool is asked."""

    model_config = ConfigDict(extra="forbid")
    room: str = Field(description="Room id.", max_length=20)
    minutes: int = Field(30, ge=5)
    patient: dict[str, int] = {}


class Answer(BaseModel):
    """What it says."""

    text: str


@tool(permission=Permission.FIND, effect="read")
def greet_room(ctx: Context, body: Ask) -> Answer:
    """Says hello to a room."""
    return Answer(text=f"{ctx.principal.id} greets {body.room}")


REGISTRY = Registry([greet_room])


@cache
def _store() -> Store:
    return Store.memory(TEXT)


def context(role: Role) -> Context:
    """A context of a small clinic, whose holds a call settles first."""
    return Context(_store(), Principal("ann", "Ann", role), lambda: dt.datetime.now(dt.UTC))


def refused(payload: dict[str, Any], role: Role = Role.SCHEDULER, name: str = "greet_room") -> ToolError:
    """The error of a call that must fail."""
    with pytest.raises(ToolError) as caught:
        REGISTRY.call(name, context(role), payload)
    return caught.value


def test_a_tool_is_described_by_its_function() -> None:
    """A tool's name, document and models are those of the function it was made of."""
    (only,) = REGISTRY.tools()
    assert (only.name, only.doc) == ("greet_room", "Says hello to a room.")
    assert (only.input, only.output, only.effect) == (Ask, Answer, "read")


def test_a_good_call_is_run() -> None:
    """A valid payload reaches the function as its model."""
    answer = REGISTRY.call("greet_room", context(Role.SCHEDULER), {"room": "or-1"})
    assert answer == Answer(text="ann greets or-1")


def test_permission_comes_before_validation() -> None:
    """One who may not call a tool learns nothing about its input, only who may."""
    error = refused({"nonsense": 1}, Role.AUDITOR)
    assert error.code == "forbidden"
    assert "auditor" in error.message
    assert "scheduler" in error.message


@pytest.mark.parametrize(
    ("payload", "field", "words"),
    [
        ({}, "room", ["room is missing", "Room id."]),
        ({"room": "or-1", "minuts": 3}, "minuts", ["not a field", "Maybe you meant minutes"]),
        ({"room": "or-1", "minutes": 2}, "minutes", ["2 can't be used", "greater than or equal to 5"]),
        ({"room": "x" * 500}, "room", ["at most 20"]),
    ],
)
def test_invalid_input_is_one_plain_error(payload: dict[str, Any], field: str, words: list[str]) -> None:
    """An invalid field is named with the value seen and the way out, and long values are cut."""
    error = refused(payload)
    assert (error.code, error.field) == ("invalid", field)
    assert all(word in error.message for word in words)
    assert len(error.message) < 300


def test_a_patients_values_are_not_repeated() -> None:
    """The error about a patient's field does not say what stood in it."""
    assert "T123" not in refused({"room": "or-1", "patient": {"mrn": "T123"}}).message


def test_an_unknown_tool_lists_the_known() -> None:
    """Calling a tool that doesn't exist says which do."""
    assert "greet_room" in refused({}, name="book_now").message


@given(role=st.sampled_from(Role), permission=st.sampled_from(Permission))
def test_what_is_not_granted_is_denied(role: Role, permission: Permission) -> None:
    """A principal may do exactly what the one table grants its role."""
    ctx = context(role)
    if permission in GRANTS[role]:
        ctx.require(permission)
    else:
        with pytest.raises(ToolError, match=str(role)):
            ctx.require(permission)


def test_every_role_has_a_row_and_machines_cannot_confirm() -> None:
    """Each role is in the table, an integration only prepares, and an auditor changes nothing."""
    assert set(GRANTS) == set(Role)
    assert Permission.CONFIRM not in GRANTS[Role.INTEGRATION]
    assert GRANTS[Role.AUDITOR] == {Permission.SCHEDULE, Permission.AUDIT}


def test_a_date_beyond_every_calendar_is_refused_in_words() -> None:
    """The year 9999 is bad input, not a fault of ours."""
    from pydantic import ValidationError

    from tools.contract import Request

    with pytest.raises(ValidationError, match="too far ahead"):
        Request.model_validate({"procedure": "x", "date_from": "9999-12-30", "date_to": "9999-12-31"})


def test_a_refusal_names_who_may_in_words() -> None:
    """Every role that may is named as people say it, each with its article."""
    ann = Context(None, Principal("ann", "Ann", Role.SCHEDULER), lambda: dt.datetime.now(dt.UTC))  # type: ignore[arg-type]
    with pytest.raises(ToolError, match="Maybe ask a charge nurse, a director or an admin."):
        ann.require(Permission.REPORTS)
