"""Questions of a model are read before they are put: they claim nothing, and what they cite is written out."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.grounding import asked_wrongly
from tests.assistant.books import book_of, staff
from tests.assistant.conftest import Chat
from tests.assistant.test_agent import SEARCH, Scripted, calling, saying, use


@pytest.mark.parametrize(
    ("talk", "question"),
    [
        ("find", "OR 2 is booked for you at 10:00, is that all right?"), ("find", "It's booked. Anything else?"),
        ("find", "Your case is confirmed for Tuesday. Anything else?"), ("find", "Would 10:45 in OR 3 suit you?"),
        ("find", "Shall I take 9:00 with Dr. Evans?"), ("taken", "OR 2 is free at 10am. Shall I prepare it?"),
        ("find", "[[offer:Z9]]?"), ("find", "Gebucht. Sonst noch etwas?"), ("find", "Which, 9:00 AM in OR 3?"),
    ],
)  # fmt: skip
def test_a_question_that_claims_is_not_put(talk: str, question: str) -> None:
    """A deed, a free room or a slot that no result has doesn't pass as a question."""
    assert asked_wrongly(question, book_of(talk), staff())


@pytest.mark.parametrize(
    ("talk", "question"),
    [
        ("find", "Which side is it, left or right?"), ("find", "Which one: [[offer:A1]] or [[offer:A2]]?"),
        ("find", "Do you mean Tuesday, March 10 or Tuesday, March 17?"),
        ("find", "9:00 AM to 9:55 AM, OR 1, Dr. Smith"),
        ("scope", "Which scope do you mean for Dr. Patel next Monday?"), ("scope", "Knee arthroscopy"),
        ("blocks", "Dr. Patel's block, OR 1"), ("board", "The 9:30 AM case or the 10:30 AM case?"),
        ("find", "Which patient is it for, and which side?"), ("find", "Thursday, March 12"),
        ("nothing", "I couldn't find a C-section here. Which procedure is it?"), ("nothing", "yes"),
        ("nothing", "No, thanks"),
        ("nothing", "I don't know Dr. Zhivago. Do you mean Dr. Smith or Dr. Patel?"), ("nothing", "Dr. Patel"),
        ("find", "Tuesday March 12 doesn't fit the calendar. Which day is meant?"),
    ],
)  # fmt: skip
def test_a_question_with_its_candidates_is_put(talk: str, question: str) -> None:
    """Days, candidates of a look-up, and what one result says may be asked for."""
    assert asked_wrongly(question, book_of(talk), staff()) == []


def test_what_a_question_cites_is_written_out(chat: Chat) -> None:
    """A marker in a question or in a choice reaches the person as the server's words."""
    ask: dict[str, Any] = {
        "question": "Which one, [[offer:A1]]?",
        "choices": ["[[offer:A1]]", "[[offer:A2]]"],
    }
    chat.speaker = Scripted(calling(use("find_slots", **SEARCH)), calling(use("ask_user", **ask)))
    question = chat.say("knee scope on March 10")["question"]
    assert question["text"].startswith("Which one, A1: Tuesday, March 10")
    assert question["choices"][1].startswith("A2: Tuesday, March 10, 2026, 1:30 PM")


def test_a_lying_question_goes_back(chat: Chat) -> None:
    """The model hears what is wrong, and the person never sees it."""
    lie = use("ask_user", question="It's booked at 10:15 in OR 3, ok?")
    chat.speaker = Scripted(calling(lie), saying("Which procedure?"))
    answer = chat.say("hello")
    assert answer["question"] is None
    assert answer["reply"] == "Which procedure?"
    assert "can't be asked" in chat.speaker.heard[-1][-1].results()[0].content


def test_there_is_a_sentence_for_each_thing_on_the_board() -> None:
    """A case, a block and a way out of a search that found none can each be cited alone."""
    blocks = [said for said in book_of("blocks").sentences.values() if "block" in said]
    assert blocks[0] == "Monday March 9, 7:30 AM to 3:30 PM, OR 1: Dr. Patel's block"
    ways = [proof for proof in book_of("evans").proofs.values() if proof.verdict == "way"]
    assert len(ways) >= 5
    assert "F2" in book_of("board").sentences
