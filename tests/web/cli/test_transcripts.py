"""transcript: what was said in the demo's browser is exported at its terminal, and `eval` plays it again."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from assistant.session import ask
from tests.web.cli.conftest import Run
from tools.context import Context
from tools.records.store import Store
from web.serve import DEMO_DIRECTOR

SAID = (
    "Dr. Smith, knee scope, next Tuesday for Rita Castillo, MRN 4712",
    "what about Thursday?",
    "book the first one for Rita Castillo, MRN 4712, left",
)


@pytest.fixture
def kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """A demo database with a conversation of its browser: (url, conversation)."""
    url = f"sqlite:///{tmp_path}/demo.db"
    now = dt.datetime(2026, 3, 5, 15, 0, tzinfo=dt.UTC)
    store = Store.create_demo(url, now.date())
    ctx, talk = Context(store, DEMO_DIRECTOR, lambda: now), None
    for text in SAID:
        talk = ask(text, ctx, talk)["conversation"]
    store.close()
    capsys.readouterr()  # what this process logged is none of the commands' output
    return url, str(talk)


def test_the_demos_conversations_are_the_terminals_too(run: Run, kept: tuple[str, str]) -> None:
    """Whoever has the demo's database lists and exports what was said in its browser."""
    url, talk = kept
    now = "2026-03-06T09:00"
    listed = run("transcript", "list", "--db", url, "--now", now, "--json").body
    assert [each["id"] for each in listed["conversations"]] == [talk]
    assert "Castillo" not in run("transcript", "export", talk, "--db", url, "--now", now).out
    assert "isn't kept" in run("transcript", "export", "nobodys", "--db", url, "--now", now).refused


def test_an_export_plays_again(run: Run, kept: tuple[str, str], tmp_path: Path) -> None:
    """Every turn of it, with somebody made up for the patient, comes to the same calls and outcomes."""
    url, talk = kept
    made = tmp_path / "talk.yaml"
    made.write_text(run("transcript", "export", talk, "--db", url, "--now", "2026-03-06T09:00").out)
    played = run("eval", str(made), "--json")
    assert played.code == 0, json.dumps(played.body)[:2000]
