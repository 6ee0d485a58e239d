"""Ready for surgery: what has to be on record of the patient by then, and for how long it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from solver.clinic import Validity, frozen
from solver.request import Patient, Violation
from solver.rules.base import Level
from solver.rules.shapes import COUNT
from solver.rules.starts import FOREVER, Asked, StartRule, Stretch
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts

CLEARED_BY = Waiver.CLINICIAN
BLOOD_THINNER = "anticoagulant"
"""The patient's flag that makes an anticoagulant hold matter."""


class Fasting(StartRule):
    """Wheels-in comes no sooner after the last meal and the last clear drink on record than the site asks for.

    The hours are planning values of the site, not facts; who may have eaten and isn't on record isn't judged.
    """

    # In the clinic file: `last_meal`, `last_drink` in the clinic's `readiness`.

    id, title, owner = "fasting", "Fasting", "anesthesia group"
    waivable_by = CLEARED_BY
    by_room = False
    couples = ("patient", "last meal", "wheels-in")
    defaults = frozen({"meal_hours": 8, "drink_hours": 2})

    @property
    def idle(self) -> bool:
        return not any(each.last_meal or each.last_drink for each in self.clinic.readiness.values())

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        known, params = asked.on_record(facts), self.params_on(day)
        for what, taken in (("meal", known and known.last_meal), ("drink", known and known.last_drink)):
            if taken:
                ready = taken + int(60 * params[f"{what}_hours"])
                yield Stretch(what, -FOREVER, ready, frozen({"ready": self.iso(ready)}))

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        return () if patient and patient.ref else ("patient",)

    def say(self, violation: Violation) -> str:
        ready = violation.facts["ready"]
        what = "meal" if violation.subject == "meal" else "clear drink"
        return (
            f"After the last {what} on record the patient is ready from {self.clock(ready)} "
            f"on {self.day_name(ready)}."
        )


class HistoryAndPhysical(StartRule):
    """The history and physical is no older on the day of surgery than the site's policy says.

    The days are the site's own window, and without a number there is none: 30 is a hospital's rule, and a
    surgery center sets its own (42 CFR 416.52). A new one opens later days.
    """

    # In the clinic file: `history_on` in the clinic's `readiness`; `days`.

    id, title, owner = "history-and-physical", "History and physical", "pre-admission"
    waivable_by = CLEARED_BY
    by_room = False
    couples = ("patient", "date")
    defaults = frozen({"days": None})
    shapes = frozen({"days": COUNT})

    @property
    def idle(self) -> bool:
        return not self.ever("days")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        known, days = asked.on_record(facts), self.params_on(day)["days"]
        if known and known.history_on and days is not None:
            last = known.history_on + dt.timedelta(days=days)
            since = self.midnight(last + dt.timedelta(days=1))
            yield Stretch("patient", since, FOREVER, frozen({"valid_days": days, "last": last.isoformat()}))

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        ref = patient.ref if patient else None
        known = self.clinic.readiness.get(ref) if ref else None
        return () if known and known.history_on else ("date of the history and physical",)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"The history and physical on record holds {facts['valid_days']} days, "
            f"until {self.day_name(facts['last'])}; a later day needs a new one."
        )


class Consent(StartRule):
    """The consent is signed inside the window that the procedure asks for before the day of surgery.

    A patient with a record and no consent on it can sign today at the earliest.
    """

    # In the clinic file: a procedure's `consent: {min_days, max_days}`; `consent_on` in the clinic's
    # `readiness`.

    id, title, owner = "consent", "Consent", "pre-admission"
    unopened = "Only the patient signs, nobody signs into the past, and the law's days aren't waived: other dates are."
    by_room = False
    couples = ("patient", "procedure", "booking date", "date")

    @property
    def idle(self) -> bool:
        return not any(each.consent for each in self.clinic.procedures.values())

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        known = asked.on_record(facts)
        for procedure in asked.mode.procedures if known else ():
            window = self.clinic.procedures[procedure].consent
            if window is None or known is None:
                continue
            signed = known.consent_on or self.calendar.date(facts.as_of)
            first = signed + dt.timedelta(days=window.min_days)
            said = {"signed": known.consent_on is not None, "first": first.isoformat()}
            yield Stretch(procedure, -FOREVER, self.midnight(first), frozen({**said, "last": None}))
            if window.max_days is not None and known.consent_on:
                last = signed + dt.timedelta(days=window.max_days)
                since = self.midnight(last + dt.timedelta(days=1))
                yield Stretch(procedure, since, FOREVER, frozen({**said, "last": last.isoformat()}))

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        ref = patient.ref if patient else None
        known = self.clinic.readiness.get(ref) if ref else None
        return () if known and known.consent_on else ("date of the consent",)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["last"]:
            return f"The consent on record for {facts['name']} holds until {self.day_name(facts['last'])}."
        opens = f"surgery may be from {self.day_name(facts['first'])} on"
        if facts["signed"]:
            return f"By the consent on record for {facts['name']}, {opens}."
        return f"No consent for {facts['name']} is on record; signed today, {opens}."


class Authorisation(StartRule):
    """The payer's authorisation covers the procedure on the day of surgery, where the procedure needs one.

    One for another procedure covers nothing. A patient without a record isn't judged, and the card says so.
    """

    # In the clinic file: a procedure's `authorisation: true`; `authorisations` in the clinic's `readiness`.

    id, title, owner = "authorisation", "Authorisation", "financial clearance"
    waivable_by = CLEARED_BY
    by_room = False
    couples = ("patient", "procedure", "date")

    @property
    def idle(self) -> bool:
        return not any(each.authorisation for each in self.clinic.procedures.values())

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        known = asked.on_record(facts)
        for procedure in asked.mode.procedures if known else ():
            if known and self.clinic.procedures[procedure].authorisation:
                held = [each for each in known.authorisations if each.id == procedure]
                if not any(each.holds(day) for each in held):
                    yield self.whole(day, procedure, day=day.isoformat(), windows=_windows(held))

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        ref = patient.ref if patient else None
        return () if ref in self.clinic.readiness else ("authorisation",)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if not facts["windows"]:
            return f"No authorisation for {facts['name']} is on record."
        first, last = facts["windows"][0]
        since = f" from {self.day_name(first)}" if first else ""
        until = f" until {self.day_name(last)}" if last else ""
        return f"The authorisation for {facts['name']} holds{since}{until}, not on {self.day_name(facts['day'])}."


def _windows(held: Iterable[Validity]) -> list[list[str | None]]:
    return [[day.isoformat() if day else None for day in (each.first, each.last)] for each in held]


class Anticoagulant(StartRule):
    """A patient on a blood thinner has held it long enough on the day of surgery.

    How many days is told of each procedure. One who hasn't stopped can stop today at the earliest.
    """

    # In the clinic file: a procedure's `anticoagulant_days`; the flag `anticoagulant`,
    # `anticoagulant_stopped` in the clinic's `readiness`.

    id, title, owner = "anticoagulant", "Anticoagulant hold", "pre-admission"
    default_level = Level.WARN
    waivable_by = CLEARED_BY
    by_room = False
    couples = ("patient", "procedure", "booking date", "date")

    @property
    def idle(self) -> bool:
        return not any(each.anticoagulant_days for each in self.clinic.procedures.values())

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        known = asked.on_record(facts)
        stopped = known.anticoagulant_stopped if known else None
        if BLOOD_THINNER not in asked.flags and stopped is None:
            return
        since = stopped or self.calendar.date(facts.as_of)
        for procedure in asked.mode.procedures:
            days = self.clinic.procedures[procedure].anticoagulant_days
            if days:
                first = since + dt.timedelta(days=days)
                said = frozen({"held_days": days, "first": first.isoformat(), "stopped": stopped is not None})
                yield Stretch(procedure, -FOREVER, self.midnight(first), said)

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        return () if patient and patient.flags is not None else (BLOOD_THINNER,)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        held = "as it is on record" if facts["stopped"] else "if it begins today"
        return (
            f"{facts['name']} needs {facts['held_days']} days without anticoagulant; {held}, "
            f"the first day is {self.day_name(facts['first'])}."
        )


RULES = (Fasting, HistoryAndPhysical, Consent, Authorisation, Anticoagulant)
