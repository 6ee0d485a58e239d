"""Seeded requests for a bench clinic: what people ask for, and at least a fifth of it impossible."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

from evals.bench.clinics import MONDAY, Size
from solver.clinic import Clinic
from solver.request import Request

WINDOW = 10
"""Days that a request covers."""

HARD = 0.35
"""Share drawn to be hard: a named room, a late start, a long case, two weekdays only."""


def requests(clinic: Clinic, size: Size, seed: int, number: int) -> list[Request]:
    """The same seed always gives the same requests."""
    return list(islice(_drawn(clinic, size, random.Random(f"{size.name}-{seed}-requests")), number))


def _drawn(clinic: Clinic, size: Size, dice: random.Random) -> Iterator[Request]:
    surgeons = [person for person in clinic.staff.values() if person.role == "surgeon" and person.privileges]
    rooms = sorted(clinic.rooms)
    while True:
        surgeon = dice.choice(surgeons)
        held = [privilege.id for privilege in surgeon.privileges]
        first = MONDAY + dt.timedelta(days=dice.randrange(max(1, size.days - WINDOW)))
        fields: dict[str, Any] = {"surgeon": surgeon.id} if dice.random() < 0.5 else {}
        procedure = dice.choice(held)
        if dice.random() < 0.15:
            fields["additional_procedures"] = tuple(one for one in [dice.choice(held)] if one != procedure)
        if dice.random() < HARD:
            fields |= {
                "room": dice.choice(rooms), "start_from": dice.choice((13, 14, 15)) * 60 + 30,
                "duration_minutes": dice.choice((180, 240, 300)), "weekdays": frozenset(dice.sample(range(5), 2)),
            }  # fmt: skip
        yield Request(
            procedure=procedure, date_from=first, date_to=first + dt.timedelta(days=WINDOW - 1), **fields
        )
