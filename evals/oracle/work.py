"""What must hold for one person over a day and a week: qualifications for the patient, pauses, rest and hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from .book import Case, Clinic, Duty, Finding, valid
from .clock import minutes

Theirs = list[tuple[Case, Duty]]


def leads(case: Case, duty: Duty) -> bool:
    """Whether a duty is the surgeon's own, not a co-surgeon's."""
    return duty.role == "surgeon" and duty.person == case.surgeon and not duty.needs


def qualified(clinic: Clinic, case: Case, duty: Duty) -> Iterator[Finding]:
    """Certified for the anesthesia and for children, and willing where there is radiation."""
    day, row = clinic.clock.day(case.begin), clinic.staff.get(duty.person, {})
    if duty.role == "anesthesiologist" and duty.needs:
        held = (clinic.param("anesthesia-type", "certification", None, day) or {}).get(case.anesthesia)
        if not clinic.holds(duty.person, held, day):
            yield "anesthesia-type", duty.person, f"holds no {held}"
    asked = {"anesthesiologist": "certification", "circulator": "nurse_certification"}.get(duty.role)
    if asked and duty.needs and case.child(clinic, "pediatric-anesthesia", day):
        held = clinic.param("pediatric-anesthesia", asked, None, day)
        if not clinic.holds(duty.person, held, day):
            yield "pediatric-anesthesia", duty.person, f"holds no {held}"
    if (duty.needs or leads(case, duty)) and any(
        clinic.equipment[item].get("radiation") for item in clinic.equipment_of(case)
    ):
        kept_out = any(one["id"] == "radiation" and valid(one, day) for one in row.get("restrictions") or [])
        if kept_out or not clinic.holds(duty.person, clinic.param("radiation", "badge", None, day), day):
            yield "radiation", duty.person, "isn't assigned to radiation"


def duty(clinic: Clinic, case: Case, one: Duty, theirs: Theirs) -> Iterator[Finding]:
    """Pauses, rest, hours of a week, and inductions apart."""
    day, lead = clinic.clock.day(case.begin), leads(case, one)
    rule = "surgeon-limits" if lead else "breaks"
    after = clinic.param(rule, "after_minutes", None, day)
    if after is not None:
        length = _unbroken(case, one, theirs, clinic.param(rule, "minutes", 30, day))
        if length > minutes(after):
            yield rule, one.person, f"works {length} without a pause"
    rest = clinic.param("rest", "hours", None, day)
    for other, part in theirs if rest and not lead else ():
        near = part.begin < one.end + timedelta(hours=rest) and one.begin < part.end + timedelta(hours=rest)
        if near and clinic.clock.day(other.begin) != day:
            yield "rest", one.person, f"rests less than {rest} hours"
    yield from _week(clinic, one, theirs)
    apart = clinic.param("staggered-induction", "minutes", 10, day)
    for _, part in theirs if one.supervises else ():
        if part.supervises and abs(part.begin - one.begin) < minutes(apart):
            yield "staggered-induction", one.person, f"has another induction within {apart} minutes"


def _unbroken(case: Case, one: Duty, theirs: Theirs, pause: float) -> timedelta:
    """How long the stretch of work around a duty is, from the first to the last of several cases."""
    run, cases = [one], {case.id}
    left = sorted(theirs, key=lambda row: row[1].begin)
    grown = True
    while grown:
        begin, end = min(part.begin for part in run), max(part.end for part in run)
        near = [
            row for row in left if row[1].begin - end < minutes(pause) and begin - row[1].end < minutes(pause)
        ]
        left = [row for row in left if row not in near]
        run += [part for _, part in near]
        cases |= {other.id for other, _ in near}
        grown = bool(near)
    return max(part.end for part in run) - min(part.begin for part in run) if len(cases) > 1 else timedelta()


def _week(clinic: Clinic, one: Duty, theirs: Theirs) -> Iterator[Finding]:
    row, day = clinic.staff.get(one.person, {}), clinic.clock.day(one.begin)
    monday = day - timedelta(days=day.weekday())
    parts = [one, *(part for _, part in theirs if _in_week(clinic, part, monday))]
    total = sum((part.end - part.begin).total_seconds() / 60 for part in parts)
    own, nurse = row.get("max_minutes_week"), row.get("role") != "surgeon"
    most = own if own is not None else clinic.param("staff-hours", "week_minutes", None, day)
    if most is not None and (own is not None or nurse) and total > most:
        yield "staff-hours", one.person, f"{total:.0f} minutes in the week, at most {most}"
    most = clinic.param("overtime", "week_minutes", None, day)
    if most is not None and nurse and total > most:
        yield "overtime", one.person, f"{total:.0f} minutes in the week, at most {most}"


def _in_week(clinic: Clinic, part: Duty, monday: date) -> bool:
    return timedelta() <= clinic.clock.day(part.begin) - monday < timedelta(days=7)
