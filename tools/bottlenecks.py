"""What costs the clinic most: what left requests without a slot, and what one more unit or day would open."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pydantic import Field, model_validator

from solver.clinic import Clinic
from solver.grid import Calendar
from solver.rules import CATALOGUE
from solver.wording import Wording
from tools.again import Again
from tools.context import Context, Permission
from tools.contract import Input, Output, in_calendar
from tools.onemore import one_more
from tools.records.unmet import Unmet, between
from tools.registry import tool
from tools.snapshots import snapshot_of

Atom = tuple[str, str]


class Period(Input):
    """Which days of asking, both included."""

    date_from: dt.date = Field(description="First day on which people asked, clinic time.")
    date_to: dt.date = Field(description="Last such day, included.")
    limit: int = Field(10, ge=1, le=50, description="How many reasons to show.")

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        for day in (self.date_from, self.date_to):
            in_calendar(day)
        if not 0 <= (self.date_to - self.date_from).days <= 366:
            raise ValueError(f"{self.date_from} to {self.date_to} is not a span of 1 to 367 days")
        return self


class Opened(Output):
    """What one more would have opened, as it was solved again with today's book."""

    text: str
    tried: int = Field(description="Requests that were solved again and have no slot as things stand.")
    opened: int = Field(description="Those that had a slot then.")
    not_proven: int
    already: int = Field(0, description="Requests that have a slot in today's book without it.")
    minutes: int = Field(description="Of the requests that it opened, wheels-in to wheels-out.")


class Bottleneck(Output):
    """One rule about one resource, and what it cost."""

    rule: str
    subject: str
    title: str
    name: str
    text: str = Field(description="All of this in one sentence.")
    requests: int = Field(description="Unmet requests whose reason it was part of.")
    alone: int = Field(description="Those that it left without a slot all by itself.")
    minutes: int
    one_more: Opened | None = Field(None, description="Null where there is no such thing as one more.")


class Bottlenecks(Output):
    """The period's unmet requests, and what they ran into, the costliest first."""

    date_from: dt.date
    date_to: dt.date
    requests: int
    minutes: int
    summary: str
    causes: list[Bottleneck]
    complete: bool = Field(
        description="Whether everything that one more could open was solved again in the time."
    )


@tool(permission=Permission.REPORTS, effect="read")
def bottlenecks(ctx: Context, body: Period) -> Bottlenecks:
    """Ranks what left requests without a slot in a period, by requests and minutes, and what one more would open.

    Use it when someone asks what costs the clinic most, or what to buy or staff. Returns the reasons, worst first, and
    for each what one more unit or day would have opened. It never names a patient. Not for why one request has no slot
    (explain), nor for how full a day is (get_schedule).
    """
    snapshot = snapshot_of(ctx)
    rows = between(ctx.store, *_edges(snapshot.facts.calendar, body))
    ranked = _ranked(rows)[: body.limit]
    again = Again(snapshot)
    causes = [_cause(again, atom, mine) for atom, mine in ranked]
    return Bottlenecks(
        date_from=body.date_from,
        date_to=body.date_to,
        requests=len(rows),
        minutes=_minutes(rows),
        summary=_summary(Wording(snapshot.clinic), body, rows, causes),
        causes=causes,
        complete=again.complete,
    )


def _summary(words: Wording, body: Period, rows: Sequence[Unmet], causes: Sequence[Bottleneck]) -> str:
    first_day, last_day = words.day(body.date_from), words.day(body.date_to)
    when = f"on {first_day}" if body.date_from == body.date_to else f"{first_day} to {last_day}"
    if not rows:
        return f"No request was left without a slot, of those asked {when}."
    lost = f"Of what was asked {when}, {_counted(len(rows))} ({_minutes(rows)} minutes of surgery) found no slot."
    if not causes:
        return f"{lost} No rule stood against them: it was in the requests themselves, or not proven in time."
    first, *others = causes
    more = f" {len(others)} more {'reason' if len(others) == 1 else 'reasons'} below." if others else ""
    return f"{lost} Most of all: {first.text}{more}"


def _counted(requests: int) -> str:
    return "1 request" if requests == 1 else f"{requests} requests"


def _sentence(title: str, name: str, rows: Sequence[Unmet], more: Opened | None) -> str:
    gained = ""
    if more and more.tried:
        open_ = f", {more.not_proven} not decided in the time" if more.not_proven else ""
        gained = f". {more.text} would open {more.opened} of {more.tried}{open_}"
    return f"{title}, {name}: {_counted(len(rows))}, {_minutes(rows)} minutes{gained}."


def _edges(clock: Calendar, body: Period) -> tuple[dt.datetime, dt.datetime]:
    after = body.date_to + dt.timedelta(days=1)
    first, last = (clock.wall(clock.instant(day, 0)) for day in (body.date_from, after))
    return first, last


def _ranked(rows: Iterable[Unmet]) -> list[tuple[Atom, list[Unmet]]]:
    """Every rule and resource with the requests whose reason it was part of: most requests, then most minutes first."""
    by_atom: dict[Atom, list[Unmet]] = defaultdict(list)
    for row in rows:
        for atom in dict.fromkeys(row.conflict):
            if atom[0] in CATALOGUE:  # what a request asks of itself is nobody's bottleneck
                by_atom[atom].append(row)
    return sorted(by_atom.items(), key=lambda each: (-len(each[1]), -_minutes(each[1]), each[0]))


def _minutes(rows: Iterable[Unmet]) -> int:
    return sum(row.minutes for row in rows)


def _cause(again: Again, atom: Atom, rows: Sequence[Unmet]) -> Bottleneck:
    rule, subject = atom
    known = CATALOGUE.get(rule)
    title, name = known.title if known else rule, _called(again.snapshot.clinic, subject)
    more = _one_more(again, atom, rows)
    return Bottleneck(
        rule=rule,
        subject=subject,
        title=title,
        name=name,
        text=_sentence(title, name, rows, more),
        requests=len(rows),
        alone=sum(set(row.conflict) == {atom} for row in rows),
        minutes=_minutes(rows),
        one_more=more,
    )


def _called(clinic: Clinic, subject: str) -> str:
    """What people call it; a block by its owner, its room and its day."""
    block = next((each for each in clinic.blocks if each.id == subject), None)
    if block is None:
        return clinic.name_of(subject)
    day = calendar.day_name[block.day]
    return f"{clinic.name_of(block.owner)}'s block in {clinic.name_of(block.room)} on {day}s"


def _one_more(again: Again, atom: Atom, rows: Sequence[Unmet]) -> Opened | None:
    """One more of what was short, tried on each of the requests; None where there is none, or nothing to try."""
    more = one_more(again.snapshot.clinic, *atom)
    if more is None:
        return None
    told = again.tally(more, rows)
    return Opened(text=more.text, **vars(told)) if told.tried or told.already else None
