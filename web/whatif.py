"""Changes to try on the page Why not: those of the ways out, and those that a director makes up.

A change travels in the page's address, so that a page of changes can be kept, sent on, and printed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solver.clinic import Clinic
from tools.errors import ToolError
from web.language import _
from web.structured import WEEKDAYS

MOST = 20


@dataclass(frozen=True)
class Own:
    """The fields of a change of one's own; empty ones make none."""

    unit: str = ""
    open_what: str = ""
    open_day: str = ""
    open_from: str = ""
    open_until: str = ""
    works_who: str = ""
    works_on: str = ""
    works_from: str = ""
    works_until: str = ""

    def changes(self) -> list[str]:
        """What was filled in; half of one is told rather than dropped."""
        made: list[dict[str, Any]] = []
        if self.unit:
            made.append({"type": "add-unit", "resource": self.unit, "units": 1})
        if self.open_what:
            _whole(
                (self.open_day, self.open_from, self.open_until), _("the weekday and both hours"), "open_what"
            )
            made.append({
                "type": "set-hours", "resource": self.open_what, "day": self.open_day,
                "start": self.open_from, "end": self.open_until,
            })  # fmt: skip
        if self.works_who:
            _whole(
                (self.works_on, self.works_from, self.works_until), _("the date and both hours"), "works_who"
            )
            made.append({
                "type": "add-shift", "staff": self.works_who, "date": self.works_on,
                "start": self.works_from, "end": self.works_until,
            })  # fmt: skip
        return [packed([each]) for each in made]


def _whole(parts: Iterable[str], missing: str, field: str) -> None:
    if not all(parts):
        said = _("A change of your own lacks %(what)s. Maybe fill them in, or leave all of it empty.")
        raise ToolError("invalid", said % {"what": missing}, field)


def packed(changes: Sequence[Mapping[str, Any]]) -> str:
    """Changes that belong together, as one value of a form."""
    return json.dumps(list(changes), sort_keys=True)


def unpacked(texts: Iterable[str]) -> list[Any]:
    """The changes of the form's values, each once and in their order; raises `ToolError("invalid")`."""
    found: list[Any] = []
    for text in texts:
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            read = None
        several = read if isinstance(read, list) else [read]
        if not all(isinstance(each, dict) for each in several):
            said = _("That change isn't JSON as the page writes it. Maybe take one of those listed.")
            raise ToolError("invalid", said, "change")
        found += [each for each in several if each not in found]
    if len(found) > MOST:
        raise ToolError("invalid", _("More than %(n)s changes at once. Maybe fewer.") % {"n": MOST}, "change")
    return found


def choices(clinic: Clinic) -> dict[str, list[tuple[str, str]]]:
    """What a change of one's own can be about."""
    pools: list[Any] = [*clinic.equipment.values(), *clinic.trays.values(), *clinic.bays.values()]
    people = sorted(clinic.staff.values(), key=lambda each: (each.role != "surgeon", each.role, each.name))
    return {
        "units": [(each.id, each.name) for each in pools],
        "open": [(each.id, each.name) for each in clinic.rooms.values()] + [("clinic", clinic.name)],
        "days": [(value, _(text)) for value, text in WEEKDAYS],
        "people": [(each.id, f"{each.name}, {each.role}") for each in people],
    }
