"""A small clinic in which everything fits, to be spoiled one rule at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evals.oracle.book import Record
from evals.oracle.clock import WEEKDAYS

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 2, 2, 9, 0, tzinfo=ZONE)
DAY = "2026-03-03"  # a Tuesday, the first of its month


def weekly(hours: str = "00:00-24:00", days: tuple[str, ...] = WEEKDAYS) -> Record:
    """The same hours on each of the days."""
    return dict.fromkeys(days, hours)


def person(role: str, **more: Any) -> Record:
    """Someone who is always there."""
    return {"name": role, "role": role, "shifts": weekly(), **more}


def may(*procedures: str, **more: Any) -> list[Record]:
    """Privileges."""
    return [{"procedure": procedure, **more} for procedure in procedures]


def clinic() -> Record:
    """Two rooms, two surgeons, spare staff, always open; `scope` and `hand` take an hour."""
    return {
        "format": 1,
        "clinic": {
            "id": "small",
            "timezone": "America/New_York",
            "start_step_minutes": 15,
            "hours": weekly(),
        },
        "rooms": {
            name: {"hours": weekly(), "equipment": ["tower"], "features": ["lead"]} for name in ("r1", "r2")
        },
        "equipment": {"tower": {"kind": "fixed"}, "arm": {"kind": "mobile", "units": 1, "move_minutes": 10}},
        "trays": {"set": {"units": 1, "reprocessing_minutes": 120}},
        "bays": {"pacu": {"units": 1, "hours": weekly()}},
        "staff": {
            "s1": person("surgeon", privileges=may("scope", "hand")),
            "s2": person("surgeon", privileges=may("scope", "hand")),
            **{name: person("anesthesiologist") for name in ("a1", "a2")},
            **{name: person("circulator") for name in ("c1", "c2")},
            "x1": person("rad-tech", certifications=[{"id": "fluoro"}]),
        },
        "procedures": {name: procedure() for name in ("scope", "hand")},
        "rules": {},
        "cases": [],
    }


def procedure(**more: Any) -> Record:
    """An hour under general anesthesia with an anesthesiologist and a circulator."""
    return {
        "minutes": {"default": {"median": 60, "p80": 75}},
        "setup_minutes": 15,
        "turnover_minutes": 20,
        "anesthesia": {"default": "general", "options": ["general", "local"]},
        "team": [{"role": "anesthesiologist"}, {"role": "circulator"}],
        **more,
    }


def team(anesthesiologist: str = "a1", circulator: str = "c1", **more: str) -> list[Record]:
    """A team; more people as role=person with _ for -."""
    people = {"anesthesiologist": anesthesiologist, "circulator": circulator, **more}
    return [{"role": role.replace("_", "-"), "resource": who} for role, who in people.items() if who]


def case(start: str = "08:00", day: str = DAY, length: int = 60, **more: Any) -> Record:
    """An offered case as a product writes it, with offsets; `start` is wall time or a whole ISO instant."""
    begin = datetime.fromisoformat(start if "T" in start else f"{day}T{start}")
    begin = begin if begin.tzinfo else begin.replace(tzinfo=ZONE)
    end = datetime.fromtimestamp((begin + timedelta(0)).timestamp() + length * 60, ZONE)
    offered = {"procedure": "scope", "surgeon": "s1", "room": "r1", "anesthesia": "general", "team": team()}
    return {**offered, "start": begin.isoformat(), "end": end.isoformat(), **more}


def booked(start: str = "08:00", day: str = DAY, minutes: int = 60, **more: Any) -> Record:
    """A booked case as the clinic file writes it, elsewhere and with other people than `case`."""
    row = {"id": f"b-{start}", "procedure": "scope", "surgeon": "s2", "room": "r2", "anesthesia": "general"}
    return {
        **row,
        "team": team("a2", "c2"),
        "start": f"{day}T{start}",
        "minutes": minutes,
        "status": "booked",
        **more,
    }
