"""The laws hold under every rule of the catalogue: each is given random clinics in which it has something to say."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from solver.clinic import RuleSetting
from solver.request import Request, Status
from solver.rules import CATALOGUE
from solver.search import search
from solver.snapshot import Candidate, Snapshot
from solver.verify import verify
from tests.solver.brute import accepted, asked, by_solver, loaded, looked_at, sites
from tests.solver.flavours import FLAVOURS, Flavoured
from tests.solver.strategies import Record, situations

Situation = tuple[Record, Record, datetime]

ORDINARY = {
    "start-step", "room-hours", "surgeon-days", "staff-shift", "facility-hours", "person-occupancy",
    "room-occupancy", "pacu-bay", "turnover", "leave", "notice", "tray-set", "equipment-pool", "equipment-move",
    "tray-reprocessing", "surgeon-privilege", "staff-certification", "holiday", "room-feature", "room-equipment",
    "block", "staff-hours", "room-closed", "surgeon-limits", "equipment-maintenance",
}  # fmt: skip
"""Rules that bite in random clinics as they are."""

SILENT = {"unit-occupancy", "block-release"}
"""Rules that forbid no start of their own: units are repacked, and a release only says when a block ends."""

TRIED = (Phase.explicit, Phase.reuse, Phase.generate)


def laid_over(rule: str, situation: Situation) -> Flavoured:
    """The file and the request of a situation with the rule's flavour laid over them."""
    data, request, _ = situation
    made = Flavoured(deepcopy(data), date.fromisoformat(request["date_from"]), dict(request))
    made.request.pop("replaces", None)
    FLAVOURS[rule](made)
    made.data["cases"] = [*made.booked, *made.data["cases"]]
    return made


def flavoured(rule: str, situation: Situation) -> tuple[Snapshot, Request]:
    """The situation with the rule's flavour laid over it, as the solver reads it."""
    made = laid_over(rule, situation)
    return loaded(made.data, situation[2]), replace(asked(made.request), patient=made.patient)


def bites(snapshot: Snapshot, request: Request, rule: str) -> bool:
    """Whether the rule forbids any start to anyone or anything, or any team."""
    masked = any(
        mask & day.frame.full
        for day, mode, room in sites(snapshot, request)
        for need in mode.needs
        for unit in day.candidates(need, mode, room)
        for own in day.narrowing(request.overrides, need.kind)
        if own.id == rule
        for _, mask in own.narrow(request, Candidate(mode, need, unit, room), day)
    )
    return masked or (not CATALOGUE[rule].exact and _joins(snapshot, request, rule))


def _joins(snapshot: Snapshot, request: Request, rule: str) -> bool:
    """Whether there are more starts once the rule is off."""
    rules = {**snapshot.clinic.rules, rule: RuleSetting(level="off")}
    without = Snapshot.of(replace(snapshot.clinic, rules=rules), snapshot.facts.as_of)
    return by_solver(snapshot, request) != by_solver(without, request)


def test_every_rule_is_reached() -> None:
    """A rule bites in ordinary random clinics, has a flavour, or is one of the few that forbid nothing alone."""
    assert set(FLAVOURS).isdisjoint(ORDINARY)
    assert set(FLAVOURS) | ORDINARY | SILENT == set(CATALOGUE)


@pytest.mark.parametrize("rule", FLAVOURS)
def test_a_flavour_gives_its_rule_something_to_say(rule: str) -> None:
    """Of a dozen random clinics with the flavour, the rule forbids something in at least one."""
    seen: list[bool] = []

    @settings(phases=(Phase.generate,), max_examples=12, derandomize=True, database=None)
    @given(situations())
    def look(situation: Situation) -> None:
        seen.append(any(seen) or bites(*flavoured(rule, situation), rule))

    look()
    assert any(seen)


@settings(phases=TRIED, max_examples=60)
@given(st.sampled_from(sorted(FLAVOURS)), situations())
def test_search_and_check_agree_under_every_rule(rule: str, situation: Situation) -> None:
    """No offer is thrown out by the verifier, and there is one exactly when the solver allows a start."""
    snapshot, request = flavoured(rule, situation)
    possible, result = by_solver(snapshot, request), search(snapshot, request)
    assert not result.rejected
    assert result.status is (Status.FOUND if possible else Status.INFEASIBLE)
    for offer in result.offers:
        assert not verify(offer.plan, snapshot.facts, snapshot.catalogue)


@settings(phases=TRIED, max_examples=30)
@given(st.sampled_from(sorted(FLAVOURS)), situations())
def test_no_mask_forbids_what_the_check_accepts(rule: str, situation: Situation) -> None:
    """Nobody of a team that passes every check is forbidden there, and the solver allows that start."""
    snapshot, request = flavoured(rule, situation)
    allowed = by_solver(snapshot, request)
    for day, mode, room in sites(snapshot, request):
        for bit in looked_at(day, request, mode):
            for team in accepted(day, request, mode, room, bit):
                assert (room, mode.surgeon, day.frame.instant(bit)) in allowed
                for need in mode.needs:
                    for atom, mask in day.forbidden(request, mode, need, team[need.key], room):
                        assert not mask >> bit & 1, (atom, need.key, team)
