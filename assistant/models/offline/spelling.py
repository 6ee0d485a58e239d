"""Slips of the pen mended before anything is read, and only where one word is meant."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from assistant.models.offline.dates.words import CARDINALS, MONTHS, TODAY, TOMORROW, UNITS, WEEKDAYS, normal
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.matching import nearest
from assistant.models.offline.spelled import DOMAIN
from assistant.models.offline.text import Utterance
from assistant.models.offline.words import FILLERS, GUARDS, NUMBERS, ORDINALS, PATIENT_TITLES, TITLES

_TIME_WORDS = frozenset({*WEEKDAYS, *MONTHS, *TODAY, *TOMORROW, *CARDINALS, *UNITS, *NUMBERS, *ORDINALS})


SHORTHAND = {
    "abt": "about", "b4": "before", "bc": "because", "cx": "cancel", "cxl": "cancel", "canx": "cancel",
    "canc": "cancel",
    "resched": "reschedule", "rsch": "reschedule", "sched": "schedule", "surg": "surgeon", "proc": "procedure",
    "tonite": "tonight",
}  # fmt: skip
"""What schedulers shorten; a clinic's own word of those letters stays what it is there."""


def mend(u: Utterance, lexicon: Lexicon) -> None:
    """Reread misspelt words; what could be several words, or a person's name, is left as it stands."""
    for i, word in enumerate(u.words):
        word.text = _written_out(word.text, lexicon)
        if i and u.at(i - 1) in TITLES | PATIENT_TITLES:
            continue
        read = _mended(word.text, lexicon)
        if read and not (word.capital and i and not u.text.isupper() and read not in lexicon.words - FILLERS):
            u.mended.append((word.raw, read))
            word.text = read


def _written_out(word: str, lexicon: Lexicon) -> str:
    """ "garcias 7:30": a surgeon's name with its s but no apostrophe; and what is shortened."""
    if word in SHORTHAND and word not in lexicon.words - FILLERS:
        return SHORTHAND[word]
    name = word[:-1]
    owned = word.endswith("s") and (name,) in lexicon.surgeons and word not in lexicon.words
    return name if owned and not is_time(word) else word


def _mended(word: str, lexicon: Lexicon) -> str:
    if len(word) < 4 or not word.isalpha() or word in lexicon.words or word in DOMAIN or is_time(word):
        return ""
    return _nearest(word, lexicon.words)


@lru_cache(maxsize=4096)
def _nearest(word: str, known: frozenset[str]) -> str:
    names = _long(known - FILLERS - GUARDS)
    if len(word) == 4:
        found = [name for name in nearest(word, names, 1) if sorted(name) == sorted(word) or len(name) == 5]
    else:
        found = nearest(word, _long((known - FILLERS) | DOMAIN), 1 if len(word) < 9 else 2)
    plural = word[:-1] if word.endswith("s") else word + "s"
    if plural in known:
        return ""
    return _one_of(word, found)


def _one_of(word: str, found: list[str]) -> str:
    """The only candidate, or the only one that starts with the same letter."""
    same = [name for name in found if name[0] == word[0]]
    if len(found) == 1:
        return found[0]
    return same[0] if len(same) == 1 else ""


def _long(words: Iterable[str]) -> list[str]:
    return sorted(word for word in words if len(word) > 3)


def is_time(word: str) -> bool:
    """Whether it is a word of the calendar or the clock, or a number."""
    return normal(word) in _TIME_WORDS or word in _TIME_WORDS or word.rstrip("s") in _TIME_WORDS
