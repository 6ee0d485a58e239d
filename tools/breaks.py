"""What a change of the records does to the book: the rules that its cases stand against then, and not before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from solver.book import Facts
from solver.clinic import Case, Clinic, Instant
from solver.request import Plan, Violation
from solver.rules import Catalogue
from solver.rules.base import BaseRule
from solver.verify import sentences
from tools.progress import over

TOLD = frozenset({"block"})
"""Rules of the moment of booking whose change still concerns cases that are booked: a block laid over them."""


CHECKING = "Checking every rule"


@dataclass(frozen=True, order=True)
class Break:
    """A case against a rule, in the rule's own words."""

    case: str
    rule: str
    subject: str
    text: str


def breaks(before: Clinic, after: Clinic, as_of: Instant) -> list[Break]:
    """What the cases still to come break after a change and didn't before, in order of start."""
    coming = [case for case in after.cases if case.occupies and case.end > as_of]
    new = standing(after, as_of, coming)
    if not new:
        return []
    hit = {one.case for one in new}
    known = {
        (one.case, one.rule, one.subject)
        for one in standing(before, as_of, [case for case in before.cases if case.id in hit])
    }
    return [one for one in new if (one.case, one.rule, one.subject) not in known]


def standing(clinic: Clinic, as_of: Instant, cases: Iterable[Case], excused: bool = True) -> list[Break]:
    """What these cases of the book stand against, in order of start; `excused` leaves out what is on record for it."""
    facts, catalogue = Facts.of(clinic, as_of), Catalogue.of(clinic)
    rules = [rule for rule in catalogue.rules if not rule.at_booking or rule.id in TOLD]
    ordered = sorted((case for case in cases if case.occupies), key=lambda case: (case.start, case.id))
    return [one for case in over(CHECKING, ordered) for one in _of(case, facts, catalogue, rules, excused)]


def _of(
    case: Case, facts: Facts, catalogue: Catalogue, rules: Iterable[BaseRule], excused: bool
) -> Iterator[Break]:
    seen: set[tuple[str, str]] = set()
    for violation in _violations(case, facts, rules):
        key = (violation.rule, violation.subject)
        if key in seen or (excused and violation.rule in case.exceptions):
            continue
        seen.add(key)
        yield Break(case.id, *key, sentences([violation], catalogue)[0])


def _violations(case: Case, facts: Facts, rules: Iterable[BaseRule]) -> Iterator[Violation]:
    plan = Plan((case,))
    for rule in rules:
        yield from rule.check(plan, facts)
