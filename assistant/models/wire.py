"""Our blocks as the Messages API has them, and its answer as ours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, get_args

from assistant.models.protocol import (
    Block,
    Message,
    NoteBlock,
    Reply,
    StopReason,
    TextBlock,
    ToolResultBlock,
    ToolSpec,
    ToolUseBlock,
    Usage,
)

CACHED = {"type": "ephemeral"}
_STOPS = frozenset(get_args(StopReason))
_THOUGHTS = frozenset({"thinking", "redacted_thinking"})


def system_param(system: str) -> list[dict[str, Any]]:
    """The system text, marked as the end of the prefix that a provider may cache (tools stand before it)."""
    return [{"type": "text", "text": system, "cache_control": CACHED}]


OPTIONAL, UNIONS = 24, 16
"""What one request's strict tools may have together; more, and the API refuses the request."""


def tool_params(tools: Sequence[ToolSpec], strict: bool) -> list[dict[str, Any]]:
    """The tools as the API has them, the first ones strict as far as its limits reach; pydantic checks them all."""
    return list(_tool_params(json.dumps([tool.model_dump() for tool in tools]), strict))


@lru_cache(maxsize=32)
def _tool_params(listed: str, strict: bool) -> list[dict[str, Any]]:
    """Made once for each list of tools: a role's list is the same in every request."""
    tools = [ToolSpec.model_validate(each) for each in json.loads(listed)]
    made: list[dict[str, Any]] = []
    optional = unions = 0
    for tool in tools:
        closed = strict_schema(tool.input_schema) if strict else None
        more = _complexity(closed)
        fits = closed is not None and optional + more[0] <= OPTIONAL and unions + more[1] <= UNIONS
        if fits:
            optional, unions = optional + more[0], unions + more[1]
        made.append(_tool_param(tool, closed if fits else None))
    return made


def _tool_param(tool: ToolSpec, closed: Mapping[str, Any] | None) -> dict[str, Any]:
    loose = tool.input_schema or {"type": "object", "properties": {}}
    made = {"name": tool.name, "description": tool.description, "input_schema": dict(closed or loose)}
    return made | {"strict": True} if closed else made


def _complexity(schema: Any) -> tuple[int, int]:
    """(optional parameters, unions) anywhere in a schema."""
    if isinstance(schema, list):
        parts = [_complexity(part) for part in schema]
        return sum(part[0] for part in parts), sum(part[1] for part in parts)
    if not isinstance(schema, Mapping):
        return 0, 0
    inner = _complexity(list(schema.values()))
    optional = len(set(schema.get("properties") or ()) - set(schema.get("required") or ()))
    return inner[0] + optional, inner[1] + ("anyOf" in schema)


def strict_schema(schema: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema as strict tools need it; None where it can't be said that way, and pydantic alone decides."""
    from anthropic import transform_schema

    if not schema:
        return None

    try:
        made: dict[str, Any] = json.loads(json.dumps(transform_schema(dict(schema))))
    except (ValueError, TypeError):
        return None
    open_dates: dict[str, Any] = _without_birth_format(made)
    return open_dates


def _without_birth_format(schema: Any) -> Any:
    """A birth date reaches the model as a handle, which is no date; pydantic reads the restored one."""
    if isinstance(schema, Mapping):
        return {
            key: _plain(part) if key == "birth_date" else _without_birth_format(part)
            for key, part in schema.items()
        }
    return [_without_birth_format(part) for part in schema] if isinstance(schema, list) else schema


def _plain(schema: Any) -> Any:
    if isinstance(schema, Mapping):
        return {key: _plain(part) for key, part in schema.items() if key != "format"}
    return [_plain(part) for part in schema] if isinstance(schema, list) else schema


def message_params(messages: Sequence[Message], speaker: str) -> list[dict[str, Any]]:
    """The history as the API has it: the last message ends another cached prefix, none is empty."""
    said: list[dict[str, Any]] = [
        {"role": message.role, "content": list(_params(message.content, speaker))} for message in messages
    ]
    made = _merged(each for each in said if each["content"])
    if made and made[-1]["content"][-1]["type"] != "thinking":
        made[-1]["content"][-1] = {**made[-1]["content"][-1], "cache_control": CACHED}
    return made


def _merged(made: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbours of one role as one message, which private servers insist on."""
    merged: list[dict[str, Any]] = []
    for each in made:
        if merged and merged[-1]["role"] == each["role"]:
            merged[-1]["content"] += each["content"]
        else:
            merged.append(each)
    return merged


def _params(blocks: Sequence[Block], speaker: str) -> Iterable[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, TextBlock) and block.text.strip():
            yield {"type": "text", "text": block.text}
        elif isinstance(block, ToolUseBlock | ToolResultBlock):
            yield block.model_dump()
        elif isinstance(block, NoteBlock) and block.speaker == speaker:
            yield dict(block.data)


def reply_of(message: Any, speaker: str) -> Reply:
    """The API's message as a reply; thoughts are kept whole, since they must go back unchanged."""
    stop = message.stop_reason if message.stop_reason in _STOPS else "refusal"
    blocks = [block for raw in message.content for block in _block(raw, speaker)]
    return Reply(content=tuple(blocks), stop_reason=stop, usage=_usage(message.usage))


def _block(raw: Any, speaker: str) -> Iterable[Block]:
    if raw.type == "text" and raw.text:
        yield TextBlock(text=raw.text)
    elif raw.type == "tool_use":
        given = raw.input if isinstance(raw.input, dict) else {}
        yield ToolUseBlock(id=raw.id, name=raw.name, input=given)
    elif raw.type in _THOUGHTS:
        yield NoteBlock(speaker=speaker, data=raw.model_dump(mode="json", exclude_none=True))


def _usage(told: Any) -> Usage:
    def count(name: str) -> int:
        return int(getattr(told, name, None) or 0)

    return Usage(
        read=count("input_tokens"),
        written=count("output_tokens"),
        cache_read=count("cache_read_input_tokens"),
        cache_written=count("cache_creation_input_tokens"),
    )
