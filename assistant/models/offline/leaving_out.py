"""Who and what won't do: "any room but OR 2", "not Patel or Nguyen", and a choice of several: "Smith or Evans"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.models.offline.reading import Choice, Issue, Mention, Patch, Reading, listed, positive

LEFT_OUT = {"surgeon": "exclude_surgeons", "room": "exclude_rooms"}
"""The field that names one, and the field of those that are left out."""
_JOINTS = frozenset({"or", "nor", "and"})
_PASSED = _JOINTS | {
    "dr",
    "drs",
    "doctor",
    "with",
    "in",
    "by",
    "not",
    "either",
    "room",
    "also",
    "even",
    "maybe",
}
_MOST_CHOICES = 10
_WHOEVER_IS_FIRST = re.compile(
    r"\b(?:whoever|whoevers|whichever|whichevers|who|whos|which)(?: (?:one|room|surgeon|of (?:them|the two|those)))?"
    r"(?: (?:is|has|can|comes|gets|do|have|take|it|available|free|open|an?|the|opening|slot|time|up))*"
    r"(?: (?:first|earlier|earliest|sooner|soonest|quicker|quickest|next)(?: (?:available|free|open|opening|slot))?"
    r"|(?<=free)|(?<=available)|(?<=open))(?!\S)"
)
_WONT_DO = re.compile(
    r"(?:is |are )(?:out|away|off limits|no good|unavailable|not (?:possible|available|an option|usable))(?!\S)"
    r"|(?:wont|will not|doesnt|does not|cant|cannot|can not) (?:work|do(?: it)?|be used|make it)(?!\S)"
)
_FIRMLY = frozenset({"so", "and", "please", "pls", "then", ""})


@dataclass(frozen=True)
class Kind:
    """Surgeons or rooms: the request's field, those mentioned, and all that the clinic has."""

    field: str
    mentions: list[Mention]
    everyone: Collection[str]

    @property
    def out(self) -> str:
        """The field of those that are left out."""
        return LEFT_OUT[self.field]


def settle(r: Reading, kind: Kind) -> Sequence[Mention]:
    """Sets those left out, or a choice of several; answers the mentions from which one is still to be chosen."""
    _wont_do(r, kind)
    _spread(r, kind.mentions)
    wanted = positive(kind.mentions)
    refused = {id_ for mention in kind.mentions if mention.negated for id_ in mention.ids}
    if len(wanted) > 1 and _is_choice(r, wanted):
        _either(r, kind, {mention.ids[0] for mention in wanted})
        return ()
    if not wanted and refused:
        _leave_out(r, kind, refused)
    elif len(wanted) == 1:
        r.fields.setdefault(kind.out, None)
    return wanted


def _leave_out(r: Reading, kind: Kind, refused: set[str]) -> None:
    doubtful = next((m.ids for m in kind.mentions if m.negated and len(m.ids) > 1), ())
    if doubtful:
        choices = [Choice(r.lexicon.name(id_), {kind.out: [id_]}) for id_ in doubtful]
        every = Choice("All of them", {kind.out: sorted(refused)})
        names = listed([choice.label for choice in choices])
        r.ask(kind.field, f"Whom do you mean, {names}? I leave out the one you choose.", (*choices, every))
        return
    r.fields[kind.out] = sorted(refused)


def _either(r: Reading, kind: Kind, wanted: set[str]) -> None:
    """ "Smith or Evans": nobody else, whatever the procedure is in the end."""
    r.fields |= either(kind, wanted)
    names = listed([r.lexicon.name(id_) for id_ in sorted(wanted)])
    r.said.append(f"I look for {names}, whichever is better, and leave the others out.")


def read_whoever(r: Reading) -> None:
    """ "Smith or Evans, whoever is first": read before the words that would make "sooner" an edit of days."""
    if len(r.surgeons) > 1 or len(r.rooms) > 1:
        for _, i, j in r.utterance.find(_WHOEVER_IS_FIRST):
            r.utterance.take(i, j, "joint")


def either(kind: Kind, wanted: Collection[str]) -> Patch:
    """The fields of a request for any of these and for no other."""
    return {kind.field: None, kind.out: sorted(set(kind.everyone) - set(wanted)) or None}


def _is_choice(r: Reading, wanted: Sequence[Mention]) -> bool:
    """Whether the mentions stand in one list with "or", each settled: "Smith Tuesday or Evans Friday" is none."""
    pairs = list(pairwise(wanted))
    joined = all(_listed(r, one, other) for one, other in pairs) and all(len(m.ids) == 1 for m in wanted)
    if not joined or "and" in {r.utterance.at(k) for one, other in pairs for k in range(one.j, other.i)}:
        return False
    if not any("or" in _words(r, one, other) or "/" in _text(r, one, other) for one, other in pairs):
        return False
    _take(r, wanted)
    return True


def _spread(r: Reading, mentions: list[Mention]) -> None:
    """ "not Patel or Nguyen" refuses both; "not Patel, Nguyen" may well want the second."""
    mentions.sort(key=lambda mention: mention.i)
    for run in list(_runs(r, mentions)):
        joints = [
            _words(r, one, other) & _JOINTS or "/" in _text(r, one, other) for one, other in pairwise(run)
        ]
        if run[0].negated and any(joints):
            mentions[:] = [replace(each, negated=True) if each in run else each for each in mentions]
            _take(r, run)
    for mention in mentions:
        if mention.negated and r.utterance.free(mention.j) and r.utterance.at(mention.j) == "either":
            r.utterance.take(mention.j, mention.j + 1, "joint")


def _runs(r: Reading, mentions: Sequence[Mention]) -> Iterator[list[Mention]]:
    run: list[Mention] = []
    for mention in mentions:
        if run and not _listed(r, run[-1], mention):
            yield run
            run = []
        run.append(mention)
    if run:
        yield run


def _listed(r: Reading, one: Mention, other: Mention) -> bool:
    """Whether nothing but the joints of a list stands between two mentions."""
    between = _text(r, one, other)
    marks = {mark for mark in between if not (mark.isalnum() or mark.isspace() or mark in "'.")}
    return _words(r, one, other) <= _PASSED and marks <= {",", "/", "&", "+"}


def _words(r: Reading, one: Mention, other: Mention) -> set[str]:
    return {r.utterance.at(k) for k in range(one.j, other.i)}


def _text(r: Reading, one: Mention, other: Mention) -> str:
    words = r.utterance.words
    return r.utterance.text[words[one.j - 1].end : words[other.i].begin]


def _take(r: Reading, run: Sequence[Mention]) -> None:
    """The joints of a list are accounted for, and the "either" before it."""
    for one, other in pairwise(run):
        r.utterance.take(one.j, other.i, "joint")
    if r.utterance.free(run[0].i - 1) and r.utterance.at(run[0].i - 1) in {"either", "neither"}:
        r.utterance.take(run[0].i - 1, run[0].i, "joint")


def _wont_do(r: Reading, kind: Kind) -> None:
    """ "OR 2 won't work", "Patel is out": refused behind the name, where no day is said of it and nothing is asked."""
    u = r.utterance
    for n, mention in enumerate(kind.mentions):
        rest = " ".join(u.at(k) if u.free(k) else "~" for k in range(mention.j, len(u.words)))
        match = _WONT_DO.match(rest)
        end = mention.j + len(match[0].split()) if match else 0
        if match and not r.cues & {"explain", "what_if"} and (not u.at(end) or _new_clause(r, end)):
            u.take(mention.j, end, kind.field)
            kind.mentions[n] = replace(mention, negated=True)


def _new_clause(r: Reading, k: int) -> bool:
    words = r.utterance.words
    apart = r.utterance.text[words[k - 1].end : words[k].begin].strip()
    return bool(apart) or r.utterance.at(k) in _FIRMLY


_ALLOWED = re.compile(
    r"(?:is |are |would be |s )?(?:ok|okay|fine|allowed|alright|possible)"
    r"(?: (?:too|also|again|now|after all|as well))*(?!\S)"
    r"|(?:(?:too|also|again|after all|as well)(?: |$))+(?!\S)"
)
_ALLOWING = frozenset({"include", "allow", "including", "add"})


def read_allowed(r: Reading) -> None:
    """ "OR 1 is fine after all", "Garcia too": what was left out may be used again."""
    u = r.utterance
    for field, mentions in (("surgeon", r.surgeons), ("room", r.rooms)):
        if len(mentions) != 1 or mentions[0].negated or r.procedures:
            continue
        mention, rest = mentions[0], " ".join(w.text for w in u.words[mentions[0].j :])
        match, before = _ALLOWED.match(rest), u.at(mention.i - 1) in _ALLOWING
        if match or before:
            r.edits["allowed"] = {field: mention.ids}
            u.take(mention.j, mention.j + len(match[0].split()) if match else mention.j, "cue")
            u.take(mention.i - before, mention.i, "cue")


def allowed(frame: Patch, edit: Patch) -> Patch:
    """The request before with some of what it left out in it again; nothing where it left out none of them."""
    changed: Patch = {}
    for field, ids in edit.items():
        out = frame.get(LEFT_OUT[field]) or []
        if set(ids) & set(out):
            changed |= {
                field: frame.get(field),
                LEFT_OUT[field]: [id_ for id_ in out if id_ not in ids] or None,
            }
    return changed


_ANOTHER = re.compile(
    r"\b(?:(?:what|how) about |is there |try |can we (?:do|try|use) |with |in |by )*(?:(?:any|some|an|a|the)? ?(?:other"
    r"|another|different) (?P<kind>surgeon|doctor|dr|room|or|theatre|theater|suite)s?"
    r"|(?P<who>(?:any|some)(?:one|body) else)|(?P<where>elsewhere|(?:any|some)where else))"
    r"(?! (?:than|but|except))(?!\S)"
)


def read_another(r: Reading) -> None:
    """ "someone else", "a different room": whoever was asked for before is left out."""
    for match, i, j in r.utterance.find(_ANOTHER):
        room = match["where"] or (match["kind"] or "surgeon") not in {"surgeon", "doctor", "dr"}
        r.edits.setdefault("another", []).append("room" if room else "surgeon")
        r.utterance.take(i, j, "room" if room else "surgeon")


def others(frame: Patch, kinds: Sequence[str]) -> Patch:
    """The request before without whom or what it named; one that named none may be anyone's again."""
    changed: Patch = {}
    for field in kinds:
        out = [*(frame.get(LEFT_OUT[field]) or ()), *([frame[field]] if frame.get(field) else ())]
        changed |= {field: None, LEFT_OUT[field]: sorted(set(out)) or None}
    return changed


def over(frame: Patch, fresh: Patch, edits: Patch) -> Patch:
    """What a message leaves out, over what the request before it did and named."""
    changed = {**allowed(frame, edits.get("allowed") or {}), **others(frame, edits.get("another") or ())}
    for field, out in LEFT_OUT.items():
        said = fresh.get(out)
        if not said:
            continue
        anew = field in fresh and fresh[field] is None
        changed[out] = sorted(said if anew else {*(frame.get(out) or ()), *said})
        if fresh.get(field) is None and frame.get(field) in said:
            changed[field] = None
    return changed


def ask_instead(r: Reading, kinds: Sequence[Kind]) -> None:
    """What isn't a search can't leave anything out: which one is asked."""
    for kind in kinds:
        if out := r.fields.pop(kind.out, None):
            rest = [id_ for id_ in sorted(kind.everyone) if id_ not in out][:_MOST_CHOICES]
            choices = tuple(Choice(r.lexicon.name(id_), {kind.field: id_}) for id_ in rest)
            text = f"Only a search can leave some out; here it is one {kind.field} at a time. Which one?"
            r.issues.append(Issue(kind.field, text, choices))
