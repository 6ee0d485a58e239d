"""The demo clinic: fifteen staff, three rooms and a believable book around any date, as a clinic file."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tools.records.demo.bookings import booked_cases
from tools.records.demo.moving import add_absences
from tools.records.demo.patients import patients_of
from tools.records.demo.records import clinic_records
from tools.records.demo.renewing import renew


def demo_clinic(today: dt.date) -> dict[str, Any]:
    """The demo clinic as it stands on `today` (clinic wall date): a whole clinic file as plain JSON values.

    The same date gives the same content; every call gives a fresh copy that the caller may change.
    """
    records = clinic_records()
    renew(records, today)
    add_absences(records, today)
    records["cases"] = booked_cases(records, today)
    records["patients"] = patients_of(records["cases"])
    return records
