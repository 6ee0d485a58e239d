"""Extra cleans: before a case, after one. What a sentence says of a neighbour is the clean, never who or why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from solver.clinic import Case, frozen
from solver.request import Patient
from solver.rules.base import BaseRule
from solver.rules.pairs import PairRule
from solver.rules.shapes import IDS
from solver.rules.starts import Asked, Stretch
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts

NIGHT = 24 * 60
"""Minutes beyond a day in which a case still counts as a neighbour."""


class LatexFirst(PairRule):
    """A patient with a latex allergy comes first in the room that day, or after an extra clean.

    Where nothing is made of latex it says nothing, so it is off until the site says that it applies. The clean
    comes on top of turnover and set-up. The title is neutral, since it is read beside other patients' cases
    too.
    """

    # In the clinic file: `applies`, `clean_minutes`.

    id, title, owner = "latex-first", "Extra clean before", "charge nurse"
    waivable_by = Waiver.CHARGE_NURSE
    couples = ("patient flags", "room", "order")
    defaults = frozen({"applies": False, "clean_minutes": 60, "flags": ("latex",)})
    shapes = frozen({"flags": IDS})

    @property
    def idle(self) -> bool:
        return not self.ever("applies")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        params = self.params_on(day)
        if not params["applies"]:
            return
        clean, flags = int(params["clean_minutes"]), set(params["flags"])
        for other in _before_and_after(asked, day, facts):
            mine, theirs = bool(flags & asked.flags), bool(flags & set(other.patient_flags))
            if mine and not theirs:
                yield self.clean_after(other, asked, day, facts, clean)
            if theirs and not mine:
                yield self.clean_before(other, asked, day, facts, clean)

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        return () if patient and patient.flags is not None else ("latex",)


class InfectionOrder(PairRule):
    """After a patient with one of these marks, or a procedure of one of these classes: an extra clean, or nothing.

    The clean comes on top of turnover and set-up; at 0 minutes none is kept. A case at the end of the day needs
    none, and one booked later behind it has to leave the time. Together with latex it is no contradiction: an
    only case, or the first one with a clean behind it.
    """

    # In the clinic file: `clean_minutes`.

    id, title, owner = "infection-order", "Extra clean after", "charge nurse"
    waivable_by = Waiver.CHARGE_NURSE
    couples = ("patient flags", "contamination", "room", "order")
    defaults = frozen({"clean_minutes": 0, "flags": ("mrsa", "c-diff"), "classes": ("contaminated", "dirty")})
    shapes = frozen({"flags": IDS, "classes": IDS})

    @property
    def idle(self) -> bool:
        return not self.ever("clean_minutes")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        params = self.params_on(day)
        clean = int(params["clean_minutes"])
        for other in _before_and_after(asked, day, facts) if clean else ():
            if self._after(other.patient_flags, other.procedures, params):
                yield self.clean_after(other, asked, day, facts, clean)
            if self._after(asked.flags, asked.mode.procedures, params):
                yield self.clean_before(other, asked, day, facts, clean)

    def _after(self, flags: Iterable[str], procedures: Iterable[str], params: Mapping[str, Any]) -> bool:
        classes = {self.clinic.procedures[each].contamination for each in procedures}
        return bool(set(flags) & set(params["flags"]) or classes & set(params["classes"]))

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        known = patient is not None and patient.flags is not None
        return () if known else dict.fromkeys(flag for flags in self.values("flags") for flag in flags)


def _before_and_after(asked: Asked, day: dt.date, facts: Facts) -> list[Case]:
    """The other cases in that room on the day and those next to it: in a room open at night no night lies between."""
    frame = facts.calendar.frame(day)
    held = facts.book.near(asked.room, frame.origin - NIGHT, frame.end + NIGHT)
    return [facts.book.cases[r.case] for r in held if r.case != asked.case]


RULES: tuple[type[BaseRule], ...] = (LatexFirst, InfectionOrder)
