"""One day of the demo clinic: what is in use, who is there, and whether one more case fits every rule.

Times are wall minutes after midnight. No demo case is near the hour that a clock change moves.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tools.records.demo.moving import week_of_month

Record = dict[str, Any]
Span = tuple[int, int]
Team = list[tuple[str, str]]
DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPECIALTY_CHANGE = 10  # the turnover rule's default: minutes between cases of two services


@dataclass(frozen=True)
class Placed:
    """A case that has its place: wheels-in and wheels-out, and its team as (role, person)."""

    procedure: str
    surgeon: str
    room: str
    span: Span
    anesthesia: str
    team: tuple[tuple[str, str], ...]


class Day:
    """A date's occupancy, filled case by case through `place`."""

    def __init__(self, records: Record, day: dt.date) -> None:
        self.records, self.day, self.name = records, day, DAY_NAMES[day.weekday()]
        self.cases: list[Placed] = []
        self._busy: dict[str, list[Span]] = defaultdict(list)  # person -> spans
        self._pools: dict[str, list[Span]] = defaultdict(list)  # tray, bay or mobile equipment -> uses
        self._shifts = {person: self._shift(row) for person, row in records["staff"].items()}

    def place(self, procedure: str, surgeon: str, room: str, start: int, anesthesia: str) -> Placed | None:
        """Put a case at that wheels-in with a team; None, and nothing changed, when a rule forbids it."""
        row = self.records["procedures"][procedure]
        span = start, start + planned_minutes(row, surgeon)
        uses = list(self._uses(row, span, anesthesia))
        if not (self._room_takes(row, surgeon, room, span) and self._surgeon_takes(procedure, surgeon, span)):
            return None
        if not all(self._pool_takes(*use) for use in uses):
            return None
        team = self._team(row, room, span, anesthesia, surgeon)
        if team is None:
            return None
        case = Placed(procedure, surgeon, room, span, anesthesia, tuple(team))
        self._enter(case, uses)
        return case

    def _enter(self, case: Placed, uses: Iterable[tuple[str, int, Span]]) -> None:
        self.cases.append(case)
        for person in [case.surgeon, *(person for _, person in case.team)]:
            self._busy[person].append(case.span)
        for pool, _, span in uses:
            self._pools[pool].append(span)

    def _room_takes(self, row: Record, surgeon: str, room: str, span: Span) -> bool:
        record = self.records["rooms"][room]
        features = {*row.get("room_features", []), *self._features_of_equipment(row)}
        return (
            _inside(span, record["hours"].get(self.name))
            and _inside(span, self.records["clinic"]["hours"].get(self.name))
            and features <= set(record["features"])
            and self._fixed(row) <= set(record["equipment"])
            and not self._out(record.get("closures", []), span)
            and not self._blocked(surgeon, room, span)
            and self._turned_over(row, room, span)
        )

    def _fixed(self, row: Record) -> set[str]:
        return {item for item in row["equipment"] if self.records["equipment"][item]["kind"] == "fixed"}

    def _features_of_equipment(self, row: Record) -> Iterator[str]:
        for item in row["equipment"]:
            if feature := self.records["equipment"][item].get("room_feature"):
                yield feature

    def _blocked(self, surgeon: str, room: str, span: Span) -> bool:
        """In another owner's block; whether it is released plays no part, so that the book doesn't move."""
        return any(
            block["room"] == room
            and block["owner"] != surgeon
            and block["day"] == self.name
            and week_of_month(self.day) in block["weeks"]
            and _overlap(span, window(block["hours"]))
            for block in self.records["blocks"]
        )

    def _turned_over(self, row: Record, room: str, span: Span) -> bool:
        for case in self.cases:
            if case.room != room:
                continue
            other = self.records["procedures"][case.procedure]
            change = SPECIALTY_CHANGE if other["service"] != row["service"] else 0
            before = case.span[1] + other["turnover_minutes"] + row["setup_minutes"] + change
            after = span[1] + row["turnover_minutes"] + other["setup_minutes"] + change
            if span[0] < before and case.span[0] < after:
                return False
        return True

    def _surgeon_takes(self, procedure: str, surgeon: str, span: Span) -> bool:
        row = self.records["staff"][surgeon]
        done = sum(case.surgeon == surgeon for case in self.cases)
        held = any(one["procedure"] == procedure and self._valid(one) for one in row.get("privileges", []))
        return held and done < row["max_cases_day"] and self._free(surgeon, span)

    def _uses(self, row: Record, span: Span, anesthesia: str) -> Iterator[tuple[str, int, Span]]:
        """(pool, its units, the span in use): trays, mobile equipment with its move, and the bay."""
        start, end = span
        for tray in row["trays"]:
            record = self.records["trays"][tray]
            yield tray, record["units"], (start, end + record["reprocessing_minutes"])
        for item in row["equipment"]:
            record = self.records["equipment"][item]
            if record["kind"] == "mobile":
                yield item, record["units"], (start, end + record["move_minutes"])
        stay = row["recovery"]["minutes"].get(anesthesia, 0)
        if stay:
            bay = row["recovery"]["bay"]
            yield bay, self.records["bays"][bay]["units"], (end, end + stay)

    def _pool_takes(self, pool: str, units: int, span: Span) -> bool:
        bay, item = self.records["bays"].get(pool), self.records["equipment"].get(pool)
        if bay and not _inside(span, bay["hours"].get(self.name)):
            return False
        if item and self._out(item.get("maintenance", []), span):
            return False
        together = [use for use in self._pools[pool] if _overlap(use, span)]
        instants = [span[0], *(use[0] for use in together if use[0] >= span[0])]
        return all(sum(use[0] <= at < use[1] for use in together) < units for at in instants)

    def _team(self, row: Record, room: str, span: Span, anesthesia: str, surgeon: str) -> Team | None:
        """Someone for every role, the room's own people first; None when a role stays empty."""
        team: Team = []
        for role, certification in self._needs(row, anesthesia):
            taken = {surgeon, *(person for _, person in team)}
            fits = (
                person
                for person in self._by_home(role, room)
                if person not in taken and self._qualified(person, certification) and self._free(person, span)
            )
            chosen = next(fits, None)
            if chosen is None:
                return None
            team.append((role, chosen))
        return team

    def _needs(self, row: Record, anesthesia: str) -> Iterator[tuple[str, str | None]]:
        for need in row["team"]:
            if not (need["role"] == "anesthesiologist" and anesthesia == "local"):
                yield need["role"], need.get("certification")
        for item in row["equipment"]:
            if operator := self.records["equipment"][item].get("operator"):
                yield operator["role"], operator.get("certification")

    def _by_home(self, role: str, room: str) -> list[str]:
        """People of a role: its own before the cross-trained, and the one numbered like the room first."""
        staff = self.records["staff"]
        people = [id_ for id_, row in staff.items() if role in (row["role"], *row.get("roles_also", []))]
        number = room.rpartition("-")[2]
        return sorted(
            people, key=lambda id_: (staff[id_]["role"] != role, not id_.endswith(f"-{number}"), id_)
        )

    def _qualified(self, person: str, certification: str | None) -> bool:
        held = self.records["staff"][person].get("certifications", [])
        return certification is None or any(one["id"] == certification and self._valid(one) for one in held)

    def _valid(self, held: Record) -> bool:
        day = self.day.isoformat()
        return bool(held.get("from", day) <= day <= held.get("until", day))

    def _free(self, person: str, span: Span) -> bool:
        shift, busy = self._shifts[person], self._busy[person]
        if shift is None or not (shift[0] <= span[0] and span[1] <= shift[1]):
            return False
        limit = self.records["staff"][person].get("max_minutes_day", 24 * 60)
        worked = sum(end - start for start, end in busy) + span[1] - span[0]
        return worked <= limit and not any(_overlap(span, other) for other in busy)

    def _shift(self, row: Record) -> Span | None:
        """The person's hours on this date; None when off or on leave."""
        day = self.day.isoformat()
        if any(leave["from"] <= day <= leave["to"] for leave in row.get("leave", [])):
            return None
        hours = row["shifts"].get(self.name)
        return window(hours) if hours else None

    def _out(self, closures: list[Record], span: Span) -> bool:
        day = self.day.isoformat()
        return any(
            row["from"].startswith(day) and _overlap(span, (clock(row["from"][11:]), clock(row["to"][11:])))
            for row in closures
        )


def planned_minutes(procedure: Record, surgeon: str) -> int:
    """Wheels-in to wheels-out as planned: the surgeon's own median where there is one."""
    table = procedure["minutes"]
    return int(table.get(surgeon, table["default"])["median"])


def clock(text: str) -> int:
    """Wall minutes of "HH:MM"."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def window(text: str) -> Span:
    """Wall minutes of "HH:MM-HH:MM"."""
    begin, _, end = text.partition("-")
    return clock(begin), clock(end)


def _inside(span: Span, hours: str | None) -> bool:
    return hours is not None and window(hours)[0] <= span[0] and span[1] <= window(hours)[1]


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
