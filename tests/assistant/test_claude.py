"""The speaker over real HTTP: what it sends, and what it makes of every way that an answer can fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from assistant.models.anthropic import Claude
from assistant.models.breaker import REST, Breaker, ModelUnavailableError
from assistant.models.protocol import Reply, ToolSpec, ToolUseBlock
from assistant.privacy import Handles
from assistant.settings import ModelSettings, checked
from evals.replay.mocker import MOCKER
from evals.standin import Standin, said, used
from tests.assistant.speaking import SEARCH, heard, no_wait, speaker
from tools.errors import ToolError

TOOL = ToolSpec(name="find_slots", description="d", input_schema={"type": "object", "properties": {}})


def asked(claude: Claude, text: str = "knee scope") -> Reply:
    """One reply."""
    return asyncio.run(claude.reply("system", [TOOL], heard(text)))


def kind(claude: Claude) -> str:
    """Why there was no reply."""
    with pytest.raises(ModelUnavailableError) as refused:
        asked(claude)
    return refused.value.kind


def test_words_and_tool_uses_arrive_whole() -> None:
    """A stream in pieces is one reply, with its stop reason and its tokens."""
    with Standin([used("find_slots", SEARCH), said("Fine — señor.")]) as standin:
        claude = speaker(standin)
        first, second = asked(claude), asked(claude)
    assert first.stop_reason == "tool_use"
    assert [block.input for block in first.content if isinstance(block, ToolUseBlock)] == [SEARCH]
    assert second.message().text() == "Fine — señor."
    assert (second.usage.read, second.usage.written) == (100, 20)


def test_one_byte_at_a_time_is_the_same_reply() -> None:
    """A slow drip of single bytes, through the middle of a letter, changes nothing."""
    with Standin([said("Grüße.", chunk=1)]) as standin:
        assert asked(speaker(standin)).message().text() == "Grüße."


@pytest.mark.parametrize("clean", [True, False])
def test_a_stream_cut_anywhere_is_never_a_reply(clean: bool) -> None:
    """Cut at any byte of its frames, a tool use is an outage: half of its arguments never run."""
    body = used("find_slots", SEARCH).body()
    frame, end = body.index(b"event: content_block_delta"), body.index(b"event: message_delta")
    cuts = [*range(0, frame, 40), *range(frame, body.index(b"\n\n", frame) + 3), *range(frame, end, 60)]
    cut = [0]
    with Standin(lambda _: used("find_slots", SEARCH, cut=cut[0], clean=clean)) as standin:
        claude = speaker(standin)
        for cut[0] in cuts:
            claude.breaker = Breaker()
            kind(claude)
        assert len(standin.bodies) == 2 * len(cuts)


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        ({"status": 500}, 2), ({"status": 529}, 2), ({"status": 429}, 2), ({"error": "overloaded_error"}, 2),
        ({"status": 401}, 1), ({"status": 400}, 1),
        ({"status": 302, "headers": {"location": "http://127.0.0.1:1/"}}, 1),
        ({"status": 429, "headers": {"retry-after": "3600"}}, 1), ({"status": 429, "headers": {"retry-after": "2"}}, 2),
    ],
)  # fmt: skip
def test_what_may_pass_is_tried_twice_and_no_more(fault: dict[str, Any], tries: int) -> None:
    """Overload and cuts get a second try, a refusal or a long retry-after none, and a redirect isn't followed."""
    with Standin([said("x", **fault)]) as standin:
        kind(speaker(standin))
        assert len(standin.bodies) == tries


def test_a_second_try_may_succeed() -> None:
    """After one overload the answer counts, and the breaker stays closed."""
    with Standin([said("x", status=529), said("Here.")]) as standin:
        claude = speaker(standin)
        assert asked(claude).message().text() == "Here."
        assert not claude.breaker.open


def test_a_silent_server_is_left() -> None:
    """A stream that stalls ends with the time allowed."""
    with Standin([said("x", cut=200, stall=True)]) as standin:
        assert kind(speaker(standin, seconds=0.3)) == "timeout"


def test_a_storm_opens_the_breaker_and_rest_closes_it() -> None:
    """Three failures in a minute, and the server is left alone until the rest is over."""
    now = [0.0]
    with Standin([said("x", status=429)]) as standin:
        claude = speaker(standin)
        claude.breaker = Breaker(lambda: now[0])
        for _ in range(6):
            kind(claude)
        assert len(standin.bodies) == 6
        now[0] = REST + 1
        assert not claude.breaker.open


def test_a_refused_key_opens_it_at_once() -> None:
    """What waiting can't mend isn't tried by every user anew."""
    with Standin([said("x", status=401)]) as standin:
        claude = speaker(standin)
        kind(claude)
        assert kind(claude) == "resting"
        assert len(standin.bodies) == 1


def test_the_prefix_is_byte_stable() -> None:
    """Two requests begin with the same tools and system text, each marked for caching."""
    with Standin([said("x")]) as standin:
        claude = speaker(standin)
        asked(claude, "one")
        asked(claude, "two")
        first, second = ({k: body[k] for k in ("tools", "system", "model")} for body in standin.bodies)
    assert first == second
    assert first["system"][-1]["cache_control"] == {"type": "ephemeral"}


def test_anthropics_key_stays_with_anthropic() -> None:
    """Another server never gets it, in no header."""
    with Standin([said("x")]) as standin:
        asked(speaker(standin, key="sk-ant-secret"))
        asked(speaker(standin, key="sk-ant-secret", private_key="local-key"))
    assert "sk-ant-secret" not in str(standin.headers)
    assert standin.headers[1]["authorization"] == "Bearer local-key"


class _Blind(Handles):
    def hide(self, text: str, spoken: bool = False, prose: bool = False) -> str:
        return text


def test_the_environments_headers_stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anthropic's key reaches no other server by the SDK's own variables either, and nor does anything else in them."""
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "sk-ant-secret")
    monkeypatch.setenv(
        "ANTHROPIC_CUSTOM_HEADERS", "X-Api-Key: sk-ant-secret\nAuthorization: Bearer sk-ant-secret\nX-A: b"
    )
    with Standin([said("x")]) as standin:
        asked(speaker(standin, key="sk-ant-secret", private_key="local-key"))
    assert "sk-ant-secret" not in str(standin.headers)
    assert standin.headers[0]["authorization"] == "Bearer local-key"
    assert "x-a" not in standin.headers[0]


def _blind(*known: str) -> Callable[[], Handles]:
    """Handles that hide nothing, and so leave it to the gate."""
    return lambda: _Blind(known)


def test_a_body_with_an_identity_never_leaves() -> None:
    """When hiding fails, the gate refuses: no byte reaches the server, and the fault names no value."""
    with Standin([said("x")]) as standin:
        claude = Claude(ModelSettings(base_url=standin.origin), _blind("Jane Doe"), no_wait)
        with pytest.raises(ModelUnavailableError) as refused:
            asked(claude, "move JANE  doe to Tuesday")
        assert standin.raw == []
    assert "a patient's name" in refused.value.kind
    assert "doe" not in refused.value.kind.lower()


def test_what_the_gate_keeps_back_is_no_failure_of_the_model() -> None:
    """One person's words that may not leave, however often, don't take the model from everyone else."""
    with Standin([said("Here.")]) as standin:
        blind = Claude(ModelSettings(base_url=standin.origin), _blind("Jane Doe"), no_wait)
        blind.breaker = Breaker()
        for _ in range(4):
            with pytest.raises(ModelUnavailableError, match="a patient's name"):
                asked(blind, "move Jane Doe")
        assert asked(blind).message().text() == "Here."


@pytest.mark.parametrize("text", ["[" * 4000, '{"a":' * 700])
def test_brackets_without_end_reach_the_model_as_words(text: str) -> None:
    """What somebody types is no fault of the wire."""
    with Standin([said("Here.")]) as standin:
        assert asked(speaker(standin), text).message().text() == "Here."


@pytest.mark.parametrize(
    "given",
    [
        {"base_url": "https://models.example.org/v1"}, {"base_url": "http://models.example.org"},
        {"base_url": "https://key@models.example.org"}, {"base_url": "http://127.0.0.1:11434", "model": "x:cloud"},
        {"provider": "bedrock", "model": "x"},
    ],
)  # fmt: skip
def test_an_unsafe_setting_is_refused(given: dict[str, Any]) -> None:
    """A base URL is an origin, with https beyond the clinic's network; a private server serves local models."""
    with pytest.raises(ToolError, match=r"docs/settings\.md"):
        checked(ModelSettings(**given))


def test_an_agreement_is_needed_beyond_the_demo() -> None:
    """A remote model speaks for a real clinic only by agreement; a private one needs none; no key, none."""
    remote = ModelSettings(key="k")
    assert remote.may_speak(demo=True)
    assert not remote.may_speak(demo=False)
    assert ModelSettings(key="k", agreement=True).may_speak(demo=False)
    assert ModelSettings(base_url="http://10.0.0.7:8000").may_speak(demo=False)
    assert not ModelSettings(key="k", model="offline").may_speak(demo=True)
    assert not ModelSettings().may_speak(demo=True)


def test_respx_reaches_the_sdk() -> None:
    """The mocker answers the SDK's own request, once, and a timeout surfaces as one."""
    origin = "http://127.0.0.1:9"
    with respx.mock(using=MOCKER) as routes:
        stream = httpx.Response(
            200, headers={"content-type": "text/event-stream"}, content=said("Hi.").body()
        )
        route = routes.post(f"{origin}/v1/messages").mock(return_value=stream)
        claude = Claude(ModelSettings(base_url=origin), Handles, no_wait)
        assert asked(claude).message().text() == "Hi."
        assert route.call_count == 1
        route.mock(side_effect=httpx.ReadTimeout("slow"))
        assert kind(claude).startswith("APITimeoutError")
