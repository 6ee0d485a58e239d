"""What must hold for the bays of a case, before and after it, and for the nurses who look after them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .book import Case, Clinic, Finding, Stay
from .clock import minutes, overlap
from .pack import Use, fits


def bays(clinic: Clinic, case: Case, others: list[Case]) -> Iterator[Finding]:
    """A bay is free for the whole stay, inside its hours; no stay from admission on is too long."""
    mine = clinic.stays(case)
    for stay in mine:
        row = clinic.bays[stay.bay]
        old = [Use(*one.span) for other in others for one in clinic.stays(other) if one.bay == stay.bay]
        units = int(row.get("units") or 1)
        if row.get("hours") is not None and not clinic.clock.covers(row["hours"], stay.span):
            yield stay.rule, stay.bay, "closed for part of the stay"
        if not fits([Use(*stay.span)], old, units):
            # A bay that is taken is taken, whoever sets the rule aside.
            yield (
                (stay.rule if clinic.judged(stay.rule) else "unit-occupancy"),
                stay.bay,
                f"all {units} taken",
            )
        if row.get("nurses"):
            yield from _nurses(clinic, case, stay, others)
    yield from _admitted(clinic, case, mine)


def _admitted(clinic: Clinic, case: Case, stays: list[Stay]) -> Iterator[Finding]:
    most = clinic.param("phase-two", "most_hours", 24, clinic.clock.day(case.begin))
    second = [stay for stay in stays if stay.rule == "phase-two"]
    admitted = min([case.begin, *(stay.begin for stay in stays if stay.rule == "preop-bay")])
    for stay in second if most is not None else ():
        if max(one.end for one in second) - admitted > minutes(60 * most):
            yield "phase-two", stay.bay, f"more than {most} hours from admission"


def _nurses(clinic: Clinic, case: Case, stay: Stay, others: list[Case]) -> Iterator[Finding]:
    """At every minute of the stay there is a nurse for each patient who needs one alone, and enough for the rest."""
    day = clinic.clock.day(case.begin)
    each = max(1, int(clinic.param("pacu-nurses", "patients_per_nurse", 2, day)))
    least = int(clinic.param("pacu-nurses", "least", 2, day))
    there = [(other, one) for other in others for one in clinic.stays(other) if one.bay == stay.bay]
    there = [(other, one) for other, one in there if overlap(one.span, stay.span)]
    moment = stay.begin
    while moment < stay.end:
        alone = int(_alone(clinic, case, stay, moment, case.child(clinic, "pacu-nurses", day)))
        shared = 1 - alone
        for other, one in there:
            if one.begin <= moment < one.end:
                own = _alone(clinic, other, one, moment, "child" in other.flags)
                alone, shared = alone + own, shared + (not own)
        on = _on(clinic, stay.bay, moment)
        if max(alone + -(-shared // each), least) > on:
            yield "pacu-nurses", stay.bay, f"{on} nurses are on"
            return
        moment += minutes(1)


def _alone(clinic: Clinic, case: Case, stay: Stay, moment: datetime, child: bool) -> bool:
    first = clinic.param("pacu-nurses", "alone_minutes", 0, clinic.clock.day(case.begin))
    return child or moment < stay.begin + minutes(first)


def _on(clinic: Clinic, bay: str, moment: datetime) -> int:
    return sum(
        int(row["count"])
        for row in clinic.bays[bay]["nurses"]
        for _, (begin, end) in clinic.clock.around(row["hours"], (moment, moment + minutes(1)))
        if begin <= moment < end
    )
