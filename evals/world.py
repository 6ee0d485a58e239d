"""The clinic of one conversation: fresh, in memory, at a clock that stands still, with two people in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from evals.conversation import Conversation
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records.demo import demo_clinic
from tools.records.demo.records import clinic_records
from tools.records.store import Store

USER, ELSEWHERE = "user", "elsewhere"
Book = Mapping[str, Mapping[str, Any]]
"""Case id -> its fields, for what holds a place in the book."""


@dataclass(frozen=True)
class World:
    """A store with the person who talks and somebody else."""

    store: Store
    now: dt.datetime
    user: Context
    elsewhere: Context

    def book(self) -> Book:
        """The cases that stand: what a final state is compared with."""
        exported = self.store.export()
        return {case["id"]: case for case in exported.get("cases", []) if case.get("status") != "cancelled"}


@contextmanager
def opened(conversation: Conversation, folder: Path) -> Iterator[World]:
    """A fresh world; raises `ToolError` for a clinic, a role or a time that there isn't."""
    store, zone = _store(conversation, folder)
    now = conversation.now if conversation.now.tzinfo else conversation.now.replace(tzinfo=ZoneInfo(zone))
    role = _role(conversation.role)
    user = Context(store, Principal(USER, "The person who asks", role), lambda: now)
    other = Context(store, Principal(ELSEWHERE, "Another scheduler", Role.SCHEDULER), lambda: now)
    try:
        yield World(store, now, user, other)
    finally:
        store.close()


def _store(conversation: Conversation, folder: Path) -> tuple[Store, str]:
    if conversation.clinic == "demo":
        zone = clinic_records()["clinic"]["timezone"]
        return Store.memory(demo_clinic(conversation.now.date()), demo=True), zone
    path = folder / conversation.clinic
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError:
        raise ToolError(
            "invalid", f"{conversation.id}: there is no clinic file {conversation.clinic!r} beside it. "
            'Maybe "demo".', "clinic",
        ) from None  # fmt: skip
    zone = load(text).clinic.timezone
    now = conversation.now if conversation.now.tzinfo else conversation.now.replace(tzinfo=ZoneInfo(zone))
    return Store.memory(load(text, as_of=now, accept_existing=True), demo=False), zone


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        known = ", ".join(str(role) for role in Role)
        raise ToolError("invalid", f"There is no role {name!r}. Maybe one of: {known}.", "role") from None
