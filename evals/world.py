"""The clinic of one conversation: fresh, in memory, at a clock that stands still, with two people in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from evals.conversation import Conversation
from evals.pins import digest
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.errors import ToolError
from tools.records.demo import demo_clinic
from tools.records.demo.records import clinic_records
from tools.records.holds import holds
from tools.records.store import Store

USER, ELSEWHERE = "user", "elsewhere"
BLOCK = "block "
Book = Mapping[str, Mapping[str, Any]]
"""Case id -> its fields, for what holds a place in the book; and "block ID" -> the days on which it is released."""


@dataclass
class Clock:
    """The conversation's clock: it stands still until somebody waits."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        """The moment that it is."""
        return self.now


@dataclass(frozen=True)
class World:
    """A store with the person who talks and somebody else."""

    store: Store
    clock: Clock
    user: Context
    elsewhere: Context

    def book(self) -> Book:
        """What stands: cases with the patient as they were named and until when they are held, and released blocks."""
        exported = self.store.export(patients=True)
        known = {patient["ref"]: patient for patient in exported.get("patients", ())}
        until = {case: hold.until.isoformat() for case, hold in holds(self.store).items()}
        stands = [case for case in exported.get("cases", ()) if case.get("status") != "cancelled"]
        found: dict[str, Mapping[str, Any]] = {
            f"{BLOCK}{block['id']}": {"block": block["id"], "released": block.get("released", [])}
            for block in exported.get("blocks", ())
            if block.get("id")
        }
        return found | {case["id"]: _case(case, known, until) for case in stands}

    def records(self) -> str:
        """Everything that no conversation may change, as a hash: all but cases, patients and released days."""
        exported = {
            key: part for key, part in self.store.export().items() if key not in ("cases", "patients")
        }
        kept = [
            {key: part for key, part in block.items() if key != "released"}
            for block in exported.get("blocks", ())
        ]
        return digest(exported | {"blocks": kept})


def _case(case: Mapping[str, Any], known: Mapping[str, Any], until: Mapping[str, str]) -> Mapping[str, Any]:
    """Who it is for in words instead of by a number drawn at random, and a hold's end."""
    patient = dict(case.get("patient") or {})
    named = known.get(patient.pop("ref", ""), {})
    patient |= {key: str(named[key]) for key in ("name", "mrn", "birth_date") if named.get(key)}
    rest = {"patient": patient} if patient else {}
    held = {"held_until": until[case["id"]]} if case["id"] in until else {}
    return {key: value for key, value in case.items() if key != "patient"} | rest | held


@contextmanager
def opened(conversation: Conversation, folder: Path) -> Iterator[World]:
    """A fresh world; raises `ToolError` for a clinic, a role or a time that there isn't."""
    store, zone = _store(conversation, folder)
    now = conversation.now if conversation.now.tzinfo else conversation.now.replace(tzinfo=ZoneInfo(zone))
    role = _role(conversation.role)
    clock = Clock(now)
    user = Context(store, Principal(USER, "The person who asks", role), clock)
    other = Context(store, Principal(ELSEWHERE, "Another scheduler", Role.SCHEDULER), clock)
    try:
        yield World(store, clock, user, other)
    finally:
        store.close()


def _store(conversation: Conversation, folder: Path) -> tuple[Store, str]:
    if conversation.clinic == "demo":
        zone = clinic_records()["clinic"]["timezone"]
        return demo_on(conversation.now.date()).copied(), zone
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


@cache
def demo_on(day: dt.date) -> Store:
    """The demo clinic of a day, built once a process; each conversation gets a copy, so that none sees another."""
    return Store.memory(demo_clinic(day), demo=True)


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        known = ", ".join(str(role) for role in Role)
        raise ToolError("invalid", f"There is no role {name!r}. Maybe one of: {known}.", "role") from None
