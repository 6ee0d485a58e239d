"""A user's and a day's tokens hold in every process at once; patients' names are opened once."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from assistant import ask
from assistant.agent import Assistant
from assistant.conversations import InMemory
from assistant.models.anthropic import breaker_of
from assistant.session import setting_of
from assistant.settings import model_settings
from assistant.transcript import Recorded
from evals.standin import Standin, said
from tests.assistant.speaking import configured, desk
from tools import proposals
from tools.clinic_file import load
from tools.context import Context, Principal, Role
from tools.records import identities
from tools.records.demo import demo_clinic
from tools.records.documents import patient_from
from tools.records.identities import known_names, known_numbers
from tools.records.store import Store
from tools.records.transcripts import spent
from tools.registry import default

KEY = base64.b64encode(bytes(range(32))).decode()
HELP = "What can you do?"
TALK = said("I can look for slots.")
MIDNIGHT = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)
NOW = MIDNIGHT + dt.timedelta(hours=14)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of either engine with the demo clinic in it."""
    where = f"sqlite:///{tmp_path}/c.db" if request.param == "sqlite" else request.getfixturevalue("pg_url")
    Store.create(str(where), load(demo_clinic(dt.date(2026, 3, 5))), at=NOW, key=KEY).close()
    return str(where)


def spoken(monkeypatch: pytest.MonkeyPatch, url: str, user: str = "u", days: int = 0, **limits: int) -> str:
    """Who answers a message in a process that has just started."""
    breaker_of.cache_clear()
    for name, value in limits.items():
        monkeypatch.setenv(f"SLOTWRIGHT_{name.upper()}", str(value))
    store = Store.open(url, KEY)
    ctx = Context(store, Principal(user, "Someone", Role.SCHEDULER), lambda: NOW + dt.timedelta(days=days))
    talks = Recorded(InMemory(), ctx, model_settings().transcript_days)
    with configured(monkeypatch, Standin([TALK])):
        model: str = ask(HELP, ctx, assistant=Assistant(talks))["model"]
    store.close()
    return model


@pytest.mark.parametrize("kept", [30, 0])
def test_a_users_day_holds_across_processes(monkeypatch: pytest.MonkeyPatch, url: str, kept: int) -> None:
    """What one process spent counts in the next, with transcripts or without; another user still has their own."""
    monkeypatch.setenv("SLOTWRIGHT_TRANSCRIPT_DAYS", str(kept))
    assert spoken(monkeypatch, url, user_tokens=100) == "claude-haiku-5-5"
    assert spoken(monkeypatch, url, user_tokens=100) == "offline"
    assert spoken(monkeypatch, url, "another", user_tokens=100) == "claude-haiku-5-5"


def test_a_day_holds_for_everyone_and_ends(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """The clinic's tokens of a day are everybody's together; the next day begins at nothing."""
    assert spoken(monkeypatch, url, day_tokens=100) == "claude-haiku-5-5"
    assert spoken(monkeypatch, url, "another", day_tokens=100) == "offline"
    assert spoken(monkeypatch, url, "another", days=1, day_tokens=100) == "claude-haiku-5-5"


def test_what_was_spent_is_read_by_user_and_in_all(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Two users' turns of 120 tokens each."""
    for user in ("u", "another"):
        spoken(monkeypatch, url, user)
    store = Store.open(url, KEY)
    assert spent(store, MIDNIGHT, "u") == (120, 240)
    assert spent(store, MIDNIGHT + dt.timedelta(days=1), "u") == (0, 0)
    store.close()


def test_a_patients_name_is_opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second call opens nothing; a new patient is known at the next call, and only they are opened."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    opened: list[str] = []

    def noted(ref: str, *rest: Any) -> Any:
        opened.append(ref)
        return patient_from(ref, *rest)

    monkeypatch.setattr(identities, "patient_from", noted)
    before = known_names(store)
    assert len(opened) >= len(before)
    opened.clear()
    assert (known_names(store), opened) == (before, [])
    _book(desk(store), "Quentin Zorander")
    assert set(known_names(store)) == {*before, "Quentin Zorander"}
    assert "T7312345" in known_numbers(store)
    assert len(opened) == 1
    assert "Zorander" not in repr(dict(identities._KNOWN))


def _book(ctx: Context, name: str) -> None:
    search = {"procedure": "knee-arthroscopy", "date_from": "2026-03-10", "date_to": "2026-03-20"}
    offer = default().call("find_slots", ctx, search).model_dump()["offers"][0]["id"]
    patient = {"name": name, "mrn": "T7312345", "age": 40, "weight_kg": 80, "asa": 2, "flags": []}
    body = {"offer": offer, "patient": patient, "laterality": "left"}
    proposals.confirm(ctx, default().call("propose", ctx, body).model_dump()["id"], "a-key-of-its-own")


def test_a_turns_own_tokens_count_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that reaches the user's limit midway is finished by the interpreter."""
    store = Store.memory(demo_clinic(dt.date(2026, 3, 5)))
    with configured(monkeypatch, Standin([TALK])):
        meter = setting_of(desk(store)).speaker.meter  # type: ignore[attr-defined]
    meter.add(70)
    assert meter.used() == (70, 70)
