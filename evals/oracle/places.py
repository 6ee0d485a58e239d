"""What must hold for the room, the pools and the bays of a case."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

from .book import Case, Clinic, Finding
from .clock import as_date, minutes, overlap
from .pack import Use, fits


def hours(clinic: Clinic, case: Case) -> Iterator[Finding]:
    """Facility hours, holidays, room hours and closures bound wheels-in to wheels-out."""
    room = clinic.rooms[case.room]
    if clinic.hours is not None and not clinic.clock.covers(clinic.hours, case.span):
        yield "facility-hours", "clinic", "closed for part of the case"
    for day in clinic.clock.days(case.span):
        if day in clinic.holidays:
            yield "holiday", str(day), "the clinic is closed"
    if room.get("hours") is not None and not clinic.clock.covers(room["hours"], case.span):
        yield "room-hours", case.room, "closed for part of the case"
    for span, row in clinic.clock.closures(room.get("closures")):
        if overlap(span, case.span):
            yield "room-closed", case.room, str(row.get("reason", "closed"))


def room_pairs(clinic: Clinic, case: Case, others: list[Case]) -> Iterator[Finding]:
    """One case in a room at a time, and between two the first's turnover plus the second's set-up."""
    for other in others:
        if other.room != case.room:
            continue
        if overlap(case.span, other.span):
            yield "room-occupancy", case.room, f"holds {other.id} at the same time"
            continue
        first, second = sorted((case, other), key=lambda one: one.begin)
        gap = gap_between(clinic, first, second, case)
        if second.begin - first.end < minutes(gap):
            yield "turnover", case.room, f"{gap:.0f} minutes are needed between {first.id} and {second.id}"


def gap_between(clinic: Clinic, first: Case, second: Case, asked: Case | None = None) -> float:
    """Minutes from wheels-out of the first to wheels-in of the second; none where the rule doesn't bind."""
    if not clinic.judged("turnover"):
        return 0
    services = [clinic.procedures[one.procedures[0]].get("service") for one in (first, second)]
    day = clinic.clock.day((asked or second).begin)
    change = clinic.param("turnover", "specialty_change_minutes", 10, day)
    changes = None not in services and services[0] != services[1]
    gap = clinic.longest(first, "turnover_minutes") + clinic.longest(second, "setup_minutes")
    return gap + float(change if changes else 0)


def blocks(clinic: Clinic, case: Case, today: date) -> Iterator[Finding]:
    """A block keeps everyone but its owner out of its room and hours until it is released."""
    for row in clinic.blocks:
        owners = row["owner"] if isinstance(row["owner"], list) else [row["owner"]]
        mine = {case.surgeon, clinic.staff[case.surgeon].get("service")}
        if row["room"] != case.room or mine & set(owners):
            continue
        for day, span in clinic.clock.around({row["day"]: row["hours"]}, case.span):
            if stands(clinic, row, day, today) and overlap(span, case.span):
                yield "block", str(row.get("id", row["room"])), f"held for {owners[0]} on {day}"


def stands(clinic: Clinic, row: dict[str, object], day: date, today: date) -> bool:
    """Whether a block's occurrence of that weekday keeps others out of what is booked today."""
    weeks, released, notice = row.get("weeks"), row.get("released"), row.get("release_days")
    if notice is None and clinic.judged("block-release"):
        owner = str(row["owner"])
        service = clinic.staff[owner].get("service") if owner in clinic.staff else owner
        by_service = clinic.param("block-release", "by_service", None, day) or {}
        notice = by_service.get(service, clinic.param("block-release", "days", None, day))
    if isinstance(weeks, list) and (day.day - 1) // 7 + 1 not in weeks:
        return False
    if isinstance(released, list) and day in [as_date(one) for one in released]:
        return False
    first, last = row.get("from"), row.get("until")
    if (first and day < as_date(first)) or (last and day > as_date(last)):
        return False
    return not isinstance(notice, int) or (day - today).days > notice


def room_fit(clinic: Clinic, case: Case) -> Iterator[Finding]:
    """Fixed equipment stands in the room; procedures and mobile equipment find the room's features."""
    room = clinic.rooms[case.room]
    procedures = [clinic.procedures[name] for name in case.procedures]
    features = {name for procedure in procedures for name in procedure.get("room_features") or []}
    for item in clinic.equipment_of(case):
        if not clinic.mobile(item) and item not in (room.get("equipment") or []):
            yield "room-equipment", case.room, f"has no {item}"
        elif clinic.mobile(item) and clinic.equipment[item].get("room_feature"):
            features.add(clinic.equipment[item]["room_feature"])
    for name in sorted(features - set(room.get("features") or [])):
        yield "room-feature", case.room, f"is not {name}"


def pools(clinic: Clinic, case: Case, others: list[Case]) -> Iterator[Finding]:
    """A mobile unit serves one room at a time, moves between rooms in its time, and rests for maintenance."""
    for item in filter(clinic.mobile, clinic.equipment_of(case)):
        row = clinic.equipment[item]
        new = [Use(*case.span, case.room)]
        old = [Use(*other.span, other.room) for other in others if item in clinic.equipment_of(other)]
        units, move = int(row.get("units") or 1), int(row.get("move_minutes") or 0)
        service = list(_maintenance(clinic, item, units)) if clinic.judged("equipment-maintenance") else []
        if not fits(new, old, units):
            yield "equipment-pool", item, f"all {units} in use"
        elif not fits(new, old + service, units):
            yield "equipment-maintenance", item, "under maintenance"
        elif clinic.judged("equipment-move") and not fits(new, old + service, units, move):
            yield "equipment-move", item, f"{move} minutes are needed to move it"


def _maintenance(clinic: Clinic, item: str, units: int) -> Iterator[Use]:
    for span, row in clinic.clock.closures(clinic.equipment[item].get("maintenance")):
        yield from [Use(*span)] * min(units, int(row.get("units") or units))


def trays(clinic: Clinic, case: Case, others: list[Case]) -> Iterator[Finding]:
    """A tray set is in use from wheels-in until wheels-out plus reprocessing."""
    for tray in clinic.trays_of(case):
        row = clinic.trays[tray]
        units, tail = int(row.get("units") or 1), row.get("reprocessing_minutes") or 0
        if not _tray_fits(clinic, tray, case, others, units, 0):
            yield "tray-set", tray, f"all {units} in use"
        elif clinic.judged("tray-reprocessing") and not _tray_fits(clinic, tray, case, others, units, tail):
            yield "tray-reprocessing", tray, f"not sterile again: reprocessing takes {tail} minutes"


def _tray_fits(clinic: Clinic, tray: str, case: Case, others: list[Case], units: int, tail: float) -> bool:
    after = minutes(tail)
    new, *old = ([Use(one.begin, one.end + after)] * clinic.trays_of(one)[tray] for one in [case, *others])
    return fits(new, [use for uses in old for use in uses], units)


def named_units(clinic: Clinic, cases: list[Case]) -> Iterator[Finding]:
    """Within one offer a named unit is in one use at a time; against the book, pools are repacked."""
    pools = {**clinic.equipment, **clinic.trays, **clinic.bays}
    rows = [row for case in cases for row in case.named if row[0] in pools]
    for one, other in itertools.combinations(rows, 2):
        if one[:2] == other[:2] and overlap(one[2:], other[2:]):
            yield "unit-occupancy", one[0], f"unit {one[1]} is in two uses at once"
