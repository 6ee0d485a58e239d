"""What a statement may say: the two who talk, what frames a marker, and nothing else of the world."""

from __future__ import annotations

import pytest

from tests.assistant.books import book_of, staff
from tests.assistant.guard.judging import verdict, withheld

HIDDEN = (
    "I know Dr. Smith is sick.", "I can see Dr. Smith is away.", "I don't think Dr. Smith minds.",
    "I hope Dr. Smith recovers soon.", "I can tell you the room is dirty.", "As you know, the tower is broken.",
    "Note Dr. Smith is sick.", "Remember that the tower breaks often.", "Sorry about the broken tower.",
    "To tell the truth Dr. Smith hates mornings.", "Thanks for waiting while I called Dr. Smith.",
    "Once the director approved it yesterday, [[offer:A1]] opened.", "Happy to help, as Dr. Smith asked me to.",
    "When Dr. Smith was sick last week, [[offer:A1]] was kept.", "Dr. Smith isn't happy with me.",
    "Would you like [[offer:A1]], since Dr. Smith prefers mornings?", "Would you like [[offer:A2]], which is quieter?",
    "**Quieter room:** [[offer:A1]]", "| Choice | Why |\n|---|---|\n| [[offer:A1]] | the team is rested |",
)  # fmt: skip
"""A statement about the world in a subordinate clause, a belief, an aside, a premise, a heading or a cell."""
ADVICE = (
    "Have the patient fast from midnight.", "Take the patient off blood thinners.", "Please bring the patient at six.",
    "You can start without the anesthesiologist.", "You should ask the director first.", "Call Dr. Smith about it.",
    "You don't need the consent for that.",
)  # fmt: skip
DEEDS = (
    "I asked the team.", "I checked the chart.", "I'll remind you on Monday.", "We keep a room free for that.",
    "I've passed it on.", "I started the booking.",
)  # fmt: skip
HARMLESS = (
    "[[fact:F1]] I can look at another day if you like.", "Tell me which one you'd like, and who the patient is.",
    "You asked for Dr. Smith next Tuesday: [[fact:F1]]", "Nothing is booked until you confirm.",
    "The earliest is [[offer:A1]], and the next one is [[offer:A2]].", "I only looked at next Tuesday.",
    "I can't tell you who the patients are, since the board doesn't show that.", "Sorry, I can't look that up here.",
    "If none of these suits you, I'll search the rest of the week.", "So:\n- [[offer:A1]]\n- [[offer:A2]]",
    "The patient's weight hasn't been checked yet.", "[[fact:F1]] Would you like me to prepare the first one?",
)  # fmt: skip


@pytest.mark.parametrize("reply", [*HIDDEN, *ADVICE])
def test_the_world_is_told_by_markers(reply: str) -> None:
    """Wherever in a sentence it stands, and whatever true marker stands in it too."""
    assert withheld(reply, book_of("find"), staff())


@pytest.mark.parametrize("reply", DEEDS)
def test_a_model_did_only_what_its_tools_do(reply: str) -> None:
    """Nobody is spoken to, reminded or looked up by a model."""
    assert withheld(reply, book_of("find"), staff())


def test_what_was_searched_takes_a_search() -> None:
    """ "I searched" is true of nobody who called no tool."""
    assert withheld("I searched next Tuesday.", book_of("nothing"), staff())
    assert not withheld("I searched next Tuesday.", book_of("find"), staff())


def test_a_card_awaits_when_there_is_one() -> None:
    """ "Its card awaits your confirmation" takes a proposal."""
    assert withheld("[[offer:A1]] Its card awaits your confirmation.", book_of("find"), staff())
    assert not withheld("[[fact:F2]] Its card awaits your confirmation.", book_of("card"), staff())


@pytest.mark.parametrize("reply", HARMLESS)
def test_the_talk_around_markers_is_let_through(reply: str) -> None:
    """Asking, offering, restating, ordering what was found, and saying what can't be told."""
    assert verdict(reply, book_of("find"), staff()) == "whole"
