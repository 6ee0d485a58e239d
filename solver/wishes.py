"""What a surgeon would rather have: their room, some procedures before others, their cases in a row, their team.

The first three are counted by the term `preference`, one for each that a slot goes against. A team is chosen only
after slots are ranked, so that people who are liked are asked first where they are free, and are told as a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from solver.clinic import SURGEON, Case, Preferences
from solver.rules.base import listed

if TYPE_CHECKING:
    from solver.rank import Placed

WAIT = 60
"""Minutes beyond the turnover from which on a surgeon's cases aren't in a row: another case would fit (a default)."""


def unmet(placed: Placed) -> list[str]:
    """What the slot goes against, by name."""
    return [name for name, met in _judged(placed).items() if not met]


def told(placed: Placed) -> Iterator[str]:
    """The wishes that were looked at, in words."""
    who = placed.facts.clinic.name_of(placed.mode.surgeon)
    for name, met in _judged(placed).items():
        yield _SAID[name][0 if met else 1].format(who=who)


def company(placed: Placed, team: Iterable[str]) -> Iterator[str]:
    """The people of the team whom the surgeon likes to work with, in words."""
    clinic = placed.facts.clinic
    liked = clinic.liked_by(placed.mode.surgeon)
    names = [clinic.name_of(person) for person in team if person in liked]
    if names:
        yield f"with {listed(names)}, as {clinic.name_of(placed.mode.surgeon)} prefers"


_SAID = {
    "room": ("in a room that {who} prefers", "not in a room that {who} prefers"),
    "order": ("in the order of cases that {who} prefers", "not in the order of cases that {who} prefers"),
    "consecutive": (
        "next to another case of {who}, as preferred",
        "apart from the other cases of {who}, who prefers them in a row",
    ),
}


def _judged(placed: Placed) -> dict[str, bool]:
    """Each wish that has something to say here, and whether it is met."""
    said = placed.facts.clinic.preferences_of.get(placed.mode.surgeon)
    if said is None:
        return {}
    others = _others(placed) if said.first or said.consecutive else []
    asked: Mapping[str, Callable[[], bool] | None] = {
        "room": (lambda: placed.room in said.rooms) if said.rooms else None,
        "order": (lambda: _in_order(placed, said, others)) if said.first and others else None,
        "consecutive": (lambda: _in_a_row(placed, others)) if said.consecutive and others else None,
    }
    return {name: met() for name, met in asked.items() if met is not None}


def _others(placed: Placed) -> list[Case]:
    """The surgeon's other cases of that day."""
    frame, book = placed.facts.calendar.frame(placed.date), placed.facts.book
    near = book.near(placed.mode.surgeon, frame.origin, frame.end)
    ids = dict.fromkeys(held.case for held in near if held.role == SURGEON)
    return [book.cases[id_] for id_ in ids]


def _in_order(placed: Placed, said: Preferences, others: list[Case]) -> bool:
    """No case that should come first stands behind one that shouldn't."""
    mine = not set(placed.mode.procedures).isdisjoint(said.first)
    for other in others:
        theirs = not set(other.procedures).isdisjoint(said.first)
        if mine != theirs and (placed.start < other.start) != mine:
            return False
    return True


def _in_a_row(placed: Placed, others: list[Case]) -> bool:
    """Some other case of the surgeon ends or begins so near that no third one would fit between."""
    for other in others:
        mode = placed.facts.mode(other)
        first, second = (mode, placed.mode) if other.start < placed.start else (placed.mode, mode)
        between = max(placed.start, other.start) - min(placed.end, other.end)
        if between - first.turnover - second.setup < WAIT:
            return True
    return False
