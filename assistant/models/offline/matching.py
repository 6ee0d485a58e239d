"""Looking names up in words: exactly, longest first, and then forgivingly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from assistant.models.offline.lexicon import Names, Phrase, Table
from assistant.models.offline.text import Utterance

LONGEST = 8
"""Words of the longest name looked up."""


def longest_at(u: Utterance, i: int, table: Table) -> tuple[int, tuple[str, ...]] | None:
    """The longest name that starts at free word `i`: its end and its ids."""
    if isinstance(table, Names) and u.at(i) not in table.openers:
        return None
    for j in range(min(len(u.words), i + LONGEST), i, -1):
        ids = table.get(tuple(word.text for word in u.words[i:j]))
        if ids and u.free(i, j):
            return j, ids
    return None


def scan(
    u: Utterance, table: Table, fits: Callable[[int, int], bool] | None = None
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Every name in the free words, left to right, longest first, without overlap."""
    found, i = [], 0
    while i < len(u.words):
        hit = longest_at(u, i, table)
        if hit and (fits is None or fits(i, hit[0])):
            found.append((i, *hit))
            i = hit[0]
        else:
            i += 1
    return found


def slips_allowed(word: str) -> int:
    """How many slips of the pen a word of this length may have and still be recognised."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def nearest(word: str, known: Iterable[str], slips: int | None = None) -> list[str]:
    """The known words fewest slips away, all of them when they tie; none beyond `slips`."""
    most = slips_allowed(word) if slips is None else slips
    found = (
        process.extract(word, list(known), scorer=OSA.distance, score_cutoff=most, limit=None) if most else []
    )
    fewest = min((distance for _, distance, _ in found), default=0)
    return [name for name, distance, _ in found if distance == fewest]


def closest_names(words: Sequence[str], table: Table, most: int = 3, at_least: float = 0.72) -> list[str]:
    """Ids whose names look most like these words, best first: for suggesting, never for choosing."""
    text = " ".join(words)
    scores: dict[str, float] = {}
    for phrase, ids in table.items():
        score = _alike(text, phrase)
        for id_ in ids:
            scores[id_] = max(scores.get(id_, 0.0), score)
    ranked = sorted(scores, key=lambda id_: (-scores[id_], id_))
    return [id_ for id_ in ranked if scores[id_] >= at_least][:most]


def _alike(text: str, phrase: Phrase) -> float:
    return float(JaroWinkler.similarity(text, " ".join(phrase)))
