"""Why this one above that one: the terms of two offers side by side, in the order in which they count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from solver.clinic import RankLevels, RankTerm


@dataclass(frozen=True)
class TermPair:
    """One term of the objective in both offers; smaller is better. `decides` marks the level that settles it."""

    term: str
    level: int
    weight: float
    first: float
    second: float
    decides: bool


def compared(
    first: Mapping[str, float], second: Mapping[str, float], levels: RankLevels
) -> tuple[TermPair, ...]:
    """The terms of two offers; only those of the first level whose weighted sums differ decide."""
    rows: list[TermPair] = []
    settled = False
    for number, level in enumerate(levels, 1):
        sums = [sum(t.weight * terms.get(t.term, 0) for t in level) for terms in (first, second)]
        decides = not settled and sums[0] != sums[1]
        settled = settled or decides
        rows += [_pair(term, number, first, second, decides=decides) for term in level]
    return tuple(rows)


def _pair(
    term: RankTerm, level: int, first: Mapping[str, float], second: Mapping[str, float], *, decides: bool
) -> TermPair:
    # An offer that was stored before a term came up has nothing of it.
    one, other = first.get(term.term, 0), second.get(term.term, 0)
    return TermPair(term.term, level, term.weight, one, other, decides and one != other)
