"""A reply names nobody and counts nothing of its own, and good prose still passes."""

from __future__ import annotations

import pytest

from assistant.guard.book import FactBook
from assistant.guard.particulars import surnames
from assistant.guard.proofs import Proof
from tests.assistant.guard.judging import withheld


@pytest.fixture
def book() -> FactBook:
    """A conversation about Dr. Smith, with two offers and two facts."""
    made = FactBook(offers={"A1": {}, "A2": {}}, sentences={"F1": "x", "F2": "y"})
    asked = "Dr. Smith, Tuesday at 10, OR 2"
    made.proofs = {"offer:A1": Proof("found", (asked,)), "offer:A2": Proof("found", (asked,)),
                   "fact:F1": Proof("found", (asked,), asked), "fact:F2": Proof("none", (), asked)}  # fmt: skip
    made.heard("Dr. Smith, knee scope, next Tuesday at 10 in OR 2, 45 minutes")
    made.keep("Book it.", Proof("card", (), "Book it."))
    return made


BAD = [
    "That slot is taken.", "Dr. Jones operates there.", "He is on vacation.", "The C-arm is in use then.",
    "[[offer:A1]] is 30 minutes long.", "You have 90% utilization.", "10 in OR 2 on Tuesday is fine.",
    "[[offer:A1]] is also possible with Dr. Evans.", "The room is already occupied.",
]  # fmt: skip
GOOD = [
    "[[fact:F1]] The first choice is [[offer:A1]].", "Did you mean Dr. Smith?", "Is 45 minutes right?",
    "Dr. Smith's cases that day is this: [[fact:F1]]", "That room is in use: [[fact:F2]]",
    "If that is fine, confirm it on the card.", "Is Tuesday fine?", "I can look on another day for Dr. Smith.",
    "Between the two, [[offer:A1]] ranks higher. [[fact:F2]]", "The card is ready. Please confirm it.",
    "I need the patient's name, a record number or birth date, and the side.", "You're welcome!",
    "The search ran out of time, so this isn't a no. Maybe ask for fewer days.",
    "I can't confirm bookings myself. A person confirms each change on its card.",
]  # fmt: skip


@pytest.mark.parametrize("reply", BAD)
def test_an_unfounded_particular_is_refused(book: FactBook, reply: str) -> None:
    """Who is busy, a doctor not spoken of, a number counted: none of it is the model's to say."""
    assert withheld(reply, book)


@pytest.mark.parametrize("reply", GOOD)
def test_good_prose_passes(book: FactBook, reply: str) -> None:
    """Questions, restatements, conditions and cited sentences are let through."""
    assert withheld(reply, book) == []


def test_a_first_name_goes_with_the_family_name_that_was_said(book: FactBook) -> None:
    """ "Dr. Anna Smith" is the Dr. Smith of whom the user spoke; "Dr. Jones Smith" names a second doctor."""
    staff = surnames(["Anna Smith, MD", "Lee Jones"])
    assert withheld("For Dr. Anna Smith: [[fact:F1]]", book, staff) == []
    assert withheld("For Dr. Lee Jones: [[fact:F1]]", book, staff)
    assert withheld("For Dr. Jones Smith: [[fact:F1]]", book, staff)


@pytest.mark.parametrize("status", ["found", "infeasible", "not_proven"])
@pytest.mark.parametrize("tool", ["find_slots", "explain"])
def test_however_a_search_ended_there_is_a_sentence_to_cite(tool: str, status: str) -> None:
    """A reply can always say what came of it: with a slot, with a reason, and undecided without either."""
    asked = {"procedure": "knee", "surgeon": "dr-a", "date_from": "2026-03-10", "date_to": "2026-03-10"}
    reason = {"rule": "leave", "subject": "dr-a", "title": "Leave", "text": "Dr. A is on leave."}
    case = {"room": "or-1", "surgeon": "dr-a", "start": "2026-03-10T09:00", "end": "2026-03-10T10:00"}
    result = {
        "status": status,
        "conflict": [reason] if status == "infeasible" else [],
        "corrections": [],
        "offers": [{"label": "A1", "cases": [case]}] if status == "found" else [],
    }
    assert FactBook().learn(tool, asked, result, lambda name: name, "12h")


STAFF = surnames(["Dr. Smith", "Anita Evans, RN", "May", "Nurse 2"])


@pytest.mark.parametrize(
    "reply", ["Evans could do it.", "How about Evans?", "[[offer:A1]] is with Evans.", "Evans's day."]
)
def test_a_name_needs_no_title_to_be_somebody(book: FactBook, reply: str) -> None:
    """A member of staff whom the user didn't name isn't named by a reply either, with or without "Dr."."""
    assert withheld(reply, book, STAFF)


@pytest.mark.parametrize(
    "reply", ["Did you mean Smith?", "For Smith: [[fact:F1]]", "You may look at May instead."]
)
def test_a_name_that_the_user_said_may_be_said_back(book: FactBook, reply: str) -> None:
    """The user's own words pass without a title too, and a surname that is a month names nobody."""
    assert not any("nobody" in said for said in withheld(reply, book, STAFF))
