"""The catalogue of rules: a file a family, one object a rule. Search, explanation and verification iterate it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from solver.clinic import Clinic, RuleSetting, frozen
from solver.request import Override, Plan, Reason, Request, Violation
from solver.reserve import Kind
from solver.rules import (
    anesthesia,
    block,
    calendar,
    cleaning,
    duty,
    equipment,
    nursing,
    order,
    patient,
    policy,
    readiness,
    recovery,
    room,
    safety,
    sterile,
    supplies,
    surgeon,
)
from solver.rules.base import BaseRule, Level

if TYPE_CHECKING:
    from solver.book import Facts

FAMILIES = (
    calendar, room, order, cleaning, block, surgeon, anesthesia, nursing, duty, equipment, safety, sterile, supplies,
    recovery, patient, readiness, policy,
)  # fmt: skip

CATALOGUE: Mapping[str, type[BaseRule]] = frozen(
    {rule.id: rule for family in FAMILIES for rule in family.RULES}
)
"""Rule id -> its class, in the order in which the families are read."""


def patient_flags(clinic: Clinic) -> frozenset[str]:
    """The flags of a patient that some rule of the clinic can ask for, switched on or not."""
    made = [rule(clinic, clinic.rules.get(id_, RuleSetting())) for id_, rule in CATALOGUE.items()]
    listed = {flag for rule in made for flags in rule.values("flags") for flag in flags}
    return frozenset({*listed, "child", readiness.BLOOD_THINNER})


class NotWaivable(ValueError):
    """An override names a rule that nobody may set aside, or that doesn't exist."""


@dataclass(frozen=True)
class Catalogue:
    """The rules of one clinic, with its levels and parameters.

    Rules that are off, or that its records give nothing to say, aren't in it; `soft` ones advise and bind nothing.
    """

    rules: tuple[BaseRule, ...]
    soft: tuple[BaseRule, ...] = ()
    ties: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    """What `tied` found, room by room."""
    on: tuple[BaseRule, ...] = field(default=(), compare=False, repr=False)
    """Every rule that isn't off, those with nothing to say too."""

    @classmethod
    def of(cls, clinic: Clinic) -> Catalogue:
        made = (rule(clinic, clinic.rules.get(id_, RuleSetting())) for id_, rule in CATALOGUE.items())
        return cls._made(tuple(rule for rule in made if rule.level is not Level.OFF))

    def over(self, clinic: Clinic) -> Catalogue:
        """The same rules over other records; the clinic's rule settings must be the same."""
        return self._made(tuple(rule.over(clinic) for rule in self.on))

    @classmethod
    def _made(cls, on: tuple[BaseRule, ...]) -> Catalogue:
        live = [rule for rule in on if not rule.idle]
        return cls(
            tuple(rule for rule in live if rule.level.binds),
            tuple(rule for rule in live if rule.level is Level.SOFT),
            on=on,
        )

    def tied(self, room: str) -> frozenset[str]:
        """Surgeons to whom some rule may forbid other starts in that room than to anyone else."""
        if room not in self.ties:
            self.ties[room] = frozenset[str]().union(*(rule.tied(room) for rule in self.rules))
        return self.ties[room]

    def rule(self, id_: str) -> BaseRule:
        return next(rule for rule in self.rules if rule.id == id_)

    def binding(self, request: Request) -> tuple[BaseRule, ...]:
        """The rules that hold for a request: all but those it waives. Raises `NotWaivable`."""
        waived = self.waived(request)
        return tuple(rule for rule in self.rules if rule.id not in waived)

    def waived(self, request: Request) -> frozenset[str]:
        for override in request.overrides:
            rule = CATALOGUE.get(override.rule)
            if rule is None:
                raise NotWaivable(f"There is no rule {override.rule!r}. Maybe look it up in the logic map.")
            if rule.waivable_by is None:
                raise NotWaivable(f"{rule.title} ({rule.id}) is never waived; only a real resource opens it.")
        return frozenset(override.rule for override in request.overrides)

    def narrowing(self, overrides: tuple[Override, ...], kind: Kind) -> tuple[BaseRule, ...]:
        """The rules that narrow a need of that kind, but for those overridden."""
        waived = {override.rule for override in overrides}
        return tuple(rule for rule in self.rules if kind in rule.kinds and rule.id not in waived)

    def advice(self, plan: Plan, facts: Facts) -> tuple[str, ...]:
        """What the soft rules say of a plan that `facts` already hold: worth knowing, and no reason to refuse."""
        said = (rule.say(broken) for rule in self.soft for broken in rule.check(plan, facts))
        return tuple(dict.fromkeys(said))

    def reason(self, violation: Violation) -> Reason:
        """The violation in its rule's own words."""
        rule = self.rule(violation.rule)
        facts = violation.facts
        resources = [violation.subject] + [
            facts[key] for key in ("room", "owner", "equipment") if key in facts
        ]
        return Reason(violation.atom, rule.title, rule.say(violation), facts, tuple(dict.fromkeys(resources)))


__all__ = ["CATALOGUE", "Catalogue", "Level", "NotWaivable", "patient_flags"]
