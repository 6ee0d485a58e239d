"""What a person confirmed on a card is told to the model in the next turn, as an event with a fact to cite."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from assistant import ask, session
from assistant.conversations import InMemory
from assistant.guard.book import FactBook
from assistant.models.anthropic import breaker_of
from evals.standin import Standin, said, used
from tests.assistant.guard.judging import withheld
from tests.assistant.speaking import SEARCH, configured, desk
from tools.proposals import confirm
from tools.records.demo import demo_clinic
from tools.records.store import Store

ASKED = "Dr. Smith, knee scope, next Tuesday; book the first for Rita Castillo, MRN T4712001, left"
PROPOSED = used(
    "propose",
    {"action": "book", "offer": "A1", "patient": {"name": "PATIENT-1", "mrn": "MRN-1"}, "laterality": "left"},
)


@pytest.fixture
def store() -> Store:
    """A demo clinic of its own."""
    breaker_of.cache_clear()
    return Store.memory(demo_clinic(dt.date(2026, 3, 5)))


def events(body: dict[str, Any]) -> list[str]:
    """The events told with the last words."""
    return [block["text"] for block in body["messages"][-1]["content"] if block["text"].startswith("<event")]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_confirmed_card_is_told_once_and_can_be_cited(
    store: Store, monkeypatch: pytest.MonkeyPatch, restarts: bool
) -> None:
    """ "Is it booked?" is answered by the event's own fact, after a restart too; before, nobody can say so."""
    script = [used("find_slots", SEARCH), PROPOSED, said("Its card awaits your confirmation."),
              said("It's booked: [[fact:F2]]"), said("Not that I know of."),
              said("It's booked: [[fact:F3]]"), said("You're welcome!")]  # fmt: skip
    ctx = desk(store)
    with configured(monkeypatch, Standin(script)) as standin:
        first = ask(ASKED, ctx)
        before = ask("is it booked?", ctx, first["conversation"])
        confirm(ctx, first["proposal"]["id"], "a-key-of-this-test")
        if restarts:
            monkeypatch.setattr(session, "_MEMORY", InMemory())
        after = ask("is it booked now?", ctx, first["conversation"])
        told = events(standin.bodies[-1])
        ask("thanks", ctx, first["conversation"])
    assert "It's booked" not in before["reply"]
    assert after["reply"].startswith("It's booked: Confirmed on its card and written to the book: Book Knee")
    assert len(told) == 1
    assert list(json.loads(told[0].removeprefix("<event facts=").removesuffix(">"))) == ["F3"]
    assert not events(standin.bodies[-1])
    assert not [raw for raw in standin.raw if b"Castillo" in raw or b"T4712001" in raw]


SENTENCE = "Book Knee arthroscopy, left, with Dr. Smith in OR 1, Tue, Mar 10, 2026, 9:00 AM to 9:55 AM"


@pytest.mark.parametrize(
    ("reply", "may"),
    [
        ("Yes, it's booked: [[fact:F1]]", True), ("It's confirmed. [[fact:F1]]", True), ("It's booked.", False),
        ("[[fact:F1]] It's booked on Wednesday.", False), ("[[fact:F1]] Dr. Evans is booked as well.", False),
    ],
)  # fmt: skip
def test_a_deed_stands_beside_its_event_alone(reply: str, may: bool) -> None:
    """Booked is said next to the fact of the confirmation, and of nothing that this fact doesn't name."""
    book = FactBook()
    book.heard("is it booked on Wednesday? and Dr. Evans?")
    assert list(book.committed({"p1": SENTENCE})) == ["F1"]
    assert not book.committed({"p1": SENTENCE})
    assert FactBook.of(book.state()) == book
    assert (not withheld(reply, book, frozenset({"smith", "evans"}))) == may
