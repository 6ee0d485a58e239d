"""The guard on replies of authors who never saw it: what it costs good prose, and how many lies get past it."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.guard.book import FactBook
from tests.assistant.books import learnt, staff
from tests.assistant.guard.judging import verdict

TALKS = yaml.safe_load((Path(__file__).parent / "tried.yaml").read_text(encoding="utf-8"))


@cache
def _state(name: str) -> Any:
    talk = TALKS[name]
    return learnt(talk["heard"], [pair for call in talk["calls"] for pair in call.items()])


@pytest.mark.parametrize("name", TALKS)
def test_every_marker_of_a_trial_is_of_its_conversation(name: str) -> None:
    """A reply that cited what isn't there would be sent back for that alone, and try nothing."""
    book = FactBook.of(_state(name))
    said = " ".join([*TALKS[name]["good"], *(bad["say"] for bad in TALKS[name]["bad"])])
    known = {
        *(f"[[offer:{label}]]" for label in book.offers),
        *(f"[[fact:{label}]]" for label in book.sentences),
    }
    assert {
        f"[[{mark}]]" for mark in said.replace("]]", "[[").split("[[") if mark.startswith(("offer:", "fact:"))
    } <= known


def test_good_prose_is_answered_at_once() -> None:
    """At most 1 good reply in 100 is sent back, and at least 2 in 5 are shown to the last word."""
    became = Counter(
        verdict(reply, FactBook.of(_state(name)), staff())
        for name, talk in TALKS.items()
        for reply in talk["good"]
    )
    assert 100 * became["back"] <= became.total()
    assert 5 * became["whole"] >= 2 * became.total()


def test_lies_are_left_out() -> None:
    """At most 2 lies in 100 are shown as they were written."""
    shown = [
        bad["say"]
        for name, talk in TALKS.items()
        for bad in talk["bad"]
        if verdict(bad["say"], FactBook.of(_state(name)), staff()) == "whole"
    ]
    assert 100 * len(shown) <= 2 * sum(len(talk["bad"]) for talk in TALKS.values()), shown
