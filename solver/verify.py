"""The last word: `check` of every binding rule over a whole plan, reading reservations only."""

from __future__ import annotations

from collections.abc import Iterable

from solver.book import Facts
from solver.clinic import Clinic, Instant
from solver.request import Plan, Violation
from solver.rules import Catalogue
from solver.rules.base import BaseRule


def verify(
    plan: Plan,
    facts: Facts,
    catalogue: Catalogue | None = None,
    waived: frozenset[str] = frozenset(),
) -> tuple[Violation, ...]:
    """Every violation of a plan that is not in the book yet; empty when it may be shown, or written.

    `facts` are those before the plan. Rules in `waived` are left out: a person has overridden them.
    """
    rules = (catalogue or Catalogue.of(facts.clinic)).rules
    after = facts.after(plan)
    found = tuple(v for rule in rules if rule.id not in waived for v in rule.check(plan, after))
    return (*found, *_disturbed(plan, facts, after, rules)) if plan.swaps else found


def _disturbed(plan: Plan, facts: Facts, after: Facts, rules: Iterable[BaseRule]) -> Iterable[Violation]:
    """What the cases with exchanged people break that they didn't break before."""
    lasting = [rule for rule in rules if not rule.at_booking]
    for id_ in dict.fromkeys(swap.case for swap in plan.swaps):
        old = Plan((facts.book.cases[id_],))
        new = Plan((after.book.cases[id_],))
        known = {v.atom for rule in lasting for v in rule.check(old, facts)}
        yield from (v for rule in lasting for v in rule.check(new, after) if v.atom not in known)


def clashes(clinic: Clinic, as_of: Instant) -> dict[str, tuple[Violation, ...]]:
    """Case id -> what the cases already in the book violate among themselves.

    Rules that judge the moment of booking (notice, block release) say nothing of a case that is booked already.
    """
    facts, catalogue = Facts.of(clinic, as_of), Catalogue.of(clinic)
    lasting = [rule for rule in catalogue.rules if not rule.at_booking]
    found = {}
    for case in facts.book.cases.values():
        plan = Plan((case,))
        broken = tuple(
            v for rule in lasting for v in rule.check(plan, facts) if v.rule not in case.exceptions
        )
        if broken:
            found[case.id] = broken
    return found


def warnings(plan: Plan, facts: Facts, catalogue: Catalogue, overridden: bool) -> tuple[str, ...]:
    """What to know of a verified plan: the rules that a person has overridden for it, and what soft rules advise."""
    # The verifier has passed every rule that isn't waived: what it finds now was overridden.
    broken = verify(plan, facts, catalogue) if overridden else ()
    advice = catalogue.advice(plan, facts.after(plan)) if catalogue.soft else ()
    return (*(f"Overridden: {text}" for text in sentences(broken, catalogue)), *advice)


def sentences(violations: Iterable[Violation], catalogue: Catalogue) -> list[str]:
    """The violations in their rules' own words, each once."""
    return list(dict.fromkeys(catalogue.reason(violation).text for violation in violations))
