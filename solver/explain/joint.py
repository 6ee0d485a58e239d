"""Whole teams: confirms a start with every need filled at once, with some atoms in force and the others set aside.

Masks look at one need at a time. What they can't say (a person has one place, hours add up) is asked here: first a
team without anyone twice, judged by the rules' own `check`, then CP-SAT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain

from solver.assign import Slot, TeamModel
from solver.candidates import case_of
from solver.explain.table import Atoms, Candidacy, Scene, Table
from solver.grid import Mask, bits
from solver.request import Atom, Plan
from solver.reserve import NOBODY, Kind

_ONLY_SEVERAL = frozenset({"person-occupancy", "staff-hours"})
"""Joint rules that say no more than their masks of a team in which nobody has two places."""

_BY_TEAM = frozenset({"person-occupancy", "staff-hours", "overtime", "laser-safety", "robot"})
"""Joint rules that, on one day, depend on who is in the team alone: starts with the same people are one question."""

STARTS = 40
"""Starts that one joint question looks at before it gives up and says so."""

SIMPLE = 4
"""Of these, how many are tried with a team in which nobody has two places before CP-SAT is asked about all."""

BUDGET = 1_000
"""What joint questions may cost over one explanation before they go unanswered, and are said to: a simple team counts
one, a question to CP-SAT ten."""


Able = dict[str, list[tuple[str, Atoms]]]
"""Need key -> candidates, each with the atoms against it, the fewest first."""


@dataclass(frozen=True)
class Witness:
    """A team at one start, and the atoms that it violates: it stands once these are set aside."""

    scene: Scene
    bit: int
    team: dict[str, str]
    violated: Atoms


@dataclass
class Joint:
    """Questions about whole teams over one table; `sure` turns False when one went unanswered in the budget."""

    table: Table
    asked: int = 0
    sure: bool = True
    heard: set[Atom] = field(default_factory=set)
    """Atoms that only the joint rules have brought up."""
    known: dict[tuple[Scene, int, Atoms], Able | None] = field(default_factory=dict)
    """Who is able, by scene, start and the atoms in force: a question is asked again from several sides."""
    against: dict[tuple[Scene, int], Able] = field(default_factory=dict)
    """Everyone, with what stands against them, by scene and start: the same whatever is in force."""

    ordered: dict[tuple[int, int], list[tuple[str, Atoms]]] = field(default_factory=dict)
    """The candidates of a need at a start, by the id of who they are."""
    decided: dict[int, bool] = field(default_factory=dict)
    """Whether masks decide, by the id of a mode; the table's scenes keep modes alive."""

    def __post_init__(self) -> None:
        self.rules = self.table.snapshot.rules(self.table.request)
        self.coupling = [rule for rule in self.rules if not rule.exact]
        self.coupled = {rule.id for rule in self.coupling}

    def matters(self, on: Atoms) -> bool:
        """Whether any of these atoms can couple needs; where none can, masks have the last word."""
        atoms = self.table.index.atoms
        return any(atoms[number].rule in self.coupled for number in bits(on))

    def stands(self, scene: Scene, starts: Mask, off: Atoms) -> bool:
        """Whether masks are enough to say that a whole team stands at one of the starts, `off` set aside.

        They are where they decide anyway, or where the first start has a team in which nobody has two places.
        """
        if self.masks_decide(scene):
            return True
        if not self.coupled <= _ONLY_SEVERAL:
            return False
        able = self.able(scene, (starts & -starts).bit_length() - 1, ~off)
        return able is not None and _nobody_twice(scene, matched(able))

    def masks_decide(self, scene: Scene) -> bool:
        """Whether a start that every need has someone for has a whole team, since nobody could fill two needs."""
        key = id(scene.mode)  # on every day and in every room the same people
        if key not in self.decided:
            people = [scene.filling(need).units for need in scene.mode.needs if need.kind is Kind.PERSON]
            once = len(set(chain.from_iterable(people))) == sum(map(len, people))
            self.decided[key] = not self.coupled or (once and self.coupled <= _ONLY_SEVERAL)
        return self.decided[key]

    def affordable(self) -> bool:
        """Whether another question about a whole team may be asked; once it may not, answers are by masks alone."""
        if self.asked > BUDGET:
            self.sure = False
        return self.asked <= BUDGET

    def anyone(self, scene: Scene, bit: int, on: Atoms) -> Witness:
        """A plan at a start that `on` leaves, whatever joint rules say of it."""
        able = self.able(scene, bit, on)
        witness = self._witness(scene, bit, able, matched(able), lambda _: False) if able else None
        if witness is None:
            raise ValueError(f"{self.table.index.named(on)} leave nobody at {scene.day.frame.instant(bit)}.")
        return witness

    def setting_aside(self, off: Atoms, places: Iterable[tuple[Scene, Mask]]) -> Witness | None:
        """A whole team at one of the starts, with everything in force but `off`."""
        return self._team(places, ~off, lambda atom: not self.table.index.bit(atom) & off)

    def under(self, on: Atoms, places: Iterable[tuple[Scene, Mask]]) -> Witness | None:
        """A whole team at one of the starts, with nothing in force but `on`."""
        return self._team(places, on, lambda atom: bool(self.table.index.bit(atom) & on))

    def _team(
        self, places: Iterable[tuple[Scene, Mask]], on: Atoms, holds: Callable[[Atom], bool]
    ) -> Witness | None:
        left: list[tuple[Scene, int]] = []
        seen: set[tuple[object, ...]] = set()
        for scene, starts in places:
            for bit in self._unlike(scene, starts, on):
                choice = self._choice(scene, bit, on)
                if choice in seen:
                    continue
                seen.add(choice)
                if len(left) == STARTS:
                    self.sure = False
                    return self._solved(left, on, holds)
                witness = self._apart(scene, bit, on, holds) if len(left) < SIMPLE else None
                if witness is not None:
                    return witness
                left.append((scene, bit))
        return self._solved(left, on, holds)

    def _unlike(self, scene: Scene, starts: Mask, on: Atoms) -> Iterable[int]:
        """One start of each kind: with the same people to choose from, joint rules say the same of a team."""
        if not self.coupled <= _BY_TEAM:
            return bits(starts)
        latest = scene.day.frame.end - max(need.begin for need in scene.mode.needs)
        same_day = scene.day.frame.starts(scene.day.frame.origin, latest - 1)
        kinds = [part for part in (starts & same_day, starts & ~same_day) if part]
        for need in scene.mode.needs:
            for candidate in self.table.candidates(scene, need) if need.kind is Kind.PERSON else ():
                free = candidate.free(on, starts)
                if len(kinds) <= STARTS and free != starts:
                    kinds = [part for kind in kinds for part in (kind & free, kind & ~free) if part]
        return (
            sorted((kind & -kind).bit_length() - 1 for kind in kinds)
            if len(kinds) <= STARTS
            else bits(starts)
        )

    def _choice(self, scene: Scene, bit: int, on: Atoms) -> tuple[object, ...]:
        """What a joint question at this start depends on; the start itself where it may depend on more."""
        if not self.coupled <= _BY_TEAM:
            return scene, bit
        able = self.able(scene, bit, on) or {}
        people = tuple(
            (need.key, tuple(sorted(unit for unit, _ in able.get(need.key, ()))))
            for need in scene.mode.needs
            if need.kind is Kind.PERSON
        )
        late = scene.day.frame.instant(bit) + max(n.begin for n in scene.mode.needs) >= scene.day.frame.end
        return scene.day.date, late, scene.mode.surgeon, people

    def _apart(self, scene: Scene, bit: int, on: Atoms, holds: Callable[[Atom], bool]) -> Witness | None:
        """A team in which nobody has two places, if it breaks no joint rule that holds."""
        self.asked += 1
        able = self.able(scene, bit, on)
        return self._witness(scene, bit, able, matched(able), holds) if able is not None else None

    def _solved(
        self, left: list[tuple[Scene, int]], on: Atoms, holds: Callable[[Atom], bool]
    ) -> Witness | None:
        """What CP-SAT finds for the starts that no simple team serves, in one model a day."""
        if not self.affordable():
            return None
        self.asked += 10
        able = [(scene, bit, self.able(scene, bit, on)) for scene, bit in left]
        open_ = [(scene, bit, theirs) for scene, bit, theirs in able if theirs is not None]
        for facts in {id(scene.day.facts): scene.day.facts for scene, _, _ in open_}.values():
            asked = [entry for entry in open_ if entry[0].day.facts is facts]
            model = TeamModel([self._slot(*entry) for entry in asked], facts)
            never = model.model.new_constant(0)
            for rule in self.rules:
                rule.post(model, partial(self._literal, holds, never))
            model.minimise({
                (number, need.key, unit): min(10_000, against.bit_count() * 100 + order)
                for number, (scene, _, theirs) in enumerate(asked)
                for need in scene.mode.needs
                for order, (unit, against) in enumerate(theirs[need.key])
            })  # fmt: skip
            solved = model.solve()
            self.sure &= solved.proven
            for (scene, bit, theirs), team in zip(asked, solved.chosen, strict=True):
                witness = None if team is None else self._witness(scene, bit, theirs, team, holds)
                if witness is not None:
                    return witness
        return None

    def _literal(self, holds: Callable[[Atom], bool], never: object, atom: Atom) -> object | None:
        self.heard.add(atom)
        return None if holds(atom) else never

    def able(self, scene: Scene, bit: int, on: Atoms) -> Able | None:
        """Need key -> (candidate, atoms against it) where none of those is in force; None where a need has nobody."""
        key = scene, bit, on
        if key not in self.known:
            self.known[key] = self._able(scene, bit, on)
        return self.known[key]

    def _able(self, scene: Scene, bit: int, on: Atoms) -> Able | None:
        able = {}
        for key, everyone in self._against(scene, bit).items():
            theirs = [each for each in everyone if not each[1] & on]
            if not theirs:
                return None
            able[key] = theirs
        return able

    def _against(self, scene: Scene, bit: int) -> Able:
        key = scene, bit
        if key not in self.against:
            self.against[key] = {
                need.key: self._fewest_first(self.table.candidates(scene, need), bit)
                for need in scene.mode.needs
            }
        return self.against[key]

    def _fewest_first(self, candidates: tuple[Candidacy, ...], bit: int) -> list[tuple[str, Atoms]]:
        """The same list in every room where the candidates are the same; the table keeps these alive."""
        key = id(candidates), bit
        if key not in self.ordered:
            self.ordered[key] = sorted(((each.unit, each.at(bit)) for each in candidates), key=_fewest)
        return self.ordered[key]

    def _slot(self, scene: Scene, bit: int, able: Able) -> Slot:
        return Slot(
            scene.mode, scene.room, scene.day.frame.instant(bit),
            {key: tuple(unit for unit, _ in theirs) for key, theirs in able.items()},
        )  # fmt: skip

    def _witness(
        self,
        scene: Scene,
        bit: int,
        able: Able,
        team: dict[str, str],
        holds: Callable[[Atom], bool],
    ) -> Witness | None:
        violated = 0
        for key, theirs in able.items():
            chosen = team[key]
            violated |= next(against for unit, against in theirs if unit == chosen)
        coupled = self._coupled(scene, bit, team)
        if any(holds(atom) for atom in coupled):
            return None
        return Witness(scene, bit, team, violated | self.table.index.of(coupled))

    def _coupled(self, scene: Scene, bit: int, team: dict[str, str]) -> set[Atom]:
        """What the joint rules have against the team as a whole."""
        apart = _nobody_twice(scene, team)
        rules = [rule for rule in self.coupling if not (apart and rule.id in _ONLY_SEVERAL)]
        if not rules:
            return set()
        plan = self.plan(scene, bit, team)
        after = scene.day.facts.after(plan)
        return {violation.atom for rule in rules for violation in rule.check(plan, after)}

    def plan(self, scene: Scene, bit: int, team: dict[str, str]) -> Plan:
        """The plan of a team at one start; units are left open, since a pool set aside may have none over."""
        slot = Slot(scene.mode, scene.room, scene.day.frame.instant(bit), {})
        filled = {key: unit for key, unit in team.items() if unit != NOBODY}
        request = self.table.request
        case = case_of(slot, filled, request)
        return Plan((case,), patient=request.patient, urgency=request.urgency)


def _nobody_twice(scene: Scene, team: dict[str, str]) -> bool:
    """Whether every person of the team has one place in it."""
    people = [team[need.key] for need in scene.mode.needs if need.kind is Kind.PERSON]
    return len(set(people)) == len(people)


def _fewest(candidate: tuple[str, Atoms]) -> int:
    return candidate[1].bit_count()


def matched(able: Able) -> dict[str, str]:
    """Need key -> candidate, each person once as far as that can be; those with the least against them first."""
    holder: dict[str, str] = {}

    def place(key: str, seen: set[str]) -> bool:
        for unit, _ in able[key]:
            if unit not in seen:
                seen.add(unit)
                if unit not in holder or place(holder[unit], seen):
                    holder[unit] = key
                    return True
        return False

    alone = {key: theirs[0][0] for key, theirs in able.items()}
    for key in able:
        place(key, set())
    return alone | {key: unit for unit, key in holder.items()}
