"""Changes beside shifts, units and hours: a room reopened, nurses for a bay, a record, a request asked otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from solver.clinic import Clinic, Closure, NursesOn, Window, frozen
from solver.grid import Calendar
from solver.laid import found, with_record
from solver.request import Request
from solver.wording import Wording


@dataclass(frozen=True)
class ReopenRoom:
    """A closed room open again on one date, because what closed it is over; other days of the closure stay."""

    room: str
    date: dt.date
    type: Literal["reopen-room"] = "reopen-room"

    def apply(self, clinic: Clinic) -> Clinic:
        room = found(clinic.rooms, "room", self.room)
        day = Calendar(clinic.timezone).window(self.date, (0, 24 * 60))
        kept = tuple(part for closure in room.closures for part in _outside(closure, *day))
        return with_record(clinic, "rooms", replace(room, closures=kept))

    def say(self, clinic: Clinic) -> str:
        return f"{clinic.name_of(self.room)} open again on {Wording(clinic).day(self.date)}"


def _outside(closure: Closure, start: int, end: int) -> list[Closure]:
    before = replace(closure, end=min(closure.end, start))
    after = replace(closure, start=max(closure.start, end))
    return [part for part in dict.fromkeys((before, after)) if part.start < part.end]


@dataclass(frozen=True)
class AddNurses:
    """More nurses for a pool of bays in some hours of a weekday (0 is Monday)."""

    bay: str
    day: int
    window: Window
    count: int = 1
    type: Literal["add-nurses"] = "add-nurses"

    def apply(self, clinic: Clinic) -> Clinic:
        bay = found(clinic.bays, "bay", self.bay)
        if not bay.nurses:  # nobody counts them there, so that one more would be fewer than enough
            return clinic
        more = NursesOn(self.count, frozen({self.day: (self.window,)}))
        return with_record(clinic, "bays", replace(bay, nurses=(*bay.nurses, more)))

    def say(self, clinic: Clinic) -> str:
        words = Wording(clinic)
        many = "1 more nurse" if self.count == 1 else f"{self.count} more nurses"
        where = f"{many} for {clinic.name_of(self.bay)}"
        return f"{where} {words.span(self.window)} on {words.weekday(self.day)}s"


@dataclass(frozen=True)
class ChangeRequest:
    """The same asked another way: with another surgeon or anesthesia; None leaves it open."""

    field: Literal["surgeon", "anesthesia"]
    value: str | None
    type: Literal["change-request"] = "change-request"

    def apply(self, clinic: Clinic) -> Clinic:
        if self.field == "surgeon" and self.value is not None:
            found(clinic.staff, "surgeon", self.value)
        return clinic

    def asked(self, request: Request) -> Request:
        """The request with the field changed; a surgeon who is named is no longer left out."""
        if self.field == "surgeon":
            return replace(
                request, surgeon=self.value, exclude_surgeons=request.exclude_surgeons - {self.value}
            )
        return replace(request, anesthesia=self.value)

    def say(self, clinic: Clinic) -> str:
        if self.value is None:
            return (
                "any surgeon instead"
                if self.field == "surgeon"
                else "the procedure's usual anesthesia instead"
            )
        who = clinic.name_of(self.value) if self.field == "surgeon" else f"{self.value} anesthesia"
        return f"{who} instead"


@dataclass(frozen=True)
class SetRecord:
    """One record in place of the one with its id, or beside the others; `kind` is its table of the clinic file.

    `value` is the solver's record, for "clinic" its fields; `said` is what changes, in words.
    """

    kind: Literal["clinic", "rooms", "equipment", "trays", "bays", "staff", "procedures", "blocks"]
    id: str
    value: Any
    said: str = ""
    type: Literal["set-record"] = "set-record"

    def apply(self, clinic: Clinic) -> Clinic:
        if self.kind == "clinic":
            return replace(clinic, **self.value)
        if self.kind != "blocks":
            return with_record(clinic, self.kind, self.value)
        kept = tuple(self.value if block.id == self.id else block for block in clinic.blocks)
        return replace(clinic, blocks=kept if self.value in kept else (*kept, self.value))

    def say(self, clinic: Clinic) -> str:
        return self.said or f"{clinic.name_of(self.id)} changed"


@dataclass(frozen=True)
class OverrideRule:
    """A rule set aside for this case by whoever may; raises `NotWaivable` later where nobody may."""

    rule: str
    reason: str = "what-if"
    type: Literal["override-rule"] = "override-rule"

    def apply(self, clinic: Clinic) -> Clinic:
        return clinic

    def say(self, clinic: Clinic) -> str:
        return self.ending(clinic)

    def ending(self, clinic: Clinic, subjects: Sequence[str] = ()) -> str:
        """The same, with those whom the rule stands against."""
        # The rules' ways out are changes, so that these can't import the rules at the top.
        from solver.rules import CATALOGUE

        rule = CATALOGUE.get(self.rule)
        if rule is None:
            return f"{self.rule} overridden for this case"
        return rule(clinic, clinic.rules.get(self.rule)).set_aside(subjects)


def titled(rule: str) -> str:
    """A rule's title inside a sentence: its id may name what another patient has, and says little to a director."""
    # The rules' ways out are changes, so that these can't import the rules at the top.
    from solver.rules import CATALOGUE
    from solver.rules.base import mid_sentence

    return mid_sentence(CATALOGUE[rule].title) if rule in CATALOGUE else rule
