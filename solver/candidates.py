"""Candidates: the starts that masks allow one case, and the plan that a chosen start and team make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from solver import relations
from solver.assign import Slot, strain, teams
from solver.book import Facts
from solver.clinic import SURGEON, Case, Clinic, TeamMember, UnitUse
from solver.grid import Mask, bits
from solver.request import Plan, Request
from solver.reserve import Kind, Mode, Need, reprocessed
from solver.rules.pool import Use, clashing, packing
from solver.snapshot import DaySnapshot, Snapshot

NEW = "new"
"""Id prefix of a case that isn't in the book yet."""

TOGETHER = 5
"""Starts whose teams are looked for in one model: with dozens the budget can run out before a proof."""


def starts(day: DaySnapshot, request: Request, mode: Mode, room: str) -> Mask:
    """Starts on that day for which every need has someone; necessary for a slot, and sufficient but for `post`."""
    return in_room(day, request, mode, room, anywhere(day, request, mode))


def in_room(day: DaySnapshot, request: Request, mode: Mode, room: str, mask: Mask) -> Mask:
    """Those of the starts that the room, and what is moved into it, allow too."""
    mask = relations.related(day, request, mode, room, mask)
    return mask & day.standing(request, mode).starts(room) if mask else 0


def anywhere(day: DaySnapshot, request: Request, mode: Mode) -> Mask:
    """The starts that the needs allow which are the same in every room: the surgeon first, who rules out most."""
    mask = wanted(day, request, mode)
    mask &= day.everywhere(request, mode) if mask else 0
    for need in mode.anywhere:
        if not mask:
            break
        mask = day.filling(request, mode, need, "").within(mask)
    return mask


def staffed(day: DaySnapshot, request: Request, mode: Mode, room: str, mask: Mask) -> Mask:
    """`in_room` of the starts for which there is a whole team: exact, and dearer; one that isn't decided stays."""
    able = list(bits(in_room(day, request, mode, room, mask)))
    found = 0
    for at in range(0, len(able), TOGETHER):
        found |= _with_team(day, request, mode, room, able[at : at + TOGETHER])
    return found


def _with_team(day: DaySnapshot, request: Request, mode: Mode, room: str, able: list[int]) -> Mask:
    slots = [slot_at(day, request, mode, room, bit) for bit in able]
    solved = teams(slots, day.facts, day.catalogue.binding(request))
    if solved.proven:
        return sum(1 << bit for bit, team in zip(able, solved.chosen, strict=True) if team is not None)
    if len(able) == 1:
        return 1 << able[0]
    return sum(_with_team(day, request, mode, room, [bit]) for bit in able)


def wanted(day: DaySnapshot, request: Request, mode: Mode) -> Mask:
    """The starts that the request's own bounds allow; never one in the past."""
    frame, calendar = day.frame, day.facts.calendar
    if request.at is not None:
        bit = frame.bit(request.at)
        return 0 if bit is None else 1 << bit
    first, last = max(frame.origin, day.facts.as_of), frame.end - 1
    if request.start_from is not None:
        first = max(first, calendar.instant(day.date, request.start_from))
    if request.start_until is not None:
        last = min(last, calendar.instant(day.date, request.start_until))
    if request.end_by is not None:
        last = min(last, calendar.instant(day.date, request.end_by) - mode.minutes)
    return frame.starts(first, last)


def rooms(snapshot: Snapshot, request: Request) -> list[str]:
    """The rooms a request allows, by id."""
    return allowed_rooms(snapshot.clinic, request)


def allowed_rooms(clinic: Clinic, request: Request) -> list[str]:
    """The same of a clinic; one that was named is among them whatever the clinic has."""
    named = sorted(clinic.rooms) if request.room is None else [request.room]
    return [room for room in named if request.allows_room(room)]


def slot_at(day: DaySnapshot, request: Request, mode: Mode, room: str, bit: int) -> Slot:
    """The slot at one bit, with everyone who could fill each need."""
    able = {}
    for need in mode.needs:
        filling = day.filling(request, mode, need, room)
        able[need.key] = tuple(unit for unit in filling.units if filling.allowed(unit) >> bit & 1)
    return Slot(mode, room, day.frame.instant(bit), able)


def likely_slot(day: DaySnapshot, request: Request, mode: Mode, room: str, bit: int) -> Slot:
    """The slot at one bit with the least strained of those who could fill each need, enough to choose a team from.

    Each place may take one of the others' best, so as many as there are places are enough, but where a rule ties
    different people to each other.
    """
    most = sum(need.kind is Kind.PERSON for need in mode.needs)
    able = {}
    for need in mode.needs:
        filling = day.filling(request, mode, need, room)
        if len(filling.units) <= most:
            able[need.key] = tuple(unit for unit in filling.units if filling.allowed(unit) >> bit & 1)
            continue
        staff, liked = day.clinic.staff, day.clinic.liked_by(mode.surgeon)
        ordered = sorted(filling.units, key=lambda unit: strain(staff[unit], room, day.rooms_of(unit), liked))
        free = (unit for unit in ordered if filling.allowed(unit) >> bit & 1)
        chosen = set(islice(free, most))
        able[need.key] = tuple(unit for unit in filling.units if unit in chosen)
    return Slot(mode, room, day.frame.instant(bit), able)


def plan_of(slot: Slot, team: Mapping[str, str], request: Request, facts: Facts, index: int = 1) -> Plan:
    """The plan of one slot: its case, with the units of each pool that its uses would be packed into."""
    case = case_of(slot, team, request, index)
    return Plan((case,), (units(slot, facts),), (), request.patient, request.urgency)


def case_of(slot: Slot, team: Mapping[str, str], request: Request, index: int = 1) -> Case:
    """The case that a slot would become; `team` may leave places open."""
    people = tuple(
        TeamMember(need.role, team[need.key])
        for need in slot.mode.needs
        if need.kind is Kind.PERSON and need.key != SURGEON and need.key in team
    )
    return Case(
        id=f"{NEW}-{index}", procedure=request.procedure, surgeon=slot.mode.surgeon, room=slot.room,
        start=slot.start, minutes=slot.mode.minutes, anesthesia=slot.mode.anesthesia, team=people,
        additional_procedures=request.additional_procedures, extra_equipment=request.extra_equipment,
        patient=request.patient.ref if request.patient else None,
        follows=request.after_case, arrangement=request.arrangement if request.after_case else "any",
    )  # fmt: skip


def units(slot: Slot, facts: Facts) -> tuple[UnitUse, ...]:
    """Which unit of each pool the case would get, were the pool repacked with it."""
    used = []
    for need in slot.mode.needs:
        if need.kind not in (Kind.ROOM, Kind.PERSON):
            mine = in_use(need, slot, facts.clinic)
            given = given_units(need, [mine] * need.units, facts)
            used += [UnitUse(need.key, unit, mine.start, mine.end) for unit in given]
    return tuple(used)


def in_use(need: Need, slot: Slot, clinic: Clinic) -> Use:
    """A slot's use of a pool."""
    tail = 0 if reprocessed(clinic) else need.tail
    return Use(slot.start + need.begin, slot.start + need.end - tail, slot.room)


def given_units(need: Need, mine: Sequence[Use], facts: Facts) -> list[int]:
    """The units of one pool that new uses would get; a move gives way where nothing else would let them fit.

    Only where the time to move a unit isn't binding can that be: else nothing came so far.
    """
    item = facts.clinic.equipment[need.key] if need.kind is Kind.EQUIPMENT else None
    move = item.move_minutes if item else 0
    first, last = min(use.start for use in mine), max(use.end for use in mine)
    tailed = reprocessed(facts.clinic)
    near = [
        Use(r.start, r.end if tailed else r.end - r.tail, r.room)
        for r in facts.book.near(need.key, first - move, last + move)
    ]
    given = _packed(near, mine, move)
    return _packed(near, mine, 0) if item and move and max(given) > item.units else given


def _packed(near: Sequence[Use], mine: Sequence[Use], move: int) -> list[int]:
    alike = len(set(mine)) == 1
    others = clashing(near, mine[0], move) if alike else near
    return packing([*others, *mine], move)[-len(mine) :]
