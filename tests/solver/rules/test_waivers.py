"""Overrides: granted to those who may, refused to everyone else and for what is never waived, rule by rule."""

from __future__ import annotations

import pytest

from solver.request import Override
from solver.rules import CATALOGUE, Catalogue, NotWaivable
from solver.rules.waivers import Waiver
from solver.search import search
from tests.solver.clinics import ask, small_clinic, snapshot
from tools.context import Role

WAIVABLE = [rule for rule in CATALOGUE.values() if rule.waivable_by is not None]
NEVER = [rule for rule in CATALOGUE.values() if rule.waivable_by is None]


@pytest.mark.parametrize("rule", WAIVABLE, ids=lambda rule: str(rule.id))
def test_a_director_may_waive_what_anyone_may(rule: type) -> None:
    """Whoever's word it takes, there is a sign-in role that grants it and puts it on record."""
    assert isinstance(rule.waivable_by, Waiver)  # type: ignore[attr-defined]
    assert rule.waivable_by.grants(Role.DIRECTOR)  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", WAIVABLE, ids=lambda rule: str(rule.id))
def test_nobody_else_waives_it_unless_it_is_theirs(rule: type) -> None:
    """A charge nurse waives a charge nurse's rules alone; schedulers, administrators, auditors and machines none."""
    granted = {role for role in Role if rule.waivable_by.grants(role)}  # type: ignore[attr-defined]
    nurse = {Role.CHARGE_NURSE} if rule.waivable_by is Waiver.CHARGE_NURSE else set()  # type: ignore[attr-defined]
    assert granted == {Role.DIRECTOR} | nurse


def test_every_role_that_grants_can_sign_in() -> None:
    """No waiver waits for a role that nobody can have."""
    assert {role for waiver in Waiver for role in waiver.roles} <= {str(role) for role in Role}


@pytest.mark.parametrize("rule", NEVER, ids=lambda rule: str(rule.id))
def test_what_is_never_waived_is_refused_in_every_request(rule: type) -> None:
    """A search with such an override is refused, whether there is a slot or not, and says what would open one."""
    asked = ask(overrides=(Override(rule.id, "because"),))  # type: ignore[attr-defined]
    with pytest.raises(NotWaivable, match="only a real resource opens it"):
        search(snapshot(small_clinic()), asked)


@pytest.mark.parametrize("rule", WAIVABLE, ids=lambda rule: str(rule.id))
def test_what_is_waived_does_not_bind(rule: type) -> None:
    """A waived rule is left out of what binds, and no other is."""
    catalogue = Catalogue.of(small_clinic())
    asked = ask(overrides=(Override(rule.id, "because"),))  # type: ignore[attr-defined]
    left = {each.id for each in catalogue.binding(asked)}
    assert left == {each.id for each in catalogue.rules} - {rule.id}  # type: ignore[attr-defined]


def test_an_override_of_an_unknown_rule_is_refused() -> None:
    """A misspelt rule is named, not ignored."""
    with pytest.raises(NotWaivable, match="'turn-over'"):
        search(snapshot(small_clinic()), ask(overrides=(Override("turn-over", "because"),)))
