"""Procedures in a message: by code, exact name, reordered words or a misspelling; families are asked about."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from assistant.models.offline.matching import nearest, scan
from assistant.models.offline.reading import Choice, Mention, Reading, listed, positive
from assistant.models.offline.surgical import GLUE, stem
from assistant.models.offline.words import FILLERS, GUARDS

_CODE = re.compile(r"\b(?:cpt(?: code)? )?(\d{5})\b")
_SIDES = frozenset({"left", "right", "bilateral", "bilat", "l", "r", "lt", "rt", "both"})
_TRANSPARENT = GLUE | _SIDES
_WEAK = frozenset(["surgery", "procedure", "case", "surgical", "scheduled"])
_MOST_CHOICES = 8


def read_named_procedures(r: Reading) -> None:
    """Note the procedures named by code or exactly as the clinic names them."""
    _codes(r)
    for i, j, ids in scan(r.utterance, r.lexicon.procedures, lambda i, j: _is_procedure(r, i, j)):
        _note(r, *_narrowed(r, i, j, ids))


def _narrowed(r: Reading, i: int, j: int, ids: tuple[str, ...]) -> tuple[int, int, tuple[str, ...]]:
    """ "laparoscopic" beside a name of two procedures says which of them it is."""
    for k in (i - 1, j):
        word = stem(r.utterance.at(k))
        fits = tuple(id_ for id_ in ids if word in r.lexicon.vocabulary[id_])
        if len(ids) > 1 and r.utterance.free(k) and 0 < len(fits) < len(ids):
            i, j, ids = min(i, k), max(j, k + 1), fits
    return i, j, ids


def _is_procedure(r: Reading, i: int, j: int) -> bool:
    """One-letter names and names that are everyday words need more than themselves to count."""
    word = r.utterance.at(i)
    return j - i > 1 or (len(word) > 1 and word not in GUARDS and (word not in FILLERS or len(word) > 4))


def read_loose_procedures(r: Reading) -> None:
    """Note procedures named in other words than the clinic's own."""
    _reordered(r)
    if not r.procedures:
        _misspelt(r)
    _absorb(r)


def _misspelt(r: Reading) -> None:
    """ "nee scope", "kneescope": free words that are a slip or two away from one procedure's name."""
    names = {"".join(words): ids for words, ids in r.lexicon.procedures.items() if sum(map(len, words)) > 5}
    best: tuple[int, int, int, tuple[str, ...]] | None = None
    for i in range(len(r.utterance.words)):
        for j in range(i + 1, min(i + 5, len(r.utterance.words)) + 1):
            if not r.utterance.free(i, j):
                break
            written = "".join(word.text for word in r.utterance.words[i:j])
            slips = 0 if len(written) < 6 else 1 if len(written) < 11 else 2
            near = nearest(written, names, slips) if slips else []
            ids = tuple(sorted({id_ for name in near for id_ in names[name]}))
            score = OSA.distance(written, near[0]) if near else 9
            if ids and (best is None or (score, i - j) < (best[0], best[1] - best[2])):
                best = (score, i, j, ids)
    if best:
        _note(r, best[1], best[2], best[3])


def read_families(r: Reading) -> None:
    """A word that fits several procedures, when none is named, becomes a question with the candidates."""
    if not positive(r.procedures) and all(issue.slot != "procedure" for issue in r.issues):
        _families(r)


def _codes(r: Reading) -> None:
    for match, i, j in r.utterance.find(_CODE):
        ids = r.lexicon.codes.get(match[1])
        if ids:
            _note(r, i, j, ids)
        elif "cpt" in match[0]:
            r.utterance.take(i, j, "procedure")
            r.ask("procedure", f"No procedure here has the code {match[1]}. Which procedure is it?", ())


def _note(r: Reading, i: int, j: int, ids: tuple[str, ...]) -> None:
    negator = r.negator_before(i)
    r.utterance.take(i if negator is None else negator, j, "procedure")
    r.procedures.append(Mention(i, j, ids, negated=negator is not None))


def _runs(r: Reading) -> list[tuple[int, int]]:
    """Stretches of free words that all belong to some procedure's names, sides and small words aside."""
    known = frozenset().union(*r.lexicon.vocabulary.values()) if r.lexicon.vocabulary else frozenset()
    u, found, i = r.utterance, [], 0
    while i < len(u.words):
        j = i
        while j < len(u.words) and _may_belong(r, j, known):
            j += 1
        start, end = _trimmed(r, i, j, known)
        if start < end:
            found.append((start, end))
        i = max(j, i + 1)
    return found


def _may_belong(r: Reading, k: int, known: frozenset[str]) -> bool:
    word = r.utterance.words[k]
    if word.taken:
        return word.taken == "side"
    return word.text in _TRANSPARENT or stem(word.text) in known


def _trimmed(r: Reading, i: int, j: int, known: frozenset[str]) -> tuple[int, int]:
    def outside(k: int) -> bool:
        word = r.utterance.words[k]
        return bool(word.taken) or word.text in _TRANSPARENT or stem(word.text) not in known

    while i < j and outside(i):
        i += 1
    while j > i and outside(j - 1):
        j -= 1
    return i, j


def _stems(r: Reading, i: int, j: int) -> frozenset[str]:
    words = [word.text for word in r.utterance.words[i:j] if not word.taken]
    return frozenset(stem(word) for word in words if word not in _TRANSPARENT)


def _reordered(r: Reading) -> None:
    """ "scope of the left knee", "arthroscopic knee": all words of one name, in any order."""
    for i, j in _runs(r):
        said = _stems(r, i, j)
        whole = [
            (len(bag), id_)
            for bag, id_ in r.lexicon.bags
            if bag and bag <= said and (len(bag) > 1 or bag == said)
        ]
        if not whole:
            continue
        most = max(size for size, _ in whole)
        ids = tuple(sorted({id_ for size, id_ in whole if size == most}))
        narrowed = tuple(id_ for id_ in ids if said <= r.lexicon.vocabulary[id_]) or ids
        if most > 1 or len(narrowed) == 1:
            _note(r, i, j, narrowed)


def _absorb(r: Reading) -> None:
    """Free words beside a procedure that only say the same procedure more fully: "left knee PMM"."""
    for mention in r.procedures:
        if len(mention.ids) != 1:
            continue
        vocabulary = r.lexicon.vocabulary[mention.ids[0]]
        for step, start in ((-1, mention.i - 1), (1, mention.j)):
            _absorb_from(r, start, step, vocabulary)


def _absorb_from(r: Reading, start: int, step: int, vocabulary: frozenset[str]) -> None:
    u, k, pending = r.utterance, start, []
    while 0 <= k < len(u.words):
        word = u.words[k]
        if word.taken == "side" or (not word.taken and word.text in _TRANSPARENT):
            pending.append(k)
        elif not word.taken and word.text not in GUARDS and stem(word.text) in vocabulary:
            u.take(k, k + 1, "procedure")
            for between in pending:
                u.take(between, between + 1, "procedure")
            pending = []
        else:
            return
        k += step


def _families(r: Reading) -> None:
    """A part of a name only: "scope", "total", "knee procedure". Candidates are offered, even a single one."""
    for i, j in _runs(r):
        said = frozenset(
            word
            for word in _stems(r, i, j)
            if len(word) > 2 and not word.isdecimal() and word not in _WEAK | FILLERS
        )
        ids = candidates(r, said)
        if not said or not ids:
            continue
        r.utterance.take(i, j, "procedure")
        if r.utterance.at(j) in _WEAK:
            r.utterance.take(j, j + 1, "procedure")
        _ask_which(r, " ".join(w.raw for w in r.utterance.words[i:j]), ids)
        return


def candidates(r: Reading, said: frozenset[str]) -> tuple[str, ...]:
    """Procedures whose names contain all of these stems; the surgeon's own first."""
    ids = [id_ for id_, words in r.lexicon.vocabulary.items() if said <= words]
    return tuple(sorted(ids, key=lambda id_: (id_ not in _own(r), id_)))


def _own(r: Reading) -> frozenset[str]:
    wanted = positive(r.surgeons)
    surgeon = wanted[0].ids[0] if wanted and len(wanted[0].ids) == 1 else ""
    return r.lexicon.privileges.get(surgeon, frozenset())


def _ask_which(r: Reading, written: str, ids: Sequence[str]) -> None:
    choices = procedure_choices(r, ids)
    names = listed([choice.label for choice in choices])
    if len(choices) == 1:
        text = f"\u201c{written}\u201d alone could mean more than one thing. Do you mean {names}?"
    else:
        text = f"Which procedure do you mean by \u201c{written}\u201d: {names}?"
    r.ask("procedure", text, choices)


def procedure_choices(r: Reading, ids: Sequence[str]) -> tuple[Choice, ...]:
    """Procedures as answers to pick from."""
    return tuple(Choice(r.lexicon.name(id_), {"procedure": id_}) for id_ in ids[:_MOST_CHOICES])


def settle_procedures(r: Reading) -> None:
    """Turn the mentions into the main procedure and additional ones, or into a question."""
    wanted = positive(r.procedures)
    for mention in wanted:
        if len(mention.ids) > 1:
            own = tuple(id_ for id_ in mention.ids if id_ in _own(r))
            written = " ".join(w.raw for w in r.utterance.words[mention.i : mention.j])
            _ask_which(r, written, own if len(own) > 1 else mention.ids)
            return
    ids = list(dict.fromkeys(mention.ids[0] for mention in wanted))
    if not ids:
        _only_refused(r)
        return
    joints = {r.joined_by(a, b) for a, b in itertools.pairwise(wanted) if a.ids != b.ids}
    r.take_between(wanted)
    if "or" in joints:
        names = listed([r.lexicon.name(id_) for id_ in ids])
        r.ask("procedure", f"Which one shall I search for first: {names}?", procedure_choices(r, ids))
    elif _listed_apart(r, wanted, ids):
        _one_kind_first(r, ids)
    elif "" in joints and not any(word.taken == "together" for word in r.utterance.words):
        _together_or_not(r, ids)
    else:
        _set(r, ids)


_TOGETHER = re.compile(r"\b(?:done )?(?:together"
                       r"|(?:in|at|on|for)? ?(?:the |one )?same (?:case|time|pt|patient)"
                       r"|in one case)(?!\S)")  # fmt: skip


def read_together(r: Reading) -> None:
    """ "together", "same patient" and "then" between several procedures are about them, not the last request."""
    wanted = positive(r.procedures)
    for _, i, j in r.utterance.find(_TOGETHER) if len(wanted) > 1 else ():
        r.utterance.take(i, j, "together")
    for first, second in itertools.pairwise(wanted):
        for k in range(first.j, second.i):
            if r.utterance.at(k) == "then":
                r.utterance.take(k, k + 1, "joint")


def _listed_apart(r: Reading, wanted: list[Mention], ids: list[str]) -> bool:
    """ "two knee scopes then an ACL", "2 lap choles and 1 port": more likely several cases than one."""
    if len(ids) < 2 or any(word.taken == "together" for word in r.utterance.words):
        return False
    between = {r.utterance.at(k) for a, b in itertools.pairwise(wanted) for k in range(a.j, b.i)}
    return "then" in between or ("count" in r.fields and bool(between & {"and", "plus"}))


def _one_kind_first(r: Reading, ids: list[str]) -> None:
    """Cases of two kinds are two searches; the number said belongs to the first kind."""
    first, *others = procedure_choices(r, ids)
    alone = [Choice(choice.label, {**choice.patch, "count": None}) for choice in others]
    both = Choice("All in one case", {"procedure": ids[0], "additional_procedures": ids[1:], "count": None})
    names = listed([r.lexicon.name(id_) for id_ in ids], "and")
    text = f"I read {names}, and search for one kind of case at a time. Which first?"
    r.ask("procedure", text, (first, *alone, both))


def _only_refused(r: Reading) -> None:
    if any(mention.negated for mention in r.procedures):
        r.ask("procedure", "You said which procedure it isn't. Which one is it?", ())


def _set(r: Reading, ids: list[str]) -> None:
    r.fields["procedure"] = ids[0]
    if len(ids) > 1:
        r.fields["additional_procedures"] = ids[1:]


def _together_or_not(r: Reading, ids: list[str]) -> None:
    both = Choice("All in one case", {"procedure": ids[0], "additional_procedures": ids[1:]})
    names = listed([r.lexicon.name(id_) for id_ in ids], "and")
    text = f"I read {names}. Are they done in one case, or do you mean one of them?"
    r.ask("procedure", text, (both, *procedure_choices(r, ids)))


def suggest_procedures(r: Reading, written: str, most: int = 4) -> tuple[Choice, ...]:
    """The procedures whose names look most like `written`, then the surgeon's own."""
    text = written.lower()
    scores: dict[str, float] = {}
    for phrase, ids in r.lexicon.procedures.items():
        score = fuzz.WRatio(text, " ".join(phrase))
        for id_ in ids:
            scores[id_] = max(score, scores.get(id_, 0.0))
    ranked = sorted(scores, key=lambda id_: (-scores[id_], id_))
    near = [id_ for id_ in ranked if scores[id_] >= 72][:most]
    own = [id_ for id_ in sorted(_own(r)) if id_ not in near]
    return procedure_choices(r, (near + own)[:6] or sorted(r.lexicon.vocabulary)[:6])
