"""The picture of one day: per member of the conflict, and per need beside it, where the case could lie.

A lane is free wherever some allowed start would put the need; the rest of the day is blocked. A gap too short for the
case is therefore blocked too, and what is drawn is what the solver sees.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from solver.clinic import Instant
from solver.explain.table import Atoms, Scene, Table
from solver.grid import GRID, Mask, bits, merge
from solver.request import Atom, Blocked, Lane, Reason, Violation
from solver.reserve import Kind, Need

Stretch = tuple[Instant, Instant]
OUTSIDE = "outside"
"""Kind of a stretch in which no start that was asked for would put the need: nothing is in the way there."""


def lanes(table: Table, conflict: Atoms, reasons: Sequence[Reason]) -> tuple[Lane, ...]:
    """One day's lanes: each member of the conflict, marked; then the needs that no member is about.

    The day is the one on which most members are told with their facts.
    """
    if not table.dates:
        return ()
    told = Counter(reason.facts["days"][0] for reason in reasons if reason.facts.get("days"))
    first = min(told, key=lambda day: (-told[day], day), default=table.dates[0].isoformat())
    day = table.on(dt.date.fromisoformat(first))
    by_atom = {reason.atom: reason for reason in reasons}
    marked = [_member(day, atom, by_atom[atom]) for atom in table.index.named(conflict)]
    covered = {need.key for scene in day.scenes for need in _blocking(scene, conflict)}
    return (*marked, *_others(day, covered))


def _member(day: Table, atom: Atom, reason: Reason) -> Lane:
    clinic, bit = day.snapshot.clinic, day.index.bit(atom)
    label = f"{clinic.name_of(atom.subject)}: {reason.title}"
    for scene in day.scenes:
        for lot in scene.lots:
            for candidate in lot.candidates:
                forbidden = candidate.against(bit)
                if forbidden:
                    return _drawn(day, scene, lot.need, label, lot.relevant & ~forbidden, reason)
    return Lane(label, atom.rule, atom.subject, (_horizon(day.scenes[0]),), (), in_conflict=True)


def _drawn(day: Table, scene: Scene, need: Need, label: str, allowed: Mask, reason: Reason) -> Lane:
    """The lane of a member, its blocked stretches told apart by the record that causes each of them."""
    plain = _lane(scene, need, label, reason.title, allowed)
    told = list(_told(day, reason)) if reason.facts.get("days", [""])[0] == scene.day.date.isoformat() else []
    blocked = tuple(
        part
        for stretch in plain.blocked
        for part in ([stretch] if stretch.kind == OUTSIDE else _parts(stretch, told, reason))
    )
    atom = reason.atom
    return replace(plain, kind=atom.rule, subject=atom.subject, blocked=blocked, in_conflict=True)


def _told(day: Table, reason: Reason) -> Iterator[Blocked]:
    """What the member's facts say of each stretch, earliest first; one without times is about all of the day."""
    rule = next(rule for rule in day.snapshot.catalogue.rules if rule.id == reason.atom.rule)
    begin, end = _horizon(day.scenes[0])
    for facts in reason.facts.get("all", [reason.facts]):
        said = rule.say(Violation(reason.atom.rule, reason.atom.subject, facts))
        kind, record = _record(reason.atom, facts)
        timed = "start" in facts and "end" in facts and kind in ("case", "block")
        since, until = (_instant(facts["start"]), _instant(facts["end"])) if timed else (begin, end)
        yield Blocked(since, until, said, kind, record)


def _record(atom: Atom, facts: Mapping[str, Any]) -> tuple[str, str]:
    """The kind and id of what a violation is caused by."""
    if facts.get("case") or facts.get("cases"):
        return "case", facts.get("case") or facts["cases"][0]
    return (atom.rule, atom.subject) if atom.rule in ("block", "leave") else ("rule", atom.rule)


def _instant(iso: str) -> Instant:
    return int(dt.datetime.fromisoformat(iso).timestamp()) // 60


def _parts(stretch: Blocked, told: list[Blocked], reason: Reason) -> Iterator[Blocked]:
    """A blocked stretch cut where one cause ends; what lies between two is too short, and is the rule's alone."""
    since = stretch.start
    for each in sorted(told, key=lambda one: (one.start, one.end)):
        start, end = max(since, each.start), min(stretch.end, each.end)
        if start < end:
            if since < start:
                yield Blocked(since, start, reason.title, "rule", reason.atom.rule)
            yield replace(each, start=start, end=end)
            since = end
    if since < stretch.end:
        yield Blocked(since, stretch.end, reason.title, "rule", reason.atom.rule)


def _others(day: Table, covered: set[str]) -> Iterable[Lane]:
    """One lane for each need of the first scene that the conflict leaves alone: free where anyone is."""
    scene, clinic = day.scenes[0], day.snapshot.clinic
    for need in scene.mode.needs:
        if need.key not in covered and need.kind is not Kind.ROOM:
            filling = scene.filling(need)
            name = clinic.name_of(filling.units[0]) if len(filling.units) == 1 else need.role.title()
            said = f"{name}: {'not free' if len(filling.units) == 1 else _nobody(need)}"
            yield _lane(scene, need, name, said, filling.within(scene.wanted))


def _blocking(scene: Scene, conflict: Atoms) -> list[Need]:
    return [lot.need for lot in scene.lots if any(c.atoms & conflict for c in lot.candidates)]


def _nobody(need: Need) -> str:
    return "nobody free" if need.kind is Kind.PERSON else "none free"


def _lane(scene: Scene, need: Need, label: str, cause: str, allowed: Mask) -> Lane:
    first, last = _horizon(scene)
    free = _clipped(_placements(scene, need, allowed), first, last)
    asked = _clipped(_placements(scene, need, scene.wanted), first, last)
    blocked = [
        part for start, end in _between(free, first, last) for part in _told_apart(start, end, cause, asked)
    ]
    return Lane(label, "", need.key, tuple(free), tuple(blocked), in_conflict=False)


def _clipped(stretches: Iterable[Stretch], first: Instant, last: Instant) -> list[Stretch]:
    return [(max(first, a), min(last, b)) for a, b in stretches if a < last and first < b]


def _between(stretches: Sequence[Stretch], first: Instant, last: Instant) -> list[Stretch]:
    """What the stretches leave of a day."""
    edges = [first, *(moment for stretch in stretches for moment in stretch), last]
    return [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2) if edges[i] < edges[i + 1]]


def _told_apart(start: Instant, end: Instant, cause: str, asked: Sequence[Stretch]) -> Iterator[Blocked]:
    """A blocked stretch, cut where the times that were asked for begin and end."""
    inside = _clipped(asked, start, end)
    outside = [Blocked(a, b, "not needed then", OUTSIDE) for a, b in _between(inside, start, end)]
    yield from sorted([*(Blocked(a, b, cause) for a, b in inside), *outside], key=lambda one: one.start)


def _placements(scene: Scene, need: Need, allowed: Mask) -> list[Stretch]:
    """Where the need would lie for one of the allowed starts, joined where they meet."""
    frame, end = scene.day.frame, need.end - need.tail
    if end - need.begin < GRID:  # too short for one start to reach the next
        return merge((frame.instant(bit) + need.begin, frame.instant(bit) + end) for bit in bits(allowed))
    apart = (end - need.begin) // GRID  # starts that are no further from each other meet
    stretches = _runs(_drawn_out(allowed, apart))
    return [(frame.instant(a) + need.begin, frame.instant(b - apart + 1) + end) for a, b in stretches]


def _drawn_out(mask: Mask, length: int) -> Mask:
    """The mask with every bit `length` bits long."""
    done = 1
    while done < length:
        more = min(done, length - done)
        mask |= mask << more
        done += more
    return mask


def _runs(mask: Mask) -> Iterator[tuple[int, int]]:
    """The first and the last bit of every stretch without a gap."""
    while mask:
        first = (mask & -mask).bit_length() - 1
        behind = ~(mask >> first)
        length = (behind & -behind).bit_length() - 1
        yield first, first + length - 1
        mask &= -1 << (first + length)


def _horizon(scene: Scene) -> Stretch:
    """The clinic's open hours that day; from the first wanted start to the last wheels-out where it is closed."""
    day = scene.day
    windows = day.facts.calendar.windows(day.date, day.clinic.hours.get(day.date.weekday(), ()))
    if windows:
        return windows[0][0], windows[-1][1]
    starts = [day.frame.instant(bit) for bit in bits(scene.wanted)]
    return starts[0], max(starts[-1] + scene.mode.minutes, starts[0] + GRID)
