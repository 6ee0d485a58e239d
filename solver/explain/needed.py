"""Ways out without what they don't need: one change may end what another one of them was there for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from solver.changes import (
    AddEquipment,
    AddFeature,
    AddShift,
    AddStaff,
    Change,
    MoveCase,
    ReleaseBlock,
    RemoveLeave,
    SetHours,
    asked,
)
from solver.clinic import Clinic
from solver.explain.costs import cost, costs_of, most_senior
from solver.explain.moving import Way
from solver.explain.overlay import overlaid
from solver.explain.resolving import any_opening, within_reach
from solver.explain.table import Table
from solver.reopening import ReopenRoom

PLACES = (SetHours, ReopenRoom, ReleaseBlock, AddEquipment, AddFeature)
"""Changes of what a room is and when it is open, which no case that moves away can end the need for."""


def needed(table: Table, way: Way, *, proven: bool) -> Way:
    """The way without the changes that its others make superfluous, the dearest left out first.

    Each change was chosen to end one violation of a plan. A case that moves frees a room, people and units at once, and
    whoever comes in takes the place of somebody who would have worked longer.
    """
    costs = costs_of(table.snapshot.clinic)
    for change in sorted(_in_doubt(table.snapshot.clinic, way), key=lambda each: -cost((each,), None, costs)):
        fewer = _without(way, change, costs)
        if fewer.changes and _opens(table, fewer, proven):
            way = fewer
    return way


def _in_doubt(clinic: Clinic, way: Way) -> Iterator[Change]:
    """The changes that another one of the way may do without."""
    if len(way.changes) < 2:
        return
    moving = any(isinstance(change, MoveCase) for change in way.changes)
    coming = {change.role for change in way.changes if isinstance(change, AddStaff)}
    longer = {change: _roles(clinic, change, coming) for change in way.changes}
    replaced = {role for roles in longer.values() for role in roles}
    for change in way.changes:
        hired = isinstance(change, AddStaff) and change.role in replaced
        if hired or longer[change] or (moving and not isinstance(change, PLACES)):
            yield change


def _roles(clinic: Clinic, change: Change, coming: Collection[str]) -> list[str]:
    """Roles in which somebody who would have to work could be spared by whoever comes in."""
    who = clinic.staff[change.staff] if isinstance(change, AddShift | RemoveLeave) else None
    return [role for role in coming if who is not None and who.has_role(role)]


def _without(way: Way, change: Change, costs: Mapping[str, float]) -> Way:
    changes = tuple(each for each in way.changes if each != change)
    grants = tuple((each, who) for each, who in way.grants if each != change)
    # A case in the way went in without a place and has one by now: its grant is under what it was.
    who = most_senior(each for _, each in grants) or way.granted_by
    return replace(
        way, changes=changes, granted_by=who, grants=grants, cost=cost(changes, who, costs), laid=None
    )


def _opens(table: Table, way: Way, proven: bool) -> bool:
    request = asked(table.request, way.changes)
    snapshot = overlaid(table.snapshot, way.changes, table.request)
    return any_opening(snapshot, within_reach(table, request, way.changes) if proven else request)
