"""What a model is told of the tools: enough to use each without having seen the product."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assistant.session import RegistryToolbox
from assistant.toolbox import ASK_SPEC
from tests.assistant.conftest import Chat
from tests.assistant.speaking import desk
from tests.assistant.test_agent import SEARCH, Scripted, calling, saying, use
from tools.context import Role
from tools.errors import ToolError
from tools.records.demo import demo_clinic
from tools.records.store import Store
from tools.registry import default

TOOLS = [(tool.name, tool.doc, tool.input.model_json_schema()) for tool in default().tools()]
TOLD = [*TOOLS, (ASK_SPEC.name, ASK_SPEC.description, ASK_SPEC.input_schema)]


@pytest.mark.parametrize(("name", "doc", "schema"), TOLD, ids=[each[0] for each in TOLD])
def test_a_tool_says_when_it_is_not_the_one(name: str, doc: str, schema: dict[str, Any]) -> None:
    """A description says more than the name does, and when to leave the tool alone."""
    assert schema
    assert len(doc) > 200, name
    assert any(
        word in " ".join(doc.split())
        for word in ("Not for", "Not needed", "Don't", "Never ask", "only find", "can't be", "nothing anew")
    ), name


@pytest.mark.parametrize(("name", "doc", "schema"), TOOLS, ids=[each[0] for each in TOOLS])
def test_a_tool_says_what_it_returns(name: str, doc: str, schema: dict[str, Any]) -> None:
    """A description says what comes back."""
    assert schema
    assert "eturns" in doc or 'Status "found"' in doc, name


@pytest.mark.parametrize(("name", "doc", "schema"), TOLD, ids=[each[0] for each in TOLD])
def test_every_field_of_a_tool_is_described(name: str, doc: str, schema: dict[str, Any]) -> None:
    """No field of a tool's input is left to guess at."""
    assert doc
    fields = schema["properties"].items()
    bare = [field for field, said in fields if not said.get("description") and "$ref" not in said]
    assert not bare, f"{name}: {bare}"


def test_a_model_never_reads_an_offers_id(chat: Chat) -> None:
    """A result that names an offer by its id reaches the model with the label in its place."""
    chat.tools.results["compare_offers"] = lambda given: {
        "higher": given["first"],
        "terms": [],
        "text": "Equal.",
    }
    chat.speaker = Scripted(
        calling(use("find_slots", **SEARCH)), calling(use("compare_offers", first="A1", second="A2")),
        saying("[[fact:F1]]"),
    )  # fmt: skip
    chat.say("knee scope on March 10")
    told = [result.content for message in chat.speaker.heard[-1] for result in message.results()]
    assert '"higher": "A1"' in told[-1]
    assert not any("secret" in each for each in told)


def test_the_schedule_names_the_block_that_a_release_takes() -> None:
    """A block's id can be had by looking at the schedule, and propose knows it."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    day = {"date_from": "2026-03-12", "date_to": "2026-03-12"}
    board = default().call("get_schedule", desk(store), day).model_dump()
    blocks = [bar["block"] for bar in board["blocked"] if bar["kind"] == "block"]
    assert blocks
    body = {"action": "release-block", "block": blocks[0], "date": "2026-03-12"}
    assert (
        default().call("propose", desk(store, Role.DIRECTOR), body).model_dump()["action"] == "release-block"
    )


@pytest.mark.parametrize(
    ("given", "way"),
    [
        ({**SEARCH, "date_from": "next Tuesday"}, "Maybe write it as 2026-03-10"),
        ({**SEARCH, "start_from": "after lunch"}, "Maybe"),
        ({key: value for key, value in SEARCH.items() if key != "procedure"}, "Maybe add it"),
    ],
)
def test_an_invalid_call_is_told_how_to_repair_it(given: dict[str, Any], way: str) -> None:
    """Each fault of a call names its field and a way out, and repeats no value."""
    tools = RegistryToolbox(default(), desk(Store.memory(demo_clinic(dt.date(2026, 3, 5)))))
    with pytest.raises(ToolError) as fault:
        tools.validate("find_slots", given)
    assert way in fault.value.message
    assert "next Tuesday" not in fault.value.message
