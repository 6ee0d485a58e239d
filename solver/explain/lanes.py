"""The picture of one day: per member of the conflict, and per need beside it, where the case could lie.

A lane is free wherever some allowed start would put the need; the rest of the day is blocked. A gap too short for the
case is therefore blocked too, and what is drawn is what the solver sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from solver.clinic import Instant
from solver.explain.table import Atoms, Scene, Table
from solver.grid import GRID, Mask, bits, merge
from solver.request import Atom, Blocked, Lane, Reason
from solver.reserve import Kind, Need

Stretch = tuple[Instant, Instant]


def lanes(table: Table, conflict: Atoms, reasons: Sequence[Reason]) -> tuple[Lane, ...]:
    """The first day's lanes: each member of the conflict, marked; then the needs that no member is about."""
    if not table.dates:
        return ()
    day = table.on(table.dates[0])
    texts = {reason.atom: reason for reason in reasons}
    marked = [_member(day, atom, texts.get(atom)) for atom in table.index.named(conflict)]
    covered = {need.key for scene in day.scenes for need in _blocking(scene, conflict)}
    return (*marked, *_others(day, covered))


def _member(day: Table, atom: Atom, reason: Reason | None) -> Lane:
    clinic, bit = day.snapshot.clinic, day.index.bit(atom)
    title = reason.title if reason else atom.rule
    label = f"{clinic.name_of(atom.subject)}: {title}"
    for scene in day.scenes:
        for lot in scene.lots:
            for candidate in lot.candidates:
                forbidden = sum(mask for number, mask in candidate.forbidden if number == bit)
                if forbidden:
                    return _lane(scene, lot.need, label, atom, lot.relevant & ~forbidden, title)
    return Lane(label, atom.rule, atom.subject, (_horizon(day.scenes[0]),), (), in_conflict=True)


def _others(day: Table, covered: set[str]) -> Iterable[Lane]:
    """One lane for each need of the first scene that the conflict leaves alone: free where anyone is."""
    scene, clinic = day.scenes[0], day.snapshot.clinic
    for need in scene.mode.needs:
        if need.key not in covered and need.kind is not Kind.ROOM:
            filling = scene.filling(need)
            name = clinic.name_of(filling.units[0]) if len(filling.units) == 1 else need.role.title()
            yield _lane(scene, need, name, None, filling.within(scene.wanted), f"{name}: nobody free")


def _blocking(scene: Scene, conflict: Atoms) -> list[Need]:
    return [lot.need for lot in scene.lots if any(c.atoms & conflict for c in lot.candidates)]


def _lane(scene: Scene, need: Need, label: str, atom: Atom | None, allowed: Mask, cause: str) -> Lane:
    first, last = _horizon(scene)
    free = [
        (max(first, start), min(last, end))
        for start, end in _placements(scene, need, allowed)
        if start < last and first < end
    ]
    edges = [first, *(moment for stretch in free for moment in stretch), last]
    blocked = [
        Blocked(edges[i], edges[i + 1], cause) for i in range(0, len(edges), 2) if edges[i] < edges[i + 1]
    ]
    kind, subject = (atom.rule, atom.subject) if atom else ("", need.key)
    return Lane(label, kind, subject, tuple(free), tuple(blocked), in_conflict=atom is not None)


def _placements(scene: Scene, need: Need, allowed: Mask) -> list[Stretch]:
    """Where the need would lie for one of the allowed starts, joined where they meet."""
    frame, end = scene.day.frame, need.end - need.tail
    return merge((frame.instant(bit) + need.begin, frame.instant(bit) + end) for bit in bits(allowed))


def _horizon(scene: Scene) -> Stretch:
    """The clinic's open hours that day; from the first wanted start to the last wheels-out where it is closed."""
    day = scene.day
    windows = day.facts.calendar.windows(day.date, day.clinic.hours.get(day.date.weekday(), ()))
    if windows:
        return windows[0][0], windows[-1][1]
    starts = [day.frame.instant(bit) for bit in bits(scene.wanted)]
    return starts[0], max(starts[-1] + scene.mode.minutes, starts[0] + GRID)
