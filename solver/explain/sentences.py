"""The members of a conflict in their rules' own words, with the facts of the starts at which each of them decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from solver.clinic import frozen
from solver.explain.conflicts import TIMES
from solver.explain.joint import Joint, matched
from solver.explain.table import Atoms, Scene, Table
from solver.grid import GRID, Mask
from solver.request import Atom, Plan, Reason, Violation
from solver.reserve import WHERE, Kind
from solver.rules.base import BaseRule, listed

LOOKS = 4
"""Starts of a scene at which a member's facts are looked up."""

_CHANGING = TIMES | {"date", "weekday", "booking time"}
"""What a rule couples that differs from day to day."""

TOLD = 3
"""Sentences that one member may take, where its facts can't be told in one."""


def members(table: Table, joint: Joint, conflict: Atoms, looks: int = LOOKS) -> tuple[Reason, ...]:
    """Each atom of a conflict as a reason, in the order of rules and subjects."""
    return tuple(_member(table, joint, conflict, atom, looks) for atom in table.index.named(conflict))


def together(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """The reasons as a reader wants them: those that differ only in whom they are about are one sentence."""
    grouped: dict[tuple[str, str], list[Reason]] = {}
    for reason in reasons:
        name = str(reason.facts.get("name", reason.atom.subject))
        grouped.setdefault((reason.atom.rule, reason.text.replace(name, "{}")), []).append(reason)
    return tuple(dict.fromkeys(_joined(pattern, group) for (_, pattern), group in grouped.items()))


def _joined(pattern: str, group: list[Reason]) -> str:
    if len(group) == 1 or pattern.count("{}") != 1:
        return " ".join(dict.fromkeys(reason.text for reason in group))
    said = pattern.replace("{}", listed(str(reason.facts["name"]) for reason in group))
    for one, many in (
        (" does not", " do not"),
        (" is not", " are not"),
        (" has no", " have no"),
        (" is ", " are "),
    ):
        if f"{{}}{one}" in pattern:
            return said.replace(one, many, 1) if said.count(one) == 1 else said
    return said


def _member(table: Table, joint: Joint, conflict: Atoms, atom: Atom, looks: int) -> Reason:
    """What an atom says at the starts that are free as soon as it goes: on the first such day, and on which others."""
    rest = conflict & ~table.index.bit(atom)
    rule = next(rule for rule in joint.rules if rule.id == atom.rule)
    places = [(scene, free) for scene in table.scenes if (free := scene.free(rest))]
    dates = list(dict.fromkeys(scene.day.date for scene, _ in places))
    look = _Look(joint, rule, atom, rest, looks)
    for scene, free in places:
        if scene.day.date == dates[0] and len(look.found) < 2 * looks:
            look.at(scene, free)
    if not look.found:
        return Reason(atom, rule.title, f"{rule.title} ({table.snapshot.clinic.name_of(atom.subject)}).")
    return _reason(table, rule, list(look.found.values()), dates)


@dataclass
class _Look:
    """A member's facts, gathered start by start; `rest` are the others of its conflict."""

    joint: Joint
    rule: BaseRule
    atom: Atom
    rest: Atoms
    looks: int
    found: dict[str, Violation] = field(default_factory=dict)
    seen: dict[tuple[dt.date, int, int], list[Violation]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = set(WHERE) & set(self.rule.kinds)
        self.anywhere = not where or (where == {Kind.ROOM} and not self.rule.by_room)

    def at(self, scene: Scene, free: Mask) -> None:
        """Looks at one start for each thing that stands in the way; for what never varies, at a single one."""
        barren, left = 0, free & self._against(scene) or free
        while left and barren < self.looks and len(self.found) < 2 * self.looks:
            start = (left & -left).bit_length() - 1
            broken = self._violations(scene, start)
            said = [(self.rule.say(violation), violation) for violation in broken]
            new = [(text, violation) for text, violation in said if text not in self.found]
            self.found |= dict(new)
            barren += not new
            if any("start" not in violation.facts for _, violation in new):
                return
            left &= -1 << max(start + max(1, scene.mode.minutes // GRID), _behind(scene, broken))

    def _against(self, scene: Scene) -> Mask:
        bit, against = self.joint.table.index.bit(self.atom), 0
        for lot in scene.lots:
            for candidate in lot.candidates:
                against |= candidate.against(bit)
        return against

    def _violations(self, scene: Scene, start: int) -> list[Violation]:
        """What the atom's rule says at one start; looked up once for all rooms where it is the same in each."""
        if not self.anywhere or not (self.rule.exact or self.joint.masks_decide(scene)):
            return self._broken(scene, start)
        key = scene.day.date, id(scene.mode), start  # the same people could fill the same needs
        if key not in self.seen:
            self.seen[key] = self._broken(scene, start)
        return self.seen[key]

    def _broken(self, scene: Scene, start: int) -> list[Violation]:
        for plan in _plans(self.joint, scene, start, self.rest, self.joint.table.index.bit(self.atom)):
            after = scene.day.facts.after(plan)
            broken = [v for v in self.rule.check(plan, after) if v.atom == self.atom]
            if broken:
                return broken
        return []


def _behind(scene: Scene, broken: list[Violation]) -> int:
    """The first start behind the case that was met; an earlier one would meet it again. 0 where none says its end."""
    ends = [v.facts["end"] for v in broken if v.facts.get("case") and "end" in v.facts]
    if not ends:
        return 0
    over = int(dt.datetime.fromisoformat(max(ends)).timestamp()) // 60
    return -((scene.day.frame.origin - over) // GRID)


def _plans(joint: Joint, scene: Scene, start: int, rest: Atoms, bit: Atoms) -> Iterator[Plan]:
    """Plans at a start in which whoever the atom is about has a part: everyone once, then without that care."""
    able = joint.able(scene, start, rest)
    if able is None:
        return
    keen = {key: sorted(theirs, key=lambda pair: not pair[1] & bit) for key, theirs in able.items()}
    apart, first = matched(keen), {key: theirs[0][0] for key, theirs in keen.items()}
    yield joint.plan(scene, start, apart)
    if first != apart:
        yield joint.plan(scene, start, first)


def _reason(table: Table, rule: BaseRule, found: list[Violation], dates: list[dt.date]) -> Reason:
    told = {rule.say(violation): violation for violation in sorted(found, key=_when)}
    first = next(iter(told.values()))
    reason = table.snapshot.catalogue.reason(first)
    text = _spans_joined(rule, told) or " ".join(_once_a_cause(told)[:TOLD])
    facts = {**reason.facts, "days": [date.isoformat() for date in dates]}
    if len(told) > 1 or "days" in first.facts:
        # A rule speaks from its own facts: what it calls days isn't the days that the conflict is about.
        facts["all"] = [dict(violation.facts) for violation in told.values()]
    if len(table.dates) > 1 and _CHANGING & set(rule.couples) and not _lasts(text, table, dates):
        text = _dated(rule, text, dates)
    return replace(reason, text=text, facts=frozen(facts))


def _once_a_cause(told: dict[str, Violation]) -> list[str]:
    """One sentence for each case or circumstance, where they differ only in how much is missing."""
    causes: dict[tuple[str, ...], str] = {}
    for text, violation in told.items():
        cause = tuple(str(violation.facts.get(key)) for key in ("case", "why", "equipment", "certification"))
        causes.setdefault(cause, text)
    return list(causes.values())


def _when(violation: Violation) -> str:
    return str(violation.facts.get("start", ""))


def _spans_joined(rule: BaseRule, told: dict[str, Violation]) -> str | None:
    """One sentence with every stretch, where the sentences differ in nothing else."""
    patterns, spans = set(), list[tuple[str, str]]()
    for text, violation in told.items():
        if not {"start", "end"} <= set(violation.facts):
            return None
        span = rule.span(violation.facts)
        if text.count(span) != 1:
            return None
        patterns.add(text.replace(span, "{}"))
        spans.append((violation.facts["start"], violation.facts["end"]))
    if len(patterns) != 1:
        return None
    stretches = (rule.span({"start": start, "end": end}) for start, end in _merged(spans))
    return patterns.pop().replace("{}", listed(stretches))


def _merged(spans: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Stretches that overlap as one, in order; ISO times of one clinic sort as text."""
    merged: list[tuple[str, str]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _lasts(text: str, table: Table, dates: list[dt.date]) -> bool:
    """Whether a sentence holds on every day and names none."""
    return len(dates) == len(table.dates) and not any(f"{date:%B} {date.day}" in text for date in dates)


def _dated(rule: BaseRule, text: str, dates: list[dt.date]) -> str:
    """The sentence with the day that it is about, and on how many more the rule stands in the way.

    There it may say something else: whoever operates Tuesdays until 4 PM is out on Wednesday, and on Tuesday at 5 PM.
    """
    more = len(dates) - 1
    others = f"{more} more {'day' if more == 1 else 'days'}" if more else ""
    named = f"{dates[0]:%B} {dates[0].day}" in text
    said = [
        *([] if named else [rule.day_name(dates[0])]),
        *([f"also in the way on {others}"] if others else []),
    ]
    return f"{text.rstrip('.')} ({', '.join(said)})." if said else text
