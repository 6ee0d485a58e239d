"""How the guard takes a reply: shown whole, without some of its sentences, or sent back."""

from __future__ import annotations

from typing import Literal

from assistant.grounding import problems, vouched
from assistant.guard.book import FactBook

Verdict = Literal["whole", "cut", "back"]


def withheld(
    reply: str, book: FactBook, staff: frozenset[str] = frozenset(), ours: bool = False
) -> list[str]:
    """Why a reply isn't shown as it was written; empty when it is."""
    return problems(reply, book, staff) or vouched(reply, book, staff, ours).doubts


def verdict(reply: str, book: FactBook, staff: frozenset[str] = frozenset()) -> Verdict:
    """What becomes of a reply."""
    if problems(reply, book, staff):
        return "back"
    left = vouched(reply, book, staff)
    return "back" if left.hollow else "cut" if left.doubts else "whole"
