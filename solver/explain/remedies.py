"""Ways out: corrections as typed changes, cheapest first, each solved again with its changes in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product

from solver.changes import Change, ChangeRequest, OverrideRule, asked
from solver.clinic import SURGEON
from solver.explain.corrections import Corrections
from solver.explain.costs import NEVER, at_once, cost, costs_of, granted, least, most_senior
from solver.explain.joint import Joint, Witness
from solver.explain.moving import Left, Way, placed_in
from solver.explain.needed import needed
from solver.explain.overlay import overlaid
from solver.explain.resolving import COUNTED, resolved, within_reach
from solver.explain.table import Atoms, Scene, Table
from solver.grid import Mask, bits
from solver.request import Correction
from solver.rules.base import BaseRule, listed

BEST = 5
"""Corrections that are solved again and shown."""

LOOKED_AT = 9
"""Minimal corrections that are put into changes, the cheapest first."""

COMBINED, KEPT = 64, 4
"""Ways of ending every violation of one plan that are put together, and the cheapest of them that are kept."""


def remedies(
    table: Table, joint: Joint, found: Corrections, *, proven: bool = True
) -> tuple[Correction, ...]:
    """The cheapest ways out, solved again; where none is a single change, what its parts do alone stands beside it.

    What takes all of another way's changes and more isn't one: of two causes the same set of trays may end both.
    """
    shown: list[tuple[Way, Correction]] = []
    left, kinds = Left(), Kinds(table)
    for way in sorted(_ways(table, joint, found), key=lambda w: (w.cost, str(w.changes))):
        fresh = kinds.another(way.atoms) and not _more(way, shown)
        placed = placed_in(table, way, left) if fresh else None
        least = placed and needed(table, placed, proven=proven)
        if least is not None and not _more(least, shown):
            left.tries -= 1
            correction = _solved(table, least, proven)
            if correction.opens:
                shown = [each for each in shown if not set(least.changes) < set(each[1].changes)]
                shown.append((least, correction))
                kinds.shown(way.atoms)
        if len(shown) == BEST or left.tries == 0:
            break
    shown.sort(key=lambda each: each[0].cost)
    return (*(correction for _, correction in shown), *_alone(table, shown, proven))


def _more(way: Way, shown: Sequence[tuple[Way, Correction]]) -> bool:
    """Whether it takes all that a way that is shown takes."""
    return any(set(each.changes) <= set(way.changes) for _, each in shown)


class Kinds:
    """What has been shown: five choices, not one five times with another nurse or a quarter of an hour later."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.told: Counter[tuple[object, ...]] = Counter()

    def another(self, atoms: Atoms) -> bool:
        """Whether these atoms are another choice; beside one surgeon's, at most one other surgeon's is."""
        with_surgeon, without = self._kinds(atoms)
        return not self.told[with_surgeon] and self.told[without] < 2

    def few(self, atoms: Atoms) -> bool:
        """Counts a choice that is looked at; whether it is one of the first two of its kind."""
        self.shown(atoms)
        return self.told[self._kinds(atoms)[1]] <= 2

    def shown(self, atoms: Atoms) -> None:
        """Counts a choice that is shown."""
        self.told.update(self._kinds(atoms))

    def _kinds(self, atoms: Atoms) -> tuple[tuple[object, ...], tuple[object, ...]]:
        staff, named = self.table.snapshot.clinic.staff, self.table.index.named(atoms)
        roles = [staff[a.subject].role if a.subject in staff else a.subject for a in named]
        subjects = [a.subject if role == SURGEON else role for a, role in zip(named, roles, strict=True)]
        rules = [atom.rule for atom in named]
        return (
            tuple(sorted(zip(rules, subjects, strict=True))),
            ("whoever", *sorted(zip(rules, roles, strict=True))),
        )


def weigher(table: Table) -> Callable[[Atoms], float]:
    """What it takes at least to set some atoms aside."""
    costs = costs_of(table.snapshot.clinic)
    by_rule = {rule.id: least(rule, costs) for rule in table.snapshot.rules(table.request)}

    def weigh(atoms: Atoms) -> float:
        each = [by_rule.get(table.index.atoms[number].rule, NEVER) for number in bits(atoms)]
        return sum(each) + at_once(len(each))

    return weigh


def _alone(table: Table, shown: Sequence[tuple[Way, Correction]], proven: bool) -> Iterator[Correction]:
    """The parts of the cheapest way out, where it takes several changes: none of them is enough alone."""
    if shown and all(len(correction.changes) > 1 for _, correction in shown):
        costs, cheapest = costs_of(table.snapshot.clinic), shown[0][0]
        asked_for = dict(cheapest.grants)
        for change in cheapest.changes[: BEST - len(shown)]:
            who = asked_for.get(change, cheapest.granted_by)
            yield _solved(table, Way(0, (change,), who, cost((change,), who, costs)), proven)


def _ways(table: Table, joint: Joint, found: Corrections) -> list[Way]:
    """The cheapest way per set of changes, over a few starts of every correction."""
    best: dict[tuple[Change, ...], Way] = {}
    weigh = weigher(table)
    ordered = sorted(found.sets, key=lambda atoms: (weigh(atoms), atoms))
    kinds = Kinds(table)
    for atoms in islice((each for each in ordered if kinds.few(each)), LOOKED_AT):
        for witness in _witnesses(joint, atoms, found.places[atoms]):
            for way in _of_witness(table, joint, atoms, witness):
                if way.changes not in best or way.cost < best[way.changes].cost:
                    best[way.changes] = way
    return list(best.values())


def _witnesses(joint: Joint, atoms: Atoms, places: list[tuple[Scene, Mask]]) -> Iterator[Witness]:
    """The first and the last start of a few scenes: what has to be stretched is stretched least at one of them."""
    for number, (scene, mask) in enumerate(places[:2]):
        first, *rest = _handiest(scene, mask)
        for bit in (first, *rest) if number == 0 else (first,):
            witness = joint.setting_aside(atoms, [(scene, 1 << bit)])
            if witness is not None:
                yield witness


def _handiest(scene: Scene, mask: Mask) -> list[int]:
    """The first and the last start while the clinic is open; where none is, those next to its hours."""
    day, minutes = scene.day, scene.mode.minutes
    windows = day.facts.calendar.windows(day.date, day.clinic.hours.get(day.date.weekday(), ()))
    inside = mask & day.frame.inside(0, minutes, windows)
    if windows and not inside:
        before = mask & day.frame.starts(day.frame.origin, windows[0][0])
        after = mask & ~before
        ends = [before.bit_length() - 1] if before else []
        return [*ends, *([(after & -after).bit_length() - 1] if after else [])]
    chosen = inside or mask
    return list(dict.fromkeys(((chosen & -chosen).bit_length() - 1, chosen.bit_length() - 1)))


def _of_witness(table: Table, joint: Joint, atoms: Atoms, witness: Witness) -> Iterator[Way]:
    plan = joint.plan(witness.scene, witness.bit, witness.team)
    after, wanted = witness.scene.day.facts.after(plan), set(table.index.named(atoms))
    asked_of = {atom.rule for atom in wanted}
    broken = [
        (rule, violation)
        for rule in joint.rules
        if rule.id in asked_of
        for violation in rule.check(plan, after)
        if violation.atom in wanted
    ]
    choices = [rule.relaxations(violation, plan.cases[0], after) for rule, violation in broken]
    ways = [
        _way(table, atoms, [rule for rule, _ in broken], chosen)
        for chosen in islice(product(*choices), COMBINED)
    ]
    yield from sorted(ways, key=lambda way: way.cost)[:KEPT] if choices else ()


def _way(table: Table, atoms: Atoms, rules: Sequence[BaseRule], chosen: Sequence[tuple[Change, ...]]) -> Way:
    every = dict.fromkeys(change for each in chosen for change in each)
    changes = tuple(
        each for each in every
        if not (isinstance(each, ChangeRequest) and each.asked(table.request) == table.request)
    )  # fmt: skip
    grants = [(granted(rule, each), each) for rule, each in zip(rules, chosen, strict=True)]
    who = most_senior(grant for grant, _ in grants)
    asked_for = tuple((change, grant) for grant, each in grants for change in each)
    return Way(atoms, changes, who, cost(changes, who, costs_of(table.snapshot.clinic)), asked_for)


def _solved(table: Table, way: Way, proven: bool) -> Correction:
    """What came of solving again: how many openings, and the best of them."""
    request = asked(table.request, way.changes)
    snapshot = way.laid or overlaid(table.snapshot, way.changes, table.request)
    request = within_reach(table, request, way.changes) if proven else request
    example, opens = resolved(snapshot, request)
    return Correction(
        frozenset(table.index.named(way.atoms)), way.changes, _text(table, way, opens), way.cost,
        way.granted_by, opens, example,
    )  # fmt: skip


def _said(table: Table, change: Change) -> str:
    """One change; an override with all that the rule stands against in the window, since it is set aside for all."""
    clinic = table.snapshot.clinic
    if not isinstance(change, OverrideRule):
        return change.say(clinic)
    return change.ending(clinic, sorted(a.subject for a in table.index.atoms if a.rule == change.rule))


def _text(table: Table, way: Way, opens: int) -> str:
    """The changes in words, and what they open."""
    said = listed(dict.fromkeys(_said(table, change) for change in way.changes))
    if not opens:
        return f"{said[:1].upper()}{said[1:]}: not enough alone."
    many = f"{COUNTED} openings or more" if opens >= COUNTED else f"{opens} opening{'s' if opens > 1 else ''}"
    return f"{said[:1].upper()}{said[1:]}: {many}."
