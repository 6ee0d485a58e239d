"""The guard on replies about what real tools said: quiet on good prose, never on a lie."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.assistant.books import book_of, staff
from tests.assistant.guard.judging import verdict, withheld

KEPT = yaml.safe_load((Path(__file__).parent / "spoken.yaml").read_text(encoding="utf-8"))
GOOD, BAD = (
    [(talk, reply) for talk, replies in KEPT[kind].items() for reply in replies] for kind in ("good", "bad")
)


def test_good_prose_about_real_results_is_let_through() -> None:
    """Of at least 400 replies about real tool results, at most 1 in 100 is sent back, and 3 in 4 are shown whole."""
    became = {reply: verdict(reply, book_of(talk), staff()) for talk, reply in GOOD}
    assert len(became) == len(GOOD) >= 400
    back = [reply for reply, each in became.items() if each == "back"]
    assert 100 * len(back) <= len(GOOD), back
    assert 4 * sum(each == "whole" for each in became.values()) >= 3 * len(GOOD)


@pytest.mark.parametrize(("talk", "reply"), BAD)
def test_a_lie_about_real_results_is_refused(talk: str, reply: str) -> None:
    """In whatever words, signs or language, and whichever true marker stands beside it."""
    assert withheld(reply, book_of(talk), staff())
