"""A search that runs out of budget never says no: not proven in time is its own answer."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from solver import assign, joint
from solver.answer import find
from solver.clinic import Clinic
from solver.request import Request, Status
from solver.search import search
from tests.solver.clinics import ask, having, small_clinic, snapshot
from web.cli import main

ASKED = (ask(), ask(count=2), ask(count=2, arrangement="back-to-back"), ask(allow_swaps=True))


def without(clinic: Clinic, *people: str) -> Clinic:
    """The clinic without these people."""
    return replace(clinic, staff={id_: one for id_, one in clinic.staff.items() if id_ not in people})


@pytest.mark.parametrize("request_", ASKED, ids=("one", "two", "back-to-back", "swaps"))
def test_without_time_for_a_team_nothing_is_proven(
    monkeypatch: pytest.MonkeyPatch, request_: Request
) -> None:
    """What is found in time is not proven out of time: no offers, and no claim that there are none."""
    assert search(snapshot(small_clinic()), request_).status is Status.FOUND
    monkeypatch.setattr(assign, "BUDGET", 0.0)
    result = search(snapshot(small_clinic()), request_)
    assert result.offers == ()
    assert result.status is Status.NOT_PROVEN


def test_what_the_masks_prove_needs_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody could fill a place the answer is a proven no, budget or not."""
    monkeypatch.setattr(assign, "BUDGET", 0.0)
    nobody = without(small_clinic(), "scrub-1", "scrub-2")
    assert search(snapshot(nobody), ask()).status is Status.INFEASIBLE


def test_one_person_for_two_places_is_a_proven_no() -> None:
    """With time, the joint choice proves what no mask can: the only circulator can't scrub as well."""
    clinic = without(small_clinic(), "circulator-2", "scrub-1", "scrub-2")
    scrub = small_clinic().staff["scrub-1"]
    both = replace(clinic.staff["circulator-1"], roles_also=("scrub",), certifications=scrub.certifications)
    assert search(snapshot(having(clinic, "staff", both)), ask()).status is Status.INFEASIBLE


def test_out_of_partial_plans_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search for two cases that may look at one partial plan doesn't say that there is no room for two."""
    monkeypatch.setattr(joint, "NODES", 1)
    result = search(snapshot(small_clinic()), ask(count=2))
    assert result.status is Status.NOT_PROVEN


def test_the_answer_claims_no_more_than_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of time the explanation is not proven, not minimal and not complete."""
    monkeypatch.setattr(assign, "BUDGET", 0.0)
    found = find(snapshot(small_clinic()), ask())
    assert found.status is Status.NOT_PROVEN
    assert found.explanation is not None
    assert found.explanation.status is Status.NOT_PROVEN
    assert not found.explanation.complete


def test_the_command_exits_with_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`slotwright find` says not_proven and exits 3; given time, the same words find slots and exit 0."""
    words = [
        "find", "--procedure", "knee-arthroscopy", "--date-from", "2026-03-10", "--date-to", "2026-03-12",
        "--demo", "--now", "2026-03-05T09:00", "--json",
    ]  # fmt: skip
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "found"
    monkeypatch.setattr(assign, "BUDGET", 0.0)
    assert main(words) == 3
    assert json.loads(capsys.readouterr().out)["status"] == "not_proven"
