"""Duty: how long people work, when they rest, and what a night on call leaves of the day after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from solver.clinic import SURGEON, Instant, Staff, frozen
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.rules.base import BaseRule, Level, Scope
from solver.rules.nursing import PersonRule
from solver.rules.pauses import PauseRule
from solver.rules.remedy import colleague, override
from solver.rules.shapes import CLOCK, NUMBER, wall
from solver.rules.starts import Asked, StartRule, Stretch
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.assign import Place, TeamModel
    from solver.book import Facts
    from solver.reserve import Need
    from solver.snapshot import Candidate, DaySnapshot

Period = tuple[Instant, Instant, int, str]
"""From, until, the most minutes in it, and "day" or "week"."""


class HoursRule(PersonRule):
    """The most minutes a person is booked in a period, counted where their place in the team begins."""

    remedies = (override, colleague)
    exact = False
    couples = ("person", "date", "minutes booked")

    def periods(self, person: Staff, date: dt.date) -> Iterator[Period]:
        """The periods around a date in which the person's minutes are bounded."""
        yield from ()

    def week(self, date: dt.date, most: int) -> Period:
        """The clinic week, Monday to Sunday."""
        monday = date - dt.timedelta(days=date.weekday())
        following = monday + dt.timedelta(days=7)
        return self.calendar.instant(monday, 0), self.calendar.instant(following, 0), most, "week"

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        person, need, mask = self.person(candidate), candidate.need, 0
        if person is None:
            return
        for date in self.calendar.dates(day.frame.origin + need.begin, day.frame.end + need.begin):
            frame = self.calendar.frame(date)
            for start, end, most, _ in self.periods(person, date):
                if self._minutes(person.id, day.facts, start, end) + need.minutes > most:
                    mask |= day.frame.starts(frame.origin - need.begin, frame.end - need.begin - 1)
        yield self.atom(person.id), mask

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        """A person in several places counts the minutes of all, each in the period in which it begins."""
        for person, places in model.places_by_person():
            record = self.clinic.staff.get(person)
            if record is None:
                continue
            dates = {self.calendar.date(place.begin): None for place in places}
            for start, end, most, _ in {p: None for date in dates for p in self.periods(record, date)}:
                counted = [place for place in places if start <= place.begin < end]
                spare = max(0, most - self._minutes(person, model.facts, start, end))
                model.limit_minutes(counted, spare, on(self.atom(person)))

    def _minutes(self, person: str, facts: Facts, start: Instant, end: Instant) -> int:
        near = facts.book.near(person, start, end)
        return sum(r.end - r.start for r in near if start <= r.start < end)

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        seen: set[tuple[str, Period]] = set()
        for person, _, taken in self.people(plan, facts):
            date = facts.calendar.date(taken.start)
            for period in self.periods(person, date):
                if (person.id, period) not in seen:
                    seen.add((person.id, period))
                    start, end, most, what = period
                    minutes = self._minutes(person.id, facts, start, end)
                    if minutes > most:
                        yield self.broken(
                            person.id, most=most, minutes=minutes, day=date.isoformat(), period=what
                        )

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        day = self.day_name(facts["day"])
        when = f"in the week of {day}" if facts["period"] == "week" else f"on {day}"
        return (
            f"{facts['name']} would be booked {facts['minutes']} minutes {when}; the most is {facts['most']}."
        )


class StaffHours(HoursRule):
    """The most minutes a person is booked on one day and in one week, Monday to Sunday.

    Each person may have limits of their own; the week's limit here is everybody's, and without a number there
    is none.
    """

    # In the clinic file: a person's `max_minutes_day`, `max_minutes_week`; `week_minutes`.

    id, title, owner = "staff-hours", "Hours a day and week", "nurse manager"
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.WEEK
    defaults = frozen({"week_minutes": None})
    shapes = frozen({"week_minutes": NUMBER})

    def periods(self, person: Staff, date: dt.date) -> Iterator[Period]:
        if person.max_minutes_day is not None:
            frame = self.calendar.frame(date)
            yield frame.origin, frame.end, person.max_minutes_day, "day"
        own = person.max_minutes_week
        most = own if own is not None else self.params_on(date)["week_minutes"]
        if most is not None and (own is not None or person.role != SURGEON):
            yield self.week(date, int(most))


class Overtime(HoursRule):
    """Minutes booked in a week beyond the limit are overtime; without a limit none is counted.

    It advises unless made hard.
    """

    # In the clinic file: `week_minutes`.

    id, title, owner = "overtime", "Overtime", "nurse manager"
    default_level = Level.SOFT
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.WEEK
    defaults = frozen({"week_minutes": None})
    shapes = frozen({"week_minutes": NUMBER})

    @property
    def idle(self) -> bool:
        return not self.ever("week_minutes")

    def periods(self, person: Staff, date: dt.date) -> Iterator[Period]:
        most = self.params_on(date)["week_minutes"]
        if most is not None and person.role != SURGEON:
            yield self.week(date, int(most))


class Breaks(PauseRule):
    """Nobody goes from case to case for longer than is set without a pause of the length that is set.

    Without a number no pause is asked for. A single case that is longer is relieved in its room, and not
    counted. Surgeons' limits are their own rule.
    """

    # In the clinic file: `after_minutes`, `minutes`.

    id, title, owner = "breaks", "Breaks", "nurse manager"
    remedies = (override, colleague)
    waivable_by = Waiver.CHARGE_NURSE
    exact = False
    couples = ("person", "consecutive cases", "wheels-in", "wheels-out")

    @property
    def idle(self) -> bool:
        return not self.ever("after_minutes")

    def concerns(self, need: Need) -> bool:
        return need.key != SURGEON


class Rest(PersonRule):
    """Between the work of one day and that of the next lie as many hours as are set; without a number none are.

    Counted from what is booked; a day's work belongs to the date of its case's wheels-in.
    """

    # In the clinic file: `hours`.

    id, title, owner = "rest", "Rest between days", "nurse manager"
    remedies = (override, colleague)
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.WEEK
    couples = ("person", "last case of the day before", "first case of the day after")
    defaults = frozen({"hours": None})
    shapes = frozen({"hours": NUMBER})

    @property
    def idle(self) -> bool:
        return not self.ever("hours")

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        need, frame, mask = candidate.need, day.frame, 0
        rest = int(60 * (self.params_on(day.date)["hours"] or 0))
        near = day.facts.book.near(candidate.unit, frame.origin - rest, frame.end + need.end + rest)
        for held in near if rest and need.key != SURGEON else ():
            if day.facts.date(day.facts.book.cases[held.case]) != day.date:
                mask |= frame.overlapping(need.begin, need.end, (held.start - rest, held.end + rest))
        yield self.atom(candidate.unit), mask

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        """New cases of two days are each other's day before."""
        for person, places in model.places_by_person():
            for one, other in combinations(places, 2):
                rest = max(self._asked(one), self._asked(other))
                apart = one.begin < other.end + rest and other.begin < one.end + rest
                if rest and apart and self._date(one) != self._date(other):
                    model.forbid_both(one, other, on(self.atom(person)))

    def _date(self, place: Place) -> dt.date:
        return self.calendar.date(place.slot.start)

    def _asked(self, place: Place) -> int:
        hours = self.params_on(self._date(place))["hours"] or 0
        return 0 if place.need.key == SURGEON else int(60 * hours)

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, need, taken in self.people(plan, facts):
            date = facts.date(facts.book.cases[taken.case])
            rest = int(60 * (self.params_on(date)["hours"] or 0))
            near = facts.book.near(person.id, taken.start - rest, taken.end + rest) if rest else ()
            others = [r for r in near if facts.date(facts.book.cases[r.case]) != date]
            if others and need.key != SURGEON:
                case = others[0].case
                yield self.broken(person.id, hours=rest / 60, day=date.isoformat(), case=case)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']} would rest less than {facts['hours']:g} hours between {self.day_name(facts['day'])} "
            "and the day before or after."
        )


class PostCall(StartRule):
    """A surgeon starts no elective case before the hour that is set on the day after a night on call."""

    # In the clinic file: a person's `calls`; `free_until`.

    id, title, owner = "post-call", "After a night on call", "chief medical officer"
    default_level = Level.WARN
    waivable_by = Waiver.DIRECTOR
    scope = Scope.DAY
    couples = ("surgeon", "call roster", "wheels-in")
    defaults = frozen({"free_until": "12:00"})
    shapes = frozen({"free_until": CLOCK})
    at_booking = True

    @property
    def idle(self) -> bool:
        return not any(person.calls for person in self.clinic.staff.values())

    def tied(self, room: str) -> frozenset[str]:
        return frozenset(person.id for person in self.clinic.staff.values() if person.calls)

    def stretches(self, asked: Asked, day: dt.date, facts: Facts) -> Iterable[Stretch]:
        person = self.clinic.staff.get(asked.mode.surgeon)
        if person and asked.elective and day - dt.timedelta(days=1) in person.calls:
            until = wall(self.params_on(day)["free_until"])
            said = frozen({"day": day.isoformat(), "until": until})
            yield Stretch(person.id, self.midnight(day), self.calendar.instant(day, until), said)

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']} is on call the night before {self.day_name(facts['day'])} "
            f"and starts no elective case before {self.clock(facts['until'])}."
        )


RULES: Sequence[type[BaseRule]] = (StaffHours, Overtime, Breaks, Rest, PostCall)
