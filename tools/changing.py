"""Changes between the contract's words (HH:MM, weekdays, clinic wall time) and the solver's."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

from solver import changes as solver
from solver.clinic import DAYS, SURGEON, Clinic, TeamMember
from solver.grid import Calendar
from solver.rules import CATALOGUE
from tools import changes
from tools.asking import anesthesias, unknown, wall_instant, wall_minutes
from tools.errors import ToolError
from tools.laying import param_in, record_in


def change_in(change: changes.Change, clinic: Clinic) -> solver.Change:
    """The solver's change; raises `ToolError` "invalid" or "unknown" for hours or rules that can't be."""
    match change:
        case changes.SetHoursIn():
            window = _window(change.start, change.end) if change.start or change.end else None
            return solver.SetHours(change.resource, DAYS.index(change.day), window)
        case changes.AddShiftIn():
            return solver.AddShift(change.staff, change.date, _window(change.start, change.end))
        case changes.AddStaffIn():
            return _staff(change, clinic)
        case changes.AddNursesIn():
            window = _window(change.start, change.end)
            return solver.AddNurses(change.bay, DAYS.index(change.day), window, change.count)
        case changes.SetParamIn():
            return _param(change, clinic)
        case changes.SetRecordIn():
            return record_in(change, clinic)
        case changes.MoveCaseIn():
            return _move(change, clinic)
        case changes.OverrideRuleIn():
            return _override(change)
        case changes.ChangeRequestIn():
            return _request(change, clinic)
        case _:
            made: solver.Change = _SAME[change.type](**change.model_dump(exclude={"type"}))
            return made


_SAME: dict[str, type[Any]] = {
    "add-unit": solver.AddUnit,
    "add-equipment": solver.AddEquipment,
    "add-feature": solver.AddFeature,
    "remove-leave": solver.RemoveLeave,
    "release-block": solver.ReleaseBlock,
    "reopen-room": solver.ReopenRoom,
}
"""Changes whose fields are the same in both vocabularies."""


def change_out(change: solver.Change, calendar: Calendar) -> dict[str, Any]:
    """The change as JSON that `change_in` reads back."""
    out: dict[str, Any] = {"type": change.type}
    for each in fields(change):
        value = getattr(change, each.name)
        if each.name == "window":
            out |= (
                {"start": None, "end": None}
                if value is None
                else dict(zip(("start", "end"), map(_clock, value), strict=True))
            )
        elif each.name == "day":
            out["day"] = DAYS[value]
        elif isinstance(change, solver.MoveCase) and each.name == "start":
            out["start"] = None if value is None else calendar.wall(value).isoformat()
        elif each.name == "team":
            out["team"] = None if value is None else [{"role": m.role, "resource": m.resource} for m in value]
        elif each.name != "type":
            out[each.name] = _plain(value)
    return out


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _window(start: str | None, end: str | None) -> tuple[int, int]:
    first, last = wall_minutes(start), wall_minutes(end)
    if first is None or last is None or last <= first:
        raise ToolError(
            "invalid", f"{start} to {end} is no stretch of time. Maybe they are swapped.", "changes"
        )
    return first, last


def _param(change: changes.SetParamIn, clinic: Clinic) -> solver.SetParam:
    rule = CATALOGUE.get(change.rule)
    if rule is None:
        raise unknown("rule", change.rule, CATALOGUE, "changes")
    if change.param not in rule.defaults:
        raise unknown(f"parameter of {change.rule}", change.param, rule.defaults or ["none"], "changes")
    return solver.SetParam(change.rule, change.param, param_in(change, clinic))


def _staff(change: changes.AddStaffIn, clinic: Clinic) -> solver.AddStaff:
    needed = {need.role for each in clinic.procedures.values() for need in each.team}
    operate = {each.operator.role for each in clinic.equipment.values() if each.operator}
    held = {role for person in clinic.staff.values() for role in (person.role, *person.roles_also)}
    known = {SURGEON, *needed, *operate, *held}
    if change.role not in known:
        raise unknown("role", change.role, known, "changes")
    for each in change.privileges:
        if each not in clinic.procedures:
            raise unknown("procedure", each, clinic.procedures, "changes")
    window = _window(change.start, change.end)
    certified, may = tuple(change.certifications), tuple(change.privileges)
    return solver.AddStaff(change.role, change.date, window, certified, may)


def _request(change: changes.ChangeRequestIn, clinic: Clinic) -> solver.ChangeRequest:
    surgeons = [person.id for person in clinic.staff.values() if person.has_role(SURGEON)]
    known = surgeons if change.field == "surgeon" else anesthesias(clinic)
    if change.value is not None and change.value not in known:
        raise unknown(change.field, change.value, known, "changes")
    return solver.ChangeRequest(change.field, change.value)


def _override(change: changes.OverrideRuleIn) -> solver.OverrideRule:
    rule = CATALOGUE.get(change.rule)
    if rule is None:
        raise unknown("rule", change.rule, CATALOGUE, "changes")
    if rule.waivable_by is None:
        text = f"{rule.title} ({change.rule}) is never waived; only a real resource opens it."
        raise ToolError("invalid", text, "changes")
    return solver.OverrideRule(change.rule, change.reason)


def _move(change: changes.MoveCaseIn, clinic: Clinic) -> solver.MoveCase:
    if change.room is not None and change.room not in clinic.rooms:
        raise unknown("room", change.room, clinic.rooms, "changes")
    start = None if change.start is None else wall_instant(change.start, Calendar(clinic.timezone))
    team = None if change.team is None else tuple(TeamMember(m.role, m.resource) for m in change.team)
    return solver.MoveCase(change.case, start, change.room, team)
