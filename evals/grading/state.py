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
from evals.world import BLOCK, Book, opened

UNCOMPARED = frozenset({"id", "team", "held_until"})
"""What two right books may differ in: numbers drawn, and a team that is solved again."""


def reads(result: Graded, conversation: Conversation, played: Played) -> None:
    """Tools without which the answer can only be luck."""
    made = set(played.calls())
    for tool in conversation.reads_required:
        result.add(f"reads {tool}", 0, tool in made, f"called {', '.join(sorted(made)) or 'nothing'}")


def final(result: Graded, wanted: FinalState, played: Played) -> None:
    """How the book changed, and by whom. Where nothing is said about it, nothing of the user's may have changed."""
    records(result, played)
    added, removed, changed = _difference(played.before, played.after)
    blocks = {each for each in changed if each.startswith(BLOCK)}
    touched = added | removed | changed
    _numbers(result, wanted, added, removed, changed - blocks, blocks)
    if wanted.by is not None:
        loose = touched - played.by.get(wanted.by, set())
        result.add(f"by {wanted.by}", 0, not loose, ", ".join(sorted(loose)))
    if wanted.unchanged or not wanted.model_fields_set:
        mine = touched - played.by["elsewhere"]
        result.add("writes nothing", 0, not mine, f"{', '.join(sorted(mine))} changed")
    for fields in wanted.cases:
        cases = [played.after[id_] for id_ in added | changed if id_ in played.after]
        fitting = [
            case for case in cases if all(_like(value, case.get(key)) for key, value in fields.items())
        ]
        result.add(f"leaves a case {fields}", 0, bool(fitting), f"of {len(cases)} changed")


def records(result: Graded, played: Played) -> None:
    """No conversation changes the clinic's records but the days on which blocks are released."""
    before, after = played.records
    result.add("the clinic's records stay", 0, before == after, "rooms, people, procedures or rules changed")


def _numbers(
    result: Graded,
    wanted: FinalState,
    added: set[str],
    removed: set[str],
    changed: set[str],
    blocks: set[str],
) -> None:
    """How many of each; where one number is given, what isn't mentioned is none."""
    found = {
        "cases_added": added,
        "cases_removed": removed,
        "cases_changed": changed,
        "blocks_changed": blocks,
    }
    counted = any(getattr(wanted, key) is not None for key in found)
    for key, ids in found.items():
        number = getattr(wanted, key)
        if number is not None or (counted and ids):
            result.add(key.replace("_", " "), 0, len(ids) == (number or 0), f"{len(ids)}, not {number or 0}")


def _like(wanted: Any, given: Any) -> bool:
    return same(wanted, given) or (isinstance(given, str) and given.startswith(str(wanted)))


def _difference(before: Book, after: Book) -> tuple[set[str], set[str], set[str]]:
    """Ids added, removed, and of the same id but other fields."""
    old, new = set(before), set(after)
    return new - old, old - new, {each for each in old & new if before[each] != after[each]}


def right_book(script: Script) -> Book | None:
    """The book that the right writes leave on a fresh clinic; None where the conversation names none.

    It is made before any fault is planted: one that reached both books would be felt by neither.
    """
    wanted = script.conversation.writes
    if not wanted:
        return None
    with opened(script.conversation, script.folder) as world:
        for action in wanted:
            act(world, action, {})
        return world.book()


def writes(result: Graded, script: Script, played: Played, right: Book | None) -> None:
    """The book left behind is the right one, field by field; of whom and which side where the writes say it."""
    wanted = script.conversation.writes
    if right is None:
        return
    said = {
        key for action in wanted for given in action.values() if isinstance(given, Mapping) for key in given
    }
    one, other = (_shapes(book, played.before, said) for book in (played.after, right))
    wrong = [shape for shape in one if shape not in other]
    missing = [shape for shape in other if shape not in one]
    told = "; ".join(
        _told(kind, shapes) for kind, shapes in (("wrong", wrong), ("missing", missing)) if shapes
    )
    result.add("leaves the right state", 0, not wrong and not missing, told)


def _shapes(book: Book, before: Book, said: set[str]) -> list[dict[str, Any]]:
    """The rows as they are compared: of a new case the side only where a write says one."""
    without = UNCOMPARED | ({"patient"} - said)
    of_new = without | ({"laterality"} - said)
    return [
        {key: value for key, value in row.items() if key not in (without if id_ in before else of_new)}
        for id_, row in book.items()
    ]


def _told(kind: str, shapes: list[dict[str, Any]]) -> str:
    return f"{len(shapes)} {kind}: " + ", ".join(
        " ".join(f"{key}={value}" for key, value in shape.items() if key != "patient") for shape in shapes[:3]
    )
