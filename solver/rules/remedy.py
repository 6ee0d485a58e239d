"""Ways out: what would end one violation, in typed changes. A rule names those that serve it.

Each yields changes that are enough for that violation, one at a time or several together (a tuple). Whether they
open a slot is for the solver to say. A rule that nobody may waive is opened by a real resource only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from solver.changes import (
    AddEquipment,
    AddFeature,
    AddNurses,
    AddShift,
    AddStaff,
    AddUnit,
    Change,
    ChangeRequest,
    MoveCase,
    OverrideRule,
    ReleaseBlock,
    RemoveLeave,
    ReopenRoom,
    SetHours,
    SetParam,
)
from solver.clinic import SURGEON, Case, Window
from solver.reserve import NOBODY, Kind, Need, Reservation

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.request import Violation

Way = tuple[Change, ...]
"""Changes that together end a violation."""

OTHERS = 3
"""Other surgeons that are named, where one who isn't privileged was asked for."""


@dataclass(frozen=True)
class Broken:
    """A violation by a planned case, with the facts that hold the plan."""

    violation: Violation
    case: Case
    facts: Facts

    @property
    def subject(self) -> str:
        return self.violation.subject

    @property
    def date(self) -> dt.date:
        return self.facts.date(self.case)

    def wall(self, start: int, end: int) -> Window | None:
        """Instants as wall minutes of the case's date; None where they leave that date."""
        frame = self.facts.calendar.frame(self.date)
        if not frame.origin <= start < end <= frame.end:
            return None
        first, last = self.facts.calendar.wall(start), self.facts.calendar.wall(end)
        until = last.hour * 60 + last.minute
        return first.hour * 60 + first.minute, until or 24 * 60

    def taken(self) -> list[Reservation]:
        """What the case takes of the resource that the violation is about."""
        return [r for r in self.facts.of_case(self.case) if r.resource == self.subject]

    def needed(self) -> Window | None:
        """The wall minutes that this resource, or else the case, is needed for."""
        taken = self.taken()
        start = min((r.start for r in taken), default=self.case.start)
        return self.wall(start, max((r.end for r in taken), default=self.case.end))

    def places(self, roles: Iterable[str]) -> list[Need]:
        """The places of the case in these roles, the surgeon's left out."""
        wanted = set(roles)
        needs = self.facts.mode(self.case).needs
        return [n for n in needs if n.kind is Kind.PERSON and n.role in wanted and n.key != SURGEON]


Made = Iterable[Change | Way | None]


@dataclass(frozen=True)
class Remedy:
    """One kind of way out: the types of the changes that it may yield, and how they are made for a violation."""

    types: tuple[str, ...]
    make: Callable[[Broken], Made]

    def __call__(self, broken: Broken) -> Iterator[Way]:
        for made in self.make(broken):
            if made is not None:
                yield made if isinstance(made, tuple) else (made,)


def yields(*types: str) -> Callable[[Callable[[Broken], Made]], Remedy]:
    """Names the types of change that a remedy may yield."""
    return lambda make: Remedy(types, make)


@yields("override-rule")
def override(broken: Broken) -> Made:
    """The rule set aside for this case by whoever may."""
    yield OverrideRule(broken.violation.rule, "correction")


@yields("set-hours")
def hours(broken: Broken) -> Made:
    """The hours of that weekday, widened until the case fits."""
    clinic, subject = broken.facts.clinic, broken.subject
    week = clinic.hours if subject == "clinic" else clinic.rooms[subject].hours
    yield _widened(
        broken, week.get(broken.date.weekday(), ()), broken.wall(broken.case.start, broken.case.end)
    )


@yields("set-hours", "add-unit", "override-rule")
def bay(broken: Broken) -> Made:
    """One more bay where all are taken, longer hours where they are closed; a stay that is too long needs a word."""
    if broken.violation.facts["why"] == "full":
        yield AddUnit(broken.subject)
    elif broken.violation.facts["why"] == "long":
        yield OverrideRule(broken.violation.rule, "correction")
    else:
        week = broken.facts.clinic.bays[broken.subject].hours
        yield _widened(broken, week.get(broken.date.weekday(), ()), broken.needed())


def _widened(broken: Broken, open_: Iterable[Window], needed: Window | None) -> Change | None:
    if needed is None:
        return None
    all_ = [*open_, needed]
    window = (min(start for start, _ in all_), max(end for _, end in all_))
    return SetHours(broken.subject, broken.date.weekday(), window)


@yields("add-nurses")
def nurses(broken: Broken) -> Made:
    """One or two more nurses for the bay while the patient is there."""
    needed = broken.needed()
    for count in (1, 2) if needed else ():
        yield AddNurses(broken.subject, broken.date.weekday(), needed, count) if needed else None


@yields("add-shift")
def shift(broken: Broken) -> Made:
    """The person working on that date for as long as the case needs them."""
    needed = broken.needed()
    yield AddShift(broken.subject, broken.date, needed) if needed else None


@yields("remove-leave")
def back_from_leave(broken: Broken) -> Made:
    """The person back from leave on the day of the case."""
    yield RemoveLeave(broken.subject, broken.date, broken.date)


@yields("release-block")
def released(broken: Broken) -> Made:
    """The block's occurrence given up by its owner."""
    yield ReleaseBlock(broken.subject, dt.date.fromisoformat(broken.violation.facts["start"][:10]))


@yields("reopen-room")
def reopened(broken: Broken) -> Made:
    """The room open again on the day of the case: what closed it is over."""
    yield ReopenRoom(broken.case.room, broken.date)


@yields("add-equipment")
def equipped(broken: Broken) -> Made:
    """The equipment in this room too."""
    yield AddEquipment(broken.case.room, broken.violation.facts["equipment"])


@yields("add-feature")
def built(broken: Broken) -> Made:
    """The room built for it."""
    yield AddFeature(broken.case.room, broken.violation.facts["feature"])


@yields("add-unit")
def unit(broken: Broken) -> Made:
    """One more unit of the pool."""
    yield AddUnit(broken.subject)


@yields("set-param")
def steriliser(broken: Broken) -> Made:
    """One more steriliser: what the parameter counts are machines that stand there."""
    yield SetParam(broken.violation.rule, "machines", broken.violation.facts["machines"] + 1)


@yields("move-case")
def other_case(broken: Broken) -> Made:
    """Whatever is in the way, elsewhere: where to is for the solver to say."""
    case = broken.violation.facts.get("case")
    if case and case in broken.facts.clinic.cases_by_id:
        yield MoveCase(case)


@yields("add-staff", "move-case")
def colleague(broken: Broken) -> Made:
    """Someone else in the role, certified for what is missing; for a surgeon nobody else will do."""
    roles = {r.role for r in broken.taken()}
    if SURGEON in roles:
        yield from other_case(broken)
    missing = broken.violation.facts.get("certification")
    yield from _hired(broken, broken.places(roles), [missing] if missing else [])


@yields("add-staff", "change-request")
def colleague_or_surgeon(broken: Broken) -> Made:
    """Someone else in the role, or another surgeon where it is about the surgeon."""
    yield from colleague(broken)
    if broken.subject == broken.case.surgeon:
        yield from privileged(broken)


@yields("add-staff")
def filled(broken: Broken) -> Made:
    """One more person for a place that nobody fills."""
    yield from _hired(broken, broken.places({broken.subject}), [])


@yields("add-staff")
def certified(broken: Broken) -> Made:
    """Someone in a place of the team who holds the certification as well."""
    held = broken.violation.facts.get("certification")
    roles = dict.fromkeys(need.role for need in broken.facts.mode(broken.case).needs)
    for role in roles if held else ():
        ways = list(_hired(broken, broken.places({role}), [str(held)]))
        if ways:
            yield from ways
            return


def _hired(broken: Broken, needs: list[Need], missing: list[str]) -> Iterator[Change | None]:
    for role in sorted({need.role for need in needs}):
        mine = [need for need in needs if need.role == role]
        start = broken.case.start + min(need.begin for need in mine)
        window = broken.wall(start, broken.case.start + max(need.end for need in mine))
        held = {c for need in mine for c in need.certifications} | set(missing)
        yield AddStaff(role, broken.date, window, tuple(sorted(held))) if window else None


@yields("change-request", "add-staff")
def privileged(broken: Broken) -> Made:
    """Another surgeon who holds every privilege on that day; where there is none, one who comes in."""
    procedures, staff = broken.case.procedures, broken.facts.clinic.staff.values()
    able = [p.id for p in staff if all(p.privileged(each, broken.date) for each in procedures)]
    others = sorted(person for person in able if person != broken.case.surgeon)
    yield from (ChangeRequest("surgeon", person) for person in others[:OTHERS])
    window = broken.wall(broken.case.start, broken.case.end)
    if window and not able:
        visiting = AddStaff(SURGEON, broken.date, window, privileges=procedures)
        named = broken.subject != NOBODY
        yield (visiting, ChangeRequest("surgeon", None)) if named else visiting


@yields("change-request")
def other_anesthesia(broken: Broken) -> Made:
    """A kind of anesthesia under which every procedure of the case can be done."""
    records = [broken.facts.clinic.procedures[each] for each in broken.case.procedures]
    every = [{record.anesthesia_default, *record.anesthesia_options} for record in records]
    yield from (ChangeRequest("anesthesia", kind) for kind in sorted(set.intersection(*every)))


@yields("change-request", "add-staff")
def anesthesia(broken: Broken) -> Made:
    """Another kind of anesthesia, or a provider certified for the one asked for."""
    if "certification" in broken.violation.facts:
        yield from colleague(broken)
    else:
        yield from other_anesthesia(broken)
