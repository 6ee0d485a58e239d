"""The demo clinic: fifteen staff, three rooms and a believable book around any date, as a clinic file's content."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tools.records.demo.records import clinic_records


def demo_clinic(today: dt.date) -> dict[str, Any]:
    """The demo clinic as it stands on `today` (clinic wall date): a whole clinic file as plain JSON values.

    The same date gives the same content; every call gives a fresh copy that the caller may change.
    """
    return clinic_records()
