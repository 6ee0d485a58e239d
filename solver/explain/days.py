"""A longer window day by day: each day's own smallest conflict, and what the days have in common in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from solver.explain.conflicts import smallest
from solver.explain.corrections import Corrections
from solver.explain.joint import Joint
from solver.explain.sentences import members
from solver.explain.table import Table
from solver.request import DayReason, Reason
from solver.rules.base import WEEKDAYS, listed, mid_sentence

LOOKS = 2
"""Starts of a scene at which a day's facts are looked up."""

SHOWN = 31
"""Days that are explained one by one; a longer window is summed up from these."""


def by_day(table: Table, joint: Joint, found: Corrections) -> tuple[DayReason, ...]:
    """The smallest conflict of every day of the window, with its sentences; empty for a window of one day."""
    if len(table.dates) < 2:
        return ()
    days = []
    for date in table.dates[:SHOWN]:
        day = table.on(date)
        known = [
            atoms for atoms, places in found.places.items() if any(s.day.date == date for s, _ in places)
        ]
        conflict = smallest(day, joint, known, sure=False)
        if conflict is not None:
            days.append(DayReason(date, members(day, joint, conflict.atoms, LOOKS)))
    return tuple(days)


def summary(days: Sequence[DayReason]) -> str:
    """ "3 of 4 Thursdays: block time (Dr. Patel); 1: leave (Dr. Smith)." What every day shares is said once."""
    if not days:
        return ""
    shared = set.intersection(*({reason.atom for reason in day.conflict} for day in days))
    causes = Counter(_cause([r for r in day.conflict if r.atom not in shared]) for day in days)
    always = _cause([r for r in days[0].conflict if r.atom in shared])
    kinds = {day.date.weekday() for day in days}
    unit = f"{WEEKDAYS[days[0].date.weekday()]}s" if len(kinds) == 1 else "days"
    parts = []
    for number, (cause, times) in enumerate(causes.most_common()):
        if cause:
            parts.append(f"{times} of {len(days)} {unit}: {cause}" if number == 0 else f"{times}: {cause}")
    every = [f"all {len(days)} {unit}: {always}"] if always else []
    said = "; ".join(every + parts)
    return f"{said[:1].upper()}{said[1:]}."


def _cause(reasons: Sequence[Reason]) -> str:
    """The rules' titles, each with whom it is about."""
    about: dict[str, list[str]] = {}
    for reason in reasons:
        whom = reason.facts.get("owner_name") or reason.facts.get("name") or reason.atom.subject
        about.setdefault(mid_sentence(reason.title), []).append(str(whom))
    return (
        listed(f"{title} ({', '.join(dict.fromkeys(who))})" for title, who in about.items()) if about else ""
    )
