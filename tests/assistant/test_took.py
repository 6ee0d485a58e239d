"""What took a slot, in the hands of a model: the facts that it may cite, and what it can't make of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.guard.book import FactBook
from assistant.presenting import shown, status_of
from tests.assistant.books import book_of, staff
from tests.assistant.conftest import Chat
from tests.assistant.guard.judging import verdict
from tests.assistant.test_agent import Scripted, calling, saying, use
from tools.records.demo import demo_clinic
from tools.records.store import Store

ASKED = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "room": "or-1", "at": "2026-03-10T09:00",
    "since": "2026-03-04T09:00",
}  # fmt: skip
NAMES = Store.memory(demo_clinic(dt.date(2026, 3, 5))).clinic().name_of
TAKEN: Mapping[str, Any] = {
    "status": "taken",
    "summary": "It fit until Thursday, March 5, 9:00 AM, when a scheduler booked Dr. Smith's 9:00 AM case in OR 1.",
    "change": {
        "seq": 3,
        "at": "2026-03-05T09:00:00",
        "role": "scheduler",
        "action": "book",
        "objects": ["c-1"],
    },
    "reasons": ["OR 1 is in use 9:00 AM to 9:55 AM."],
}


def learnt(result: Mapping[str, Any]) -> tuple[FactBook, dict[str, str]]:
    """A book with one answer, and its facts."""
    book = FactBook()
    book.heard("who took Dr. Smith's knee scope slot in OR 1 on Tuesday March 10 at 9?")
    return book, book.learn("why_changed", ASKED, result, NAMES, "12h")


def test_the_summary_reads_the_slot_back_and_each_reason_is_a_fact() -> None:
    """The first fact is about exactly the slot asked for; what stands against it comes after."""
    book, made = learnt(TAKEN)
    first, *rest = made.values()
    assert first.startswith(
        "Dr. Smith, knee arthroscopy, Tuesday, March 10, 2026 at 9:00 AM, OR 1: it fit until"
    )
    assert "a scheduler booked" in first
    assert rest == TAKEN["reasons"]
    assert {book.proofs[f"fact:{label}"].verdict for label in made} == {"none"}


@pytest.mark.parametrize(
    ("status", "stands_for", "words"),
    [
        ("fits", "found", "still passes every rule"),
        ("never-fitted", "none", "hasn't fit at any time since Wednesday, March 4, 2026 at 9:00 AM"),
        ("time", "none", "no change of the book took it"),
        ("not_proven", "undecided", "wasn't decided"),
    ],
)
def test_each_outcome_proves_what_it_says(status: str, stands_for: str, words: str) -> None:
    """Only a slot that still passes may be called free; what wasn't decided is no "no"."""
    summary = "Whether it still fits wasn't decided in the time allowed."
    book, made = learnt({"status": status, "summary": summary, "change": None, "reasons": []})
    assert [book.proofs[f"fact:{label}"].verdict for label in made] == [stands_for]
    assert words in next(iter(made.values()))


@pytest.mark.parametrize(
    ("talk", "reply", "became"),
    [
        ("took", "[[fact:F1]]", "whole"),
        ("took", "It didn't fit then either: [[fact:F1]] [[fact:F2]]", "whole"),
        ("took", "That slot is free: [[fact:F1]]", "back"),
        ("took", "Yes, it is free.", "back"),
        ("still", "[[fact:F1]]", "whole"),
        ("still", "That slot is free: [[fact:F1]]", "whole"),
        ("still", "It isn't possible: [[fact:F1]]", "back"),
        ("took", "A scheduler booked it for Rita Castillo.", "back"),
    ],
)
def test_what_a_model_may_say_of_it(talk: str, reply: str, became: str) -> None:
    """Its markers are quiet; a slot that is gone can't be called free by them, nor a free one gone."""
    shows = verdict(reply, book_of(talk), staff())
    assert shows == became or (became == "back" and shows == "cut"), shows


def test_a_model_is_answered_and_the_turn_draws_no_card(chat: Chat) -> None:
    """The agent gives the result with its facts, and what the model cites of them is shown."""
    chat.tools.results["why_changed"] = lambda _given: dict(TAKEN)
    chat.speaker = Scripted(calling(use("why_changed", **ASKED)), saying("[[fact:F1]]"))
    answer = chat.say("who took Dr. Smith's knee scope slot in OR 1 on March 10 at 9?")
    assert (answer["status"], answer["offers"], answer["explanation"]) == ("answered", [], None)
    assert "a scheduler booked" in answer["reply"]


def test_the_outcome_of_the_turn_is_plain() -> None:
    """A trail is told in words: nothing is drawn, and what wasn't decided is said as that."""
    assert shown("why_changed", dict(TAKEN), "") == []
    assert status_of("why_changed", TAKEN, "infeasible") == "answered"
    assert status_of("why_changed", {"status": "not_proven"}, "answered") == "not_proven"


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["taken", "time", "never-fitted"]),
    st.lists(st.sampled_from(["OR 1 is in use.", "Dr. Smith is in OR 1.", "PACU is full."]), max_size=9),
)
def test_no_outcome_but_fits_lets_a_slot_be_called_free(status: str, reasons: list[str]) -> None:
    """However much stands against it, no marker of a slot that is gone proves that it is there."""
    book, made = learnt({**TAKEN, "status": status, "reasons": reasons})
    for label in made:
        assert verdict(f"That slot is free: [[fact:{label}]]", book, staff()) != "whole"
