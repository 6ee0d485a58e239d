"""One more: what a report lays over the clinic to see what a unit, a day, a person or a room more would have opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from solver.changes import (
    AddEquipment,
    AddFeature,
    AddShift,
    AddStaff,
    AddUnit,
    Change,
    ReleaseBlock,
    RemoveLeave,
    SetHours,
    SetRecord,
)
from solver.clinic import SURGEON, Clinic, Window
from solver.request import Request
from solver.reserve import modes
from solver.wording import Wording

Way = tuple[Request, tuple[Change, ...]]
"""The request, asked of what is added where it named what is short, and the changes."""

AWAY = frozenset({"staff-shift", "leave", "surgeon-days", "post-call"})
"""Rules about when somebody works: a day more of the same person ends them, and for others a colleague does."""


@dataclass(frozen=True)
class OneMore:
    """What there is one more of, in words, and each way to have it for a request."""

    text: str
    ways: Callable[[Request], list[Way]]


def one_more(clinic: Clinic, rule: str, subject: str) -> OneMore | None:
    """One more of what a rule was short of; None where there is no such thing."""
    name, words = clinic.name_of(subject), Wording(clinic)
    if subject in clinic.equipment or subject in clinic.trays or subject in clinic.bays:
        unit = AddUnit(subject)
        said = unit.say(clinic)
        return OneMore(f"{said[:1].upper()}{said[1:]}", lambda request: [(request, (unit,))])
    if subject in clinic.rooms:
        return _room(clinic, rule, subject)
    if any(block.id == subject for block in clinic.blocks):
        said = ReleaseBlock(subject, dt.date.min).say(clinic).rpartition(" on ")[0]
        return OneMore(f"{said} on one more day", lambda request: _daily(request, clinic, _release(subject)))
    person = clinic.staff.get(subject)
    if person is not None and (rule in AWAY or person.role == SURGEON):
        return OneMore(f"{name} on one more day", lambda request: _daily(request, clinic, _working(subject)))
    role = person.role if person is not None else subject
    if any(need.role == role for each in clinic.procedures.values() for need in each.team) or person:
        return OneMore(f"One more {words.named(role)}", lambda request: _colleague(request, clinic, role))
    return None


def _room(clinic: Clinic, rule: str, room: str) -> OneMore:
    name = clinic.name_of(room)
    if rule == "room-equipment":
        return OneMore(
            f"What a case lacks in {name}, put there", lambda request: _equipped(request, clinic, room)
        )
    if rule == "room-feature":
        return OneMore(
            f"What a case lacks in {name}, built there", lambda request: _built(request, clinic, room)
        )
    if rule == "room-hours":
        return OneMore(
            f"{name} open whenever the clinic is", lambda request: _daily(request, clinic, _open(room))
        )
    return OneMore(f"One more room like {name}", lambda request: [_twin(request, clinic, room)])


Daily = Callable[[dt.date, Window], tuple[Change, ...]]


def _daily(request: Request, clinic: Clinic, make: Daily) -> list[Way]:
    """One way for each of the days that were asked for, as long as the clinic is open."""
    return [
        (request, make(day, window))
        for day in request.days()
        for window in clinic.hours.get(day.weekday(), ())[:1]
    ]


def _working(person: str) -> Daily:
    return lambda day, window: (RemoveLeave(person, day, day), AddShift(person, day, window))


def _release(block: str) -> Daily:
    return lambda day, _window: (ReleaseBlock(block, day),)


def _open(room: str) -> Daily:
    return lambda day, window: (SetHours(room, day.weekday(), window),)


def _colleague(request: Request, clinic: Clinic, role: str) -> list[Way]:
    """Someone in the role, with every certification that the case asks of it."""
    needs = [need for mode in modes(clinic, request) for need in mode.needs if need.role == role]
    held = tuple(sorted({held for need in needs for held in need.certifications}))
    return _daily(request, clinic, lambda day, window: (AddStaff(role, day, window, held),))


def _equipped(request: Request, clinic: Clinic, room: str) -> list[Way]:
    lacking = {item for mode in modes(clinic, request) for item in mode.fixed} - {
        *clinic.rooms[room].equipment
    }
    return [(request, tuple(AddEquipment(room, item) for item in sorted(lacking)))] if lacking else []


def _built(request: Request, clinic: Clinic, room: str) -> list[Way]:
    lacking = {each for mode in modes(clinic, request) for each in mode.features} - {
        *clinic.rooms[room].features
    }
    return [(request, tuple(AddFeature(room, each) for each in sorted(lacking)))] if lacking else []


def _twin(request: Request, clinic: Clinic, room: str) -> Way:
    """The same room once more, free, and asked for in its place where it was named."""
    id_ = next(name for name in _names(room) if name not in clinic.rooms)
    twin = replace(clinic.rooms[room], id=id_, name=f"Another {clinic.name_of(room)}", closures=())
    asked = replace(request, room=id_) if request.room == room else request
    return asked, (SetRecord("rooms", id_, twin),)


def _names(room: str) -> Iterator[str]:
    number = 2
    while True:
        yield f"{room}-{number}"
        number += 1
