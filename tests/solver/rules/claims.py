"""What a rule claims: a case that breaks it and nothing else, one that keeps it, and the sentence it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from solver.book import Facts
from solver.clinic import Case, Clinic, TeamMember, UnitUse
from solver.request import Patient, Plan, Violation
from solver.rules import Catalogue
from solver.verify import verify
from tests.solver.clinics import NEW_YORK, NOW, booked, having, setting, small_clinic


@dataclass(frozen=True)
class Attempt:
    """A plan of one case: with what is known of the patient, and the pool units it names."""

    case: Case
    patient: Patient | None = None
    units: tuple[UnitUse, ...] = ()

    @property
    def plan(self) -> Plan:
        """The attempt as the verifier reads it."""
        return Plan((self.case,), (self.units,), (), self.patient)


@dataclass(frozen=True)
class Claim:
    """`bites` breaks exactly this rule in this clinic, `passes` breaks none."""

    rule: str
    clinic: Clinic
    bites: Attempt
    passes: Attempt
    says: str


def new(clock: str = "10:00", room: str = "or-1", staff: str = "1", **more: Any) -> Case:
    """A case to be booked: Dr. Smith's knee arthroscopy with the people numbered 1."""
    anesthesia = more.pop("anesthesia", "general")
    case = booked(clock, room, staff=staff, **{"surgeon": "dr-smith", **more})
    return replace(case, id="new-1", anesthesia=anesthesia)


def wrist(clock: str = "10:00", room: str = "or-2", **more: Any) -> Case:
    """A case to be booked: Dr. Patel's wrist with the C-arm."""
    return new(clock, room, procedure="wrist-orif", **{"surgeon": "dr-patel", "length": 90, **more})


def without(case: Case, role: str) -> Case:
    """The case with a place of its team empty."""
    return replace(case, team=tuple(member for member in case.team if member.role != role))


def people(**roles: str) -> tuple[TeamMember, ...]:
    """A team by role, with _ for -."""
    return tuple(TeamMember(role.replace("_", "-"), person) for role, person in roles.items())


def changed(table: str, id_: str, clinic: Clinic | None = None, **fields: Any) -> Clinic:
    """The small clinic with fields of one record changed."""
    clinic = clinic or small_clinic()
    return having(clinic, table, replace(getattr(clinic, table)[id_], **fields))


def two_towers(**fields: Any) -> Clinic:
    """The small clinic with a tower in OR 2 as well, so that two knees may be done at once."""
    return changed("rooms", "or-2", equipment=("arthroscopy-tower",), **fields)


def claim(
    rule: str, clinic: Clinic, bites: Case | Attempt, passes: Case | Attempt, says: str
) -> pytest.ParameterSet:
    """A claim as a test's parameter."""
    tried = [Attempt(one) if isinstance(one, Case) else one for one in (bites, passes)]
    return pytest.param(Claim(rule, clinic, tried[0], tried[1], says), id=rule)


def found(clinic: Clinic, attempt: Attempt) -> tuple[Violation, ...]:
    """What the verifier finds against an attempt."""
    return verify(attempt.plan, Facts.of(clinic, NEW_YORK.of(NOW)))


def bites(claim: Claim) -> None:
    """The case breaks the rule and no other, says so in one sentence, and passes once the rule is off."""
    violations = found(claim.clinic, claim.bites)
    assert {violation.rule for violation in violations} == {claim.rule}
    said = Catalogue.of(claim.clinic).reason(violations[0]).text.replace("\u00a0", " ")
    assert said == claim.says
    assert not found(setting(claim.clinic, claim.rule, "off"), claim.bites)


def passes(claim: Claim) -> None:
    """The other case breaks no rule at all."""
    assert not found(claim.clinic, claim.passes)
