"""Cassettes: strict when they are played, honest about where they come from, and free of identities."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant import prompt
from evals.loading import Script, scripts
from evals.prompt import MUST_SAY, contract
from evals.replay import talks
from evals.replay.author import AUTHORED, replies
from evals.replay.cassette import CASSETTES, Cassette, Exchange, Response, load, path_for, save, shelf
from evals.replay.player import DivergedError, playing
from evals.replay.recorder import refuse_identities
from evals.run import run_one
from evals.standin import Standin, said, used
from tests.evals.running import evaluated, moved
from tools.errors import ToolError
from tools.records.demo import demo_clinic

pytestmark = pytest.mark.timeout(900)
"""A busy machine is no fault of a conversation."""

SHIPPED = [script for script in scripts() if path_for(script).exists()]
FIRST = next(script for script in SHIPPED if script.id == "core-knee-next-tuesday")
SEARCH = {
    "procedure": "knee-arthroscopy", "surgeon": "dr-smith", "date_from": "2026-03-10", "date_to": "2026-03-10",
}  # fmt: skip
TALK = """
id: mine
suite: core
now: 2026-03-05T09:00
turns:
  - user: "Dr. Smith, knee scope, next Tuesday"
    expect: {outcome: found, offers: {min: 1}}
planted: ["Quentin Zorander"]
"""


@pytest.fixture
def mine(tmp_path: Path) -> Script:
    """A conversation of somebody's own, in a folder of its own."""
    (tmp_path / "talk.yaml").write_text(TALK)
    return scripts([str(tmp_path / "talk.yaml")])[0]


@pytest.fixture
def told_otherwise(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A prompt that has changed since everything was recorded."""
    changed = f"{prompt.system_text()}\nAnswer in rhymes."
    monkeypatch.setattr("assistant.session.system_text", lambda: changed)
    return None


@pytest.mark.parametrize("script", SHIPPED, ids=lambda script: script.id)
def test_the_cassette_plays_and_is_fresh(script: Script) -> None:
    """Every shipped cassette is followed to its end, says of itself that it is authored, and is of this product."""
    result = run_one(script, "replay")
    assert [(check.turn, check.name, check.said) for check in result.failed()] == []
    assert (result.provenance or {})["kind"] == "authored"
    assert result.stale == []


def test_enough_ship_and_each_is_written_down() -> None:
    """At least two dozen over most suites, and every one can be made again from its written replies."""
    assert len(SHIPPED) >= 24
    assert len({script.conversation.suite for script in SHIPPED}) >= 8
    assert (
        {script.id for script in SHIPPED}
        == set(replies(AUTHORED))
        == {load(p).conversation for p in shelf(CASSETTES)}
    )


def test_every_exchange_is_answered_by_the_mocked_transport() -> None:
    """The real SDK asks as often as there are exchanges: none of it went anywhere else."""
    cassette = load(path_for(FIRST))
    with playing(cassette) as player:
        talks.play(
            FIRST, talks._speaker(talks.ModelSettings(model=cassette.provenance.model, key="k", base_url=""))
        )
    assert player.taken == len(cassette.exchanges) == 3


def _altered(tmp_path: Path, **changes: Any) -> str:
    """A folder with the first conversation's cassette, altered."""
    cassette = load(path_for(FIRST))
    save(tmp_path / path_for(FIRST).name, cassette.model_copy(update=changes))
    return str(tmp_path)


def test_another_order_is_refused_with_a_diff(tmp_path: Path) -> None:
    """Exchanges in another order diverge, and the difference is shown line by line."""
    exchanges = load(path_for(FIRST)).exchanges
    result = run_one(FIRST, "replay", cassettes=_altered(tmp_path, exchanges=exchanges[::-1]))
    followed = result.failed()[0]
    assert (result.ok, followed.name) == (False, "follows its cassette")
    assert "--- recorded" in followed.said
    assert "knee scope" in followed.said


def test_what_is_left_over_is_refused(tmp_path: Path) -> None:
    """A cassette with one more exchange than is asked for fails, and so does one with one fewer."""
    exchanges = load(path_for(FIRST)).exchanges
    more = run_one(FIRST, "replay", cassettes=_altered(tmp_path, exchanges=[*exchanges, exchanges[-1]]))
    fewer = run_one(FIRST, "replay", cassettes=_altered(tmp_path, exchanges=exchanges[:-1]))
    assert "never asked for" in more.failed()[0].said
    assert "only 2 were recorded" in fewer.failed()[0].said


def test_a_divergence_is_no_fault_to_be_retried_or_excused() -> None:
    """The SDK's and the agent's handlers of exceptions let it through."""
    assert not issubclass(DivergedError, Exception)


@pytest.mark.usefixtures("told_otherwise")
def test_a_changed_prompt_makes_an_authored_cassette_stale_and_shows_the_change() -> None:
    """It still plays, it is named as stale, and the diff has the new line."""
    result = run_one(FIRST, "replay")
    assert result.ok
    assert result.stale == ["prompt"]
    assert "+Answer in rhymes." in result.changed.splitlines()


@pytest.mark.usefixtures("told_otherwise")
def test_a_stale_recorded_cassette_fails(tmp_path: Path) -> None:
    """What a model said to another prompt proves nothing of this one."""
    provenance = load(path_for(FIRST)).provenance.model_copy(update={"kind": "recorded"})
    result = run_one(FIRST, "replay", cassettes=_altered(tmp_path, provenance=provenance))
    assert [check.name for check in result.failed()] == ["recorded is fresh"]


def test_a_fresh_recorded_cassette_passes(tmp_path: Path) -> None:
    """Recorded and fresh is as good as it gets without asking again."""
    provenance = load(path_for(FIRST)).provenance.model_copy(update={"kind": "recorded"})
    assert run_one(FIRST, "replay", cassettes=_altered(tmp_path, provenance=provenance)).ok


def test_changed_records_and_another_sdk_are_stale(tmp_path: Path) -> None:
    """Each pin is looked at."""
    cassette = load(path_for(FIRST))
    pins = cassette.pins | {"records": "other", "parameters": "other", "clock": "other", "tools": "other"}
    provenance = cassette.provenance.model_copy(update={"anthropic": "0.1"})
    result = run_one(FIRST, "replay", cassettes=_altered(tmp_path, pins=pins, provenance=provenance))
    assert sorted(result.stale) == ["anthropic", "clock", "parameters", "records", "tools"]


def test_a_broken_cassette_is_named(tmp_path: Path) -> None:
    """A file that is no cassette is a fault of the surroundings, with its path."""
    (tmp_path / path_for(FIRST).name).write_text("exchanges: 7\n")
    result = run_one(FIRST, "replay", cassettes=str(tmp_path))
    assert path_for(FIRST).name in str(result.fault)


def _pointed(monkeypatch: pytest.MonkeyPatch, standin: Standin) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", standin.origin)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-secret-not-to-be-kept")


def test_a_recording_is_made_and_replays(mine: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """`eval record` against a server of the Messages API writes a cassette that `eval --model replay` plays."""
    with Standin([used("find_slots", SEARCH), said("[[fact:F1]]")]) as standin:
        _pointed(monkeypatch, standin)
        code, body, _ = evaluated("record", str(mine.folder / "talk.yaml"), "--json")
    assert (code, len(body["recorded"])) == (0, 1)
    text = path_for(mine).read_text()
    assert "sk-ant-secret" not in text
    assert "authorization" not in text.casefold()
    code, body, _ = evaluated(str(mine.folder / "talk.yaml"), "--model", "replay", "--json")
    assert (code, body["passed"]) == (0, 1)
    assert any("1 recorded from a model" in line for line in body["heading"])


def test_nothing_is_kept_that_no_cassette_was_told(mine: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recording takes away what lies beside it from an older prompt, and keeps what it was told itself."""
    old = talks.told_path(path_for(mine).parent, "an-older-prompt")
    old.parent.mkdir(parents=True)
    old.write_text("{}")
    with Standin([used("find_slots", SEARCH), said("[[fact:F1]]")]) as standin:
        _pointed(monkeypatch, standin)
        evaluated("record", str(mine.folder / "talk.yaml"), "--json")
    kept = [path.stem for path in old.parent.iterdir()]
    assert kept == [load(path_for(mine)).pins["told"]]


def test_nothing_lies_beside_ours_that_no_cassette_was_told() -> None:
    """What ships of the prompts that models were told is what a cassette names, no more and no less."""
    named = {load(path).pins["told"] for path in shelf(CASSETTES)}
    assert {path.stem for path in (CASSETTES / "told").iterdir()} == named


def test_what_is_wrong_on_purpose_is_neither_recorded_nor_asked_live(
    mine: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A planted fault or a scripted liar is no question to a model: both commands say so, and ask nobody."""
    path = mine.folder / "talk.yaml"
    path.write_text(f"{TALK}\nfails: [outcome]\n")
    with Standin([said("Noted.")]) as standin:
        _pointed(monkeypatch, standin)
        for how in (["record", str(path)], [str(path), "--model", "live"]):
            code, body, _ = evaluated(*how, "--json")
            assert code == 2
            assert "wrong on purpose" in body["error"]["message"]
        assert standin.bodies == []


@pytest.fixture
def elsewhere(mine: Script) -> Script:
    """The same talk about a clinic file that lies beside it."""
    clinic = demo_clinic(mine.conversation.now.date())
    (mine.folder / "clinic.yaml").write_text(yaml.safe_dump(clinic, sort_keys=False))
    (mine.folder / "talk.yaml").write_text(f"clinic: clinic.yaml\n{TALK}")
    return scripts([str(mine.folder / "talk.yaml")])[0]


def test_a_clinic_file_beside_a_talk_is_recorded_and_replays(
    elsewhere: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of one's own may hear it, and the cassette asks for no agreement: nothing leaves."""
    with Standin([used("find_slots", SEARCH), said("[[fact:F1]]")]) as standin:
        _pointed(monkeypatch, standin)
        code, body, _ = evaluated("record", str(elsewhere.folder / "talk.yaml"), "--json")
    assert (code, len(body["recorded"])) == (0, 1)
    code, body, _ = evaluated(str(elsewhere.folder / "talk.yaml"), "--model", "replay", "--json")
    assert (code, body["passed"]) == (0, 1)


def test_a_clinic_file_goes_to_no_remote_model(elsewhere: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the demo is known to hold nobody: without an agreement a file's words stay here."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-secret-not-to-be-kept")
    code, body, complaint = evaluated("record", str(elsewhere.folder / "talk.yaml"), "--json")
    assert code != 0
    assert "SLOTWRIGHT_BAA" in json.dumps(body) + complaint
    assert not path_for(elsewhere).exists()


@pytest.mark.parametrize("words", ["For Quentin Zorander: [[fact:F1]]", "Call 555-867-5309. [[fact:F1]]"])
def test_an_identity_is_never_recorded(mine: Script, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted name or anything like a telephone number in an answer: refused by its kind, and no file is left."""
    with Standin([used("find_slots", SEARCH), said(words), said(words)]) as standin:
        _pointed(monkeypatch, standin)
        code, body, complaint = evaluated("record", str(mine.folder / "talk.yaml"), "--json")
    assert (code, body["recorded"]) == (1, [])
    assert "Zorander" not in json.dumps(body) + complaint
    assert "867" not in json.dumps(body) + complaint
    assert not path_for(mine).exists()


@pytest.mark.parametrize(
    "body",
    [
        'data:{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Quentin Zorander"}}\n\n',
        (
            'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Quentin "}}\r\n\r\n'
            'data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Zorander"}}\r\n\r\n'
        ),
        (
            'data: {"type":"content_block_delta","index":0,"delta":{"partial_json":"{\\"n\\": \\"Quentin Zorande"}}\n\n'
            'data: {"type":"content_block_delta","index":0,"delta":{"partial_json":"r\\"}"}}\n\ndata: [DONE]\n\n'
        ),
        '{"error": {"message": "unknown: Quentin Zorander"}}',
        'data: {"delta": {"text": "Qu\\u0065ntin Zorander"}}\n\n',
    ],
    ids=["no space", "two deltas", "json in pieces", "no stream", "escaped"],
)
def test_an_identity_is_found_however_the_stream_is_written(mine: Script, body: str) -> None:
    """With or without a space, over several deltas, in a tool's input, in an error, or as escapes."""
    exchange = Exchange(request=[], response=Response(status=200, body=body))
    with pytest.raises(ToolError, match="planted"):
        refuse_identities(mine.conversation, [exchange])


def test_a_changed_prompt_is_shown_without_replaying_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of the interpreter alone names the stale cassettes and shows what a model is told now."""
    changed = f"{prompt.system_text()}\nAnswer in rhymes."
    monkeypatch.setattr("evals.replay.unplayed.system_text", lambda: changed)
    _, body, _ = evaluated("--suite", "out-of-scope", "--workers", "1", "--json")
    assert len(body["prompt"]["stale"]) == len(SHIPPED)
    assert any("+Answer in rhymes." in change for change in body["prompt"]["changes"])
    assert any("cassettes that ship are authored" in line for line in body["heading"])


def test_an_unreachable_model_records_nothing(mine: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that fails leaves no cassette behind."""
    with Standin([said("x", status=500)]) as standin:
        _pointed(monkeypatch, standin)
        code, body, _ = evaluated("record", str(mine.folder / "talk.yaml"), "--json")
    assert (code, body["recorded"]) == (1, [])
    assert not path_for(mine).exists()


def test_recording_and_live_need_a_model(mine: Script) -> None:
    """Without a key both say which variable to set."""
    for how in ("record", "--model=live"):
        code, body, _ = evaluated(how, str(mine.folder / "talk.yaml"), "--json")
        assert code == 2
        assert "ANTHROPIC_API_KEY" in body["error"]["message"]


def test_live_faults_are_counted_apart(mine: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that fails is no verdict on the conversation; all of them failing makes the run void."""
    with Standin([said("x", status=401)]) as standin:
        _pointed(monkeypatch, standin)
        code, body, _ = evaluated(str(mine.folder / "talk.yaml"), "--model", "live", "--json")
    assert (code, body["faults"], body["failed"], body["void"]) == (1, 1, 0, True)


def test_models_stand_side_by_side(mine: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline, live and a baseline in one run, each with its own figures."""
    with Standin([used("find_slots", SEARCH), said("[[fact:F1]]")]) as standin:
        _pointed(monkeypatch, standin)
        _, body, _ = evaluated(str(mine.folder / "talk.yaml"), "--model", "offline,live,null", "--json")
    assert {name: one["passed"] for name, one in body["models"].items()} == {
        "offline": 1,
        "live": 1,
        "null": 0,
    }
    assert body["models"]["live"]["metrics"]["tokens"]["count"] > 0


def test_a_key_in_the_environment_doesnt_reach_an_offline_run(
    mine: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--model offline` asks the interpreter alone, whatever is configured."""
    with Standin([said("Noted.")]) as standin:
        _pointed(monkeypatch, standin)
        code, _, _ = evaluated(str(mine.folder / "talk.yaml"), "--json")
        assert (code, standin.bodies) == (0, [])


def test_the_prompt_keeps_its_contract() -> None:
    """Every clause holds today."""
    assert [(check.name, check.said) for check in contract() if not check.ok] == []


@pytest.mark.parametrize("clause", [clause for clause, _ in MUST_SAY])
def test_a_clause_taken_out_is_missed(clause: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the sentence that a clause is about, exactly that clause fails."""
    pattern = dict(MUST_SAY)[clause]
    monkeypatch.setattr("evals.prompt.system_text", lambda: moved(prompt.system_text(), pattern))
    assert [check.name for check in contract() if not check.ok] == [f"the prompt says {clause}"]


@pytest.mark.parametrize(
    "planted", ["Today is 2026-03-05.", "At 10:30.", "See http://x.", "sk-ant-12345678", "MRN T7654321"]
)
def test_what_crept_into_the_prompt_is_found(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date, a time, an address, a key or a record number in the prompt turns a run red."""
    monkeypatch.setattr("evals.prompt.system_text", lambda: f"{prompt.system_text()} {planted}")
    code, body, complaint = evaluated("--suite", "out-of-scope", "--workers", "1", "--json")
    assert (code, body["prompt"]["ok"], body["failed"]) == (1, False, 0)
    assert "contract" in complaint


def test_the_replies_that_run_out_tell_the_request(mine: Script, tmp_path: Path) -> None:
    """`eval author` stops where a reply is missing, prints what it would be to, and writes nothing."""
    written = tmp_path / "replies.yaml"
    written.write_text(json.dumps({"mine": [{"tool": "find_slots", "input": SEARCH}]}))
    code, body, _ = evaluated("author", str(mine.folder / "talk.yaml"), "--replies", str(written), "--json")
    assert (code, body["authored"]) == (1, [])
    assert "F1" in json.dumps(body["waiting"]["mine"])
    assert not path_for(mine).exists()


def test_a_cassette_of_another_form_is_refused() -> None:
    """Unknown keys are no cassette's: nothing is read past."""
    with pytest.raises(ValueError, match="extra"):
        Cassette.model_validate({"conversation": "x", "surprise": 1})
