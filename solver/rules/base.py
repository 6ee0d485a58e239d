"""What a rule is: one object that narrows, joins, checks and speaks.

Search, explanation, verification and the printed logic map read the same objects, so they can't disagree. The
law, tested with Hypothesis: `narrow` never forbids what `check` accepts, and `narrow` and `post` together allow
exactly what `check` accepts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from solver.clinic import Clinic, Instant, RuleSetting, Week, Window, frozen
from solver.grid import Calendar, Mask, merge
from solver.request import Atom, Patient, Plan, Request, Violation
from solver.reserve import Kind
from solver.rules.remedy import Broken, Remedy, Way, override
from solver.rules.shapes import Shape
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.assign import TeamModel
    from solver.book import Facts
    from solver.clinic import Case
    from solver.snapshot import Candidate, DaySnapshot


class Level(StrEnum):
    """`WARN` is hard, with an override that needs a role and a reason; `SOFT` only ranks; `OFF` costs nothing."""

    HARD = "hard"
    WARN = "warn"
    SOFT = "soft"
    OFF = "off"

    @property
    def binds(self) -> bool:
        return self in (Level.HARD, Level.WARN)


class Scope(StrEnum):
    """What a change invalidates, and which locks a write takes."""

    UNIT = "unit"
    CASE = "case"
    PAIR = "pair"
    DAY = "day"
    WEEK = "week"


class Rule(Protocol):
    """The interface that every part of the solver iterates."""

    id: ClassVar[str]
    title: ClassVar[str]
    owner: ClassVar[str]
    waivable_by: ClassVar[Waiver | None]
    scope: ClassVar[Scope]
    monotone: ClassVar[bool]
    exact: ClassVar[bool]
    couples: ClassVar[tuple[str, ...]]
    kinds: ClassVar[tuple[Kind, ...]]
    level: Level
    params: Mapping[str, Any]

    def narrow(
        self, request: Request, candidate: Candidate, day: DaySnapshot
    ) -> Iterable[tuple[Atom, Mask]]: ...
    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None: ...
    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]: ...
    def unknown(self, patient: Patient | None) -> Iterable[str]: ...
    def say(self, violation: Violation) -> str: ...


class BaseRule:
    """Defaults for a rule that narrows only, and the words and clocks that sentences need.

    Subclasses set the class attributes; `shapes` says what values a parameter takes where its default does not.
    `kinds` names the needs that `narrow` looks at; `at_booking` marks a rule
    that is judged when a case is booked and says nothing of a case already in the book; `bound` marks one that only
    says where a search looks, and is a cause of nothing unless an exact start is asked about.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    owner: ClassVar[str]
    default_level: ClassVar[Level] = Level.HARD
    waivable_by: ClassVar[Waiver | None] = None
    scope: ClassVar[Scope] = Scope.CASE
    monotone: ClassVar[bool] = True
    exact: ClassVar[bool] = True
    couples: ClassVar[tuple[str, ...]] = ()
    kinds: ClassVar[tuple[Kind, ...]] = ()
    defaults: ClassVar[Mapping[str, Any]] = frozen()
    shapes: ClassVar[Mapping[str, Shape]] = frozen()
    at_booking: ClassVar[bool] = False
    bound: ClassVar[bool] = False
    remedies: ClassVar[tuple[Remedy, ...]] = ()
    """Ways out, in the order in which they are thought of; without any, a rule that may be waived is overridden."""
    unopened: ClassVar[str] = ""
    """Why no change opens it, for the few rules that none does."""
    by_room: ClassVar[bool] = True
    """Whether what it forbids a room depends on which room that is; else it is compiled once for all rooms."""

    def __init__(self, clinic: Clinic, setting: RuleSetting | None = None) -> None:
        setting = setting or RuleSetting()
        self.clinic = clinic
        self.calendar = Calendar(clinic.timezone)
        self.level = Level(setting.level) if setting.level else self.default_level
        self.params: Mapping[str, Any] = frozen({**self.defaults, **setting.params})
        self.dated = tuple(sorted(setting.dated, key=lambda change: change.first))

    def over(self, clinic: Clinic) -> Self:
        """The same rule over other records of a clinic that sets its rules alike: a tenth of making it anew."""
        rule = object.__new__(type(self))
        rule.__dict__.update(self.__dict__, clinic=clinic)
        return rule

    @property
    def idle(self) -> bool:
        """Whether records and parameters leave it nothing to say, whatever is booked: it then costs nothing."""
        return False

    def tied(self, room: str) -> frozenset[str]:
        """Surgeons to whom it may forbid other starts in that room than to anyone else; their masks aren't shared."""
        return frozenset()

    def params_on(self, day: dt.date) -> Mapping[str, Any]:
        """The parameters that hold on a day of surgery."""
        if not self.dated:
            return self.params
        held = dict(self.params)
        for change in self.dated:
            held |= change.params if change.first <= day else {}
        return held

    def ever(self, param: str) -> bool:
        """Whether a parameter is set to anything, at once or from some day on."""
        return any(params.get(param) for params in (self.params, *(each.params for each in self.dated)))

    def values(self, param: str) -> tuple[Any, ...]:
        """What a parameter is set to, at once and from some day on: who doesn't know the day asks for all."""
        return tuple(p[param] for p in (self.params, *(each.params for each in self.dated)) if param in p)

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        """(atom, starts it forbids) for one candidate of one need on one day."""
        return ()

    def post(self, model: TeamModel, on: Callable[[Atom], Any]) -> None:
        """Adds to the joint model what masks can't say; `on(atom)` is the literal under which it holds."""

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        """Every violation of this rule by the plan's cases; `facts` already hold the plan."""
        return ()

    def unknown(self, patient: Patient | None) -> Iterable[str]:
        """Facts of the patient that this rule needs and doesn't have."""
        return ()

    def relaxations(self, violation: Violation, case: Case, facts: Facts) -> tuple[Way, ...]:
        """Typed changes, each way enough alone, that would end a violation by `case`.

        A rule without remedies is set aside by whoever may; one that nobody may waive has only real ways.
        """
        broken = Broken(violation, case, facts)
        remedies = self.remedies or (() if self.waivable_by is None else (override,))
        return tuple(way for remedy in remedies for way in remedy(broken))

    @property
    def opened_by(self) -> tuple[str, ...]:
        """The types of change that `relaxations` may yield."""
        types = [type_ for remedy in self.remedies for type_ in remedy.types]
        waived = [] if self.waivable_by is None else ["override-rule"]
        return tuple(dict.fromkeys(types or waived))

    def set_aside(self, subjects: Sequence[str] = ()) -> str:
        """What an override comes to, in a clause; `subjects` are those whom the rule stands against, if known."""
        return f"{mid_sentence(self.title)} overridden for this case"

    def say(self, violation: Violation) -> str:
        """One plain sentence with the violation's facts."""
        raise LookupError(f"{self.id} has no sentence for {violation}")

    def open_near(
        self, day: dt.date, windows_on: Callable[[dt.date], Sequence[Window]], minutes: int
    ) -> Sequence[tuple[Instant, Instant]]:
        """The windows that can hold `minutes` from a wheels-in on that day; two that touch at midnight are one."""
        first = day - ONE_DAY
        days = range(3 + minutes // 1440)
        return _joined(self.calendar.zone, first, tuple(windows_on(first + n * ONE_DAY) for n in days))

    def hours_near(self, day: dt.date, week: Week, minutes: int) -> Sequence[tuple[Instant, Instant]]:
        """`open_near` of weekly hours."""
        return self.open_near(day, lambda date: week.get(date.weekday(), ()), minutes)

    def atom(self, subject: str) -> Atom:
        return Atom(self.id, subject)

    def broken(self, subject: str, **facts: Any) -> Violation:
        return Violation(self.id, subject, frozen({"name": self.clinic.name_of(subject), **facts}))

    def iso(self, instant: Instant) -> str:
        """ISO 8601 with the clinic's offset: how facts carry an instant."""
        return _iso(self.calendar.zone, instant)

    def clock(self, moment: str | int) -> str:
        """A fact's instant or a wall minute as people read it: "9:30 AM", or "09:30" on a 24 h clock."""
        return _clock(moment, self.clinic.settings.clock)

    def span(self, facts: Mapping[str, Any]) -> str:
        """ "9:30 AM to 12:00 PM", with the days where it goes on beyond midnight."""
        start, end = facts["start"], facts["end"]
        if self.one_day(facts):
            return f"{self.clock(start)} to {self.clock(end)}"
        return f"{self.clock(start)} on {self.day_name(start)} to {self.clock(end)} on {self.day_name(end)}"

    def one_day(self, facts: Mapping[str, Any]) -> bool:
        """Whether a stretch ends on the day on which it starts, midnight included."""
        return _one_day(facts["start"], facts["end"])

    def day_name(self, moment: str | dt.date) -> str:
        """ "Wednesday, March 11" of a fact's instant or date."""
        return _day_name(moment)


ONE_DAY = dt.timedelta(days=1)


@lru_cache(maxsize=20_000)
def _iso(zone: str, instant: Instant) -> str:
    """Facts name the same few instants of a book again and again."""
    return Calendar(zone).wall(instant).isoformat(timespec="minutes")


@lru_cache(maxsize=20_000)
def _clock(moment: str | int, style: str) -> str:
    if isinstance(moment, int):
        hour, minute = divmod(moment, 60)
    else:
        parsed = dt.datetime.fromisoformat(moment)
        hour, minute = parsed.hour, parsed.minute
    if style == "24h":
        return f"{hour:02}:{minute:02}"
    half = "AM" if hour % 24 < 12 else "PM"
    return f"{(hour - 1) % 12 + 1}:{minute:02}\u00a0{half}"


@lru_cache(maxsize=20_000)
def _one_day(start: str, end: str) -> bool:
    first, last = dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)
    return (last - dt.timedelta(minutes=1)).date() <= first.date()


@lru_cache(maxsize=4096)
def _day_name(moment: str | dt.date) -> str:
    day = dt.date.fromisoformat(moment[:10]) if isinstance(moment, str) else moment
    return f"{day:%A}, {day:%B} {day.day}"


@lru_cache(maxsize=20_000)
def _joined(
    zone: str, first: dt.date, by_day: tuple[tuple[Window, ...], ...]
) -> tuple[tuple[Instant, Instant], ...]:
    """The windows of days in a row as instants, joined where they touch: few, and asked for again and again."""
    calendar = Calendar(zone)
    dated = ((first + n * ONE_DAY, window) for n, windows in enumerate(by_day) for window in windows)
    return tuple(merge(calendar.window(day, window) for day, window in dated))


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def listed(words: Iterable[str], joint: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    *most, last = list(words) or ["none"]
    return f"{', '.join(most)} {joint} {last}" if most else last


def mid_sentence(name: str) -> str:
    """A record's name inside a sentence: "Knee arthroscopy" loses its capital, "ACL repair" and "C-arm" keep theirs."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def every(units: int, one: str, many: str) -> str:
    """A whole pool inside a sentence: "the only bay is", "all 4 bays are"."""
    return f"the only {one}" if units == 1 else f"all {units} {many}"
