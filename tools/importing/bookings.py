"""Live bookings: cases that another system has booked already, with whatever clashes they bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solver.clinic import SURGEON, Case, Duration, Procedure, TeamMember
from tools.clinic_file import Identity
from tools.importing import cells
from tools.importing.cells import CellError
from tools.importing.moments import A_DAY, end_of, start_of
from tools.importing.names import patient_name
from tools.importing.readers import anesthesia
from tools.importing.rows import Row
from tools.importing.world import World

STATUS = {
    "booked": "booked", "scheduled": "booked", "confirmed": "booked", "active": "booked", "planned": "booked",
    "held": "held", "hold": "held", "tentative": "held", "requested": "held", "cancelled": "cancelled",
    "canceled": "cancelled", "cxl": "cancelled", "cancel": "cancelled", "no show": "cancelled", "done": "done",
    "geplant": "booked", "posted": "booked", "add on": "booked", "addon": "booked", "abgesagt": "cancelled",
    "storniert": "cancelled", "completed": "done", "complete": "done", "performed": "done", "finished": "done",
}  # fmt: skip
PENDING = "case-pending-"
"""Ids of cases whose file has none, until they are numbered."""


@dataclass(frozen=True)
class Booking:
    """A case of the file, with what the solver has no use for."""

    case: Case
    line: int
    laterality: str | None
    identity: Identity | None


def team_columns(headers: tuple[str, ...], world: World) -> dict[str, str]:
    """Headers that name a role, such as "Circulator 1": header -> "team:ROLE:HEADER"."""
    found = {}
    for header in headers:
        try:
            role = world.role(header.rstrip("0123456789 #").strip())
        except CellError:
            continue
        if role != SURGEON:
            found[header] = f"team:{role}:{header}"
    return found


def booking(row: Row, world: World) -> Booking | None:
    """The booking of a row; None where a fault of it is on record."""
    before = len(row.faults.found)
    procedure = row.need("procedure", lambda text: world.id_of("procedures", text, "procedure"))
    surgeon = row.need("surgeon", lambda text: _surgeon(world, text))
    room = row.need("room", lambda text: world.id_of("rooms", text, "room"))
    start = start_of(row, world)
    status = row.read("status", _status) or "booked"
    known = world.clinic.procedures.get(procedure or "")
    minutes = _minutes(row, world, start, known, surgeon)
    identity, side = _patient(row), row.read("laterality", cells.side)
    given = row.read("id", cells.own_id)
    kind = row.read("anesthesia", anesthesia)
    team = tuple(_team(row, world))
    extra = row.each("equipment", lambda text: world.id_of("equipment", text, "equipment"))
    more = row.each("additional", lambda text: world.id_of("procedures", text, "procedure"))
    _known(row, world, given)
    whole = procedure and surgeon and room and known and start is not None and minutes is not None
    if not whole or len(row.faults.found) > before:
        return None
    case = Case(
        id=given or f"{PENDING}{row.line}",
        procedure=str(procedure),
        surgeon=str(surgeon),
        room=str(room),
        start=int(start or 0),
        minutes=int(minutes or 0),
        anesthesia=kind or (known.anesthesia_default if known else "general"),
        team=team,
        additional_procedures=tuple(more),
        extra_equipment=tuple(extra),
        patient_flags=tuple(row.each("flags", cells.slug)),
        status=status,
    )
    return Booking(case, row.line, side, identity)


def _known(row: Row, world: World, given: str | None) -> None:
    if given is None:
        return
    if given in world.clinic.cases_by_id:
        row.fault("id", "is in the book already. Maybe remove the row, or move the case.")
    first = world.lines.setdefault(("cases", given), row.line)
    if first != row.line:
        row.fault("id", f"is in line {first} too. Maybe remove one of the two.")


def _surgeon(world: World, text: str) -> str:
    who = world.person(text)
    if not world.clinic.staff[who].has_role(SURGEON):
        raise CellError("is no surgeon here. Maybe another column holds the surgeon.")
    return who


def _status(text: str) -> str:
    word = text.lower().replace("-", " ").strip()
    if word not in STATUS:
        raise CellError("is no state of a booking. Maybe booked, held, cancelled or done.")
    return STATUS[word]


def _minutes(
    row: Row, world: World, start: int | None, known: Procedure | None, surgeon: str | None
) -> int | None:
    minutes = row.read("minutes", cells.length)
    if minutes is None and row.has("end"):
        end = end_of(row, world, start)
        if end is None or start is None:
            return None
        minutes = end - start
    elif minutes is None and known is not None and not row.has("minutes"):
        planned: Duration = known.duration(surgeon or "default")
        return planned.median
    if minutes is not None and not 5 <= minutes <= A_DAY:
        row.fault(
            "minutes" if row.has("minutes") else "end",
            "makes no length of 5 minutes to a day. Maybe check it.",
        )
        return None
    return minutes


def _team(row: Row, world: World) -> Iterator[TeamMember]:
    for column in [each for each in row.cells if each.startswith("team:")]:
        for person in row.each(column, world.person):
            yield TeamMember(column.split(":")[1], person)
    for person in row.each("team", world.person):
        yield TeamMember(world.clinic.staff[person].role, person)


def _patient(row: Row) -> Identity | None:
    first, last = row.text("patient_first"), row.text("patient_last")
    name = row.text("patient") or " ".join(part for part in (first, last) if part) or None
    mrn, born = row.text("mrn"), row.date("birth_date", past=True)
    if name is None and mrn is None and not row.has("birth_date"):
        return None
    name = patient_name(name) if name else None
    if name is None or (mrn is None and born is None and not row.has("birth_date")):
        row.fault("patient", "lacks one of two identifiers. Maybe fill the name, and mrn or birth date.")
    return Identity("", name, mrn, born)
