"""A longer window day by day: each day's own smallest conflict, and what the days have in common in one sentence."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from solver.explain.conflicts import TIMES, leaves, smallest
from solver.explain.corrections import Corrections
from solver.explain.joint import Joint
from solver.explain.leanest import opens
from solver.explain.sentences import members
from solver.explain.table import Atoms, Lot, Scene, Table
from solver.grid import Mask
from solver.request import DayReason, Reason
from solver.rules.base import WEEKDAYS, listed, mid_sentence

LOOKS = 1
"""How thoroughly a day's facts are looked up: enough for a sentence or two."""

HALF = 0.5
"""Share of a day's starts that a member forbids before a summary names it beside others."""

VARYING = TIMES | {"date", "weekday", "booking time", "booking date"}
"""What a rule couples that differs from day to day."""

CARRIED = 64
"""Corrections of earlier days that are looked at again, the latest first."""

SHOWN = 31
"""Days that are explained one by one; a longer window is summed up from these."""


@dataclass(frozen=True)
class Day:
    """One day's conflict, and those of its members that a summary names."""

    reason: DayReason
    main: tuple[Reason, ...]


def by_day(table: Table, joint: Joint, found: Corrections, whole: Atoms) -> tuple[Day, ...]:
    """The smallest conflict of every day of the window, with its sentences; empty for a window of one day.

    `whole` is the conflict of the window: where it is one atom, it is every day's.
    """
    if len(table.dates) < 2:
        return ()
    days, before = list[Day](), _Before([whole] if whole.bit_count() == 1 else [])
    known: dict[dt.date, list[Atoms]] = defaultdict(list)
    for atoms, places in found.places.items():
        for date in {scene.day.date for scene, _ in places}:
            known[date].append(atoms)
    for date in table.dates[:SHOWN]:
        day = table.on(date)
        conflict = _on(day, joint, known[date], before)
        if conflict:
            reasons = members(day, joint, conflict, LOOKS)
            days.append(Day(DayReason(date, reasons), _main(day, reasons)))
    return tuple(days)


def _main(day: Table, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Without what stands there every day and what only trims the ends of it, where something else is left."""
    rules = {rule.id: rule for rule in day.snapshot.catalogue.rules}
    passing = [r for r in reasons if VARYING & set(rules[r.atom.rule].couples)]
    lots = _lots(day) if passing else []
    heavy = [r for r in passing if _heavy(lots, day.index.bit(r.atom))]
    return tuple(heavy or passing or reasons)


def _lots(day: Table) -> list[tuple[Lot, Mask]]:
    """Every need with the starts in the clinic's hours; what is the same in several rooms once."""
    met: dict[tuple[int, Mask], tuple[Lot, Mask]] = {}
    hours: dict[tuple[Mask, int], Mask] = {}
    for scene in day.scenes:
        key = scene.wanted, scene.mode.minutes
        within = hours[key] if key in hours else hours.setdefault(key, _open(scene))
        for lot in scene.lots:
            met[id(lot), within] = lot, within
    return list(met.values())


def _heavy(lots: Sequence[tuple[Lot, Mask]], bit: Atoms) -> bool:
    """Whether a member forbids its share of the starts in the clinic's hours to whom it is about."""
    return any(
        (each.against(bit) & within).bit_count() >= HALF * within.bit_count()
        for lot, within in lots
        for each in lot.candidates
        if each.atoms & bit
    )


def _open(scene: Scene) -> Mask:
    """The wanted starts from which the case fits into the clinic's hours; all of them where none does."""
    day = scene.day
    windows = day.facts.calendar.windows(day.date, day.clinic.hours.get(day.date.weekday(), ()))
    return scene.wanted & day.frame.inside(0, scene.mode.minutes, windows) or scene.wanted


@dataclass
class _Before:
    """What earlier days have taught."""

    alone: list[Atoms]
    """Atoms each of which was enough."""
    corrections: list[Atoms] = field(default_factory=list)
    conflict: Atoms = 0


def _on(day: Table, joint: Joint, known: list[Atoms], before: _Before) -> Atoms:
    """A smallest conflict of the day; one atom that is enough, and was on an earlier day, is said again.

    What was a correction on an earlier day, and holds one here too, needn't come to light once more.
    """
    for atom in before.alone:
        if not leaves(day, joint, atom):
            return atom
    learned = [each for each in before.corrections if opens(day, joint, each)]
    sure = all(joint.masks_decide(scene) for scene in day.scenes)
    found = smallest(day, joint, known, sure=sure, learned=learned, like=before.conflict)
    if found is None:
        return 0
    before.corrections = list(dict.fromkeys((*learned, *before.corrections)))[:CARRIED]
    before.conflict = found.atoms
    before.alone += [found.atoms] if found.atoms.bit_count() == 1 else []
    return found.atoms


def summary(days: Sequence[Day]) -> str:
    """ "3 of 4 Thursdays: block time (Dr. Patel); 1: leave (Dr. Smith)." What every day shares is said once."""
    if not days:
        return ""
    shared = set.intersection(*({reason.atom for reason in day.main} for day in days))
    causes = Counter(_cause([r for r in day.main if r.atom not in shared]) for day in days)
    always = _cause([r for r in days[0].main if r.atom in shared])
    kinds = {day.reason.date.weekday() for day in days}
    unit = f"{WEEKDAYS[days[0].reason.date.weekday()]}s" if len(kinds) == 1 else "days"
    told = [(cause, times) for cause, times in causes.most_common() if cause]
    parts = [f"{times}: {cause}" for cause, times in told]
    if told:
        parts[0] = f"{told[0][1]} of {len(days)} {unit}: {told[0][0]}"
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
