"""A longer window day by day: each day's own smallest conflict, and what the days have in common in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from solver.explain.conflicts import free_under, smallest
from solver.explain.corrections import Corrections
from solver.explain.joint import Joint
from solver.explain.sentences import members
from solver.explain.table import Atoms, Table
from solver.request import DayReason, Reason
from solver.rules.base import WEEKDAYS, listed, mid_sentence

LOOKS = 1
"""How thoroughly a day's facts are looked up: enough for a sentence or two."""

SHOWN = 31
"""Days that are explained one by one; a longer window is summed up from these."""


def by_day(table: Table, joint: Joint, found: Corrections) -> tuple[DayReason, ...]:
    """The smallest conflict of every day of the window, with its sentences; empty for a window of one day."""
    if len(table.dates) < 2:
        return ()
    days, alone = list[DayReason](), list[Atoms]()
    for date in table.dates[:SHOWN]:
        day = table.on(date)
        known = [
            atoms for atoms, places in found.places.items() if any(s.day.date == date for s, _ in places)
        ]
        conflict = _on(day, joint, known, alone)
        if conflict:
            days.append(DayReason(date, members(day, joint, conflict, LOOKS)))
    return tuple(days)


def _on(day: Table, joint: Joint, known: list[Atoms], alone: list[Atoms]) -> Atoms:
    """A smallest conflict of the day; one atom that is enough, and was on an earlier day, is said again."""
    for atom in alone:
        if free_under(day, joint, atom) is None:
            return atom
    conflict = smallest(day, joint, known, sure=False)
    if conflict is None:
        return 0
    alone += [conflict.atoms] if conflict.atoms.bit_count() == 1 else []
    return conflict.atoms


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
