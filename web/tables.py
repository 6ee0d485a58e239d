"""The reports' tables, from the clinic's book alone: the same rows for the page and for the spreadsheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from solver.clinic import Case, Clinic, Staff
from solver.grid import Calendar

Table = tuple[list[str], list[list[str]]]
"""Heads and rows."""
DAYS = 14
AHEAD = 90
"""Days before its end from which a certification is shown."""


@dataclass(frozen=True)
class Used:
    """One room on one day: its cases in order of their start, and its hours as instants."""

    day: dt.date
    room: str
    cases: tuple[Case, ...]
    windows: tuple[tuple[int, int], ...]

    @property
    def minutes(self) -> int:
        """Between wheels-in and wheels-out, within the hours."""
        return sum(
            max(0, min(case.end, end) - max(case.start, start))
            for case in self.cases
            for start, end in self.windows
        )

    @property
    def opened(self) -> int:
        """Minutes that the room is open."""
        return sum(end - start for start, end in self.windows)

    @property
    def late(self) -> int:
        """Minutes between the room's opening and its first wheels-in."""
        return max(0, min(case.start for case in self.cases) - min(start for start, _ in self.windows))

    @property
    def over(self) -> int:
        """Minutes between the room's closing and its last wheels-out."""
        return max(0, max(case.end for case in self.cases) - max(end for _, end in self.windows))

    @property
    def counts(self) -> bool:
        """Whether there is a first case in an open room."""
        return bool(self.cases and self.windows)


def uses(clinic: Clinic, first: dt.date, days: int = DAYS) -> list[Used]:
    """Every room on every day from `first` on."""
    calendar = Calendar(clinic.timezone)
    by_day = _by_day(clinic, calendar)
    found = []
    for n in range(days):
        day = first + dt.timedelta(days=n)
        for room in clinic.rooms.values():
            mine = tuple(case for case in by_day.get(day, ()) if case.room == room.id)
            windows = tuple(calendar.windows(day, room.hours.get(day.weekday(), ())))
            found.append(Used(day, room.id, mine, windows))
    return found


def _by_day(clinic: Clinic, calendar: Calendar) -> Mapping[dt.date, list[Case]]:
    found: dict[dt.date, list[Case]] = {}
    for case in sorted(clinic.cases, key=lambda case: (case.start, case.room)):
        if case.occupies:
            found.setdefault(calendar.date(case.start), []).append(case)
    return found


def room_use(clinic: Clinic, first: dt.date) -> Table:
    """Room by day: cases, minutes in use, minutes open, and the share of them, in percent."""
    rows = []
    for used in uses(clinic, first):
        share = f"{100 * used.minutes / used.opened:.0f}" if used.opened else ""
        numbers = [str(len(used.cases)), str(used.minutes), str(used.opened)]
        rows.append([used.day.isoformat(), clinic.name_of(used.room), *numbers, share])
    return ["date", "room", "cases", "minutes_used", "minutes_open", "percent"], rows


def overtime(clinic: Clinic, first: dt.date) -> Table:
    """Room by day: first wheels-in and how long after opening, last wheels-out and how long after closing."""
    calendar, rows = Calendar(clinic.timezone), []
    for used in filter(lambda used: used.counts, uses(clinic, first)):
        begin, end = min(case.start for case in used.cases), max(case.end for case in used.cases)
        edges = [f"{calendar.wall(edge):%H:%M}" for edge in (begin, end)]
        rows.append([
            used.day.isoformat(), clinic.name_of(used.room), edges[0], str(used.late), edges[1], str(used.over),
        ])  # fmt: skip
    heads = ["date", "room", "first_wheels_in", "minutes_after_opening", "last_wheels_out", "minutes_over"]
    return heads, rows


@dataclass(frozen=True)
class Punctual:
    """How a room's days begin and end, as planned."""

    room: str
    days: int
    on_time: int
    late: int
    over_days: int
    over: int

    @property
    def share(self) -> int:
        """Percent of days whose first case begins when the room opens."""
        return round(100 * self.on_time / self.days) if self.days else 0


def punctual(clinic: Clinic, first: dt.date) -> list[Punctual]:
    """Each room over the days from `first` on; a first case is on time within five minutes of the opening."""
    made = []
    for room in clinic.rooms.values():
        mine = [used for used in uses(clinic, first) if used.room == room.id and used.counts]
        made.append(
            Punctual(
                room.name,
                len(mine),
                sum(used.late <= 5 for used in mine),
                sum(used.late for used in mine),
                sum(used.over > 0 for used in mine),
                sum(used.over for used in mine),
            )
        )
    return made


def day_cases(clinic: Clinic, day: dt.date) -> list[Case]:
    """The cases of a day in order of their start."""
    return _by_day(clinic, Calendar(clinic.timezone)).get(day, [])


def _places(case: Case) -> list[tuple[str, str]]:
    return [("surgeon", case.surgeon), *((member.role, member.resource) for member in case.team)]


def staffing(clinic: Clinic, day: dt.date) -> Table:
    """Who is in which case that day, in which role, from when until when."""
    calendar, rows = Calendar(clinic.timezone), []
    for case in day_cases(clinic, day):
        times = [f"{calendar.wall(edge):%H:%M}" for edge in (case.start, case.end)]
        what = clinic.procedures[case.procedure].short or clinic.name_of(case.procedure)
        rows += [
            [*times, clinic.name_of(case.room), what, role, clinic.name_of(who)]
            for role, who in _places(case)
        ]
    return ["from", "to", "room", "procedure", "role", "person"], rows


@dataclass(frozen=True)
class OnDuty:
    """One person's day: hours on duty as wall minutes, cases in order of their start, and the leave if there is one."""

    person: Staff
    windows: tuple[tuple[int, int], ...]
    cases: tuple[Case, ...]
    away: str


def duty(clinic: Clinic, day: dt.date) -> list[OnDuty]:
    """Everyone who is in a case that day, on shift, or away when they would be: surgeons first, then by role."""
    cases, made = day_cases(clinic, day), []
    for person in clinic.staff.values():
        mine = tuple(case for case in cases if person.id in {who for _role, who in _places(case)})
        leave, windows = person.leave_on(day), person.windows_on(day)
        if mine or windows:
            made.append(OnDuty(person, tuple(windows), mine, (leave.reason or "leave") if leave else ""))
    return sorted(made, key=lambda each: (each.person.role != "surgeon", each.person.role, each.person.name))


@dataclass(frozen=True)
class Expiring:
    """A certification that ends or has ended, and the booked cases of its holder after that day."""

    person: Staff
    certification: str
    until: dt.date
    cases: tuple[Case, ...]


def expiring(clinic: Clinic, today: dt.date) -> list[Expiring]:
    """Those that end within `AHEAD` days or have ended, the earliest first."""
    calendar, found = Calendar(clinic.timezone), []
    for person in clinic.staff.values():
        for held in person.certifications:
            if held.last is None or held.last > today + dt.timedelta(days=AHEAD):
                continue
            after = (
                case for case in clinic.cases
                if case.occupies and calendar.date(case.start) > max(held.last, today)
                and person.id in {who for _role, who in _places(case)}
            )  # fmt: skip
            found.append(
                Expiring(person, held.id, held.last, tuple(sorted(after, key=lambda case: case.start)))
            )
    return sorted(found, key=lambda each: (each.until, each.person.name))


def certifications(clinic: Clinic, today: dt.date) -> Table:
    """The same with the ids of the cases."""
    rows = [
        [each.person.name, each.certification, each.until.isoformat(), str(len(each.cases)), _ids(each.cases)]
        for each in expiring(clinic, today)
    ]
    return ["person", "certification", "until", "cases_after", "which"], rows


def _ids(cases: Iterable[Case]) -> str:
    return ", ".join(case.id for case in cases)


def bars(numbers: Sequence[int]) -> list[int]:
    """Lengths of a plot's bars in percent of its longest."""
    most = max(numbers, default=0)
    return [round(100 * number / most) if most else 0 for number in numbers]
