"""What must hold for a case by itself: when, how long, by whom, and whether it is what was asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from .book import Case, Clinic, Finding, Record, valid
from .clock import WEEKDAYS, as_date, minutes


def start(clinic: Clinic, case: Case, now: datetime, request: Record) -> Iterator[Finding]:
    """Starts are on the clinic's step, not in the past, and give an elective procedure its notice."""
    local = clinic.clock.local(case.begin)
    if local.second or local.microsecond or (local.hour * 60 + local.minute) % clinic.step:
        yield "start-step", case.room, f"{local:%H:%M} is not on the step of {clinic.step} minutes"
    least = clinic.param("notice", "min_hours", 0, clinic.clock.day(case.begin))
    lead = max(clinic.longest(case, "lead_time_hours"), least)
    if case.begin < now:
        yield "notice", case.procedures[0], "starts in the past"
    elif request.get("urgency", "elective") == "elective" and case.begin - now < timedelta(hours=lead):
        yield "notice", case.procedures[0], f"needs {lead} hours of notice"


def length(clinic: Clinic, case: Case, request: Record) -> Iterator[Finding]:
    """A case lasts what was asked, else what is planned, under an anesthesia the procedure is done with."""
    planned = request.get("duration_minutes") or clinic.duration(case.procedures, case.surgeon)
    if case.end - case.begin != minutes(planned):
        yield "duration", case.procedures[0], f"lasts {case.end - case.begin}, planned are {planned} minutes"
    for procedure in case.procedures:
        row = clinic.procedures[procedure].get("anesthesia") or {}
        if case.anesthesia not in [row.get("default"), *(row.get("options") or [])]:
            yield "anesthesia-type", procedure, f"is not done under {case.anesthesia}"


def privileges(clinic: Clinic, case: Case) -> Iterator[Finding]:
    """The surgeon may do each procedure on the day of surgery."""
    day = clinic.clock.day(case.begin)
    held = clinic.staff[case.surgeon].get("privileges") or []
    for procedure in case.procedures:
        if not any(row["procedure"] == procedure and valid(row, day) for row in held):
            yield "surgeon-privilege", case.surgeon, f"may not do {procedure} on {day}"


def asked(clinic: Clinic, case: Case, request: Record) -> Iterator[Finding]:
    """The offer is what the request names: procedures, surgeon, room, anesthesia, day and time of day."""
    for key in ("surgeon", "room", "anesthesia"):
        if request.get(key) is not None and request[key] != getattr(case, key):
            yield "request", key, f"asked for {request[key]}, offered {getattr(case, key)}"
    for key in ("surgeon", "room"):
        if getattr(case, key) in (request.get(f"exclude_{key}s") or ()):
            yield "request", f"exclude_{key}s", f"{getattr(case, key)} was to be left out"
    wanted = (request.get("procedure"), *(request.get("additional_procedures") or ()))
    if wanted[0] is not None and sorted(wanted) != sorted(case.procedures):
        yield "request", "procedure", f"asked for {wanted}, offered {case.procedures}"
    clock, day = clinic.clock, clinic.clock.day(case.begin)
    if not day_asked(day, request):
        yield "request", "date", f"{day} was not asked for"
    bounds = (("start_from", case.begin, 1), ("start_until", case.begin, -1), ("end_by", case.end, -1))
    for key, instant, sign in bounds:
        if request.get(key) and (instant - clock.at(day, request[key])) * sign < timedelta(0):
            yield "request", key, f"{clock.local(instant):%H:%M} is outside {request[key]}"


def day_asked(day: date, request: Record) -> bool:
    """Whether a request's dates and weekdays allow a day."""
    first, last, weekdays = request.get("date_from"), request.get("date_to"), request.get("weekdays")
    return (
        (first is None or as_date(first) <= day)
        and (last is None or day <= as_date(last))
        and (weekdays is None or WEEKDAYS[day.weekday()] in weekdays)
        and day not in [as_date(one) for one in request.get("exclude_dates") or []]
    )
