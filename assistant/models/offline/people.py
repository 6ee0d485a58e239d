"""Surgeons in a message: by title, alias, initial or a misspelling; never silently one of two."""

from __future__ import annotations

import re

from assistant.models.offline.dates.words import MONTHS, WEEKDAYS
from assistant.models.offline.leaving_out import Kind, either, settle
from assistant.models.offline.lexicon import Table
from assistant.models.offline.matching import closest_names, longest_at, nearest, scan
from assistant.models.offline.reading import ANY_BUT, Choice, Mention, Reading, listed
from assistant.models.offline.text import Word
from assistant.models.offline.words import (
    FILLERS,
    GUARDS,
    NUMBERS,
    ORDINALS,
    PATIENT_TITLES,
    SAFE_FILLERS,
    TITLES,
)

_CALENDAR = frozenset({*WEEKDAYS, *MONTHS})
_DESCRIBED = frozenset({
    "patient", "person", "man", "woman", "lady", "gentleman", "adult", "child", "kid", "girl", "boy", "male", "female",
    "pt",
})  # fmt: skip
"""What an adjective may stand before: "a young patient" names no Dr. Young."""
_ARTICLES = frozenset({"the", "a", "an"})
_BEFORE_A_NAME = frozenset(
    {"for", "with", "by", "surgeon", "and", "or", "same", "about", "not", "of", "follow", "after"}
)
_BEFORE_A_MONTH = frozenset({"in", "by", "of", "early", "late", "mid", "until", "through", "next",
    "this", "end", "from",
                             "to", "since", "before", "during", "on"})  # fmt: skip


def read_people(r: Reading) -> None:
    """Note every surgeon named, and ask where the name doesn't settle who is meant."""
    _titled(r)
    _on_call(r)
    for i, j, ids in scan(r.utterance, r.lexicon.surgeons, lambda i, j: _is_name(r, i, j)):
        _note(r, i, j, ids)
    _colleagues(r)


_ON_CALL = re.compile(
    r"\b(?:(?:whoever|whoevers|who|whos|the|a|our|surgeon|doctor|doc|person|someone|is) )*on ?call"
    r"(?: (?:surgeon|doctor|doc|person|one))?(?!\S)"
)


def _on_call(r: Reading) -> None:
    """Nobody's calls are on record here, so that who is on call is asked."""
    for _, i, j in r.utterance.find(_ON_CALL):
        r.utterance.take(i, j, "surgeon")
        r.edits["on_call"] = True
        everyone = _choices(r, tuple(sorted(r.lexicon.privileges))[:8])
        text = "I can't look up who is on call. Which surgeon shall I look for?"
        r.ask("surgeon", text, (*everyone, Choice("Any surgeon", {"surgeon": None})))


def _titled(r: Reading) -> None:
    u = r.utterance
    for i, word in enumerate(u.words):
        if word.text not in TITLES or word.taken or longest_at(u, i, r.lexicon.procedures):
            continue
        hit = longest_at(u, i + 1, r.lexicon.surgeons)
        if hit:
            _note(r, i, *hit)
        elif u.free(i + 1):
            _by_title(r, i)


def _by_title(r: Reading, i: int) -> None:
    """ "Dr" and a word that isn't exactly a name: an initial, a misspelling, someone else, or no name at all."""
    u, word = r.utterance, r.utterance.words[i + 1]
    if len(word.text) == 1 and word.text.isalpha():
        _initial(r, i)
        return
    other = longest_at(u, i + 1, r.lexicon.others)
    if other:
        _colleague(r, i, *other)
    elif _named_like(r, word) or not (
        word.text in SAFE_FILLERS | GUARDS or word.text in _CALENDAR or word.text.isdecimal()
    ):
        _misspelt(r, i, i + 2)


def _named_like(r: Reading, word: Word) -> bool:
    """ "Dr. Who": a capital behind the title makes a name of a small word, unless the title may end a sentence."""
    return word.capital and not r.utterance.text.isupper() and word.text in SAFE_FILLERS - PATIENT_TITLES


def _initial(r: Reading, i: int) -> None:
    u, letter = r.utterance, r.utterance.at(i + 1)
    named = longest_at(u, i + 2, r.lexicon.surgeons)
    ids = r.lexicon.initials.get((letter,), ())
    if named:
        _note(r, i, *named)
    elif ids:
        _note(r, i, i + 2, ids)
        if len(ids) == 1:
            r.said.append(f"I read \u201cDr. {letter.upper()}\u201d as {r.lexicon.name(ids[0])}.")
    else:
        _unknown(r, i, i + 2)


def _misspelt(r: Reading, i: int, j: int) -> None:
    word = r.utterance.at(j - 1)
    known = {phrase[0] for phrase in r.lexicon.surgeons if len(phrase) == 1}
    near = nearest(word, known, slips=1 if len(word) < 7 else 2) if len(word) >= 3 else []
    ids = tuple(sorted({id_ for name in near for id_ in r.lexicon.surgeons[(name,)]}))
    if not ids:
        _unknown(r, i, j)
        return
    written, out = r.utterance.words[j - 1].raw, r.negator_before(i) is not None
    _note(r, i, j, ids)
    if len(ids) == 1 and (len(word) < 4 or word[0] != near[0][0]):
        person = r.lexicon.name(ids[0])
        text = f"I don't know a surgeon called {written}. Did you mean {person}?"
        r.ask("surgeon", text, _choices(r, ids, out))
    elif len(ids) == 1:
        r.said.append(f"I read \u201c{written}\u201d as {r.lexicon.name(ids[0])}.")


def _unknown(r: Reading, i: int, j: int) -> None:
    written = r.utterance.words[j - 1].raw.removesuffix("'s")
    negator = r.negator_before(i)
    r.utterance.take(i if negator is None else negator, j, "surgeon")
    near = closest_names([r.utterance.at(j - 1)], r.lexicon.surgeons)
    known = near or sorted(r.lexicon.privileges)[:6]
    said = "The nearest names here are" if near else "The surgeons here are"
    names = listed([r.lexicon.name(id_) for id_ in known], "and")
    which = "Which one do you mean?" if negator is None else "Whom shall I leave out?"
    text = f"I don't know a surgeon called {written}. {said} {names}. {which}"
    nobody = (Choice("Nobody", {"exclude_surgeons": None}),) if negator is not None else ()
    r.ask("surgeon", text, (*_choices(r, tuple(known), negator is not None), *nobody))


def _choices(r: Reading, ids: tuple[str, ...], out: bool = False) -> tuple[Choice, ...]:
    """Each as the one that is meant, or as the one to leave out."""
    return tuple(
        Choice(r.lexicon.name(id_), {"exclude_surgeons": [id_]} if out else {"surgeon": id_}) for id_ in ids
    )


def _note(r: Reading, i: int, j: int, ids: tuple[str, ...]) -> None:
    negator = r.negator_before(i)
    r.utterance.take(i if negator is None else negator, j, "surgeon")
    if negator is not None and r.utterance.at(negator) in ANY_BUT:
        r.fields["surgeon"] = None
    r.surgeons.append(Mention(i, j, ids, negated=negator is not None))


def _is_name(r: Reading, i: int, j: int) -> bool:
    """Whether an alias found without a title is meant as a name: some are also words, months or numbers."""
    u, word = r.utterance, r.utterance.words[i]
    apart = j < len(u.words) and u.text[word.end : u.words[j].begin].strip()
    described = (u.at(j) in _DESCRIBED and not apart) or (
        u.at(i - 1) in _ARTICLES and u.at(j) in {"of", "for", "list"}
    )
    if j - i == 1 and described and not word.possessive and not word.capital:
        return False  # "a young patient", "the price of it"
    ambiguous = word.text in FILLERS | GUARDS | _CALENDAR or word.text in NUMBERS or word.text in ORDINALS
    if j - i > 1 or not (ambiguous or _is_procedure_word(r.lexicon.procedures, word.text)):
        return True
    if word.possessive:
        return True
    before, after = u.at(i - 1), u.at(j)
    if not word.capital or u.text.isupper() or before in _BEFORE_A_MONTH or after.isdecimal():
        return False
    return i == 0 or (before in _BEFORE_A_NAME and word.text not in _CALENDAR)


def _is_procedure_word(procedures: Table, word: str) -> bool:
    return any(word in phrase for phrase in procedures)


def _colleagues(r: Reading) -> None:
    for i, j, ids in scan(r.utterance, r.lexicon.others, lambda i, j: _is_name(r, i, j)):
        _colleague(r, i, j, ids)


def _colleague(r: Reading, i: int, j: int, ids: tuple[str, ...]) -> None:
    r.utterance.take(i, j, "staff")
    name = r.lexicon.name(ids[0])
    r.ask("unread", f"{name} isn't a surgeon, and I can't ask for one person in the team.", ())


def surgeons_of(r: Reading) -> Kind:
    """The surgeons of a message beside all that the clinic has."""
    return Kind("surgeon", r.surgeons, r.lexicon.privileges.keys())


def settle_surgeon(r: Reading) -> None:
    """Turn the mentions into the request's surgeon, those that are left out, or a question."""
    wanted = settle(r, surgeons_of(r))
    if len(wanted) > 1:
        ids = tuple(dict.fromkeys(id_ for mention in wanted for id_ in mention.ids))
        r.take_between([*wanted])
        both = Choice("Any of these", either(surgeons_of(r), ids))
        text = "I can search for one surgeon at a time. Which one first?"
        r.ask("surgeon", text, (*_choices(r, ids), both, Choice("Any surgeon", {"surgeon": None})))
    elif wanted and len(wanted[0].ids) > 1:
        names = [r.lexicon.name(id_) for id_ in wanted[0].ids]
        r.ask("surgeon", f"Which surgeon do you mean: {listed(names)}?", _choices(r, wanted[0].ids))
    elif wanted:
        r.fields["surgeon"] = wanted[0].ids[0]
