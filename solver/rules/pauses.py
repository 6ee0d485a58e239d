"""Pauses: how long anyone may go from case to case, whoever they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar

from solver.clinic import Instant, frozen
from solver.grid import GRID, Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Need
from solver.rules.base import Scope
from solver.rules.nursing import PersonRule
from solver.rules.shapes import COUNT, Shape

if TYPE_CHECKING:
    from solver.assign import Place, TeamModel
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot

Work = tuple[Instant, Instant, str]
"""From, until, and the case."""


class PauseRule(PersonRule):
    """The longest that someone goes from case to case without a pause; subclasses say who.

    `after_minutes` is that long and None asks for no pause; a pause is `minutes` between two cases.
    """

    scope = Scope.DAY
    defaults: ClassVar[Mapping[str, Any]] = frozen({"after_minutes": None, "minutes": 30})
    shapes: ClassVar[Mapping[str, Shape]] = frozen({"after_minutes": COUNT})

    def concerns(self, need: Need) -> bool:
        """Whether it is about people in that place."""
        return True

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
            if person and self.concerns(need) and self.ever("after_minutes")
            else []
        )
        for bit in range(frame.slots if work else 0):
            begin, end = frame.origin + bit * GRID + need.begin, frame.origin + bit * GRID + need.end
            if self._too_long([*work, (begin, end, "")], begin, day.date):
                mask |= 1 << bit
        yield self.atom(candidate.unit), mask

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        """A person in several places, of one new case or of several, works through all of them."""
        for person, places in model.places_by_person() if self.ever("after_minutes") else ():
            first, last = min(p.begin for p in places), max(p.end for p in places)
            work, forbidden = self._work(person, first, last, model.facts), list[set[int]]()
            for size in range(2, len(places) + 1):
                for some in combinations(range(len(places)), size):
                    # What holds a forbidden set is forbidden by it already.
                    if not any(held <= set(some) for held in forbidden) and self._tiring(
                        [places[index] for index in some], work
                    ):
                        forbidden.append(set(some))
                        model.forbid_all([places[index] for index in some], on(self.atom(person)))

    def _tiring(self, places: Sequence[Place], work: Sequence[Work]) -> bool:
        """Whether these places and the work that is booked are too much together."""
        mine = [(p.begin, p.end, f"new in {p.slot.room} at {p.slot.start}") for p in places]
        return any(
            self.concerns(place.need)
            and self._too_long([*work, *mine], place.begin, self.calendar.date(place.slot.start))
            for place in places
        )

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        for person, need, taken in self.people(plan, facts) if self.ever("after_minutes") else ():
            if self.concerns(need):
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
