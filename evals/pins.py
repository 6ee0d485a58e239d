"""What a run or a cassette depends on, as hashes: prompt, tools and the packages that speak."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version

from assistant.prompt import system_text
from assistant.toolbox import ASK_SPEC
from tools.registry import default


def digest(value: object) -> str:
    """Twelve letters that change with the value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]


def pins() -> dict[str, str]:
    """The state of everything that a model is told, and of what it is told through."""
    tools = [[tool.name, tool.doc, tool.input.model_json_schema()] for tool in default().tools()]
    return {
        "prompt": digest(system_text()),
        "tools": digest([*tools, ASK_SPEC.model_dump()]),
        "anthropic": version("anthropic"),
        "ortools": version("ortools"),
    }
