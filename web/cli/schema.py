"""schema: the JSON Schema of what goes in and out, from the models that read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from tools.errors import ToolError
from web.cli.answer import Answer, as_text

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="clinic, conversation, request, offer or explanation.")
    ],
) -> Answer:
    """Print a JSON Schema.

    Of the clinic file, an eval conversation, or a contract object.
    """
    if name not in SCHEMAS:
        raise ToolError(
            "unknown", f"There is no schema {name!r}. Maybe one of: {', '.join(SCHEMAS)}.", "name"
        )
    body = {"$schema": DIALECT, "title": name.capitalize()} | dict(SCHEMAS[name]())
    return Answer(body, as_text(body))


def _clinic() -> Mapping[str, Any]:
    from tools.clinic_file import json_schema

    return json_schema()


def _conversation() -> Mapping[str, Any]:
    from evals.conversation import Conversation

    return Conversation.model_json_schema()


def _request() -> Mapping[str, Any]:
    from tools.contract import Request

    return Request.model_json_schema()


def _offer() -> Mapping[str, Any]:
    from tools.contract import Offer

    return Offer.model_json_schema(mode="serialization")


def _explanation() -> Mapping[str, Any]:
    from tools.contract import Explanation

    return Explanation.model_json_schema(mode="serialization")


SCHEMAS: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "clinic": _clinic,
    "conversation": _conversation,
    "request": _request,
    "offer": _offer,
    "explanation": _explanation,
}
