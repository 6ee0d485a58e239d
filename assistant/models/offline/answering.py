"""Short answers to a question that was asked."""

from __future__ import annotations

import re
from datetime import datetime

from assistant.models.offline.cues import is_yes
from assistant.models.offline.dates import read_when
from assistant.models.offline.dates.say import clock_time
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.matching import nearest
from assistant.models.offline.reading import Choice, Issue, Patch
from assistant.models.offline.surgical import stem
from assistant.models.offline.text import words_of
from assistant.models.offline.words import FILLERS, NUMBERS, ORDINALS, TITLES

_PLACE = re.compile(
    r"^(?:the |number |option |choice |no )*(?P<n>\d{1,2}|[a-z]+)(?: (?:one|option|choice|st|nd|rd|th))*$"
)
_PASSED = (FILLERS | TITLES | {"dr", "the"}) - {"any"}


def chosen(text: str, issue: Issue, lexicon: Lexicon) -> Patch | None:
    """What the answer sets when it picks one of the question's choices; None when it doesn't."""
    words = words_of(text)
    same = _same(words, issue)  # a button that was pressed, however long its words are
    if same is not None or len(words) > 12 or not issue.choices:
        return same.patch if same else None
    found = (
        _agreed(words, issue)
        or _placed(words, issue)
        or _part(words, issue, lexicon)
        or _timed(text, issue, lexicon)
    )
    return found.patch if found else None


def _same(words: tuple[str, ...], issue: Issue) -> Choice | None:
    return next((choice for choice in issue.choices if words_of(choice.label) == words), None)


def _agreed(words: tuple[str, ...], issue: Issue) -> Choice | None:
    single = len(issue.choices) == 1 or issue.slot == "unread"
    return issue.choices[0] if single and is_yes(" ".join(words)) else None


def _placed(words: tuple[str, ...], issue: Issue) -> Choice | None:
    match = _PLACE.match(" ".join(words))
    if not match or issue.slot == "duration":
        return None
    word = match["n"]
    if issue.slot == "when" and not (set(words) & {"one", "option", "choice"} and len(words) > 1):
        return None  # "the first" is also a day of the month
    if word == "last":
        return issue.choices[-1]
    if word in {"both", "all"}:
        return next((choice for choice in issue.choices if choice.label.lower().startswith("all")), None)
    place = ORDINALS.get(word) or NUMBERS.get(word) or (int(word) if word.isdecimal() else 0)
    if issue.slot == "room" and not word.startswith(("fir", "sec", "thi")):
        return None
    return issue.choices[place - 1] if 1 <= place <= len(issue.choices) else None


def _part(words: tuple[str, ...], issue: Issue, lexicon: Lexicon) -> Choice | None:
    """The one choice that has every word of the answer, forgiving a slip."""
    said = [word for word in words if word not in _PASSED]
    if not said or issue.slot in {"when", "offer"}:
        return None
    fits = [choice for choice in issue.choices if all(_among(word, _words(choice, lexicon)) for word in said)]
    return fits[0] if len(fits) == 1 else None


def _timed(text: str, issue: Issue, lexicon: Lexicon) -> Choice | None:
    """ "the noon one", "9:30": the one case or offer at that hour."""
    if issue.slot not in {"case", "block", "change"}:
        return None
    when = read_when(text.replace("one", ""), _ANY_MORNING, lexicon.times)
    if when is None or when.exact_start is None or when.has_days:
        return None
    at = f", {clock_time(when.exact_start, lexicon.times.clock)},"
    fits = [choice for choice in issue.choices if at in choice.label]
    return fits[0] if len(fits) == 1 else None


_ANY_MORNING = datetime.fromisoformat("2000-01-03T00:01")
"""An hour of the day is the same whenever it is said."""


def _among(word: str, known: frozenset[str]) -> bool:
    return word in known or stem(word) in known or (len(word) > 4 and bool(nearest(word, known, 1)))


def _words(choice: Choice, lexicon: Lexicon) -> frozenset[str]:
    procedure = choice.patch.get("procedure")
    extra = lexicon.vocabulary.get(procedure, frozenset()) if procedure else frozenset()
    return frozenset(words_of(choice.label)) | extra


def narrowed(text: str, issue: Issue, lexicon: Lexicon) -> Issue | None:
    """The same question with only the choices that the answer still allows; None when it narrows nothing."""
    said = [word for word in words_of(text) if word not in _PASSED]
    fits = tuple(c for c in issue.choices if said and all(_among(word, _words(c, lexicon)) for word in said))
    return Issue(issue.slot, issue.text, fits) if 1 < len(fits) < len(issue.choices) else None
