"""Whatever is edited, the book stands: every stored case can be read, shown, exported and searched around."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.tools.clinic_file.conftest import TEXT
from tests.tools.edits.conftest import Call, context
from tests.tools.records.conftest import NOW
from tools import registry
from tools.clinic_file import exported, load
from tools.edits.kinds import MODELS, SINGLE
from tools.errors import ToolError
from tools.records.store import Store

BASE = load(TEXT)
RECORDS = {
    kind: [kind]
    if kind in SINGLE
    else sorted(found)
    if isinstance(found, dict)
    else [each["id"] for each in found]
    for kind in MODELS
    if (found := exported(BASE).get(kind))
}
WINDOWS = st.sampled_from(["07:00-15:00", "08:00-09:00", "06:30-18:00", "9-5", "15:00-07:00"])
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 500), st.text(max_size=8), WINDOWS,
    st.sampled_from(["knee", "dr-a", "nurse-1", "circulator", "surgeon", "local", "tower", "pacu", "hard", "off"]),
    st.dictionaries(st.sampled_from(["tue", "thu", "default", "median", "dr-a"]), WINDOWS, max_size=2),
    st.lists(st.sampled_from(["knee", "tower", "c-arm", "scope-set", "general"]), max_size=2),
    st.just([{"from": "2026-03-10", "to": "2026-03-11"}]),
    st.just([{"from": "2026-03-10T07:00", "to": "2026-03-10T12:00"}]),
    st.just([{"role": "circulator", "certification": "ortho"}, {"role": "scrub", "count": 2}]),
    st.just({"default": {"median": 90}}), st.just({"default": "general", "options": ["general"]}),
)  # fmt: skip


@st.composite
def edits(draw: st.DrawFn) -> dict[str, Any]:
    """An edit of a record that is there, mostly of keys that it has."""
    kind = draw(st.sampled_from(sorted(RECORDS)))
    fields = [field.alias or name for name, field in MODELS[kind].model_fields.items()]
    made: dict[str, Any] = {"kind": kind, "reason": "try", "version": 1}
    made["op"] = draw(st.sampled_from(["change", "change", "change", "end", "create"]))
    made["id"] = draw(st.sampled_from([*RECORDS[kind], "other"])) if kind not in SINGLE else None
    made["body"] = draw(st.dictionaries(st.sampled_from([*fields, "nonsense"]), VALUES, max_size=3))
    made["from_date"] = draw(st.sampled_from([None, None, "2026-03-09", "2026-04-01"]))
    return made


@settings(max_examples=150)
@given(st.lists(edits(), min_size=1, max_size=3))
def test_any_edit_leaves_a_book_that_stands(wanted: list[dict[str, Any]]) -> None:
    """An edit is refused in words or leaves a clinic whose file loads again, with all its cases, and can be asked."""
    store = Store.memory(TEXT, as_of=NOW)
    ctx, tools = context(store), registry.staffed()
    refusals = []
    for number, edit in enumerate(wanted):
        try:
            done: Any = tools.call("edit_record", ctx, edit)
            if done.status == "proposed":
                tools.call("confirm_edit", ctx, {"proposal": done.proposal, "key": f"key-{number}"})
        except ToolError as error:
            refusals.append(error)
    assert {error.code for error in refusals} <= {"invalid", "conflict", "not-found"}
    assert all(error.message.strip() for error in refusals)
    event("all refused" if len(refusals) == len(wanted) else "some accepted")
    cases = exported(BASE)["cases"]
    assert store.export()["cases"] == cases
    assert load(store.export()).clinic == store.clinic()
    assert tools.call("worklist", ctx, {})
    day = {"date_from": "2026-03-10", "date_to": "2026-03-10"}
    assert tools.call("get_schedule", ctx, day)
    if "knee" in store.clinic().procedures:
        tools.call(
            "find_slots", ctx, {"procedure": "knee", "date_from": "2026-03-17", "date_to": "2026-03-17"}
        )
    store.close()


def test_a_loaded_clash_is_in_the_worklist(store: Store) -> None:
    """What a clinic file brings against the rules, and was accepted, is in the worklist from the start."""
    case = BASE.clinic.cases[0]
    double = replace(case, id="case-2", start=case.start + 30, patient=None)
    file = exported(replace(BASE, clinic=replace(BASE.clinic, cases=(case, double))))
    other = Store.memory(file, as_of=NOW, accept_existing=True)
    items: Any = registry.staffed().call("worklist", context(other), {})
    assert {item.case for item in items.items} == {"case-1", "case-2"}
    assert all(item.still and item.cause == "load" for item in items.items)
    assert registry.staffed().call("worklist", context(store), {}).model_dump()["items"] == []
    other.close()


def test_control_characters_are_refused(call: Call) -> None:
    """Signs that a database can't keep are refused as bad input on both engines."""
    for payload in ({"id": "or\x001", "reason": "x"}, {"id": "or-1", "reason": "a\x00b"}):
        with pytest.raises(ToolError, match="control characters"):
            call("edit_record", kind="rooms", version=1, body={"name": "X"}, **payload)


def test_a_moved_case_is_no_longer_against_the_rule(call: Call, store: Store) -> None:
    """An open entry tells whether it is still so: a case that was cancelled stands against nothing."""
    leave = {"from": "2026-03-10", "to": "2026-03-10"}
    call("edit_record", kind="staff", id="nurse-1", add={"leave": [leave]}, reason="x")
    store.write(lambda writer: writer.set_status("case-1", "cancelled"))
    (item,) = call("worklist")["items"]
    assert (item["still"], item["status"]) == (False, "cancelled")
    assert dt.datetime.fromisoformat(item["start"]).utcoffset() is not None
