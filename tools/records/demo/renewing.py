"""Privileges and certifications are renewed well before they lapse, so that the demo works in any year."""

from __future__ import annotations

import datetime as dt
from typing import Any

STANDING = dt.date(2027, 1, 1)
"""What the file lets end on this day or later is renewed; what ends before is meant to lapse, to be seen lapsing."""
TERM = 2
"""Years that a renewal lasts."""
AHEAD = dt.timedelta(days=120)
"""Renewed this long before: longer than the book reaches, so that a day's bookings don't depend on today."""


def renew(records: dict[str, Any], today: dt.date) -> None:
    """Move the end of every standing validity on by whole terms, in place."""
    for person in records["staff"].values():
        for validity in (*person.get("privileges", ()), *person.get("certifications", ())):
            if "until" in validity:
                validity["until"] = _renewed(dt.date.fromisoformat(validity["until"]), today).isoformat()


def _renewed(until: dt.date, today: dt.date) -> dt.date:
    while STANDING <= until < today + AHEAD:
        until = dt.date(until.year + TERM, until.month, min(until.day, 28))
    return until
