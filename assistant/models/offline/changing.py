"""Changes of the book that a message asks for: each becomes a proposal, which a person confirms."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from assistant.models.offline import finding
from assistant.models.offline.asked_again import answers, waiting, with_answers
from assistant.models.offline.blocks import blocks_meant
from assistant.models.offline.book import KnownCase
from assistant.models.offline.cases import MOST_CHOICES, pointed_at, says_which, which_case
from assistant.models.offline.finding import Talk, put, unread_issues
from assistant.models.offline.leaving_out import LEFT_OUT
from assistant.models.offline.moves import Move, Use
from assistant.models.offline.reading import Choice, Issue, Patch, Reading
from assistant.models.offline.understand import understand, unread
from assistant.models.offline.when import DAY_FIELDS, HOUR_FIELDS

_REASON = re.compile(
    r"\s+(?=(?:pt|pts|patient|she|he)\s+\w)"
    r"|\s*(?:\b(?:because(?: of)?|since|due to|reason(?: is)?)\b|[,;:]|\s-+\s|[\u2013\u2014])\s*",
    re.IGNORECASE,
)
_MOST_CUTS = 8
"""Places tried at which a message may fall in two; each costs two readings."""
_TARGET = re.compile(r"\s(?:to|onto|into|until|till|for|on)\s", re.IGNORECASE)
_ABOUT = frozenset({"surgeon", "room", "when", "unread"})


def cancel(talk: Talk, r: Reading) -> Move:
    """Propose to cancel the case pointed at, with the reason as it was given."""
    head, reason = _reasoned(talk, r)
    draft: Patch = {"reason": reason} if reason else {}
    return _of_one_case(talk, head, draft, "cancel")


def cancelled(talk: Talk, draft: Patch) -> Move:
    """The call, once the case is known."""
    return _propose(
        talk, {"action": "cancel", **{key: draft[key] for key in ("case", "reason") if key in draft}}
    )


def _of_one_case(talk: Talk, r: Reading, draft: Patch, doing: str, before: Patch | None = None) -> Move:
    issues = [issue for issue in r.issues if issue.slot in _ABOUT] + unread_issues(r, complete=True)
    if issues and not says_which(r) and all(issue.slot == "unread" for issue in issues):
        # What isn't understood stands where the case is named: a patient's name, most often.
        return put(talk, [which_case(just_booked(talk), talk.lexicon, doing)], {"to": draft}, doing)
    fits = meant(talk, r) if not issues else []
    if not issues and len(fits) == 1:
        return RESUMED[doing](talk, {**draft, "case": fits[0].id})
    asked = [*issues, which_case(fits, talk.lexicon, doing)][:1]
    return put(talk, asked, {**waiting(r, asked[0], before or {}), "to": draft}, doing)


def meant(talk: Talk, r: Reading) -> list[KnownCase]:
    """The cases that a message points at; with nothing said of which, the one that was just booked here."""
    return pointed_at(r) if _says_any(r) else just_booked(talk) if not unread(r) else []


def _says_any(r: Reading) -> bool:
    return bool(says_which(r) or r.fields.get("start_from") or r.fields.get("date_from"))


def just_booked(talk: Talk) -> list[KnownCase]:
    """What "that case" is once it is booked: the cases that stand where offers of the newest list stood."""
    places = {(offer.start, offer.room, offer.surgeon) for offer in talk.table if offer.latest}
    coming = talk.lexicon.book.coming(talk.now)
    return [case for case in coming if (case.start, case.room, case.surgeon) in places]


def _case_known(doing: str, act: Callable[[Talk, Patch], Move]) -> Callable[[Talk, Patch], Move]:
    """`act` once the case is settled; an answer about anything else reads the order once more with it."""

    def resumed(talk: Talk, draft: Patch) -> Move:
        if "to" not in draft:
            return act(talk, draft)
        if "case" in draft:
            return act(talk, {**draft["to"], "case": draft["case"]})
        return _of_one_case(talk, with_answers(talk, draft), draft["to"], doing, answers(draft))

    return resumed


def _reasoned(talk: Talk, r: Reading) -> tuple[Reading, str]:
    """The part that says which case, and the reason behind it, if any words are left for one."""
    text = r.utterance.text
    for match in islice(_REASON.finditer(text), _MOST_CUTS):
        head = _read(talk, text[: match.start()])
        tail = text[match.end() :].strip(" .")
        worded = match[0].strip().isalpha()
        if tail and not unread(head) and meant(talk, head) and (worded or unread(_read(talk, tail))):
            return head, tail
    return r, ""


def _read(talk: Talk, text: str) -> Reading:
    return understand(text, talk.lexicon, talk.now, talk.table)


def move(talk: Talk, r: Reading) -> Move:
    """Look for other slots of the case pointed at; the one that is picked becomes the proposal."""
    head, target = _targeted(talk, r)
    draft = {key: value for key, value in (target.fields if target else {}).items() if key in _TO}
    return _of_one_case(talk, head, {**draft, "asked": bool(target)}, "move")


_TO = frozenset({*DAY_FIELDS, *HOUR_FIELDS, "room", "surgeon", *LEFT_OUT.values(), "position"})


def _targeted(talk: Talk, r: Reading) -> tuple[Reading, Reading | None]:
    """Which case, and where it shall go: the last "to" that leaves sense on both sides."""
    text = r.utterance.text
    for match in list(_TARGET.finditer(text))[: -_MOST_CUTS - 1 : -1]:
        to, goal = text[match.start() : match.end()].strip().lower() == "to", text[match.end() :]
        bare = to and bool(_BARE_HOUR.match(goal))  # behind "to" a bare number is an hour
        head, tail = _read(talk, text[: match.start()]), _read(talk, f"at {goal}" if bare else goal)
        named = bare or pointed_at(head) or not _says_any(head)
        if named and not unread(tail) and not tail.issues and _TO & set(tail.fields):
            return head, tail
    return r, None


_BARE_HOUR = re.compile(
    r"(?:1[0-2]|[1-9])(?=\s*(?:$|[.!?]|on\b|please\b|pls\b|tomorrow\b|instead\b))", re.IGNORECASE
)


def moved(talk: Talk, draft: Patch) -> Move:
    """The search for another slot, once the case is known; without a day it is asked for one."""
    case = next(known for known in talk.lexicon.book.cases if known.id == draft["case"])
    base: Patch = {"procedure": case.procedures[0], "surgeon": case.surgeon, "replaces": case.id}
    if case.procedures[1:]:
        base["additional_procedures"] = list(case.procedures[1:])
    request = {**base, **{key: value for key, value in draft.items() if key in _TO}}
    if not draft.get("asked"):
        return put(talk, [Issue("when", "To which day, or what time, shall it go?")], request, "find")
    if "date_from" not in request:
        request |= {"date_from": case.day.isoformat(), "date_to": case.day.isoformat()}
    return finding.ready(talk, request, "find")


def release(talk: Talk, r: Reading) -> Move:
    """Propose to release one day of a block."""
    return _one_block(talk, r, "release-block")


def reclaim(talk: Talk, r: Reading) -> Move:
    """Propose to take a released day of a block back."""
    return _one_block(talk, r, "reclaim-block")


def _one_block(talk: Talk, r: Reading, action: str, before: Patch | None = None) -> Move:
    issues = [issue for issue in r.issues if issue.slot in _ABOUT] + unread_issues(r, complete=True)
    draft: Patch = {"action": action, **_part(r)}
    if issues:
        return put(talk, issues[:1], {**waiting(r, issues[0], before or {}), **draft}, "release")
    choices = blocks_meant(r)
    if len(choices) == 1 and r.fields.get("date_from"):
        return released(talk, {**draft, **choices[0].patch})
    return put(talk, [_which_block(r, choices)], draft, "release")


def _part(r: Reading) -> Patch:
    """The hours of it, where only a part is meant."""
    ends = r.fields.get("end_by") or r.fields.get("start_until")
    hours = {"start": r.fields.get("start_from"), "end": ends}
    return {key: value for key, value in hours.items() if value}


def _which_block(r: Reading, choices: list[Choice]) -> Issue:
    if choices:
        return Issue("block", "Which day of which block?", tuple(choices[:MOST_CHOICES]))
    r.fields = {key: value for key, value in r.fields.items() if key not in DAY_FIELDS}
    coming = tuple(blocks_meant(r)[:MOST_CHOICES])
    text = "There is no such block then. Which one?" if coming else "Whose block, and on which day?"
    return Issue("block", text, coming)


def released(talk: Talk, draft: Patch) -> Move:
    """The call, once block and day are known."""
    if "heard" in draft and "block" not in draft:
        return _one_block(talk, with_answers(talk, draft), draft["action"], answers(draft))
    return _propose(
        talk, {key: draft[key] for key in ("action", "block", "date", "start", "end") if key in draft}
    )


def undo(talk: Talk, r: Reading) -> Move:
    """Propose to take the last confirmed change back."""
    issues = unread_issues(r, complete=True)
    return put(talk, issues, {}, "undo") if issues else undone(talk, {})


def undone(talk: Talk, draft: Patch) -> Move:
    """The call, once what was said beside it is settled."""
    del draft
    return _propose(talk, {"action": "undo"})


def edit(talk: Talk, r: Reading) -> Move:
    """Propose to pin a case, or to correct its side or length."""
    new: Patch = {key: r.fields[key] for key in ("laterality", "duration_minutes") if key in r.fields}
    if "pinned" in r.edits:
        new["pinned"] = r.edits["pinned"]
    if not new:
        issue = Issue(
            "edit", "What shall I change of it: the side, the length in minutes, or whether it is pinned?"
        )
        return put(talk, [issue], {}, "edit")
    return _of_one_case(talk, r, new, "edit")


def edited(talk: Talk, draft: Patch) -> Move:
    """The call, once the case is known."""
    keys = ("case", "laterality", "duration_minutes", "pinned")
    return _propose(talk, {"action": "edit", **{key: draft[key] for key in keys if key in draft}})


def _propose(talk: Talk, body: Patch) -> Move:
    talk.state.pending, talk.state.draft, talk.state.doing = [], {}, "changed"
    return Use("propose", body)


RESUMED = {
    "undo": undone, "cancel": _case_known("cancel", cancelled), "move": _case_known("move", moved),
    "release": released, "edit": _case_known("edit", edited),
}  # fmt: skip
"""What goes on once the question is answered, by what was under way."""
