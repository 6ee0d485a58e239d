"""What differs in writing and not in meaning: bounds that hold anyway, closed days, and all but one left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from evals.corpus.requests import Request
from evals.corpus.words import clinic_of
from solver.clinic import Clinic


@dataclass(frozen=True)
class Sameness:
    """A clinic's hours as minutes of the day, and its open weekdays."""

    opening: int
    closing: int
    open_days: frozenset[int]
    rooms: frozenset[str]
    able: Mapping[str, frozenset[str]]
    """Procedure -> the surgeons who may do it."""

    @classmethod
    def at(cls, request: Request) -> Sameness:
        """The hours of the request's clinic."""
        return _of(request.clinic, dt.date.fromisoformat(request.now[:10]))

    def bounds(self, flat: dict[str, Any]) -> dict[str, Any]:
        """Fields without bounds that any case keeps ("morning" begins when the rooms open), ends on open days."""
        edges = {"date_from": self._first, "date_to": self._last}
        found = {key: _each(edges[key], value) if key in edges else value for key, value in flat.items()}
        if _minutes(found.get("start_from")) <= self.opening:
            found.pop("start_from", None)
        if min(_minutes(found.get(key), 1440) for key in ("start_until", "end_by")) >= self.closing:
            found = {key: value for key, value in found.items() if key not in {"start_until", "end_by"}}
        return found

    def names(self, flat: dict[str, Any]) -> dict[str, Any]:
        """Leaving out all but one of those who may do it, or all rooms but one, names that one."""
        able = self.able.get(flat["procedure"]) if isinstance(flat.get("procedure"), str) else None
        for key, every in (("surgeon", able), ("room", self.rooms)):
            left = (every or frozenset()) - set(flat.get(f"exclude_{key}s") or ())
            if flat.get(f"exclude_{key}s") and key not in flat and len(left) == 1:
                flat = {name: value for name, value in flat.items() if name != f"exclude_{key}s"}
                flat[key] = next(iter(left))
        return flat

    def _first(self, day: str) -> str:
        return self._open(day, 1)

    def _last(self, day: str) -> str:
        return self._open(day, -1)

    def _open(self, day: str, step: int) -> str:
        found = dt.date.fromisoformat(day)
        while found.weekday() not in self.open_days:
            found += dt.timedelta(days=step)
        return found.isoformat()


@cache
def _of(clinic: str, day: dt.date) -> Sameness:
    known: Clinic = clinic_of(clinic, day)
    windows = [window for room in known.rooms.values() for hours in room.hours.values() for window in hours]
    open_days = frozenset(day for day in range(7) if known.hours.get(day))
    able = {
        procedure: frozenset(
            p.id for p in known.staff.values() if procedure in {each.id for each in p.privileges}
        )
        for procedure in known.procedures
    }
    opening, closing = min(start for start, _ in windows), max(end for _, end in windows)
    return Sameness(opening, closing, open_days, frozenset(known.rooms), able)


def _each(change: Callable[[str], str], value: Any) -> Any:
    if isinstance(value, dict):
        return {"any": [_each(change, each) for each in value["any"]]}
    return change(value) if isinstance(value, str) else value


def _minutes(value: Any, otherwise: int = 10_000) -> int:
    """A clock's minutes; `otherwise` where there is none; where several would do, one that bounds."""
    if isinstance(value, dict):
        return 720
    return int(value[:2]) * 60 + int(value[3:5]) if isinstance(value, str) else otherwise
