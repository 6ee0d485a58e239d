"""Requests for a slot: complete them, ask what is missing, and call the tool."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rapidfuzz import fuzz

from assistant.models.offline.dates import read_when
from assistant.models.offline.dates.say import clock_time
from assistant.models.offline.leaving_out import LEFT_OUT
from assistant.models.offline.lexicon import Lexicon
from assistant.models.offline.matching import closest_names
from assistant.models.offline.moves import Ask, Move, Use
from assistant.models.offline.offers import OnTable
from assistant.models.offline.procedures import suggest_procedures
from assistant.models.offline.reading import Choice, Issue, Patch, Reading
from assistant.models.offline.replies import plain
from assistant.models.offline.request import (
    check_input,
    exact_slot,
    find_input,
    merged,
    with_window,
)
from assistant.models.offline.starts import completed, missing_start, start_of
from assistant.models.offline.state import State
from assistant.models.offline.text import phrase
from assistant.models.offline.toolset import Tools
from assistant.models.offline.understand import changes_meaning, unread
from assistant.models.offline.when import DAY_FIELDS, HOUR_FIELDS, fields_of

LEAVE_OUT = "Leave it out"
_WISHES = "wished"
COMPARABLE = frozenset(
    {
        "room",
        "surgeon",
        "anesthesia",
        "position",
        "extra_equipment",
        *LEFT_OUT.values(),
        *DAY_FIELDS,
        *HOUR_FIELDS,
    }
)
"""Fields whose value in a tool's input shows whether a wish was laid over the request."""


@dataclass
class Talk:
    """One message's surroundings: the clinic's words, the tools there are, the clock, and what came before."""

    lexicon: Lexicon
    tools: Tools
    now: datetime
    table: tuple[OnTable, ...]
    state: State


def find(talk: Talk, r: Reading, doing: str = "find") -> Move:
    """Search, check or explain what was read, over the last request when the message only changes it."""
    base = talk.state.frame if continues(talk, r, doing) else {}
    return ask_or_act(talk, r, base, [], doing)


def continues(talk: Talk, r: Reading, doing: str = "find") -> bool:
    """Whether the message changes the last request rather than starting another."""
    if not talk.state.frame:
        return False
    named = "procedure" in r.fields or any(issue.slot == "procedure" for issue in r.issues)
    refused = bool(r.procedures) and all(mention.negated for mention in r.procedures)
    named = named and not refused and not _names_it_again(talk, r)
    return not named or "followup" in r.cues or (doing == "explain" and not named)


def _names_it_again(talk: Talk, r: Reading) -> bool:
    """Whether a part of the last request's own procedure is all that is said of one."""
    asked = next((issue for issue in r.issues if issue.slot == "procedure"), None)
    named = [choice.patch.get("procedure") for choice in asked.choices] if asked else []
    return "procedure" not in r.fields and named == [talk.state.frame.get("procedure")]


def ask_or_act(talk: Talk, r: Reading, base: Patch, open_: Sequence[Issue], doing: str) -> Move:
    """Lay the reading over `base`; put the first question there is, or act."""
    r.edits.setdefault("base_minutes", _planned(talk, r))
    bare_hour(r, base)
    _dropped(r, base)
    _same_again(r, base)
    draft = merged(base, r, talk.table)
    _wish(draft, r)
    draft["said"] = list(r.said)
    _follow(talk, r, draft)
    draft = completed(draft, talk.table) if doing == "took" else draft
    unread_ = unread_issues(r, complete=bool(draft.get("procedure")))
    issues = [*open_, *r.issues, *unread_, *_needed(talk, r, draft), *_missing(talk, r, draft)]
    issues += missing_start(draft, talk.table, talk.lexicon) if doing == "took" else []
    issues = _in_order(
        [issue for k, issue in enumerate(issues) if issue.slot not in {i.slot for i in issues[:k]}]
    )
    return put(talk, issues, draft, doing) if issues else ready(talk, draft, doing)


def _needed(talk: Talk, r: Reading, draft: Patch) -> list[Issue]:
    """ "without the C-arm" for a procedure that can't be done without it is no wish that a search could meet."""
    needs = talk.lexicon.needs.get(draft.get("procedure") or "", frozenset())
    ids = [id_ for id_ in r.edits.get("without") or () if id_ in needs]
    if not ids:
        return []
    names = " and ".join(talk.lexicon.name(id_) for id_ in ids)
    text = f"{talk.lexicon.name(draft['procedure'])} always takes the {names} here. Shall I search with it?"
    return [Issue("unread", text, (Choice("Search with it", {}),))]


def _same_again(r: Reading, base: Patch) -> None:
    """ "left knee" after a knee scope names it again, in part."""
    same = ({"procedure": base.get("procedure")},)
    r.issues = [
        issue
        for issue in r.issues
        if issue.slot != "procedure" or tuple(choice.patch for choice in issue.choices) != same
    ]


def _dropped(r: Reading, base: Patch) -> None:
    """ "without the meniscectomy": an additional procedure of the last request is left out again."""
    more = base.get("additional_procedures") or []
    refused = {id_ for mention in r.procedures if mention.negated for id_ in mention.ids}
    if more and refused & set(more) and all(mention.negated for mention in r.procedures):
        r.issues = [issue for issue in r.issues if issue.slot != "procedure"]
        r.fields["additional_procedures"] = [id_ for id_ in more if id_ not in refused] or None


def bare_hour(r: Reading, base: Patch) -> bool:
    """ "11 then", "or 1130?" after a request for an hour: a number alone is the hour in its place."""
    left = unread(r)
    if (
        not base.get("start_from")
        or r.when
        or len(left) != 1
        or len(left[0]) != 1
        or not left[0][0].text.isdecimal()
    ):
        return False
    when = read_when(f"at {left[0][0].text}", r.now, r.lexicon.times)
    if when is None or not when.exact_start or when.problems:
        return False
    r.fields |= fields_of(when, r.now.date())
    left[0][0].taken = "when"
    return True


def _in_order(issues: list[Issue]) -> list[Issue]:
    """What the words mean is asked before what they lack."""
    order = {"surgeon": 0, "procedure": 1, "unread": 2, "when": 3}
    return sorted(issues, key=lambda issue: order.get(issue.slot, 4))


def ask(talk: Talk, r: Reading, issues: list[Issue]) -> Move:
    """Ask about a reading that can't be acted on yet."""
    return put(talk, issues, merged({}, r, talk.table), "find")


def put(talk: Talk, issues: list[Issue], draft: Patch, doing: str) -> Move:
    """Put the first of the questions, and remember the rest with the request that waits."""
    talk.state.pending, talk.state.draft, talk.state.doing = issues, draft, doing
    return Ask(issues[0])


def ready(talk: Talk, draft: Patch, doing: str) -> Move:
    """Call the tool for a request that lacks nothing."""
    aside = {_WISHES, "said", "changes", "since"}
    frame = {key: value for key, value in draft.items() if key not in aside and value is not None}
    wished = dict(draft.get(_WISHES) or {})
    if not frame.get("procedure"):
        return put(talk, _missing_procedure(talk, frame), draft, doing)
    frame, assumed = with_window(frame, talk.now.date(), wished)
    said = [*(draft.get("said") or ()), *([assumed] if assumed else ())]
    talk.state.frame, talk.state.wished, talk.state.said, talk.state.doing = frame, wished, said, doing
    beside = {"changes": draft.get("changes") or [], "since": draft.get("since")}
    return call(talk, {**frame, **wished, **beside}, doing)


def call(talk: Talk, frame: Patch, doing: str) -> Move:
    """The tool use for these fields: an exact room, day and start is checked, anything else is searched."""
    if doing == "explain":
        return Use("explain", find_input(frame))
    if doing == "what_if":
        return Use("what_if", {"request": find_input(frame), "changes": frame["changes"]})
    start = start_of(frame) if doing == "took" else None
    if start is not None:
        return Use("why_changed", {**check_input(frame, start), "since": frame["since"]})
    at = exact_slot(frame)
    if at is not None and "check_slot" in talk.tools:
        return Use("check_slot", check_input(frame, at))
    return Use("find_slots", find_input(frame))


def _wish(draft: Patch, r: Reading) -> None:
    """Move what was only wished for out of the firm request."""
    wished = {key: draft.pop(key) for key in sorted(r.wishes) if draft.get(key) is not None}
    wished |= {key: value for key, value in (r.edits.get("wished_when") or {}).items() if value is not None}
    if wished:
        draft[_WISHES] = wished


def _planned(talk: Talk, r: Reading) -> int | None:
    fresh = "procedure" in r.fields and not continues(talk, r)
    frame = r.fields if fresh else talk.state.frame
    if fresh:
        return talk.lexicon.minutes.get((frame["procedure"], frame.get("surgeon") or ""))
    surgeon = frame.get("surgeon") or next((offer.surgeon for offer in talk.table if offer.latest), "")
    return frame.get("duration_minutes") or talk.lexicon.minutes.get((frame.get("procedure", ""), surgeon))


def _follow(talk: Talk, r: Reading, draft: Patch) -> None:
    ids = r.edits.get("follow")
    if not ids:
        return
    names = " or ".join(talk.lexicon.name(id_) for id_ in ids)
    day = draft.get("date_from") if draft.get("date_from") == draft.get("date_to") else None
    if day is None:
        r.ask("when", f"On which day does it follow {names}?", ())
        return
    that_day = [c for c in talk.lexicon.book.cases if c.surgeon in ids and c.day == date.fromisoformat(day)]
    if at := r.edits.get("follow_at"):
        that_day = [c for c in that_day if (c.start.hour % 12, c.start.minute) == at]
    if that_day:
        draft["after_case"] = max(that_day, key=lambda known: known.start).id
        which = (
            f"the {clock_time(that_day[0].start.time(), talk.lexicon.times.clock)} case"
            if at
            else "the last case"
        )
        r.said.append(f"It goes after {which} of {names} that day.")
        draft["said"] = list(r.said)
        _same_surgeon(talk, draft, max(that_day, key=lambda known: known.start).surgeon)
    else:
        when = "at that hour" if at else "that day"
        r.ask("when", f"{names} has no case {when} to follow. Which day do you mean?", ())


def _same_surgeon(talk: Talk, draft: Patch, surgeon: str) -> None:
    """What follows a surgeon's case is theirs, where they do it at all and nobody else is named."""
    if draft.get("procedure") in talk.lexicon.privileges.get(surgeon, ()):
        draft.setdefault("surgeon", surgeon)


def _missing(talk: Talk, r: Reading, draft: Patch) -> list[Issue]:
    asked = {issue.slot for issue in r.issues}
    missing: list[Issue] = []
    if not draft.get("procedure") and not asked & {"procedure"}:
        missing += [unknown] if (unknown := unknown_procedure(r)) else _missing_procedure(talk, draft)
    if r.edits.get("needs_count") and not draft.get("count"):
        choices = tuple(Choice(f"{n} cases", {"count": n}) for n in (2, 3, 4))
        missing.append(Issue("count", "How many cases?", choices))
    return missing


def _missing_procedure(talk: Talk, draft: Patch) -> list[Issue]:
    held = talk.lexicon.privileges.get(draft.get("surgeon") or "", frozenset())
    ids = sorted(held) or sorted(talk.lexicon.vocabulary)
    choices = tuple(Choice(talk.lexicon.name(id_), {"procedure": id_}) for id_ in ids[:8])
    return [Issue("procedure", "Which procedure is it?", choices)]


def unknown_procedure(r: Reading) -> Issue | None:
    """Words nobody read, when no procedure was found: most likely they are the procedure."""
    stretches = [words for words in unread(r) if not changes_meaning(words)]
    if not stretches:
        return None
    written = max((phrase(words) for words in stretches), key=len)
    choices = suggest_procedures(r, written)
    return Issue(
        "procedure", f"I don't know a procedure \u201c{plain(written)}\u201d. Which one is it?", choices
    )


def looks_alike(talk: Talk, written: str) -> bool:
    """Whether the words come near the name of some procedure."""
    text = written.lower()
    return any(fuzz.ratio(text, " ".join(words)) >= 75 for words in talk.lexicon.procedures)


def unread_issues(r: Reading, complete: bool = False) -> list[Issue]:
    """The first stretch nobody read, as a question; one that may be the procedure asks as that.

    `complete`: no procedure is waited for, so that every stretch asks.
    """
    known = (
        complete
        or "procedure" in r.fields
        or any(issue.slot == "procedure" for issue in r.issues)
        or not r.lexicon
    )
    for words in unread(r):
        if changes_meaning(words):
            text = f"I read the rest, but not what \u201c{plain(phrase(words))}\u201d changes. Shall I leave it out?"
            return [Issue("unread", text, (Choice(LEAVE_OUT, {}),))]
        if known:
            return [_unread(r, phrase(words))]
    return []


def _unread(r: Reading, written: str) -> Issue:
    near = closest_names([written.lower()], r.lexicon.surgeons, most=2, at_least=0.85)
    if near and not r.surgeons:
        choices = [Choice(r.lexicon.name(id_), {"surgeon": id_}) for id_ in near]
        text = (
            f"I don't know \u201c{plain(written)}\u201d. Do you mean {' or '.join(c.label for c in choices)}?"
        )
        return Issue("unread", text, (*choices, Choice(LEAVE_OUT, {})))
    text = f"I don't know what \u201c{plain(written)}\u201d means here. Shall I leave it out?"
    return Issue("unread", text, (Choice(LEAVE_OUT, {}),))


_SETTLES = {
    "procedure": ("procedure",), "surgeon": ("surgeon", "exclude_surgeons"),
    "room": ("room", "exclude_rooms"), "when": (*DAY_FIELDS, *HOUR_FIELDS),
    "duration": ("duration_minutes",), "count": ("count",), "anesthesia": ("anesthesia",), "side": ("laterality",),
    "equipment": ("extra_equipment",), "position": ("position",), "change": ("changes",),
}  # fmt: skip


def answers(r: Reading, issue: Issue) -> bool:
    """Whether a reading settles the question, or says something else of the same kind to ask about."""
    if issue.slot == "unread":
        return bool(r.fields or r.edits)
    settled = any(key in r.fields for key in _SETTLES.get(issue.slot, ()))
    return settled or any(found.slot == issue.slot for found in r.issues)


def continued(talk: Talk, r: Reading, rest: Sequence[Issue]) -> Move:
    """Go on with the waiting request, with what the answer adds."""
    settled = {key for found in _SETTLES.items() for key in found[1] if key in r.fields}
    open_ = [other for other in rest if not settled & set(_SETTLES.get(other.slot, ()))]
    base, doing = talk.state.draft, talk.state.doing
    wished, said = base.get(_WISHES), list(base.get("said") or ())
    r.said[:0] = said
    if wished:
        r.edits.setdefault("wished_when", {}).update({k: v for k, v in wished.items() if k not in r.fields})
    talk.state.pending, talk.state.draft = [], {}
    return ask_or_act(
        talk, r, {k: v for k, v in base.items() if k not in {_WISHES, "said"}}, open_, doing or "find"
    )
