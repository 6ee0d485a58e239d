"""Which shipped cassettes another prompt or other tools were told, known without replaying any of them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from assistant.models.anthropic import Claude
from assistant.privacy import Handles
from assistant.prompt import system_text
from assistant.session import RegistryToolbox
from assistant.settings import ModelSettings
from assistant.toolbox import ASK_SPEC
from evals.loading import scripts
from evals.pins import digest
from evals.replay.cassette import CASSETTES, Cassette, load, shelf
from evals.replay.requests import told, told_difference
from evals.replay.talks import told_path
from tools.context import Context, Principal, Role
from tools.registry import default

PARTS = {"prompt": "system", "tools": "tools"}
"""Pin -> the part of a request that it is of."""


def staled() -> Iterator[tuple[str, tuple[list[str], str]]]:
    """Conversation, the pins that changed since, and the change of what a model is told as a diff."""
    roles = {script.id: script.conversation.role for script in scripts()}
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for path in shelf(CASSETTES):
        cassette = load(path)
        key = roles.get(cassette.conversation, "scheduler"), cassette.provenance.model
        now = made[key] = made.get(key) or told_now(*key)
        pins = [pin for pin, part in PARTS.items() if cassette.pins.get(pin) != digest(now[part])]
        if pins:
            yield cassette.conversation, (pins, told_difference(_told_then(cassette, now), now))


def _told_then(cassette: Cassette, now: dict[str, Any]) -> dict[str, Any]:
    path = told_path(CASSETTES, cassette.pins.get("told", ""))
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {part: kept.get(part, ()) for part in now}


def told_now(role: str, model: str) -> dict[str, Any]:
    """The system text and the tools as a request of today would have them, for one role."""
    settings = ModelSettings(model=model, key="none", base_url="", provider="anthropic", private_key="")
    nobody = Context(None, Principal("nobody", "Nobody", Role(role)), lambda: dt.datetime.now(dt.UTC))  # type: ignore[arg-type]
    specs = [*RegistryToolbox(default(), nobody).specs(), ASK_SPEC]
    made = told(Claude(settings, Handles).body(system_text(), specs, ()))
    return {part: made[part] for part in PARTS.values()}
