"""Every start of a request, by brute force: for completeness tests on small clinics."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from .book import Case, Clinic, Duty, Need, Record
from .clock import as_date, minutes
from .judge import Judge
from .people import Others, person_findings
from .timing import day_asked


def candidates(clinic: Clinic, request: Record) -> Iterator[Case]:
    """Every surgeon, room and start of a request as a case without a team."""
    surgeons = [name for name in clinic.staff if clinic.has_role(name, "surgeon")]
    wanted, rooms = _allowed(request, "surgeon", surgeons), _allowed(request, "room", clinic.rooms)
    for surgeon, room, start in itertools.product(wanted, rooms, list(_starts(clinic, request))):
        keys = ("procedure", "additional_procedures", "anesthesia")
        raw = {key: request.get(key) for key in keys} | {"surgeon": surgeon, "room": room, "start": start}
        raw |= {"follows": request.get("after_case")}
        raw |= {"arrangement": request.get("arrangement")} if request.get("after_case") else {}
        yield clinic.case({**raw, "minutes": request.get("duration_minutes")}, "candidate", request)


def _allowed(request: Record, key: str, names: Iterable[str]) -> list[str]:
    """Those of the names that a request asks for and doesn't leave out."""
    out = request.get(f"exclude_{key}s") or ()
    return [name for name in names if request.get(key) in (None, name) and name not in out]


def _starts(clinic: Clinic, request: Record) -> Iterator[datetime]:
    """Every instant of the asked days whose wall time is on the step; a repeated hour counts twice."""
    if request.get("at"):
        yield clinic.clock.instant(request["at"])
        return
    clock, day = clinic.clock, as_date(request["date_from"])
    while day <= as_date(request["date_to"]):
        instant = clock.at(day, "00:00")
        while day_asked(day, request) and clock.day(instant) == day:
            local = clock.local(instant)
            if (local.hour * 60 + local.minute) % clinic.step == 0:
                yield instant
            instant += minutes(1)
        day += timedelta(days=1)


def possible(judge: Judge, case: Case, others: Others) -> bool:
    """Whether some team makes a case that the judge accepts."""
    if judge.beside_team(case, others.cases) or not _person_fits(judge, case, others, case.surgeon, None):
        return False
    needs = [(group, need) for group, part in enumerate(judge.clinic.needs(case)) for need in part]
    pools = {need: _people(judge, case, others, need) for _, need in needs}
    return any(not judge.team(replace(case, team=team), others) for team in _teams(needs, pools, {}, []))


def _people(judge: Judge, case: Case, others: Others, need: Need) -> list[str]:
    return [
        name
        for name in judge.clinic.staff
        if name != case.surgeon and _person_fits(judge, case, others, name, need)
    ]


def _person_fits(judge: Judge, case: Case, others: Others, person: str, need: Need | None) -> bool:
    duty = Duty(person, "surgeon", *judge.clinic.operating(case))
    if need is not None:
        duty = Duty(person, need.role, need.begin, need.end, (need,))
    return not judge.binding(person_findings(judge.clinic, case, duty, others))


def _teams(
    needs: list[tuple[int, Need]],
    pools: dict[Need, list[str]],
    roles: dict[str, str],
    used: list[tuple[int, str]],
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Every way to fill the needs: one role a person, and different people within each procedure's needs."""
    if not needs:
        yield tuple((role, person) for person, role in roles.items())
        return
    (group, need), *rest = needs
    for person in pools[need]:
        if (group, person) not in used and roles.get(person, need.role) == need.role:
            yield from _teams(rest, pools, {**roles, person: need.role}, [*used, (group, person)])
