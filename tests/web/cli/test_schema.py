"""The schemas are JSON Schema, and say what the models accept."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from evals.conversation import Conversation
from tests.web.cli.conftest import Run
from tools.contract import Explanation, Offer, Request
from web.cli.schema import SCHEMAS

TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
WITH_SCHEMAS = ("properties", "$defs", "patternProperties")
WITH_LISTS = ("anyOf", "allOf", "oneOf", "prefixItems")
WITH_ONE = ("items", "additionalProperties", "not", "propertyNames")


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_json_schema(run: Run, name: str) -> None:
    """It names its dialect, every type is one, every reference leads somewhere, what is required exists."""
    ran = run("schema", name)
    schema = ran.body
    assert ran.code == 0
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for part in _parts(schema):
        types = part.get("type", [])
        assert {types} if isinstance(types, str) else set(types) <= TYPES
        if "$ref" in part:
            assert part["$ref"].removeprefix("#/$defs/") in schema["$defs"]
        if part.get("additionalProperties") is False:
            assert set(part.get("required", [])) <= set(part["properties"])


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Every subschema of a schema, itself included."""
    if not isinstance(schema, dict):
        assert isinstance(schema, bool)
        return
    yield schema
    for key in WITH_SCHEMAS:
        for part in schema.get(key, {}).values():
            yield from _parts(part)
    for key in WITH_LISTS:
        for part in schema.get(key, []):
            yield from _parts(part)
    for key in WITH_ONE:
        if key in schema:
            yield from _parts(schema[key])


def test_json_changes_nothing(run: Run) -> None:
    """A schema is JSON with and without --json."""
    assert run("schema", "offer").body == run("schema", "offer", "--json").body


@pytest.mark.parametrize(
    ("name", "model"), [("request", Request), ("offer", Offer), ("explanation", Explanation)]
)
def test_a_schema_has_its_models_fields(run: Run, name: str, model: Any) -> None:
    """Field by field, the printed schema is that of the model which reads or writes the object."""
    assert set(run("schema", name).body["properties"]) == set(model.model_fields)


def test_intervals_are_written_with_their_aliases(run: Run) -> None:
    """A reserved resource has `from` and `to`, as in the contract."""
    assert {"from", "to"} <= set(run("schema", "offer").body["$defs"]["ResourceOut"]["properties"])


def test_an_unknown_schema_is_refused(run: Run) -> None:
    """A name that is none is answered with those there are."""
    assert "conversation" in run("schema", "nonsense").refused


WHOLE = {
    "id": "late-change", "suite": "changes", "clinic": "demo", "now": "2026-03-05T09:00", "role": "scheduler",
    "turns": [
        {
            "user": "Dr. Smith, knee scope, next Tuesday",
            "expect": {
                "calls": [{"tool": "find_slots", "input": {"surgeon": "dr-smith"}}],
                "offers": {"min": 1, "room": "or-1"},
                "must_not_call": ["book"],
            },
        },
        {"elsewhere": {"book": {"label": "A1"}}},
        {"user": "book it", "when_asked": {"laterality": "left"}, "confirm": True, "expect": {"outcome": "conflict"}},
    ],
    "final_state": {"cases_added": 1, "by": "elsewhere"}, "reads_required": ["find_slots"], "model_script": None,
}  # fmt: skip


def test_a_conversation_is_read_with_every_key() -> None:
    """All normative keys are read, an extra one is kept, and what isn't said has its default."""
    read = Conversation.model_validate(WHOLE | {"author": "clinic"})
    assert read.now.isoformat() == "2026-03-05T09:00:00"
    assert (read.turns[1].elsewhere, read.turns[1].user) == ({"book": {"label": "A1"}}, None)
    assert read.model_extra == {"author": "clinic"}
    assert read.turns[0].confirm is False


@pytest.mark.parametrize("missing", ["id", "suite", "now", "turns"])
def test_a_conversation_needs_its_core(missing: str) -> None:
    """Without id, suite, clock or turns a conversation is refused."""
    with pytest.raises(ValidationError, match=missing):
        Conversation.model_validate({key: value for key, value in WHOLE.items() if key != missing})
