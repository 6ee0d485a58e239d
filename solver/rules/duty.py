"""Duty: how long people work, when they rest, and what a night on call leaves of the day after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from solver.clinic import SURGEON, Instant, Staff, frozen
from solver.grid import GRID, Mask
from solver.request import Atom, Plan, Request, Violation
from solver.rules.base import BaseRule, Level, Scope
from solver.rules.nursing import PersonRule
from solver.rules.remedy import colleague, override
from solver.rules.shapes import CLOCK, COUNT, NUMBER, wall
from solver.rules.starts import Asked, StartRule, Stretch
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.assign import TeamModel
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot

Period = tuple[Instant, Instant, int, str]
"""From, until, the most minutes in it, and "day" or "week"."""

Work = tuple[Instant, Instant, str]
"""From, until, and the case."""


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

    The data are a person's `max_minutes_day` and `max_minutes_week`; `week_minutes` is everybody's, None for none.
    """

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
    """Minutes booked in a week beyond `week_minutes` are overtime; None counts none. It advises unless made hard."""

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


class Breaks(PersonRule):
    """Nobody goes from case to case for more than `after_minutes` without a pause of `minutes`.

    `after_minutes: None` asks for no pause. A single case that is longer is relieved in its room, and not counted.
    """

    id, title, owner = "breaks", "Breaks", "nurse manager"
    remedies = (override, colleague)
    waivable_by = Waiver.CHARGE_NURSE
    scope = Scope.DAY
    exact = False
    couples = ("person", "consecutive cases", "wheels-in", "wheels-out")
    defaults = frozen({"after_minutes": None, "minutes": 30})
    shapes = frozen({"after_minutes": COUNT})

    @property
    def idle(self) -> bool:
        return not self.ever("after_minutes")

    def _too_long(self, work: Iterable[Work], around: Instant, day: dt.date) -> int:
        """Minutes of the stretch of work around an instant when they are too many, else 0."""
        params, run = self.params_on(day), list[Work]()
        for each in sorted(work):
            if run and each[0] - max(end for _, end, _ in run) >= params["minutes"]:
                if min(run)[0] <= around < max(end for _, end, _ in run):
                    break
                run = []
            run.append(each)
        length = max((end for _, end, _ in run), default=0) - min((start for start, _, _ in run), default=0)
        most = params["after_minutes"]
        return length if most is not None and length > most and len({case for *_, case in run}) > 1 else 0

    def _work(self, person: str, start: Instant, end: Instant, facts: Facts) -> list[Work]:
        near = facts.book.near(person, start - 24 * 60, end + 24 * 60)
        return [(r.start, r.end, r.case) for r in near]

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        person, need, frame, mask = self.person(candidate), candidate.need, day.frame, 0
        work = (
            self._work(person.id, frame.origin, frame.end, day.facts)
            if person and need.key != SURGEON
            else []
        )
        for bit in range(frame.slots if work else 0):
            begin, end = frame.origin + bit * GRID + need.begin, frame.origin + bit * GRID + need.end
            if self._too_long([*work, (begin, end, "")], begin, day.date):
                mask |= 1 << bit
        yield self.atom(candidate.unit), mask

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        """A person in two places of one case works through both."""
        for slot, person, places in model.several_places():
            day = self.calendar.date(slot.start)
            work = self._work(person, slot.start, slot.start + slot.mode.minutes, model.facts)
            for size in range(2, len(places) + 1):
                for some in combinations(places, size):
                    mine = [(slot.start + p.need.begin, slot.start + p.need.end, "") for p in some]
                    if any(self._too_long([*work, *mine], each[0], day) for each in mine):
                        constraint = model.model.add_bool_or([~place.chosen for place in some])
                        literal = on(self.atom(person))
                        if literal is not None:
                            constraint.only_enforce_if(literal)

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, need, taken in self.people(plan, facts):
            if need.key != SURGEON:
                day = facts.date(facts.book.cases[taken.case])
                minutes = self._too_long(
                    self._work(person.id, taken.start, taken.end, facts), taken.start, day
                )
                if minutes:
                    yield self.broken(person.id, minutes=minutes, day=day.isoformat(), **self._asked(day))

    def _asked(self, day: dt.date) -> dict[str, Any]:
        params = self.params_on(day)
        return {"most": params["after_minutes"], "pause": params["minutes"]}

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        return (
            f"{facts['name']} would work {facts['minutes']} minutes without a {facts['pause']}-minute break; "
            f"the most is {facts['most']}."
        )


class Rest(PersonRule):
    """Hours between the work of one day and that of the next: `hours`, None asks for none.

    Counted from what is booked; a day's work belongs to the date of its case's wheels-in.
    """

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
    """A surgeon starts no elective case before `free_until` on the day after a night on call: a person's `calls`."""

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
