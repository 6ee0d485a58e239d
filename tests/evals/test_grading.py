"""The graders are claims too: what is right passes, and each planted lie is found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.grading.checks import Graded
from evals.grading.claims import judged
from evals.grading.private import planted
from evals.grading.proofs import _off_step
from evals.grading.turns import same
from evals.heard import Proof
from evals.loading import scripts
from evals.report.junit import junit
from evals.report.page import page
from evals.report.summary import compared, pass_hat, summary, wilson
from evals.run import run_one
from evals.usable import usable
from tools.errors import ToolError
from web.cli import main

pytestmark = pytest.mark.timeout(900)
"""A busy machine is no fault of a conversation."""

CASE = {"start": "2026-03-10T09:00:00-05:00", "end": "2026-03-10T09:55:00-05:00", "room": "or-1"}
TALK = """
id: one
suite: core
now: 2026-03-05T09:00
turns:
  - user: "Dr. Smith, knee scope, next Tuesday"
    expect: {expectation}
"""


def written(folder: Path, expectation: str, more: str = "") -> Path:
    """A conversation file of one turn."""
    path = folder / "talk.yaml"
    path.write_text(TALK.replace("{expectation}", expectation) + more)
    return path


@pytest.mark.parametrize(
    "expectation",
    [
        "{outcome: infeasible}",
        "{calls: [{tool: find_slots, input: {surgeon: dr-patel}}]}",
        "{calls: [{tool: check_slot}]}",
        "{calls: [{tool: find_slots, output: {status: infeasible}}]}",
        "{calls: [{tool: find_slots, output: {offers: [{label: A1, rank: 1}]}}]}",
        "{offers: {min: 50}}",
        "{offers: {room: or-2}}",
        "{offers: {date: 2026-03-11}}",
        "{says: [pelican]}",
        "{not_says: [smith]}",
        "{must_not_call: [find_slots]}",
        "{question: {about: [side]}}",
        "{explanation: {rules: [surgeon-days]}}",
    ],
)
def test_a_wrong_expectation_fails(tmp_path: Path, expectation: str) -> None:
    """Each kind of expectation turns the conversation red when the product does otherwise."""
    assert not run_one(scripts([str(written(tmp_path, expectation))])[0]).ok


@pytest.mark.parametrize(
    "more", ["final_state: {cases_added: 1}", "reads_required: [check_slot]",
             'writes: [{book: {procedure: knee-arthroscopy, surgeon: dr-smith, room: or-1, at: "2026-03-10T09:00"}}]']
)  # fmt: skip
def test_a_wrong_state_fails(tmp_path: Path, more: str) -> None:
    """What should have been written or read, and wasn't, turns the conversation red."""
    assert not run_one(scripts([str(written(tmp_path, "{outcome: found}", more))])[0]).ok


def test_a_write_that_names_no_side_is_no_claim_about_one(tmp_path: Path) -> None:
    """The right side is as right as the left where `writes` says none; one that is said must be it."""
    booked = """
  - user: "book the first one"
    when_asked: {laterality: right, patient: {name: "Test Patient", mrn: "T0000001"}}
    confirm: true
    expect: {outcome: booked}
writes: [{book: {procedure: knee-arthroscopy, surgeon: dr-smith, room: or-1, at: "2026-03-10T09:00"SIDE}}]
final_state: {cases_added: 1}
"""
    for side, ok in (("", True), (", laterality: right", True), (", laterality: left", False)):
        path = written(tmp_path, "{outcome: found}", booked.replace("SIDE", side))
        assert run_one(scripts([str(path)])[0]).ok is ok


def test_what_an_event_expects_is_refused(tmp_path: Path) -> None:
    """Nobody reads what is expected where nobody speaks, so it isn't taken for judged."""
    event = "  - elsewhere: {book: {label: A1}}\n    expect: {outcome: conflict}\n"
    with pytest.raises(ToolError, match="nobody says anything"):
        usable(scripts([str(written(tmp_path, "{outcome: found}", event))]))


def test_why_it_was_refused_is_told(tmp_path: Path) -> None:
    """Another end than the expected one comes with the product's own sentence."""
    booked = """
  - user: "book the first one"
    when_asked: {laterality: right, patient: {name: "Test Patient"}}
    confirm: true
    expect: {outcome: booked}
"""
    result = run_one(scripts([str(written(tmp_path, "{outcome: found}", booked))])[0])
    (check,) = [each for each in result.failed() if each.name == "outcome"]
    assert check.said.startswith("refused, not booked: ")


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    """A key that nothing reads is told, so that nobody takes it for judged."""
    result = run_one(scripts([str(written(tmp_path, "{outcome: found, tone: friendly}"))])[0])
    assert result.not_judged == ["turns.expect.tone"]


@pytest.mark.parametrize(
    ("reply", "loose"),
    [
        ("The first choice is 9:00 AM to 9:55 AM on March 10.", False),
        ("The first choice is 10:00 AM on March 10.", True),
        ("The first choice is 9:00 AM on March 11.", True),
        ("It is booked.", True),
        ("Nothing is booked yet.", False),
        ("See [[offer:A1]].", True),
    ],
)
def test_the_second_reading_finds_what_no_tool_said(reply: str, loose: bool) -> None:
    """A time, a date, a deed or a marker that no result holds is found, and what they hold passes."""
    assert bool(judged(reply, [{"offers": [{"label": "A1", "cases": [CASE]}]}])) is loose


@given(st.integers(0, 200), st.integers(1, 200))
def test_wilsons_interval_holds_the_share(right: int, of: int) -> None:
    """The interval is inside 0 to 1 and around the share seen."""
    right = min(right, of)
    low, high = wilson(right, of)
    assert 0 <= low <= right / of + 1e-9
    assert right / of - 1e-9 <= high <= 1


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (9, 9, 0.7009, 1.0), (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605), (1, 29, 0.0061, 0.1718),
    ],
)  # fmt: skip
def test_wilsons_interval_is_the_published_one(right: int, of: int, low: float, high: float) -> None:
    """The examples of Newcombe's paper of 1998 (method 3), and some worked by hand."""
    assert wilson(right, of) == pytest.approx((low, high), abs=5e-5)


def test_pass_hat_is_the_published_one() -> None:
    """C(c, k) / C(n, k), averaged over conversations: worked by hand for 3 of 4 and 4 of 4 runs."""
    runs = {"one": [True, True, True, False], "two": [True] * 4}
    assert [pass_hat(runs, k) for k in (1, 2, 3, 4)] == pytest.approx([0.875, 0.75, 0.625, 0.5])


def test_pass_hat_is_stricter_than_pass() -> None:
    """pass^2 of a conversation that passes half its runs is less than half."""
    assert pass_hat({"one": [True, True, False, False]}, 1) == 0.5
    assert pass_hat({"one": [True, True, False, False]}, 2) == pytest.approx(1 / 6)


def test_objects_match_by_their_named_fields() -> None:
    """Only named fields of an object count; a start matches with its seconds and its offset."""
    assert same({"asa": 2}, {"asa": 2, "age": 40})
    assert same("2026-03-10T10:00", "2026-03-10T10:00:00-05:00")
    assert not same("2026-03-10T10:00", "2026-03-10T11:00:00")
    assert not same(["a"], ["a", "b"])


def test_the_reports_hold_every_conversation(tmp_path: Path) -> None:
    """JSON, JUnit and the page name the conversation and what failed in it, with no address in the page."""
    path = written(tmp_path, "{outcome: infeasible}")
    run = summary([run_one(scripts([str(path)])[0])], ["<b>"], {"prompt": "x", "tools": "y"})
    whole: Any = page(run, {"conversations": [{"id": "one", "ok": True}]})
    assert "found, not infeasible" in whole
    assert "<b>" not in whole
    assert "://" not in whole
    assert 'failures="1"' in junit(run)
    assert compared(run, {"conversations": [{"id": "one", "ok": True}]})["broken"] == ["one"]


def test_the_command_tells_red_from_green(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0 for a passing file, 1 for a failing one, 2 with one sentence for one that can't be read."""
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    assert main(["eval", str(written(good, "{outcome: found}")), "--html", str(tmp_path / "run.html")]) == 0
    assert (tmp_path / "run.html").exists()
    assert main(["eval", str(written(bad, "{outcome: infeasible}"))]) == 1
    assert main(["eval", str(tmp_path / "none.yaml")]) == 2
    assert "can't be read" in capsys.readouterr().err


def test_a_file_that_is_no_conversation_is_refused(tmp_path: Path) -> None:
    """The error names the file and the key."""
    path = tmp_path / "talk.yaml"
    path.write_text("id: x\nsuite: core\n")
    with pytest.raises(ToolError, match="talk.yaml: "):
        scripts([str(path)])


@pytest.mark.parametrize(
    ("mutant", "check"),
    [
        ("reason-short", "the reason alone forbids every start"),
        ("reason-padded", "no member of the reason is spare"),
    ],
)
def test_a_reason_with_a_member_too_few_or_too_many_is_found(mutant: str, check: str) -> None:
    """The oracle holds every shown reason against every start: one that doesn't suffice, or holds a spare, is red."""
    script = next(each for each in scripts() if each.id == "ambiguous-answered")
    whole, broken = run_one(script), run_one(script, mutant=mutant)
    assert whole.ok
    assert whole.counts["members shown"] > 1
    assert [failed.name for failed in broken.failed()] == [check]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("role: scheduler", "role: pirate"), "role 'pirate'"),
        (("now:", "clinic: nowhere.yaml\nnow:"), "clinic file"),
        (("{expectation}", "{calls: [{tool: find_slotz}]}"), "tool 'find_slotz'"),
        (("{expectation}", "{outcome: bookd}"), "outcome 'bookd'"),
        (("{expectation}", "{outcome: found}\n  - elsewhere: {explode: {}}"), "action 'explode'"),
        (("{expectation}", "{outcome: found}\n  - elsewhere: {cancel: {}}"), "cancel lacks case"),
        (
            ("expect:", "meanwhile: {cancel: {}}\n    confirm: true\n    expect:"),
            "meanwhile: cancel lacks case",
        ),
        (
            ("expect:", "meanwhile: {wait: {minutes: 1}}\n    expect:"),
            "meanwhile is before a card is confirmed",
        ),
        (("suite:", "reads_required: [find_slotz]\nsuite:"), "tool 'find_slotz'"),
        (("suite:", "killed_by: nobody\nsuite:"), "mutant 'nobody'"),
        (("suite:", "model_script: [7]\nsuite:"), "no step"),
    ],
)
def test_what_there_is_not_is_refused_before_anything_is_played(
    tmp_path: Path, changed: tuple[str, str], said: str
) -> None:
    """A role, a clinic file, a tool, an outcome, an action, a mutant that nobody knows: one sentence names it."""
    text = TALK.replace("suite:", "role: scheduler\nsuite:").replace(*changed)
    path = tmp_path / "talk.yaml"
    path.write_text(text.replace("{expectation}", "{outcome: found}"))
    with pytest.raises(ToolError, match=said):
        usable(scripts([str(path)]))


def test_a_name_that_can_not_be_called_is_told(tmp_path: Path) -> None:
    """`must_not_call` of what isn't a tool judges nothing, and says so."""
    result = run_one(scripts([str(written(tmp_path, "{must_not_call: [book, launch]}"))])[0])
    assert result.ok
    assert result.not_judged == ["must_not_call launch (there is no such tool)"]


def test_an_event_that_can_not_happen_is_a_failure_and_no_excuse(tmp_path: Path) -> None:
    """Where the product no longer shows what another person would take, the conversation is red, not set aside."""
    path = written(tmp_path, "{outcome: found}", "  - elsewhere: {book: {label: Z9}}\n")
    result = run_one(scripts([str(path)])[0])
    assert (result.ok, result.fault) == (False, None)
    assert "Z9" in result.failed()[0].said


def test_a_crash_of_the_product_is_a_failed_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An exception names its place, and the rest of the run goes on."""

    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr("tools.proposals.confirm", broken)
    script = next(each for each in scripts() if each.id == "core-book-with-side")
    result = run_one(script)
    assert (result.ok, result.fault) == (False, None)
    assert "ZeroDivisionError" in result.failed()[0].said


def test_an_offer_said_under_another_label_is_found() -> None:
    """A1 with A2's time, and a time and a room that no result has together, are ungrounded."""
    offers = [
        {"label": "A1", "cases": [CASE]},
        {"label": "A2", "cases": [{**CASE, "start": "2026-03-10T11:00:00-05:00", "room": "or-2"}]},
    ]
    assert judged("A1: March 10, 9:00 AM, OR 1.", [{"offers": offers}]) == []
    assert judged("A1: March 10, 11:00 AM.", [{"offers": offers}]) != []
    assert judged("It is at 9:00 AM in OR 2.", [{"offers": offers}]) != []


def test_runs_of_one_conversation_and_of_several_models_are_told_apart() -> None:
    """JUnit names the model and the run; a comparison knows both, and says which figures moved."""
    script = next(each for each in scripts() if each.id == "scope-help")
    one, other = run_one(script), run_one(script, "null")
    run = summary([one, one, other], ["offline", "null"], {"prompt": "x", "tools": "y"}, k=2)
    text = junit(run)
    assert 'name="scope-help (offline)"' in text
    assert 'name="scope-help (offline, run 2)"' in text
    assert 'name="scope-help (null)"' in text
    assert run["together"]["scope-help"] == {"offline": "2 of 2", "null": "0 of 1"}
    assert run["pass_hat"]["2"]["of"] == 1
    changed = compared(run, {"conversations": [{**run["conversations"][0], "ok": False}], "metrics": {}})
    assert changed["mended"] == ["scope-help"]
    assert changed["new"] == ["scope-help (null)"]


def test_an_empty_file_holds_no_conversation(tmp_path: Path) -> None:
    """Nothing, and nothing but separators, is refused; a separator after the last conversation isn't one more."""
    path = tmp_path / "talk.yaml"
    for text in ("", "---\n---\n"):
        path.write_text(text)
        with pytest.raises(ToolError, match="holds no conversation"):
            scripts([str(path)])
    path.write_text(TALK.replace("{expectation}", "{outcome: found}") + "---\n")
    assert [script.id for script in scripts([str(path)])] == ["one"]


def test_what_fails_anyway_finds_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A conversation that is red without any fault proves nothing by being red under one, and --mutants says so."""
    assert main(["eval", str(written(tmp_path, "{outcome: infeasible}")), "--mutants"]) == 1
    told = capsys.readouterr()
    assert "one: FAILS without any fault" in told.out
    assert "0 of 1 conversations turn red under a planted fault, and only then." in told.err


def test_several_runs_are_told_as_pass_hat_k(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """-k prints the share of conversations of which so many runs all pass, and names nothing that wasn't counted."""
    assert main(["eval", str(written(tmp_path, "{outcome: found}")), "-k", "2", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "pass^2: 100.0 % of 1" in told
    assert "none were counted" not in told
    assert told.startswith("1 conversation with")


@pytest.mark.parametrize(("minute", "ok"), [("10", True), ("15", False)])
def test_a_start_between_two_steps_is_judged_by_the_step_alone(minute: str, ok: bool) -> None:
    """That a start is off the clock's step must be told of one that is, and of no other."""
    proof = Proof({"clinic": {"start_step_minutes": 15}}, {"at": f"2026-03-11T11:{minute}"}, ())
    told = Graded()
    _off_step(told, 1, [("start-step", "clinic")], proof)
    assert told.ok is ok


def test_a_patient_of_a_race_at_the_card_is_planted_as_well(tmp_path: Path) -> None:
    """Whom somebody else books for while the card is open may reach no model either."""
    taken = "{book: {label: A1, patient: {name: Quentin Planted, mrn: T0777777}}}"
    race = f"meanwhile: {taken}\n    confirm: true\n    expect:"
    path = tmp_path / "talk.yaml"
    path.write_text(TALK.replace("expect:", race).replace("{expectation}", "{outcome: found}"))
    assert set(planted(scripts([str(path)])[0].conversation)) == {"Quentin Planted", "T0777777"}


@pytest.mark.parametrize("blamed", ["took-nothing", "another-took-it", "trail-unread"])
def test_a_wrong_trail_is_found_by_the_oracle_too(blamed: str) -> None:
    """Where something else is said to have taken a slot, the book itself tells: no expectation is needed for it."""
    script = next(each for each in scripts() if each.id == "took-offer")
    turns = [turn.model_copy(update={"expect": None}) for turn in script.conversation.turns]
    bare = script.conversation.model_copy(update={"turns": turns, "reads_required": []})
    whole = run_one(type(script)(bare, script.folder))
    wrong = run_one(type(script)(bare, script.folder), mutant=blamed)
    names = (
        "a slot fits",
        "what was free",
        "names a change",
        "what took it",
        "without what took it",
        "with what took it",
    )
    assert not [check for check in whole.failed() if check.name.startswith(names)]
    assert [check for check in wrong.failed() if check.name.startswith(names)]
