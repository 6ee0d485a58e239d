"""Who of a case's team sits in which place, where several people have one role."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import TYPE_CHECKING

from solver.clinic import SURGEON, Case, Clinic, TeamMember
from solver.grid import Calendar

if TYPE_CHECKING:
    from solver.reserve import Need

MOST_OF_A_ROLE = 5
"""People of one role in one case up to whom every order is tried; more are seated as they are listed."""


def by_role(places: Iterable[Need]) -> dict[str, list[Need]]:
    """The places of each role, in order."""
    found: dict[str, list[Need]] = defaultdict(list)
    for need in places:
        found[need.role].append(need)
    return dict(found)


def seated(
    case: Case, team: Iterable[TeamMember], places: Mapping[str, Sequence[Need]], clinic: Clinic
) -> dict[str, str]:
    """Need key -> the person in that place: of one role as listed, unless another order is better certified.

    A clinic file lists a team by roles; who of two scrubs is the certified one is told by their certifications.
    `team` is the case's without the surgeon, `places` are the seats of each role.
    """
    listed: dict[str, list[str]] = {}
    for member in team:
        listed.setdefault(member.role, []).append(member.resource)
    found: dict[str, str] = {}
    for role, people in listed.items():
        needs = places.get(role, ())
        ordered = people if len(people) == 1 else _ordered(people, needs, case, clinic)
        for need, person in zip(needs, ordered, strict=False):
            found[need.key] = person
    return found


def team_of(case: Case) -> list[TeamMember]:
    """The team without the surgeon, whom some files list in it too."""
    return [m for m in case.team if (m.role, m.resource) != (SURGEON, case.surgeon)]


def _ordered(listed: list[str], needs: Sequence[Need], case: Case, clinic: Clinic) -> Sequence[str]:
    if not 2 <= len(listed) <= MOST_OF_A_ROLE or not any(need.certifications for need in needs):
        return listed
    day = Calendar(clinic.timezone).date(case.start)

    def lacking(order: Sequence[str]) -> int:
        pairs = ((need, clinic.staff.get(person)) for need, person in zip(needs, order, strict=False))
        return sum(
            person is None or not all(person.certified(held, day) for held in need.certifications)
            for need, person in pairs
        )

    return min(permutations(listed), key=lacking)
