"""The shipped conversations: each passes with the product as it is, and turns red where it is broken."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import pytest

from evals.loading import Script, scripts
from evals.mutants import MUTANTS
from evals.planted import patched
from evals.run import NotPlanted, killed, run_one
from evals.speakers import BASELINES

pytestmark = pytest.mark.timeout(900)
"""A busy machine is no fault of a conversation."""

SHIPPED = scripts()
NAMED = [script for script in SHIPPED if script.conversation.killed_by]


def _name(script: Script) -> str:
    return script.id


@pytest.mark.parametrize("script", SHIPPED, ids=_name)
def test_the_conversation_passes(script: Script) -> None:
    """Every check of the conversation holds with the offline interpreter, or with its scripted model."""
    result = run_one(script)
    assert result.fault is None
    assert [(check.turn, check.name, check.said) for check in result.failed()] == []
    assert result.not_judged == []


@pytest.mark.parametrize("script", NAMED, ids=_name)
def test_the_conversation_turns_red_under_its_mutant(script: Script) -> None:
    """A fault planted in the product is found by the conversation that names it."""
    assert not run_one(script, mutant=script.conversation.killed_by).ok


@pytest.mark.parametrize("baseline", BASELINES)
def test_agents_that_do_nothing_right_fail(baseline: str) -> None:
    """Saying nothing, asking, refusing and offering everybody the same pass nothing of the core or of booking."""
    core = [script for script in SHIPPED if script.conversation.suite in ("core", "booking")]
    assert [script.id for script in core if run_one(script, baseline).ok] == []


def test_every_suite_of_the_plan_has_conversations() -> None:
    """At least 80 conversations, over every suite that a clinic's trust depends on."""
    suites = {script.conversation.suite for script in SHIPPED}
    wanted = {"core", "paraphrase", "ambiguous", "infeasible", "follow-ups", "booking-races", "roles", "injection",
              "private-data", "out-of-scope", "provider-faults", "booking", "grading"}  # fmt: skip
    assert len(SHIPPED) >= 80
    assert wanted <= suites
    assert min(Counter(script.conversation.suite for script in SHIPPED).values()) >= 8


def test_every_fault_that_can_be_planted_is_found_by_a_conversation_that_names_it() -> None:
    """No mutant is there for show either, but for those that the grading's own conversations are played under."""
    named = {script.conversation.killed_by for script in SHIPPED}
    played = {script.conversation.mutant for script in SHIPPED}
    assert sorted(set(MUTANTS) - named - played) == []


@pytest.mark.parametrize("mutant", MUTANTS)
def test_what_a_mutant_changes_is_there(mutant: str) -> None:
    """A fault whose place in the product has gone can't be planted, and that is no kill."""
    with MUTANTS[mutant]():
        pass


def test_a_mutant_that_cannot_be_planted_stops_the_run() -> None:
    """It turns nothing red: the run ends, and says which it was."""
    gone = {"gone": patched("assistant.guard.assertions.gone", None)}
    with patch.dict("evals.run.MUTANTS", gone), pytest.raises(NotPlanted, match="gone can't be planted"):
        run_one(SHIPPED[0], mutant="gone")


def test_named_mutants_exist() -> None:
    """No conversation names a fault that nobody can plant."""
    assert {script.conversation.killed_by for script in NAMED} <= set(MUTANTS)


def test_every_conversation_names_a_fault_that_it_finds() -> None:
    """None is there for show: the runs above hold that each turns red under the fault it names."""
    assert [script.id for script in SHIPPED if script not in NAMED] == []


def test_a_mutant_is_found_where_none_is_named() -> None:
    """A conversation that names no fault is told the first that turns it red."""
    script = next(each for each in SHIPPED if each.id == "core-room-named")
    bare = Script(script.conversation.model_copy(update={"killed_by": None}), script.folder)
    found = killed(bare)
    assert found is not None
    assert found.mutant in MUTANTS
