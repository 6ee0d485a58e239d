"""The order of the day: which case follows which, what goes first, last or early, and what a room needs between two.

Sentences about a neighbour say what the room needs, never who is in it or why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from solver.clinic import SURGEON, Case, Instant, frozen
from solver.request import Patient, Violation
from solver.reserve import Mode
from solver.rules.base import BaseRule, Level, Scope
from solver.rules.pairs import PairRule
from solver.rules.pool import Use, full
from solver.rules.remedy import other_case
from solver.rules.shapes import CLOCK, CLOCKS, COUNT, IDS, wall
from solver.rules.starts import FOREVER, Asked, StartRule, Stretch, others_in
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts


class FirstCase(StartRule):
    """Nobody is wheeled in before the first-case time of the weekday, where there is one."""

    # In the clinic file: `not_before: {mon: "07:30", wed: "08:30"}`.

    id, title, owner = "first-case", "First-case start", "OR manager"
    default_level = Level.WARN
    waivable_by = Waiver.CHARGE_NURSE
    by_room = False
    couples = ("room", "weekday", "wheels-in")
    defaults = frozen({"not_before": frozen()})
    shapes = frozen({"not_before": CLOCKS})

    @property
    def idle(self) -> bool:
        return not self.ever("not_before")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        clock = self.params_on(day)["not_before"].get(f"{day:%a}".lower())
        if clock:
            first = self.calendar.instant(day, wall(clock))
            yield Stretch(
                "clinic", self.midnight(day), first, frozen({"day": day.isoformat(), "first": wall(clock)})
            )

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return f"The first case on {self.day_name(facts['day'])} starts at {self.clock(facts['first'])} or later."


class SurgeonArrival(StartRule):
    """A surgeon's first case starts some minutes after their hours begin: the way from another site.

    How long it takes is told of each surgeon. Behind an earlier case the surgeon is there already.
    """

    # In the clinic file: a surgeon's `arrival_minutes`. It isn't monotone.

    id, title, owner = "surgeon-arrival", "Surgeon's arrival", "OR manager"
    default_level = Level.WARN
    waivable_by = Waiver.CHARGE_NURSE
    monotone = False
    couples = ("surgeon", "first case", "wheels-in")

    @property
    def idle(self) -> bool:
        return not any(person.arrival_minutes for person in self.clinic.staff.values())

    def tied(self, room: str) -> frozenset[str]:
        return frozenset(person.id for person in self.clinic.staff.values() if person.arrival_minutes)

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        person = self.clinic.staff.get(asked.mode.surgeon)
        if person is None or not person.arrival_minutes:
            return
        for begins, ends in self.open_near(day, person.windows_on, 0):  # they don't begin anew at midnight
            held = facts.book.near(person.id, begins, ends)
            cases = (facts.book.cases[r.case] for r in held if r.role == SURGEON and r.case != asked.case)
            earlier = min((case.start for case in cases if case.start >= begins), default=FOREVER)
            ready = begins + person.arrival_minutes
            said = {"minutes": person.arrival_minutes, "ready": self.iso(ready)}
            yield Stretch(person.id, begins, min(ready, earlier + 1), frozen(said))

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']} arrives {facts['minutes']} minutes before the first case, "
            f"which may start at {self.clock(facts['ready'])}."
        )


class Follows(StartRule):
    """A to-follow case comes next in the same room on the same day; nothing is put between such a pair.

    The wait between wheels-out and wheels-in has a longest time where one is set. One that follows in a flip
    room is the business of flip rooms.
    """

    # In the clinic file: a case's `follows`, a request's `after_case`; `most_wait_minutes`, None for no
    # limit.

    id, title, owner = "follows", "To follow", "scheduling office"
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.PAIR
    monotone = False
    couples = ("case before", "room", "order")
    defaults = frozen({"most_wait_minutes": None})
    shapes = frozen({"most_wait_minutes": COUNT})

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        before = facts.book.cases.get(asked.follows) if asked.follows else None
        if before and asked.arrangement != "flip":
            yield from self._after(before, asked, day, facts)
        for other in others_in(asked, day, facts):
            first = facts.book.cases.get(other.follows) if other.follows else None
            if first and first.room == other.room and first.id != asked.case:
                said = self._said(first, "between", next=self.iso(other.start))
                yield Stretch(asked.room, first.end, other.start, said)

    def _after(self, before: Case, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        wait = self.params_on(day)["most_wait_minutes"]
        said = self._said(before, "order")
        if before.room != asked.room:
            yield self.whole(day, asked.room, **self._said(before, "room"))
            return
        yield Stretch(asked.room, -FOREVER, before.end, said)
        yield Stretch(asked.room, self.midnight(facts.date(before) + dt.timedelta(days=1)), FOREVER, said)
        later = [case.start for case in others_in(asked, day, facts) if case.start >= before.end]
        if later:
            yield Stretch(asked.room, min(later), FOREVER, said)
        if wait is not None:
            yield Stretch(asked.room, before.end + wait + 1, FOREVER, said)

    def _said(self, before: Case, why: str, **more: Any) -> Mapping[str, Any]:
        room = self.clinic.name_of(before.room)
        return frozen({"why": why, "end": self.iso(before.end), "room_name": room, "case": before.id, **more})

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        ends = f"{self.clock(facts['end'])} in {facts['room_name']}"
        if facts["why"] == "between":
            return (
                f"The case at {self.clock(facts['next'])} in {facts['room_name']} is to follow the one that ends at "
                f"{self.clock(facts['end'])}: nothing goes between them."
            )
        if facts["why"] == "room":
            return f"The case follows the one that ends at {ends}, and has to be in the same room."
        return f"The case follows the one that ends at {ends}, and has to be the next one there that day."


class BackToBack(PairRule):
    """Back-to-back cases have no more between them than turnover and set-up, rounded up to the start step.

    Where some slack is set, that many minutes more are allowed.
    """

    id, title, owner = "back-to-back", "Back to back", "scheduling office"
    unopened = "The start behind the case before is computed: what stands against it is its own rule's."
    waivable_by = Waiver.CHARGE_NURSE
    monotone = False
    couples = ("case before", "turnover", "wheels-in")
    defaults = frozen({"slack_minutes": 0})

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        before = facts.book.cases.get(asked.follows) if asked.follows else None
        if before is None or asked.arrangement != "back-to-back":
            return
        ready = before.end + self.between(facts.mode(before), asked.mode, day)
        last = self._on_step(ready) + int(self.params_on(day)["slack_minutes"])
        said = {"end": self.iso(before.end), "last": self.iso(last)}
        yield Stretch(asked.room, last + 1, FOREVER, frozen(said))

    def _on_step(self, instant: Instant) -> Instant:
        at = self.calendar.wall(instant)
        return instant + -(at.hour * 60 + at.minute) % self.clinic.start_step_minutes

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"Back to back with the case that ends at {self.clock(facts['end'])}, "
            f"wheels-in is at {self.clock(facts['last'])} at the latest."
        )


class FlipRooms(StartRule):
    """A surgeon's cases overlap only outside their critical parts, and in no more rooms at once than are allowed.

    Where every procedure of a case says which part is critical, the surgeon is taken for that part alone, so
    that critical parts that meet are a double booking of the surgeon. Without them no two cases of a surgeon
    overlap. Each room needs its own team, as any case does.
    """

    # In the clinic file: the procedures' `critical` parts; the double booking is `person-occupancy`.

    id, title, owner = "flip-rooms", "Flip rooms", "chief medical officer"
    remedies = (other_case,)
    scope = Scope.PAIR
    couples = ("surgeon", "room", "critical part", "wheels-in", "wheels-out")
    defaults = frozen({"max_rooms": 2})
    shapes = frozen({"max_rooms": COUNT})

    @property
    def idle(self) -> bool:
        return not any(each.critical for each in self.clinic.procedures.values())

    def tied(self, room: str) -> frozenset[str]:
        return frozenset(self.clinic.staff)

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        frame, length = facts.calendar.frame(day), asked.mode.minutes
        held = facts.book.near(asked.mode.surgeon, frame.origin - 24 * 60, frame.end + length + 24 * 60)
        theirs = [facts.book.cases[r.case] for r in held if r.role == SURGEON and r.case != asked.case]
        others = [case for case in theirs if case.room != asked.room]
        whole = [case for case in others if not (self._flips(asked.mode) and self._flips(facts.mode(case)))]
        rooms = int(self.params_on(day)["max_rooms"])
        busy = [(case.start, case.end) for case in whole]
        busy += full([Use(case.start, case.end) for case in others], rooms)
        for start, end in busy:
            met = next((case.id for case in others if case.start < end and start < case.end), None)
            said = {"start": self.iso(start), "end": self.iso(end), "rooms": rooms, "case": met}
            why = "whole" if (start, end) in busy[: len(whole)] else "rooms"
            yield Stretch(asked.mode.surgeon, start - length + 1, end, frozen({**said, "why": why}))

    def _flips(self, mode: Mode) -> bool:
        return all(self.clinic.procedures[procedure].critical for procedure in mode.procedures)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        if facts["why"] == "rooms":
            rooms = "1 room" if facts["rooms"] == 1 else f"{facts['rooms']} rooms"
            return f"{facts['name']} already has {rooms} {self.span(facts)}, the most allowed."
        return (
            f"{facts['name']} is in another room {self.span(facts)}, and one of the two cases can't be left."
        )


class StageGap(StartRule):
    """Two cases of one patient with the same procedure are as many days apart as the procedure asks for."""

    # In the clinic file: a procedure's `stage_gap_days`.

    id, title, owner = "stage-gap", "Gap between stages", "surgeon"
    waivable_by = Waiver.SURGEON
    scope = Scope.PAIR
    by_room = False
    couples = ("patient", "procedure", "date")

    @property
    def idle(self) -> bool:
        return not any(each.stage_gap_days for each in self.clinic.procedures.values())

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        for other in facts.book.cases.values() if asked.ref else ():
            if other.patient != asked.ref or other.id == asked.case:
                continue
            both = set(asked.mode.procedures) & set(other.procedures)
            gap = max((self.clinic.procedures[each].stage_gap_days or 0 for each in both), default=0)
            if gap:
                on = facts.date(other)
                first, after = on - dt.timedelta(days=gap - 1), on + dt.timedelta(days=gap)
                said = {"gap": gap, "on": on.isoformat(), "after": after.isoformat()}
                yield Stretch("patient", self.midnight(first), self.midnight(after), frozen(said))

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        return () if patient and patient.ref else ("patient",)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"The patient has this procedure on {self.day_name(facts['on'])}; {facts['gap']} days lie between two, "
            f"so the next is from {self.day_name(facts['after'])} on."
        )


class EarlyCase(StartRule):
    """Patients with one of these marks start before the time that is set; without a time it asks for nothing.

    It advises unless made hard. A patient under the age that is set counts as a child, said or not.
    """

    # In the clinic file: `before`, None for no time; `child_under` gives the flag `child`.

    id, title, owner = "early-case", "Early case", "charge nurse"
    default_level = Level.SOFT
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.DAY
    by_room = False
    couples = ("patient flags", "wheels-in")
    defaults = frozen(
        {"before": None, "flags": ("diabetic", "child", "frail", "malignant-hyperthermia"), "child_under": 12}
    )
    shapes = frozen({"before": CLOCK, "flags": IDS})

    @property
    def idle(self) -> bool:
        return not self.ever("before")

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        params = self.params_on(day)
        flags = asked.flags | ({"child"} if _under(asked.patient, params["child_under"]) else set())
        if params["before"] and flags & set(params["flags"]):
            last = wall(params["before"])
            since, end = self.calendar.window(day, (last, 24 * 60))
            yield Stretch("patient", since, end, frozen({"before": last}))

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        return () if patient and patient.flags is not None else ("flags",)

    def say(self, violation: Violation) -> str:
        return f"This patient is to start early, before {self.clock(violation.facts['before'])}."


def _under(patient: Patient | None, years: float) -> bool:
    return patient is not None and patient.age is not None and patient.age < years


RULES: tuple[type[BaseRule], ...] = (
    FirstCase, SurgeonArrival, Follows, BackToBack, FlipRooms, StageGap, EarlyCase,
)  # fmt: skip
