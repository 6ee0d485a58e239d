"""Supplies from outside: implants and loaners that have to be ordered, and the vendor's representative."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.clinic import frozen
from solver.request import Violation
from solver.rules.base import Level
from solver.rules.nursing import PlaceFilled
from solver.rules.starts import FOREVER, Asked, StartRule, Stretch
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts

VENDOR = "vendor"
"""Role of a vendor's representative, who is staff with a calendar: one room at a time."""


class ImplantLead(StartRule):
    """Loaners and implants are ordered as many working days ahead as the procedure asks for.

    Weekends and the clinic's holidays don't count: what is ordered on Friday with two days' lead is there on
    Tuesday.
    """

    # In the clinic file: a procedure's `implant_lead_days`.

    id, title, owner = "implant-lead", "Implant lead time", "sterile processing"
    waivable_by = Waiver.SURGEON
    by_room = False
    couples = ("procedure", "booking date", "date")
    at_booking = True

    @property
    def idle(self) -> bool:
        return not any(each.implant_lead_days for each in self.clinic.procedures.values())

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        for procedure in asked.mode.procedures:
            days = self.clinic.procedures[procedure].implant_lead_days
            if days:
                first = self._working_days_after(self.calendar.date(facts.as_of), days)
                said = frozen({"lead_days": days, "first": first.isoformat()})
                yield Stretch(procedure, -FOREVER, self.midnight(first), said)

    def _working_days_after(self, day: dt.date, count: int) -> dt.date:
        closed = {holiday.date for holiday in self.clinic.holidays}
        while count:
            day += dt.timedelta(days=1)
            count -= day.weekday() < 5 and day not in closed
        return day

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        days = "1 working day" if facts["lead_days"] == 1 else f"{facts['lead_days']} working days"
        return f"Implants for {facts['name']} take {days}: the first day is {self.day_name(facts['first'])}."


class VendorPresent(PlaceFilled):
    """Where a case asks for a vendor, a representative is there, whose shifts are their calendar here."""

    # In the clinic file: a place for the role `vendor`.

    id, title, owner = "vendor-present", "Vendor's representative", "surgeon's office"
    default_level = Level.WARN
    waivable_by = Waiver.SURGEON
    roles = (VENDOR,)

    @property
    def idle(self) -> bool:
        return not any(need.role == VENDOR for each in self.clinic.procedures.values() for need in each.team)


RULES = (ImplantLead, VendorPresent)
