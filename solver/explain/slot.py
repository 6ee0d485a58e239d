"""Every rule that one exact slot breaks."""

from __future__ import annotations

from dataclasses import replace

from solver.assign import Slot
from solver.explain.joint import Joint, matched
from solver.explain.table import Scene, Table
from solver.grid import GRID
from solver.request import Plan, Request, Violation
from solver.rules.policy import UnitOccupancy
from solver.search import units
from solver.snapshot import Snapshot
from solver.verify import verify


class NothingToCheck(ValueError):
    """What a request says beside its exact start rules that start out, or the clinic has no room or no surgeon."""


def violations_at(snapshot: Snapshot, request: Request) -> tuple[Plan, tuple[Violation, ...]]:
    """Every rule that the exact slot `request.at` breaks, for the surgeon and room that break the fewest.

    Where a need has nobody free, the one with the least against them stands in, and what is against them is told.
    Raises `NothingToCheck` where what the request says beside it holds no such start.
    """
    beside = _beside_the_grid(request, snapshot)
    table = Table.of(snapshot, replace(request, at=None if request.at is None else request.at - beside))
    joint = Joint(table)
    if not table.scenes:
        raise NothingToCheck(
            "Nothing to check: maybe the start isn't where, or on a day that, the request says."
        )
    judged = ((scene, *_judged(joint, scene, snapshot, beside)) for scene in table.scenes)
    _, plan, found = min(
        judged, key=lambda each: (len({v.atom for v in each[2]}), each[0].mode.surgeon, each[0].room)
    )
    return plan, found


def _beside_the_grid(request: Request, snapshot: Snapshot) -> int:
    """Minutes by which the start asked for lies after the grid's last one: 10:02 is two after 10:00."""
    if request.at is None:
        return 0
    frame = snapshot.facts.calendar.frame(snapshot.facts.calendar.date(request.at))
    return (request.at - frame.origin) % GRID


def _judged(
    joint: Joint, scene: Scene, snapshot: Snapshot, beside: int
) -> tuple[Plan, tuple[Violation, ...]]:
    """The plan of the least objectionable team at the wanted start, and all that is against it."""
    bit = scene.wanted.bit_length() - 1
    able = joint.able(scene, bit, 0) or {}
    plan = joint.plan(scene, bit, matched(able))
    start = scene.day.frame.instant(bit) + beside
    plan = replace(plan, cases=tuple(replace(case, start=start) for case in plan.cases))
    slot = Slot(scene.mode, scene.room, start, {})
    plan = replace(plan, units=(units(slot, scene.day.facts),))
    waived = snapshot.catalogue.waived(joint.table.request)
    return plan, _once(verify(plan, scene.day.facts, snapshot.catalogue, waived))


def _once(found: tuple[Violation, ...]) -> tuple[Violation, ...]:
    """Without the units that there aren't of a pool whose own rule says already that it is short."""
    short = {violation.subject for violation in found if violation.rule != UnitOccupancy.id}
    return tuple(v for v in found if v.rule != UnitOccupancy.id or v.subject not in short)
