"""What /openapi.json says beyond the routes' own words: every refusal, and the bodies that the tools judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from tools.correction import CorrectionRequest
from tools.edits.contract import EditRequest, EditResult
from tools.importing.contract import ImportRequest, ImportResult
from tools.proposals.contract import Confirmed, Proposal, ProposeRequest
from tools.worklist import ResolveRequest

Schema = dict[str, Any]

TAKES: Mapping[str, tuple[type[BaseModel], frozenset[str]]] = {
    "/api/proposals": (ProposeRequest, frozenset()),
    "/api/proposals/correct-patient": (CorrectionRequest, frozenset()),
    "/api/records/{kind}": (EditRequest, frozenset({"kind"})),
    "/api/records/{kind}/{record}": (EditRequest, frozenset({"kind", "id"})),
    "/api/import": (ImportRequest, frozenset()),
    "/api/worklist/{entry}/resolve": (ResolveRequest, frozenset({"id"})),
}
"""Address -> what is posted there, without the fields that its address says already."""

GIVES: Mapping[str, type[BaseModel]] = {
    "/api/proposals": Proposal,
    "/api/proposals/correct-patient": Proposal,
    "/api/proposals/{proposal}/confirm": Confirmed,
    "/api/records/{kind}": EditResult,
    "/api/records/{kind}/{record}": EditResult,
    "/api/records/proposals/{proposal}/confirm": EditResult,
}
"""Address -> what comes back, with more beside it for pages to show."""

STREAMS = frozenset({"/api/chat", "/api/changes"})
REFUSED = {
    "4XX": "Refused, in one plain sentence with its field. Of a 409 the reason and fresh offers, or both versions.",
    "503": "Away or busy for a moment; Retry-After says when to come back.",
}
ERROR: Schema = {
    "title": "Error",
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "field"],
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "field": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
        }
    },
}


def described(schema: Schema) -> Schema:
    """The schema that FastAPI makes of the routes, completed in place."""
    parts = schema.setdefault("components", {}).setdefault("schemas", {})
    parts.update(_models())
    parts["Error"] = ERROR
    for path, method, operation in _operations(schema):
        answers = operation["responses"]
        answers.pop("422", None)
        answers |= {status: _json(said, "Error") for status, said in REFUSED.items()}
        if path in GIVES and method == "post":
            answers["201"] = _json("Done.", GIVES[path].__name__)
        if path in TAKES and method == "post":
            _takes(operation, parts, *TAKES[path])
        if path in STREAMS:
            answers["200"]["content"]["text/event-stream"] = {}
        if path == "/api/import":
            both = {name: _json(said, "ImportResult") for name, said in _IMPORTED.items()}
            answers |= both | {"422": _either("Every fault with its line.", "ImportResult", "Error")}
    for unused in ("HTTPValidationError", "ValidationError"):
        parts.pop(unused, None)
    return schema


_IMPORTED = {"200": "A dry run without faults.", "201": "Imported."}


def _operations(schema: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in schema["paths"].items():
        if path.startswith("/api/"):
            for method, operation in methods.items():
                yield path, method, operation


def _models() -> dict[str, Schema]:
    """The models by name; of answers more than they name may be there."""
    given: list[type[BaseModel]] = [*GIVES.values(), ImportResult]
    pairs: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    pairs |= dict.fromkeys((model, "validation") for model, _ in TAKES.values())
    pairs |= dict.fromkeys((model, "serialization") for model in given)
    _, made = models_json_schema(list(pairs), ref_template="#/components/schemas/{model}")
    parts: dict[str, Schema] = made["$defs"]
    for model in given:
        parts[model.__name__].pop("additionalProperties", None)
    return parts


def _takes(operation: Schema, parts: Schema, model: type[BaseModel], said: frozenset[str]) -> None:
    whole = parts[model.__name__]
    fields = {name: each for name, each in whole["properties"].items() if name not in said}
    needed = [name for name in whole.get("required", []) if name not in said]
    body = {**whole, "properties": fields, "required": needed}
    operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}


def _json(said: str, name: str) -> Schema:
    return {"description": said, "content": {"application/json": {"schema": _ref(name)}}}


def _either(said: str, *names: str) -> Schema:
    schema = {"anyOf": [_ref(name) for name in names]}
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
