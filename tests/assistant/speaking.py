"""A Claude speaker pointed at the stand-in, and the demo clinic that it speaks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from assistant.models import anthropic as claude
from assistant.models.protocol import Message, TextBlock
from assistant.privacy import Handles
from assistant.settings import ModelSettings
from evals.standin import Standin
from tools.context import Context, Principal, Role
from tools.records.store import Store

SEARCH = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-10", "date_to": "2026-03-10",
}  # fmt: skip


async def no_wait(_: float) -> None:
    """No test sleeps."""


def speaker(standin: Standin, seconds: float = 5.0, **given: Any) -> claude.Claude:
    """A speaker of its own client and breaker."""
    settings = ModelSettings(base_url=standin.origin, **given)
    return claude.Claude(settings, Handles, no_wait, seconds)


def heard(text: str = "knee scope") -> list[Message]:
    """One message of a user."""
    return [Message(role="user", content=(TextBlock(text=text),))]


@contextmanager
def configured(monkeypatch: pytest.MonkeyPatch, standin: Standin) -> Iterator[Standin]:
    """The environment names the stand-in as the model's server, with a key that must not reach it."""
    with standin:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", standin.origin)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-not-for-others")
        yield standin


def desk(store: Store, role: Role = Role.SCHEDULER) -> Context:
    """Someone at the demo clinic, on March 5."""
    now = dt.datetime(2026, 3, 5, 14, tzinfo=dt.UTC)
    return Context(store, Principal("u", "Someone", role), lambda: now)
