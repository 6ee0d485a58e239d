"""The catalogue as a whole: every rule is claimed, and described for the logic map."""

from __future__ import annotations

import datetime as dt
import pkgutil
from dataclasses import replace
from importlib import import_module

import pytest

import tests.solver.rules as family
from solver.clinic import DatedParams, RuleSetting, frozen
from solver.request import Violation
from solver.rules import CATALOGUE
from tests.solver.clinics import NEW_YORK, setting
from tests.solver.rules.claims import Attempt, Claim, bites, found, new, passes
from tests.solver.rules.test_new_rules import LATE

MODULES = [
    import_module(f"{family.__name__}.{module.name}") for module in pkgutil.iter_modules(family.__path__)
]
CLAIMS: list[Claim] = [each.values[0] for module in MODULES for each in getattr(module, "CLAIMS", ())]
SPEAKS_THROUGH = {"block-release": "block"}
"""Rules that forbid nothing themselves, and the one that asks them: claimed by a test of their own below."""


@pytest.mark.parametrize("rule", [id_ for id_ in CATALOGUE if id_ not in SPEAKS_THROUGH])
def test_switching_a_rule_off_is_caught(rule: str) -> None:
    """Every rule of the catalogue has a case that it alone refuses, in its words, and lets pass once it is off."""
    claims = [claim for claim in CLAIMS if claim.rule == rule]
    assert claims, f"no test claims that {rule} bites"
    for claim in claims:
        bites(claim)
        passes(claim)


def test_switching_block_release_off_is_caught() -> None:
    """With release three days ahead a case in five days is kept out, and without the rule any block is closed."""
    assert set(SPEAKS_THROUGH) == {"block-release"}
    near = setting(LATE, "block-release", days=7)
    assert {violation.rule for violation in found(LATE, Attempt(new()))} == {"block"}
    assert not found(near, Attempt(new()))
    without = setting(near, "block-release", "off", days=7)
    assert {violation.rule for violation in found(without, Attempt(new()))} == {"block"}


SET = [each for each in CLAIMS if each.rule in each.clinic.rules and each.clinic.rules[each.rule].params]


@pytest.mark.parametrize("each", SET, ids=lambda each: str(each.rule))
def test_parameters_hold_from_their_day_on(each: Claim) -> None:
    """From the day of surgery on they bite as if they had always held; from the next day on, as if never set."""
    day = NEW_YORK.date(each.bites.case.start)
    held = each.clinic.rules[each.rule]
    before = replace(held, params=frozen())
    same = replace(before, dated=(DatedParams(day, held.params),))
    later = replace(before, dated=(DatedParams(day + dt.timedelta(days=1), held.params),))
    assert _found(each, same) == found(each.clinic, each.bites)
    assert _found(each, later) == _found(each, before)


def _found(each: Claim, held: RuleSetting) -> tuple[Violation, ...]:
    """What is found against the claim's case with another setting of its rule."""
    return found(replace(each.clinic, rules=frozen({**each.clinic.rules, each.rule: held})), each.bites)


def test_no_claim_is_about_a_rule_that_does_not_exist() -> None:
    """A renamed rule takes its claims along."""
    assert {claim.rule for claim in CLAIMS} <= set(CATALOGUE)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=list(CATALOGUE))
def test_every_rule_says_what_the_logic_map_prints(rule: type) -> None:
    """A rule has a title, an owner, what it couples, and one sentence of its meaning."""
    assert rule.title  # type: ignore[attr-defined]
    assert rule.owner  # type: ignore[attr-defined]
    assert rule.couples  # type: ignore[attr-defined]
    assert (rule.__doc__ or "").strip().endswith(".")
