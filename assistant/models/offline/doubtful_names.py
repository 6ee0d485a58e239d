"""Surgeons whose names are also months, weekdays or everyday words, said without a title: "may tonsils in june"."""

from __future__ import annotations

from assistant.models.offline.dates import read_when
from assistant.models.offline.dates.words import MONTHS, UNITS, WEEKDAYS
from assistant.models.offline.reading import Choice, Mention, Reading, positive
from assistant.models.offline.when import untaken

_PRONOUNS = frozenset({"i", "we", "you", "he", "she", "it", "they", "this", "that", "there"})
_AFTER_A_VERB = _PRONOUNS | {
    "be",
    "need",
    "have",
    "want",
    "not",
    "also",
    "still",
    "require",
    "get",
    "go",
    "or",
    "do",
}
_BEFORE_A_VERB = _PRONOUNS | {"pt", "patient", "patients", "who", "which", "what"}
_BEFORE_A_SUBJECT = frozenset({
    "can", "cant", "cannot", "could", "couldnt", "will", "wont", "would", "wouldnt", "does", "doesnt", "did", "didnt",
    "should", "shouldnt", "is", "isnt", "has", "hasnt",
})  # fmt: skip
_BEFORE_A_DAY = frozenset({
    "in", "by", "of", "on", "early", "late", "mid", "until", "till", "through", "next", "this", "coming", "end", "to",
    "from", "since", "before", "during", "after", "every", "each", "any", "a", "the", "and", "or", "last", "st", "nd",
    "rd", "th", "following", "between",
})  # fmt: skip
_AFTER_A_DAY = frozenset({
    "and", "or", "to", "thru", "through", "until", "the", "am", "pm", "week", "at",
})  # fmt: skip
_PARTS = frozenset({"morning", "mornings", "afternoon", "afternoons", "evening"})


def read_doubtful_names(r: Reading) -> None:
    """Take such a word for its surgeon where a day stands beside it as well; ask where it could be either."""
    if r.surgeons or any(issue.slot == "surgeon" for issue in r.issues) or "follow" in r.edits:
        return
    for i, word in enumerate(r.utterance.words):
        ids = r.lexicon.surgeons.get((word.text,), ())
        if word.taken or len(ids) != 1 or _plainly_a_word(r, i):
            continue
        if _does_it(r, ids[0], i):
            _settle(r, i, ids)
            return
        if word.text in MONTHS and r.procedures:
            _ask(r, i, ids)
            return


def _does_it(r: Reading, surgeon: str, i: int) -> bool:
    named = {id_ for mention in positive(r.procedures) for id_ in mention.ids}
    if not r.procedures:
        doing = r.utterance.at(i + 1) in {"doing", "operating", "working", "booked", "scheduled"}
        return doing or r.utterance.at(i - 1) in {"for", "with", "by", "about"}
    return bool(named & r.lexicon.privileges.get(surgeon, frozenset()))


def _plainly_a_word(r: Reading, i: int) -> bool:
    u = r.utterance
    word, before, after = u.at(i), u.at(i - 1), u.at(i + 1)
    if before == "with" and u.free(i - 1):
        return False  # "not with Friday, Thursday"
    if word in MONTHS or word in WEEKDAYS:
        # "why can't may do it?" has its verb already, and "may do it Thursday" has no other subject
        subject = before in _BEFORE_A_SUBJECT or (not before and after not in _PRONOUNS)
        verb = word == "may" and not subject and (after in _AFTER_A_VERB or before in _BEFORE_A_VERB)
        numbered = (before.isdecimal() and u.at(i - 2) != "x") or after.isdecimal()
        parted = after in _PARTS and word in WEEKDAYS
        dated = numbered or parted or before in _BEFORE_A_DAY or after in _AFTER_A_DAY
        listed = word in WEEKDAYS and _in_a_list(r, i)
        return verb or dated or listed or before in UNITS
    return before in {"a", "an", "the", "any", "every"} | _PRONOUNS or after in _PRONOUNS


def _in_a_list(r: Reading, i: int) -> bool:
    """ "Thursday, Friday"; without any mark between, "Friday thurs" is a name and a day."""
    u = r.utterance
    for k, first in ((i - 1, i - 1), (i + 1, i)):
        if u.at(k) in WEEKDAYS and u.text[u.words[first].end : u.words[first + 1].begin].strip():
            return True
    return False


def _settle(r: Reading, i: int, ids: tuple[str, ...]) -> None:
    word, name = r.utterance.words[i], r.lexicon.name(ids[0])
    text = untaken(r)
    masked = f"{text[: word.begin]},{' ' * (word.end - word.begin - 1)}{text[word.end :]}"
    rest = read_when(masked, r.now, r.lexicon.times)
    calendar = word.text in MONTHS or word.text in WEEKDAYS
    led = r.utterance.at(i - 1) in {"with", "by"} and r.utterance.free(i - 1)  # no day is "with"
    if not calendar or led or (rest is not None and rest.has_days):
        negator = r.negator_before(i)
        r.utterance.take(i if negator is None else negator, i + 1, "surgeon")
        r.surgeons.append(Mention(i, i + 1, ids, negated=negator is not None))
        r.said.append(f"I read \u201c{word.raw}\u201d as {name}.")
    elif word.text in MONTHS:
        _ask(r, i, ids)


def _ask(r: Reading, i: int, ids: tuple[str, ...]) -> None:
    word, name = r.utterance.words[i], r.lexicon.name(ids[0])
    r.utterance.take(i, i + 1, "surgeon")
    month = read_when(word.raw.capitalize(), r.now, r.lexicon.times)
    days = {"date_from": month.date_from, "date_to": month.date_to} if month else {}
    window = {key: day.isoformat() for key, day in days.items() if day}
    choices = (Choice(name, {"surgeon": ids[0]}), Choice(f"The month of {word.raw.capitalize()}", window))
    r.ask("surgeon", f"Is \u201c{word.raw}\u201d {name}, or the month?", choices)
