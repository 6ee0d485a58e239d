"""The book left behind, compared with what it should be; and what must have been read on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evals.conversation import Conversation, FinalState
from evals.elsewhere import act
from evals.grading.checks import Graded
from evals.grading.turns import same
from evals.heard import Played
from evals.loading import Script
from evals.world import Book, opened

COMPARED = ("procedure", "surgeon", "room", "start", "end")


def reads(result: Graded, conversation: Conversation, played: Played) -> None:
    """Tools without which the answer can only be luck."""
    made = set(played.calls())
    for tool in conversation.reads_required:
        result.add(f"reads {tool}", 0, tool in made, f"called {', '.join(sorted(made)) or 'nothing'}")


def final(result: Graded, wanted: FinalState, played: Played) -> None:
    """How the book changed, and by whom. Where nothing is said about it, nothing of the user's may have changed."""
    added, removed, changed = _difference(played.before, played.after)
    given = wanted.model_fields_set
    pairs = (("cases_added", added), ("cases_removed", removed), ("cases_changed", changed))
    for key, found in pairs:
        number = getattr(wanted, key)
        if number is not None:
            result.add(key.replace("_", " "), 0, len(found) == number, f"{len(found)}, not {number}")
    if wanted.by is not None:
        theirs = added | removed | changed
        result.add(f"by {wanted.by}", 0, theirs <= played.by.get(wanted.by, set()), f"{len(theirs)} cases")
    if wanted.unchanged or not given:
        mine = (added | removed | changed) - played.by["elsewhere"]
        result.add("writes nothing", 0, not mine, f"{len(mine)} cases changed")
    for fields in wanted.cases:
        cases = [played.after[id_] for id_ in added | changed if id_ in played.after]
        fitting = [
            case for case in cases if all(_like(value, case.get(key)) for key, value in fields.items())
        ]
        result.add(f"leaves a case {fields}", 0, bool(fitting), f"of {len(cases)} changed")


def _like(wanted: Any, given: Any) -> bool:
    return same(wanted, given) or (isinstance(given, str) and given.startswith(str(wanted)))


def _difference(before: Book, after: Book) -> tuple[set[str], set[str], set[str]]:
    """Ids added, removed, and of the same id but other fields."""
    old, new = set(before), set(after)
    return new - old, old - new, {each for each in old & new if before[each] != after[each]}


def writes(result: Graded, script: Script, played: Played) -> None:
    """The right writes on a fresh clinic leave the same book."""
    wanted = script.conversation.writes
    if not wanted:
        return
    with opened(script.conversation, script.folder) as world:
        for action in wanted:
            act(world, action, None)
        right = _cases(world.book())
    mine = _cases(played.after)
    result.add(
        "leaves the right state", 0, mine == right, f"{len(mine - right)} wrong, {len(right - mine)} missing"
    )


def _cases(book: Book) -> set[tuple[str, ...]]:
    return {_shape(case) for case in book.values()}


def _shape(case: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(case.get(key)) for key in COMPARED)
