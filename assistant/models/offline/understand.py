"""One message read: every reader in turn, then an account of what nobody read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from assistant.models.offline.cases import read_case_ids
from assistant.models.offline.costs import read_costs
from assistant.models.offline.cues import read_cues, read_orders, read_picks, read_whereabouts, read_why
from assistant.models.offline.doubtful_names import read_doubtful_names
from assistant.models.offline.followup import read_followups, read_same, read_shifts, read_to_follow
from assistant.models.offline.identity import read_identity
from assistant.models.offline.leaving_out import read_allowed, read_whoever
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.offers import OnTable, read_it, read_offers
from assistant.models.offline.patient import read_anesthesia, read_patient, read_patient_name, read_side
from assistant.models.offline.people import read_people, settle_surgeon
from assistant.models.offline.places import read_equipment, read_places, settle_room
from assistant.models.offline.procedures import (
    read_families,
    read_loose_procedures,
    read_named_procedures,
    read_together,
    settle_procedures,
)
from assistant.models.offline.quantities import read_count_of_procedures, read_quantities
from assistant.models.offline.reading import Reading
from assistant.models.offline.spelled import DOMAIN
from assistant.models.offline.spelling import is_time, mend
from assistant.models.offline.supposed import read_supposed
from assistant.models.offline.text import Utterance, Word
from assistant.models.offline.took import read_took
from assistant.models.offline.when import read_dates
from assistant.models.offline.wish_words import kind_beside
from assistant.models.offline.wishes import read_early_or_late, read_wishes
from assistant.models.offline.words import FILLERS, GUARDS, SAFE_FILLERS

_HARMLESS = re.compile(
    r"\b(?:(?:see|check|ask|asking|know|wondering|wonder|find out|tell me|sure) (?:if|whether)"
    r"|if you (?:could|can|would|please)"
    r"|no (?:rush|hurry|problem|worries|particular|special)(?: (?:on|for|about))?"
    r"|no (?:(?:surgeon|doctor|room|time|day|date|particular|real|strong) )?preference(?: (?:on|for|about|as to))?"
    r"|(?:it )?(?:does not|doesnt|dont|do not) (?:really )?(?:matter|mind|care)(?: (?:who|which|where|when|what)"
    r"(?: (?:surgeon|doctor|room|day|time|one))?)?"
    r"|(?:the|an|in|our|your|any|open|my|of) or|or (?:time|block|slot|schedule|booking|case|request|team)s?"
    r"|(?:young|elderly|older|adult|healthy)(?= (?:pt|patient|man|woman|lady|gentleman|male|female|person)(?!\S))"
    r"|is there|are there|(?:isnt|arent) there|(?:dont|do not) (?:we|you|they) have|(?:cant|can not|couldnt) we"
    r"|why dont (?:we|you)|(?:thats |is )?(?:what )?i mean(?:t)?(?= ~|$)"
    r"|after all(?: but(?= ~))?|same day surgery|no problem|not sure who|as usual|another(?= ~))(?!\S)"
)  # fmt: skip
_ONLY_BESIDE = {
    "room": "room",
    "surgeon": "surgeon",
    "when": "when",
    "anesthesia": "anesthesia",
    "position": "position",
}


_DAY = r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?s?|today|tomorrow|tmrw"
_VERSUS = re.compile(rf"(?<=\w)[ ,]+(?:vs\.?|versus)[ ,]+(?=(?:{_DAY})\b)", re.IGNORECASE)
"""Days that are weighed against each other are both searched: "Tues vs Thurs"."""
_B4 = re.compile(r"\bb4(?= )", re.IGNORECASE)


def understand(text: str, lexicon: Lexicon, now: datetime, table: Sequence[OnTable] = ()) -> Reading:
    """What `text` says, with questions where it doesn't say enough; `table` are the offers it may point at."""
    r = Reading(Utterance.of(_B4.sub("before", _VERSUS.sub(" or ", text))), lexicon, now)
    mend(r.utterance, lexicon)
    read_identity(r)
    read_case_ids(r)
    read_supposed(r)
    read_took(r, bool(table))
    read_costs(r)
    read_why(r)
    read_people(r)
    read_to_follow(r)
    read_named_procedures(r)
    read_places(r)
    read_whoever(r)
    read_patient(r)
    read_side(r)
    read_orders(r)
    read_loose_procedures(r)
    read_together(r)
    read_doubtful_names(r)
    read_equipment(r)
    read_anesthesia(r)
    _read_what_and_when(r, table)
    settle_procedures(r)
    settle_surgeon(r)
    settle_room(r)
    read_allowed(r)
    read_wishes(r)
    read_early_or_late(r)
    _only(r)
    _account(r)
    return r


def _read_what_and_when(r: Reading, table: Sequence[OnTable]) -> None:
    read_count_of_procedures(r)
    read_quantities(r)
    read_patient_name(r)
    _greeting(r)
    read_same(r)
    _pointing(r, table)
    read_shifts(r)
    read_whereabouts(r)
    read_dates(r)
    read_families(r)
    read_cues(r)
    read_it(r, table)
    read_followups(r)


def _pointing(r: Reading, table: Sequence[OnTable]) -> None:
    """Words that point at an offer, some of which a reader of dates would take for days ("the second")."""
    if table:
        read_picks(r)
        read_offers(r, table)


_GREETING = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings"
    r"|morning(?= (?:there|team|all|folks|everyone|guys|can|could|need|i|we|is|do|looking|hi)(?!\S)))"
    r"(?: (?:there|team|all|folks|everyone|guys|you))*(?: (?=hi|hello|hey|good))?)+(?!\S)(?! (?:case|slot|start)s?\b)"
)


_CALLER = re.compile(
    r"^(?:(?:hi|hello|hey|good|morning|afternoon|evening|day|there|team|all|~) )*"
    r"(?:this is|its|it is|it|my name is|i am|im) (?P<name>[^\W\d_]{2,}(?: [^\W\d_]{2,})??)"
    r" (?P<how>here|calling|over at|at|from|in|with)(?= (?:~|the|dr|doctor|our|surg|surgery"
    r"|scheduling|pre|clinic|ortho|preop|office|from|at|about|for|on|behalf|to)(?!\S))"
)


def _greeting(r: Reading) -> None:
    for match, i, j in r.utterance.find(_CALLER):
        words, raw = match["name"].split(), r.utterance.words
        known = any(word in r.lexicon.words | DOMAIN | GUARDS | FILLERS or is_time(word) for word in words)
        named = any(word.capital for word in raw[i:j] if word.text in words) or match["how"] in {
            "here",
            "calling",
            "from",
        }
        if named and not known:
            r.utterance.take(i, j, "caller")
    for match, i, _ in r.utterance.find(_GREETING):
        r.cues.add("greet")
        r.utterance.take(i, i + len(match[0].split()), "cue")


def _only(r: Reading) -> None:
    """ "OR 2 only" says no more than "OR 2": what is asked for is required anyway."""
    for k, word in enumerate(r.utterance.words):
        if word.taken or word.text not in {"only", "exactly"}:
            continue
        if {kind_beside(r, k - 1, -1), kind_beside(r, k + 1, 1)} & set(_ONLY_BESIDE):
            r.utterance.take(k, k + 1, "only")
    for _, i, j in r.utterance.find(_HARMLESS):
        r.utterance.take(i, j, "filler")


_FIELD_NAMES = frozenset({
    "side", "laterality", "location", "loc", "duration", "length", "los", "anesthesia", "anes", "date", "dos", "time",
    "start", "room", "surgeon", "procedure", "position", "equipment", "notes", "note", "age", "sex", "patient",
})  # fmt: skip


def _account(r: Reading) -> None:
    """Pass over words that carry nothing here; what is left is `unread`."""
    for k, word in enumerate(r.utterance.words):
        after = r.utterance.text[word.end : word.end + 2].lstrip()
        if not word.taken and word.text in _FIELD_NAMES and after.startswith((":", "=")):
            r.utterance.take(k, k + 1, "label")
    for word in r.utterance.words:
        if not word.taken and (word.text in SAFE_FILLERS or _is_operating_room(word, r)):
            word.taken = "filler"


def _is_operating_room(word: Word, r: Reading) -> bool:
    return word.raw == "OR" and not r.utterance.text.isupper()


def unread(r: Reading) -> list[list[Word]]:
    """The words nobody read, in stretches as they stood."""
    stretches: list[list[Word]] = []
    before = -2
    for k, word in enumerate(r.utterance.words):
        if word.taken:
            continue
        if k == before + 1:
            stretches[-1].append(word)
        else:
            stretches.append([word])
        before = k
    return stretches


def changes_meaning(words: Sequence[Word]) -> bool:
    """Whether a stretch holds a word like "not" or "except"."""
    return any(word.text in GUARDS for word in words)
