"""What of a request must be the same when it is replayed, and what a model was told when it was recorded."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from evals.pins import digest

VOLATILE = frozenset({"solver_ms", "elapsed_ms", "cache_control"})
"""Keys whose values differ between two runs of the same thing."""
_RANDOM = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\b")


def essence(body: Mapping[str, Any]) -> list[Any]:
    """The messages of a request as they must recur: without times measured and ids drawn at random."""
    made = [_message(message) for message in body.get("messages", ())]
    uses: dict[str, str] = {}
    for block in (block for message in made for block in message["content"]):
        for key in {"id", "tool_use_id"} & block.keys():
            block[key] = uses.setdefault(block[key], f"use-{len(uses) + 1}")
    return made


def told(body: Mapping[str, Any]) -> dict[str, Any]:
    """What is the same in every request: system text, tools and parameters."""
    rest = {key: value for key, value in body.items() if key not in ("messages", "stream")}
    stripped: dict[str, Any] = _stripped(rest)
    return stripped


def added(before: Sequence[Any], now: Sequence[Any]) -> list[Any]:
    """The messages of a request beyond those of the one before it; all of them where that was another history."""
    return list(now[len(before) :]) if list(now[: len(before)]) == list(before) else list(now)


def difference(expected: Any, seen: Any) -> str:
    """Both as YAML, line by line, where they differ."""
    left, right = (yaml.safe_dump(each, sort_keys=False, width=110).splitlines() for each in (expected, seen))
    return "\n".join(difflib.unified_diff(left, right, "recorded", "now", lineterm="", n=1))


def _message(message: Mapping[str, Any]) -> dict[str, Any]:
    content = message["content"]
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    return {"role": message["role"], "content": [_block(block) for block in blocks]}


def _block(block: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = _stripped(block)
    if kept.get("type") == "tool_result" and not kept.get("is_error"):
        kept["content"] = _result(kept["content"])
    return kept


def _result(content: Any) -> Any:
    """A tool's result in short: the facts that a reply may cite, and a hash of all of it."""
    try:
        whole = _stripped(json.loads(content))
    except (ValueError, TypeError):
        return content
    if not isinstance(whole, dict) or "facts" not in whole:
        return whole
    return {"facts": whole["facts"], "result": f"sha256:h{digest(whole)}"}


def _stripped(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _stripped(part) for key, part in value.items() if key not in VOLATILE}
    if isinstance(value, list | tuple):
        return [_stripped(part) for part in value]
    return _RANDOM.sub("<random>", value) if isinstance(value, str) else value


def told_lines(known: Mapping[str, Any]) -> Iterator[str]:
    """What a model was told, one line of text a line, so that two states of it can be compared."""
    for part in known.get("system", ()):
        yield from str(part.get("text", part)).splitlines()
    for tool in known.get("tools", ()):
        yield f"tool {tool['name']}{' (strict)' if tool.get('strict') else ''}"
        yield from (f"  {line}" for line in str(tool.get("description", "")).splitlines())
        yield from (f"  {line}" for line in yaml.safe_dump(tool.get("input_schema")).splitlines())
    for key in sorted(known.keys() - {"system", "tools"}):
        yield f"{key}: {json.dumps(known[key], sort_keys=True)}"


def told_difference(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What changed of what a model is told, as a unified diff; empty where nothing did."""
    lines = difflib.unified_diff(
        list(told_lines(before)), list(told_lines(now)), "when recorded", "now", lineterm="", n=2
    )
    return "\n".join(lines)
