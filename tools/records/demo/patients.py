"""Made-up patients: a number each, and nobody real."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tools.records.demo.dice import roll

CASES_A_DAY = 24  # the most that three rooms could hold
# Far from T0000001 and the like, which whoever tries the demo gives to a patient of their own.
FIRST_MRN = 8_600_000
DAYS = 64  # longer than the booked span, so that no patient has two cases in it
OLDEST, YOUNGEST = dt.date(1941, 1, 1), dt.date(2007, 12, 31)


def patient_ref(day: dt.date, number: int) -> str:
    """The patient of the day's case with that number (from 0)."""
    return f"patient-{day.toordinal() % DAYS * CASES_A_DAY + number + 1:04d}"


def patients_of(cases: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The patients of those cases, in the order of their refs."""
    return [_patient(ref) for ref in sorted({case["patient"]["ref"] for case in cases})]


def _patient(ref: str) -> dict[str, str]:
    number = int(ref.removeprefix("patient-"))
    born = OLDEST + dt.timedelta(days=int(roll("born", number) * (YOUNGEST - OLDEST).days))
    return {
        "ref": ref,
        "name": f"Test Patient {number:03d}",
        "mrn": f"T{FIRST_MRN + number:07d}",
        "birth_date": born.isoformat(),
    }
