"""A contract request as the solver's: ids that exist, dates that are not over, and nothing it would have to ignore."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from rapidfuzz import fuzz, process

from solver.clinic import DAYS, SURGEON, Clinic, Instant
from solver.grid import Calendar
from solver.request import Override, Patient, Request, patient_of
from solver.rules import CATALOGUE, patient_flags
from tools import contract
from tools.clinic_file.times import unclear
from tools.errors import ToolError


def solver_request(
    body: contract.Request, clinic: Clinic, as_of: Instant, at: dt.datetime | None = None
) -> Request:
    """The solver's request; raises `ToolError` "unknown" or "invalid" with the field at fault."""
    _known_ids(body, clinic)
    _possible(body, clinic)
    calendar = Calendar(clinic.timezone)
    start = None if at is None else wall_instant(at, calendar)
    if start is not None:  # the clinic's date, whatever offset it was written with
        day = calendar.date(start)
        body = body.model_copy(update={"date_from": day, "date_to": day})
    today = calendar.date(as_of)
    if body.date_to < today:
        raise ToolError(
            "invalid", f"{_day(body.date_to)} is past; today is {_day(today)}. Maybe a later date.", "date_to"
        )
    return Request(
        procedure=body.procedure,
        additional_procedures=tuple(body.additional_procedures),
        date_from=max(body.date_from, today),
        date_to=body.date_to,
        surgeon=body.surgeon,
        room=body.room,
        exclude_surgeons=frozenset(body.exclude_surgeons),
        exclude_rooms=frozenset(body.exclude_rooms),
        weekdays=frozenset(DAYS.index(day) for day in body.weekdays) if body.weekdays is not None else None,
        exclude_dates=frozenset(body.exclude_dates),
        start_from=wall_minutes(body.start_from),
        start_until=wall_minutes(body.start_until),
        end_by=wall_minutes(body.end_by),
        duration_minutes=body.duration_minutes,
        count=body.count,
        arrangement=body.arrangement,
        after_case=body.after_case,
        position=body.position,
        replaces=body.replaces,
        allow_swaps=body.allow_swaps,
        anesthesia=body.anesthesia,
        patient=_patient(body, clinic),
        extra_equipment=tuple(body.extra_equipment),
        urgency=body.urgency,
        overrides=tuple(Override(each.rule, each.reason) for each in body.overrides),
        limit=body.limit,
        at=start,
    )


def wall_minutes(clock: str | None) -> int | None:
    """ "09:30" as minutes after midnight."""
    return None if clock is None else int(clock[:2]) * 60 + int(clock[3:])


def wall_instant(at: dt.datetime, calendar: Calendar) -> Instant:
    """The instant of a clinic wall time; one that a clock change skips or shows twice is refused."""
    try:
        contract.in_calendar(at.date())
    except ValueError as error:
        raise ToolError("invalid", f"{error}.", "at") from None
    instant = calendar.of(at)
    shown = calendar.wall(instant)
    if at.tzinfo is None and (shown.hour, shown.minute) != (at.hour, at.minute):
        raise ToolError(
            "invalid",
            f"{at:%H:%M} does not exist on {_day(at.date())}: the clocks change. Maybe an hour later.",
            "at",
        )
    if reason := unclear(at, calendar.zone):
        raise ToolError("invalid", f"{reason}.", "at")
    return instant


def unknown(kind: str, seen: str, known: Iterable[str], field: str) -> ToolError:
    """The error for an id that the clinic doesn't have, with those that come nearest."""
    near = [match for match, _, _ in process.extract(seen, sorted(known), scorer=fuzz.WRatio, limit=3)]
    return ToolError(
        "unknown", f"There is no {kind} {seen[:80]!r}. Maybe you meant {' or '.join(near)}.", field
    )


def _known_ids(body: contract.Request, clinic: Clinic) -> None:
    surgeons = {p.id: p for p in clinic.staff.values() if p.has_role(SURGEON)}
    tables: list[tuple[str, str, Iterable[str | None], Collection[str]]] = [
        ("procedure", "procedure", [body.procedure], clinic.procedures),
        ("procedure", "additional_procedures", body.additional_procedures, clinic.procedures),
        ("surgeon", "surgeon", [body.surgeon], surgeons),
        ("room", "room", [body.room], clinic.rooms),
        ("surgeon", "exclude_surgeons", body.exclude_surgeons, surgeons),
        ("room", "exclude_rooms", body.exclude_rooms, clinic.rooms),
        ("equipment", "extra_equipment", body.extra_equipment, clinic.equipment),
        ("case", "replaces", [body.replaces], clinic.cases_by_id),
        ("case", "after_case", [body.after_case], clinic.cases_by_id),
        ("rule", "overrides", [each.rule for each in body.overrides], CATALOGUE),
        ("anesthesia", "anesthesia", [body.anesthesia], anesthesias(clinic)),
        ("patient flag", "patient.flags", body.patient.flags or [] if body.patient else [], _flags(clinic)),
    ]
    for kind, field, ids, known in tables:
        for each in ids:
            if each is not None and each not in known:
                raise unknown(kind, each, known, field)


def _possible(body: contract.Request, clinic: Clinic) -> None:
    """Refuses what the solver can't honour, rather than dropping it."""
    for override in body.overrides:
        rule = CATALOGUE[override.rule]
        if rule.waivable_by is None:
            raise ToolError(
                "invalid",
                f"{rule.title} ({rule.id}) is never waived; only a real resource opens it.",
                "overrides",
            )
    if body.count > 1 and (body.replaces is not None or body.allow_swaps):
        field = "replaces" if body.replaces is not None else "allow_swaps"
        raise ToolError("invalid", f"{field} is for one case at a time. Maybe ask with count 1.", field)
    if body.arrangement != "any" and body.count == 1 and body.after_case is None:
        raise ToolError(
            "invalid",
            f"{body.arrangement} is about several cases; count is 1. Maybe count 2, or the case it comes after.",
            "arrangement",
        )
    before = clinic.cases_by_id[body.after_case] if body.after_case is not None else None
    if before is not None and not before.occupies:
        raise ToolError(
            "invalid",
            f"{before.id} is {before.status}, so nothing can follow it. Maybe another case.",
            "after_case",
        )


def anesthesias(clinic: Clinic) -> set[str]:
    """Every anesthesia that some procedure of the clinic can be done under."""
    procedures = clinic.procedures.values()
    return {each for one in procedures for each in (one.anesthesia_default, *one.anesthesia_options)}


def _flags(clinic: Clinic) -> frozenset[str]:
    """The flags that a rule can ask for, and those on record of a booked patient."""
    return patient_flags(clinic).union(*(case.patient_flags for case in clinic.cases))


def _patient(body: contract.Request, clinic: Clinic) -> Patient | None:
    """What is said of the patient; of a case that is moved, what its book says where nothing is said."""
    facts = body.patient
    if facts is None and body.replaces is not None:
        return patient_of(clinic.cases_by_id[body.replaces])
    if facts is None:
        return None
    flags = frozenset(facts.flags) if facts.flags is not None else None
    return Patient(None, facts.age, facts.weight_kg, facts.bmi, facts.asa, flags)


def _day(date: dt.date) -> str:
    return f"{date:%A}, {date:%B} {date.day}, {date.year}"
