"""The guard is quiet on good prose, and never on a lie: a kept set of each."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assistant.grounding import FactBook, problems
from assistant.particulars import surnames
from assistant.proofs import Proof

KEPT = yaml.safe_load((Path(__file__).parent / "replies.yaml").read_text(encoding="utf-8"))
GOOD, BAD = (
    [(group["heard"], reply) for group in KEPT[kind] for reply in group["replies"]]
    for kind in ("good", "bad")
)
VERDICTS = ("found", "none", "none", "way", "way", "none", "error", "book")
"""What the facts F1 to F8 stand for; each is about all that was asked for."""
STAFF = surnames(["Dr. Evans", "Dr. Garcia", "Dr. Nguyen", "Dr. Patel", "Dr. Smith"])


def _book(heard: str) -> FactBook:
    book = FactBook()
    book.heard(heard)
    for label in ("A1", "A2", "A3", "A4", "B1"):
        book.offers[label] = {"id": label}
        book.proofs[f"offer:{label}"] = Proof("near" if label == "B1" else "found", (heard,), heard)
    for number, verdict in enumerate(VERDICTS, 1):
        said = f"A tool's sentence, number {number}."
        book.keep(said, Proof(verdict, (heard,) if verdict == "found" else (), f"{said} {heard}"))
    return book


def test_at_most_one_good_reply_in_a_hundred_is_refused() -> None:
    """Of at least 200 replies as a careful model writes them, at most 2 are sent back."""
    refused = {reply: found for heard, reply in GOOD if (found := problems(reply, _book(heard), STAFF))}
    assert len(GOOD) >= 200
    assert len({reply for _, reply in GOOD}) == len(GOOD)
    assert len(refused) <= 2, refused


@pytest.mark.parametrize(("heard", "reply"), BAD)
def test_a_reply_that_claims_more_than_tools_said_is_refused(heard: str, reply: str) -> None:
    """Invented times, rooms, deeds, states and labels never pass."""
    assert problems(reply, _book(heard), STAFF)
