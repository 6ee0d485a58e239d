"""What must hold for each person of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from . import work
from .book import Case, Clinic, Duty, Finding, Staffing
from .clock import Span, as_date, overlap
from .order import busiest


class Others:
    """The cases already standing, with the duties in them."""

    def __init__(self, clinic: Clinic, cases: list[Case]) -> None:
        self.cases = cases
        self._of: dict[str, list[tuple[Case, Duty]]] = {}
        for case in cases:
            for duty in clinic.duties(case):
                self._of.setdefault(duty.person, []).append((case, duty))

    def of(self, person: str) -> list[tuple[Case, Duty]]:
        """A person's duties elsewhere."""
        return self._of.get(person, [])


def team_findings(clinic: Clinic, case: Case, way: Staffing, others: Others) -> list[Finding]:
    """Everything wrong with the people of a case, in one reading of its team."""
    duties = clinic.with_surgeon(case, way)
    found = [(need.rule, need.role, "nobody fills this need") for need in way.missing]
    found += [row for duty in duties for row in person_findings(clinic, case, duty, others)]
    people = [duty.person for duty in duties]
    twice = sorted({person for person in people if people.count(person) > 1})
    found += [("person-occupancy", person, "is listed twice in one case") for person in twice]
    return found + list(_someone(clinic, case, way))


def _someone(clinic: Clinic, case: Case, way: Staffing) -> Iterator[Finding]:
    """A laser and a robot have someone beside the surgeon in the team who is certified for them."""
    day = clinic.clock.day(case.begin)
    laser = clinic.param("laser-safety", "certification", "laser-safety", day)
    for item in clinic.equipment_of(case):
        row = clinic.equipment[item]
        for rule, held in (
            ("laser-safety", laser if row.get("laser") else None),
            ("robot", row.get("assist")),
        ):
            team = [duty.person for duty in way.duties if duty.person != case.surgeon]
            if held and not any(clinic.holds(person, held, day) for person in team):
                yield rule, item, f"nobody in the team is certified for {held}"


def person_findings(clinic: Clinic, case: Case, duty: Duty, others: Others) -> Iterator[Finding]:
    """Everything wrong with one person's part in the case."""
    yield from _qualified(clinic, case, duty)
    yield from _present(clinic, case, duty)
    yield from _one_place(clinic, case, duty, others)
    yield from _hours(clinic, case, duty, others)
    yield from work.duty(clinic, case, duty, others.of(duty.person))


def _qualified(clinic: Clinic, case: Case, duty: Duty) -> Iterator[Finding]:
    day = clinic.clock.day(case.begin)
    for need in duty.needs:
        if not clinic.has_role(duty.person, need.role):
            yield need.rule, duty.person, f"does not work as {need.role}"
        elif not clinic.certified(duty.person, need, day):
            yield "staff-certification", duty.person, f"holds no {need.certification} valid on {day}"
    yield from work.qualified(clinic, case, duty)
    if not duty.needs and duty.role == "anesthesiologist" and case.anesthesia == "local":
        yield "anesthesia-provider", duty.person, "a case under local takes no anesthesiologist"
    if duty.role == "surgeon" and not clinic.has_role(duty.person, "surgeon"):
        yield "surgeon-privilege", duty.person, "is no surgeon of this clinic"


def _present(clinic: Clinic, case: Case, duty: Duty) -> Iterator[Finding]:
    row, lead = clinic.staff.get(duty.person, {}), work.leads(case, duty)
    if not _on_shift(clinic, duty.person, case.span if lead else duty.span):
        rule = "surgeon-days" if lead else "staff-shift"
        yield rule, duty.person, f"no shift covers {_clock(clinic, duty)}"
    days = clinic.clock.days(duty.span)
    for leave in row.get("leave") or []:
        first, last = as_date(leave["from"]), as_date(leave.get("to", leave["from"]))
        if any(first <= day <= last for day in days):
            yield "leave", duty.person, f"away {first} to {last}"


def _on_shift(clinic: Clinic, person: str, span: Span) -> bool:
    """Whether shifts, weekly or of one date, cover a span; touching ones count as one."""
    first, reached = clinic.clock.day(span[0]), span[0]
    days = [first + timedelta(days=n) for n in range(-1, (clinic.clock.day(span[1]) - first).days + 2)]
    for begins, ends in sorted(window for day in days for window in clinic.shifts_on(person, day)):
        if begins <= reached < ends:
            reached = ends
    return reached >= span[1]


def _one_place(clinic: Clinic, case: Case, duty: Duty, others: Others) -> Iterator[Finding]:
    there = [(other, part) for other, part in others.of(duty.person) if overlap(duty.span, part.span)]
    for other, part in there:
        if not (duty.supervises and part.supervises):
            yield "person-occupancy", duty.person, f"is needed in {other.id} at the same time"
    covered = [part.span for _, part in there if part.supervises]
    most = int(clinic.param("anesthesia-supervision", "most_rooms", 4, clinic.clock.day(case.begin)))
    if duty.supervises and covered and busiest(covered, duty.span) >= most:
        yield "anesthesia-supervision", duty.person, f"covers {most} rooms already"


def _hours(clinic: Clinic, case: Case, duty: Duty, others: Others) -> Iterator[Finding]:
    row, day = clinic.staff.get(duty.person, {}), clinic.clock.day(duty.begin)
    theirs = others.of(duty.person)
    that_day = [(other, part) for other, part in theirs if _same_day(clinic, part, day)]
    limit = row.get("max_minutes_day")
    total = sum((part.end - part.begin).total_seconds() / 60 for _, part in [(case, duty), *that_day])
    if limit is not None and total > limit:
        yield "staff-hours", duty.person, f"{total:.0f} minutes on {day}, at most {limit}"
    most = row.get("max_cases_day")
    operated = 1 + sum(part.role == "surgeon" and _same_day(clinic, other, day) for other, part in theirs)
    if duty.role == "surgeon" and most is not None and operated > most:
        yield "surgeon-limits", duty.person, f"{operated} cases on {day}, at most {most}"


def _same_day(clinic: Clinic, duty: Duty | Case, day: date) -> bool:
    return clinic.clock.day(duty.begin) == day


def _clock(clinic: Clinic, duty: Duty) -> str:
    begin, end = (clinic.clock.local(instant) for instant in duty.span)
    return f"{begin:%a %Y-%m-%d %H:%M}-{end:%H:%M}"
