"""Blocks: time in a room that belongs to a surgeon until it is released."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from solver.clinic import Block, Clinic, RuleSetting, frozen
from solver.grid import Mask
from solver.request import Atom, Plan, Request, Violation
from solver.reserve import Kind
from solver.rules.base import BaseRule, Level, Scope
from solver.rules.remedy import released
from solver.rules.shapes import COUNT, COUNT_BY_ID
from solver.rules.waivers import Waiver

if TYPE_CHECKING:
    from solver.book import Facts
    from solver.snapshot import Candidate, DaySnapshot


class BlockRelease(BaseRule):
    """When a block opens to others, where the block itself names no day.

    So many days before its date, by the service of its owner or for all; without a number it never opens by
    itself. The rule forbids nothing by itself: the rule of the blocks asks it for the day, and speaks.
    """

    # In the clinic file: `days`, `by_service`; a block's own `release_days` goes first.

    id, title, owner = "block-release", "Block release", "block committee"
    unopened = "It forbids nothing itself: a block that it keeps closed is `block`'s to say, and to release."
    waivable_by = Waiver.DIRECTOR
    couples = ("booking date", "date", "service")
    defaults = frozen({"days": None, "by_service": frozen()})
    shapes = frozen({"days": COUNT, "by_service": COUNT_BY_ID})
    at_booking = True

    @property
    def idle(self) -> bool:
        return not (self.ever("days") or self.ever("by_service"))

    def opens(self, block: Block, day: dt.date) -> dt.date | None:
        """The first date on which others may book the block's occurrence of `day`; None is never."""
        own = block.release_date(day)
        if own is not None or self.level is Level.OFF:
            return own
        params, person = self.params_on(day), self.clinic.staff.get(block.owner)
        service = person.service if person else block.owner
        days = params["by_service"].get(service, params["days"])
        return None if days is None else day - dt.timedelta(days=days)


class BlockTime(BaseRule):
    """A block keeps others out of its room and hours until its release; its owner may also book elsewhere.

    A block of a service is open to each of its surgeons.
    """

    id, title, owner = "block", "Block time", "block committee"
    remedies = (released,)
    waivable_by = Waiver.DIRECTOR
    kinds = (Kind.ROOM,)
    scope = Scope.CASE
    couples = ("room", "surgeon", "wheels-in", "wheels-out", "booking date")
    at_booking = True

    def __init__(self, clinic: Clinic, setting: RuleSetting | None = None) -> None:
        super().__init__(clinic, setting)
        self.release = BlockRelease(clinic, clinic.rules.get(BlockRelease.id))

    def over(self, clinic: Clinic) -> Self:
        rule = super().over(clinic)
        rule.release = self.release.over(clinic)
        return rule

    def tied(self, room: str) -> frozenset[str]:
        owned = self.clinic.blocks_of.items()
        return frozenset(who for who, blocks in owned if any(block.room == room for block in blocks))

    def keeps_out(self, block: Block, surgeon: str, day: dt.date, today: dt.date) -> bool:
        """Whether that block, on that day, is closed to that surgeon for someone who books today."""
        if self.clinic.owns(surgeon, block) or not block.falls_on(day) or day in block.released:
            return False
        opens = self.release.opens(block, day)
        return opens is None or today < opens

    def narrow(self, request: Request, candidate: Candidate, day: DaySnapshot) -> Iterable[tuple[Atom, Mask]]:
        today = self.calendar.date(day.facts.as_of)
        minutes = candidate.mode.minutes
        for date in self.calendar.dates(day.frame.origin, day.frame.end + minutes - 1):
            for block in self.clinic.blocks:
                if block.room == candidate.unit and self.keeps_out(
                    block, candidate.mode.surgeon, date, today
                ):
                    window = self.calendar.window(date, block.window)
                    yield self.atom(block.id), day.frame.overlapping(0, minutes, window)

    def check(self, plan: Plan, facts: Facts) -> Iterable[Violation]:
        today = facts.calendar.date(facts.as_of)
        for case in plan.cases:
            for date in facts.calendar.dates(case.start, case.end):
                for block in self.clinic.blocks:
                    if block.room == case.room and self.keeps_out(block, case.surgeon, date, today):
                        start, end = facts.calendar.window(date, block.window)
                        if case.start < end and start < case.end:
                            yield self._kept(block, date, start, end)

    def _kept(self, block: Block, date: dt.date, start: int, end: int) -> Violation:
        opens = self.release.opens(block, date)
        return self.broken(
            block.id, room=block.room, room_name=self.clinic.name_of(block.room),
            owner=block.owner, owner_name=self.clinic.name_of(block.owner),
            start=self.iso(start), end=self.iso(end), release=opens.isoformat() if opens else None,
        )  # fmt: skip

    def say(self, violation: Violation) -> str:
        facts = violation.facts
        until = (
            f" and is released on {self.day_name(facts['release'])}"
            if facts["release"]
            else " and is not released"
        )
        owner = facts["owner_name"]
        return (
            f"{facts['room_name']} {self.span(facts)} on {self.day_name(facts['start'])} "
            f"is {owner}'s block{until}."
        )


RULES: tuple[type[BaseRule], ...] = (BlockTime, BlockRelease)
