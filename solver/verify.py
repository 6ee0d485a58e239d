"""The last word: `check` of every binding rule over a whole plan, reading reservations only."""

from __future__ import annotations

from collections.abc import Iterable

from solver.book import Facts
from solver.clinic import Clinic, Instant
from solver.request import Plan, Violation
from solver.rules import Catalogue


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
    return tuple(v for rule in rules if rule.id not in waived for v in rule.check(plan, after))


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


def sentences(violations: Iterable[Violation], catalogue: Catalogue) -> list[str]:
    """The violations in their rules' own words, each once."""
    return list(dict.fromkeys(catalogue.reason(violation).text for violation in violations))
