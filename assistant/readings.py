"""Two readings of the same words: what a model asks the tools for, beside what the interpreter read.

A model that hears another surgeon, procedure or day than the words say would be shown verified slots for the wrong
case. Where the interpreter reads a message whole, without a question of its own, the two are compared, and the person
is asked which is meant before any card is drawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.facts import WEEKDAYS, Names, day_text, joined

SEARCHES = frozenset({"find_slots", "check_slot", "explain", "what_if", "why_changed"})
"""Tools whose results are shown as slots, or as the reason for none, or as what took one."""
_ALIKE = 0.6
"""Share of days in common from which two spans are one: "early next week" ends on another day for everyone."""
_LONG = 5
"""Working days from which a span's end may be anybody's guess ("from the tenth on")."""


@dataclass(frozen=True)
class Days:
    """The days of a request; `open_ended` when the words named no end, `loose` when some were only preferred."""

    days: frozenset[dt.date]
    open_ended: bool = False
    loose: bool = False


@dataclass(frozen=True)
class Asked:
    """What a search is about. None where it wasn't said, so that nothing can differ from it."""

    procedures: frozenset[str]
    surgeon: str | None = None
    days: Days | None = None
    any_surgeon: bool = False
    """Whether naming no surgeon means any: in a first message that was read whole it does."""
    room: str | None = None
    without: frozenset[tuple[str, str]] = frozenset()
    """Who and what is left out, each with its kind ("surgeon" or "room")."""
    wished: bool = False
    """Whether the surgeon is only preferred: any will do then, but no other by name."""
    answered: bool = False
    """Whether a call asked for just this already: then others may look around, at other days or any surgeon."""


class SecondReading(Protocol):
    """The interpreter beside a model."""

    def read(self, text: str, first: bool) -> Asked | None:
        """What a message asks for, the conversation's first or a later one; None where that isn't certain."""
        ...

    def knows(self, asked: Asked) -> bool:
        """Whether its procedures and surgeon are the clinic's: the tool itself answers for an id that isn't."""
        ...


def asked_by(tool: str, given: Mapping[str, Any], today: dt.date) -> Asked | None:
    """What a call asks for; None for a tool that searches nothing, or an input without a procedure."""
    request = given.get("request") if tool == "what_if" else given
    if tool not in SEARCHES or not isinstance(request, Mapping) or not request.get("procedure"):
        return None
    procedures = {str(request["procedure"]), *map(str, request.get("additional_procedures") or ())}
    surgeon = request.get("surgeon")
    room, days = request.get("room"), Days(days_of(request, today))
    out = {
        (kind, str(each)) for kind in ("surgeon", "room") for each in request.get(f"exclude_{kind}s") or ()
    }
    return Asked(
        frozenset(procedures), surgeon and str(surgeon), days, room=room and str(room), without=frozenset(out)
    )


def days_of(request: Mapping[str, Any], today: dt.date) -> frozenset[dt.date]:
    """The days that a request's window, weekdays and exclusions leave, past ones left out."""
    edges = request.get("date_from") or request.get("at"), request.get("date_to") or request.get("at")
    if not all(edges):
        return frozenset()
    first, last = (dt.date.fromisoformat(str(edge)[:10]) for edge in edges)
    weekdays = request.get("weekdays") or WEEKDAYS
    excluded = {str(day)[:10] for day in request.get("exclude_dates") or ()}
    span = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    kept = {d for d in span if WEEKDAYS[d.weekday()] in weekdays and d.isoformat() not in excluded}
    return frozenset(day for day in kept if day >= today)


def differences(read: Asked, asked: Asked) -> list[str]:
    """Of "procedure", "surgeon", "date" and "without", what the call has otherwise than the words."""
    found = [] if read.procedures == asked.procedures else ["procedure"]
    looks_around = (read.answered or read.wished) and not asked.surgeon
    if read.surgeon != asked.surgeon and (read.surgeon or read.any_surgeon) and not looks_around:
        found.append("surgeon")
    if not read.answered and read.days and asked.days and not _same_days(read.days, asked.days.days):
        found.append("date")
    if any(not _kept(asked, kind, id_) for kind, id_ in read.without):
        found.append("without")
    return found


def _kept(asked: Asked, kind: str, id_: str) -> bool:
    """Whether a call does without somebody or something: it says so, or names another."""
    named = asked.surgeon if kind == "surgeon" else asked.room
    return (kind, id_) in asked.without or named not in (None, id_)


def _same_days(read: Days, asked: frozenset[dt.date]) -> bool:
    ours, theirs = _working(read.days), _working(asked)
    if not ours or not theirs:
        return read.days == asked
    if read.loose:
        return bool(ours & theirs)
    if read.open_ended:
        return min(theirs) >= min(ours)
    if len(ours) == 1:
        return ours == theirs
    if ours - theirs and asked - read.days:
        return False
    long = min(len(ours), len(theirs)) >= _LONG
    if long and min(ours) == min(theirs):
        return True
    return len(ours & theirs) >= _ALIKE * len(ours | theirs)


def _working(days: frozenset[dt.date]) -> frozenset[dt.date]:
    """Without weekends, unless there is nothing else: a week ends on Friday for some and on Sunday for others."""
    return frozenset(day for day in days if day.weekday() < 5) or days


def question(read: Asked, asked: Asked, names: Names) -> tuple[str, list[str]]:
    """(what to ask, both readings as answers that can be sent as they are)."""
    return "I can read that in two ways. Which do you mean?", [
        _spelt(each, differences(read, asked), names) for each in (read, asked)
    ]


def _spelt(asked: Asked, differ: Iterable[str], names: Names) -> str:
    words = [joined(sorted(map(names, asked.procedures)))]
    if asked.surgeon or "surgeon" in differ:
        words.append(f"with {names(asked.surgeon)}" if asked.surgeon else "with any surgeon")
    if asked.without or "without" in differ:
        out = joined(sorted(names(id_) for _, id_ in asked.without), "or")
        words.append(f"not {out}" if out else "leaving nobody out")
    if asked.days and asked.days.days:
        words.append(_span(asked.days))
    return ", ".join(words)


def _span(when: Days) -> str:
    first, last = min(when.days), max(when.days)
    if first == last:
        return f"on {day_text(first)}"
    if when.open_ended:
        return f"from {day_text(first)}"
    between = f"from {day_text(first)} to {day_text(last)}"
    weekdays = {day.weekday() for day in when.days}
    whole = len(when.days) == (last - first).days + 1
    named = joined(f"{day_text(_on(n))}".partition(",")[0] + "s" for n in sorted(weekdays))
    return between if whole or len(weekdays) > 3 else f"{named} {between}"


def _on(weekday: int) -> dt.date:
    return dt.date(2026, 3, 2) + dt.timedelta(days=weekday)
