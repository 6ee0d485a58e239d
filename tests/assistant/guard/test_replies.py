"""The guard is quiet on good prose, and never on a lie: a kept set of each."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.guard.book import FactBook
from assistant.guard.particulars import surnames
from assistant.guard.proofs import Proof
from tests.assistant.guard.judging import verdict, withheld

KEPT = yaml.safe_load((Path(__file__).parent / "replies.yaml").read_text(encoding="utf-8"))
GOOD, BAD = (
    [(group["heard"], reply) for group in KEPT[kind] for reply in group["replies"]]
    for kind in ("good", "bad")
)
VERDICTS = ("found", "none", "none", "way", "way", "none", "error", "book", "card")
"""What the facts F1 to F9 stand for; each is about all that was asked for."""
STAFF = surnames(["Dr. Evans", "Dr. Garcia", "Dr. Nguyen", "Dr. Patel", "Dr. Smith"])


def _book(heard: str) -> FactBook:
    book = FactBook()
    book.heard(heard)
    for label in ("A1", "A2", "A3", "A4", "B1"):
        book.offers[label] = {"id": label}
        book.proofs[f"offer:{label}"] = Proof("near" if label == "B1" else "found", (heard,), heard)
    for number, stands_for in enumerate(VERDICTS, 1):
        said = f"A tool's sentence, number {number}."
        book.keep(said, Proof(stands_for, (heard,) if stands_for == "found" else (), f"{said} {heard}"))
    return book


def test_at_most_one_good_reply_in_a_hundred_is_sent_back() -> None:
    """Of at least 200 replies of a careful model, at most 1 in 100 is sent back, and 3 in 4 are shown whole."""
    became = {reply: verdict(reply, _book(heard), STAFF) for heard, reply in GOOD}
    assert len(became) == len(GOOD) >= 200
    back = [reply for reply, each in became.items() if each == "back"]
    assert 100 * len(back) <= len(GOOD), back
    assert 4 * sum(each == "whole" for each in became.values()) >= 3 * len(GOOD)


@pytest.mark.parametrize(("heard", "reply"), BAD)
def test_a_reply_that_claims_more_than_tools_said_is_refused(heard: str, reply: str) -> None:
    """Invented times, rooms, deeds, states and labels never pass."""
    assert withheld(reply, _book(heard), STAFF)
