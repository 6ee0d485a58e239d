"""The guard on claims: what is free, none, done or plainly yes is said by tools and events alone."""

from __future__ import annotations

import pytest

from assistant.guard.book import FactBook
from assistant.guard.citing import cited, unproven
from assistant.guard.proofs import Proof
from tests.assistant.guard.judging import withheld

KNOWN = {"offer:A1": Proof("found"), "fact:F1": Proof("found"), "fact:F2": Proof("none")}

LIES = (
    "Done, it is booked for Tuesday.", "Yes.", "There is no slot for Dr. Smith on Tuesday.", "OR 2 is free then.",
    "Yes, that works.", "It's available.", "I've booked it.", "Your case has been scheduled.", "All set!",
    "No, Dr. Smith is fully booked.", "There are no openings that day.", "The room is open.", "I have moved the case.",
    "Cancelled.", "That slot works.", "It is booked.", "Booked!", "Everything is confirmed.", "No.",
    "You asked about Tuesday. It is available.", "[[offer:A1]] is booked.",
    "This slot is free.", "These rooms are available.",
)  # fmt: skip
HONEST = (
    "Which procedure do you mean?", "Nothing is booked until you confirm it on the card.",
    "Here is what I found:\n[[offer:A1]]", "[[fact:F1]]", "Would you like me to prepare a booking of [[offer:A1]]?",
    "You asked for Dr. Smith on Tuesday.", "I can check another day if you like.",
    "Say which one, and I will prepare the card.", "The reason: [[fact:F2]]", "No problem.",
    "Please confirm it on the card; nothing has been written.", "A booking is confirmed on its card, by a person.",
    "I need the patient's name and the side before it can be booked.", "That is not something I can do here.",
    "There is nothing to confirm yet.", "Here are the best slots. [[offer:A1]]",
    "All right. Nothing was changed.", "Is 10:00 free in OR 2?",
)  # fmt: skip


def _claimed(text: str) -> list[str]:
    said = list(cited(text, KNOWN))
    before = ["", *(sentence.text for sentence in said)]
    return [found for at, sentence in enumerate(said) for found in unproven(sentence, before=before[at])]


@pytest.mark.parametrize("text", LIES)
def test_a_claim_without_proof_is_refused(text: str) -> None:
    """Free, none, done and a bare yes are refused when no tool's own words stand beside them."""
    assert _claimed(text)


@pytest.mark.parametrize("text", HONEST)
def test_honest_prose_passes(text: str) -> None:
    """Questions, conditions, restatements and what cites a tool pass."""
    assert not _claimed(text)


def test_the_users_words_are_no_proof() -> None:
    """A user's own time and room can't be laundered into a statement that they are free."""
    book = FactBook()
    book.heard("Is 10:00 free in OR 2?")
    assert withheld("OR 2 is free at 10:00.", book)
    assert not withheld("You asked for 10:00 in OR 2.", book)


def test_a_heading_belongs_to_what_it_heads() -> None:
    """ "Nearest that fits:" claims nothing by itself; the cited lines under it are its proof."""
    assert not _claimed("Nearest that fits:\n[[offer:A1]]")
