"""What is left out of a reply: the sentence that nobody vouches for, and nothing beside it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from assistant import ask
from assistant.grounding import vouched
from assistant.guard.citing import CITED
from assistant.models.anthropic import breaker_of
from evals.standin import Standin, said, used
from tests.assistant.books import book_of, staff
from tests.assistant.speaking import SEARCH, configured, desk
from tools.records.demo import demo_clinic
from tools.records.store import Store


@pytest.fixture
def store() -> Store:
    """A demo clinic of its own."""
    breaker_of.cache_clear()
    return Store.memory(demo_clinic(dt.date(2026, 3, 5)))


KEPT = yaml.safe_load((Path(__file__).parent / "spoken.yaml").read_text(encoding="utf-8"))

CUT = {
    "[[fact:F1]] Dr. Smith likes mornings. Which one?": "[[fact:F1]] Which one?",
    "Mornings suit the team best, so take [[offer:A1]].": "[[offer:A1]]",
    "- [[offer:A1]] is quiet\n- [[offer:A2]]": "- [[offer:A1]]\n- [[offer:A2]]",
    "Why so early:\nThe room is cleaner then.\n\n[[offer:A1]]": "[[offer:A1]]",
    "So:\n1. [[offer:A1]]\n2. The team is rested.\n3. [[offer:A2]]": "So:\n1. [[offer:A1]]\n3. [[offer:A2]]",
}


@pytest.mark.parametrize("reply", CUT)
def test_a_sentence_goes_and_its_markers_stay(reply: str) -> None:
    """Bullets and headings that would stand over nothing go with it."""
    assert vouched(reply, book_of("find"), staff()).text == CUT[reply]


@pytest.mark.parametrize("kind", ["good", "bad"])
def test_what_is_left_is_the_replys_own(kind: str) -> None:
    """Of every kept reply: all markers stay in their order, no word is added, and nothing doubtful is left."""
    for talk, replies in KEPT[kind].items():
        for reply in replies:
            book = book_of(talk)
            left = vouched(reply, book, staff())
            assert not left.text or CITED.findall(left.text) == CITED.findall(reply)
            assert set(re.findall(r"\w+", left.text)) <= set(re.findall(r"\w+", reply))
            assert not vouched(left.text, book, staff()).doubts, reply


def test_a_hollow_reply_has_nothing_left_to_say() -> None:
    """A greeting that outlives what followed it is no answer; a marker, a question or a sentence is."""
    book = book_of("find")
    assert vouched("Sure! Dr. Smith prefers mornings.", book, staff()).hollow
    assert not vouched("[[fact:F1]] Dr. Smith prefers mornings.", book, staff()).hollow
    assert not vouched("Dr. Smith prefers mornings. Which one?", book, staff()).hollow


def test_a_model_is_not_asked_again_for_a_sentence_more(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reply is shown at once without it; one of which nothing is left goes back, with the reason."""
    script = [used("find_slots", SEARCH), said("[[offer:A1]] comes first. Dr. Smith prefers mornings."),
              said("Dr. Smith prefers mornings."), said("I can look at another day.")]  # fmt: skip
    with configured(monkeypatch, Standin(script)) as standin:
        first = ask("Dr. Smith, knee scope, next Tuesday", desk(store))
        assert len(standin.bodies) == 2
        second = ask("and otherwise?", desk(store), first["conversation"])
    assert "comes first." in first["reply"]
    assert "prefers" not in first["reply"]
    assert second["reply"] == "I can look at another day."
    assert "can't be shown" in str(standin.bodies[-1])
