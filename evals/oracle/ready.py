"""What must hold for the patient and for the day of booking: limits, records on file, lead times, the site's policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from .book import Case, Clinic, Finding, Record, valid
from .clock import as_date, minutes, overlap
from .order import busiest

LIMITS = (
    ("age", "min_age", 0.5), ("asa", "max_asa", 3), ("bmi", "max_bmi", 50), ("weight_kg", "max_weight_kg", 159),
)  # fmt: skip


def patient(clinic: Clinic, case: Case, now: datetime) -> Iterator[Finding]:
    """The site takes the patient, and what has to be on record by then is."""
    day = clinic.clock.day(case.begin)
    for fact, name, default in LIMITS:
        seen, limit = case.facts.get(fact), clinic.param("patient-limits", name, default, day)
        if seen is not None and limit is not None and (seen < limit if name == "min_age" else seen > limit):
            yield "patient-limits", fact, f"{seen} is beyond {limit}"
    known = clinic.readiness.get(case.patient or "")
    yield from _thinner(clinic, case, known or {}, day, now)
    if known is not None:
        yield from _fasting(clinic, case, known, day)
        yield from _papers(clinic, case, known, day, now)


def _fasting(clinic: Clinic, case: Case, known: Record, day: date) -> Iterator[Finding]:
    for what, default in (("meal", 8), ("drink", 2)):
        hours = clinic.param("fasting", f"{what}_hours", default, day)
        taken = known.get(f"last_{what}")
        if taken and case.begin < clinic.clock.instant(taken) + timedelta(hours=hours):
            yield "fasting", what, f"less than {hours} hours after it"


def _papers(clinic: Clinic, case: Case, known: Record, day: date, now: datetime) -> Iterator[Finding]:
    days = clinic.param("history-and-physical", "days", None, day)
    if days is not None and known.get("history_on") and (day - as_date(known["history_on"])).days > days:
        yield "history-and-physical", "patient", f"is older than {days} days"
    today = clinic.clock.day(now)
    for name in case.procedures:
        row = clinic.procedures[name]
        window, signed = row.get("consent"), known.get("consent_on")
        since = (day - (as_date(signed) if signed else today)).days
        most = (window or {}).get("max_days")
        if window and (
            since < (window.get("min_days") or 0) or (signed and most is not None and since > most)
        ):
            yield "consent", name, "is not signed inside its window"
        held = [one for one in known.get("authorisations") or [] if one["procedure"] == name]
        if row.get("authorisation") and not any(valid(one, day) for one in held):
            yield "authorisation", name, f"does not hold on {day}"


def _thinner(clinic: Clinic, case: Case, known: Record, day: date, now: datetime) -> Iterator[Finding]:
    stopped = known.get("anticoagulant_stopped")
    if stopped is None and "anticoagulant" not in case.flags:
        return
    since = (day - (as_date(stopped) if stopped else clinic.clock.day(now))).days
    for name in case.procedures:
        needed = clinic.procedures[name].get("anticoagulant_days") or 0
        if since < needed:
            yield "anticoagulant", name, f"needs {needed} days without"


def policy(
    clinic: Clinic, case: Case, others: list[Case], now: datetime, request: Record
) -> Iterator[Finding]:
    """How far ahead and how late a case may be booked, what is ordered for it, and what is kept for emergencies."""
    day, today = clinic.clock.day(case.begin), clinic.clock.day(now)
    for name in case.procedures:
        lead = clinic.procedures[name].get("implant_lead_days") or 0
        if day < _working_days_after(clinic, today, lead):
            yield "implant-lead", name, f"takes {lead} working days"
    power = clinic.param("emergency-power", "anesthesia", (), day)
    feature = clinic.param("emergency-power", "room_feature", "emergency-power", day)
    if case.anesthesia in power and feature not in (clinic.rooms[case.room].get("features") or []):
        yield "emergency-power", case.room, "has no emergency power"
    if request.get("urgency", "elective") != "elective":
        return
    most = clinic.param("horizon", "days", None, day)
    if most is not None and (day - today).days > most:
        yield "horizon", "clinic", f"more than {most} days ahead"
    before = clinic.param("freeze", "days_before", None, day)
    after = clinic.param("freeze", "after", "14:00", day)
    if before is not None and now >= clinic.clock.at(day - timedelta(days=before), after):
        yield "freeze", "clinic", f"closed since {after}"
    kept = int(clinic.param("emergency-reserve", "rooms", 0, day))
    if kept and busiest([o.span for o in others], case.span) >= len(clinic.rooms) - kept:
        yield "emergency-reserve", "clinic", f"{kept} rooms are kept free"
    called = [as_date(night) for night in clinic.staff[case.surgeon].get("calls") or []]
    until = clinic.param("post-call", "free_until", "12:00", day)
    if day - timedelta(days=1) in called and case.begin < clinic.clock.at(day, until):
        yield "post-call", case.surgeon, f"was on call, free until {until}"


def _working_days_after(clinic: Clinic, day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in clinic.holidays:
            count -= 1
    return day


def sterilisers(clinic: Clinic, case: Case, others: list[Case]) -> Iterator[Finding]:
    """Every set that comes out of a room finds a place in a steriliser."""
    day = clinic.clock.day(case.begin)
    params = {
        name: clinic.param("steriliser-load", name, default, day)
        for name, default in (
            ("machines", None), ("sets_per_load", 6), ("decontamination_minutes", 75), ("cycle_minutes", 90),
        )
    }  # fmt: skip
    mine = sum(clinic.trays_of(case).values())
    if not params["machines"] or not mine:
        return

    def load(one: Case) -> tuple[datetime, datetime]:
        begin = one.end + minutes(params["decontamination_minutes"])
        return begin, begin + minutes(params["cycle_minutes"])

    loads = [load(other) for other in others for _ in range(sum(clinic.trays_of(other).values()))]
    places = params["machines"] * params["sets_per_load"]
    if busiest([one for one in loads if overlap(one, load(case))], load(case)) + mine > places:
        yield "steriliser-load", "clinic", f"all {places} places are taken"
