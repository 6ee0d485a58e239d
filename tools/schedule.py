"""The board: rooms, cases and blocked time between two dates, without any patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from pydantic import Field, model_validator

from solver.clinic import Case, Clinic, Room
from solver.rules.block import BlockTime
from tools.asking import unknown
from tools.context import Context, Permission
from tools.contract import Id, Input, Output, in_calendar
from tools.records import holds
from tools.registry import tool
from tools.render import Renderer

MOST_DAYS = 62


class ScheduleRequest(Input):
    """Which days, both included, and optionally whose."""

    date_from: dt.date = Field(description="First date, clinic time.")
    date_to: dt.date = Field(description="Last date, included.")
    room: Id | None = Field(None, description="Only this room, by id.")
    surgeon: Id | None = Field(None, description="Only this surgeon's cases, by id.")

    @model_validator(mode="after")
    def _in_order(self) -> ScheduleRequest:
        for day in (self.date_from, self.date_to):
            in_calendar(day)
        if not 0 <= (self.date_to - self.date_from).days < MOST_DAYS:
            raise ValueError(f"{self.date_from} to {self.date_to} is not a span of 1 to {MOST_DAYS} days")
        return self


class RoomRow(Output):
    id: str
    name: str
    note: str
    hours: list[tuple[str, str]]


class CaseBar(Output):
    """One case from wheels-in to wheels-out; who the patient is stays out."""

    id: str
    room: str
    start: str
    end: str
    procedure: str
    title: str
    short: str
    surgeon: str
    surgeon_name: str
    status: str
    held_until: str | None = Field(None, description="Of a held case: when its time is free again.")
    team: list[str]


class BlockedBar(Output):
    """Time in a room that isn't open to everyone; `kind` is "closed" or "block"."""

    room: str
    start: str
    end: str
    cause: str
    kind: str
    block: str | None = Field(None, description="The block's id, to release it by.")


class ScheduleResult(Output):
    date_from: dt.date
    date_to: dt.date
    timezone: str
    rooms: list[RoomRow]
    cases: list[CaseBar]
    blocked: list[BlockedBar]


@tool(permission=Permission.SCHEDULE, effect="read")
def get_schedule(ctx: Context, body: ScheduleRequest) -> ScheduleResult:
    """Shows the book between two dates: rooms with their hours, cases, closures and blocks that still hold.

    Use it to answer what is on a day, in a room or with a surgeon, and to learn the id of a case or a block that is to
    be changed. Returns rooms, `cases` and `blocked` time. It never shows patients, and what looks empty here isn't
    proven free: only find_slots and check_slot know every rule.
    """
    clinic = ctx.store.clinic()
    _known(body, clinic)
    drawn = _Board(clinic, body, ctx.now(), holds.holds(ctx.store))
    return ScheduleResult(
        date_from=body.date_from,
        date_to=body.date_to,
        timezone=clinic.timezone,
        rooms=[drawn.row(room) for room in drawn.rooms],
        cases=[drawn.bar(case) for case in drawn.cases()],
        blocked=sorted(drawn.blocked(), key=lambda bar: (bar.start, bar.room, bar.cause)),
    )


def _known(body: ScheduleRequest, clinic: Clinic) -> None:
    if body.room is not None and body.room not in clinic.rooms:
        raise unknown("room", body.room, clinic.rooms, "room")
    if body.surgeon is not None and body.surgeon not in clinic.staff:
        raise unknown("surgeon", body.surgeon, clinic.staff, "surgeon")


class _Board:
    """One request's board."""

    def __init__(
        self, clinic: Clinic, body: ScheduleRequest, now: dt.datetime, held: Mapping[str, holds.Hold]
    ) -> None:
        self.clinic, self.body = clinic, body
        self.renderer = Renderer(clinic)
        self.calendar = self.renderer.calendar
        self.held = {id_: self.renderer.iso(self.calendar.of(hold.until)) for id_, hold in held.items()}
        self.today = self.calendar.date(self.calendar.of(now))
        self.rooms = [room for room in clinic.rooms.values() if body.room in (None, room.id)]
        self.days = [
            body.date_from + dt.timedelta(days=n) for n in range((body.date_to - body.date_from).days + 1)
        ]

    def row(self, room: Room) -> RoomRow:
        windows = [
            w for day in self.days for w in self.calendar.windows(day, room.hours.get(day.weekday(), ()))
        ]
        note = [self.clinic.name_of(item) for item in room.equipment] + [*room.features]
        hours = [(self.renderer.iso(start), self.renderer.iso(end)) for start, end in windows]
        return RoomRow(id=room.id, name=room.name, note=", ".join(note), hours=hours)

    def cases(self) -> list[Case]:
        first = self.calendar.instant(self.days[0], 0)
        last = self.calendar.instant(self.days[-1] + dt.timedelta(days=1), 0)
        shown = [
            case
            for case in self.clinic.cases
            if case.occupies and first <= case.start < last
            and self.body.room in (None, case.room)
            and self.body.surgeon in (None, case.surgeon)
        ]  # fmt: skip
        return sorted(shown, key=lambda case: (case.start, case.room, case.id))

    def bar(self, case: Case) -> CaseBar:
        procedure = self.clinic.procedures[case.procedure]
        return CaseBar(
            id=case.id,
            room=case.room,
            start=self.renderer.iso(case.start),
            end=self.renderer.iso(case.end),
            procedure=case.procedure,
            title=procedure.name,
            short=procedure.short or procedure.name,
            surgeon=case.surgeon,
            surgeon_name=self.clinic.name_of(case.surgeon),
            status=case.status,
            held_until=self.held.get(case.id),
            team=[f"{self.clinic.name_of(m.resource)} ({m.role})" for m in case.team],
        )

    def blocked(self) -> Iterator[BlockedBar]:
        yield from self._closures()
        yield from self._blocks()

    def _closures(self) -> Iterator[BlockedBar]:
        first = self.calendar.instant(self.days[0], 0)
        last = self.calendar.instant(self.days[-1] + dt.timedelta(days=1), 0)
        for room in self.rooms:
            for closure in room.closures:
                if closure.start < last and first < closure.end:
                    cause = f"Closed: {closure.reason}" if closure.reason else "Closed"
                    yield self._bar(room.id, closure.start, closure.end, cause, "closed")

    def _blocks(self) -> Iterator[BlockedBar]:
        rule, shown = BlockTime(self.clinic), {room.id for room in self.rooms}
        for block in self.clinic.blocks:
            for day in self.days if block.room in shown else ():
                if rule.keeps_out(block, "", day, self.today):
                    start, end = self.calendar.window(day, block.window)
                    cause = f"{self.clinic.name_of(block.owner)}'s block"
                    yield self._bar(block.room, start, end, cause, "block", block.id)

    def _bar(
        self, room: str, start: int, end: int, cause: str, kind: str, block: str | None = None
    ) -> BlockedBar:
        first, last = self.renderer.iso(start), self.renderer.iso(end)
        return BlockedBar(room=room, start=first, end=last, cause=cause, kind=kind, block=block)
