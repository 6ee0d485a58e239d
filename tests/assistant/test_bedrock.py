"""Amazon Bedrock by configuration alone: the SDK's own client, AWS's credentials, and never Anthropic's key.

The requests go over loopback to the stand-in, in place of Amazon's server; its answers there are in a binary framing
that needs AWS's packages, so that only what is sent is looked at here.
"""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import Any

import anthropic
import httpx2
import pytest

from assistant import settings as configuration
from assistant.models.anthropic import Claude, breaker_of, new_client
from assistant.models.breaker import ModelUnavailableError
from assistant.models.protocol import Message
from assistant.privacy import Handles
from assistant.settings import ModelSettings, model_settings
from evals.standin import Standin, said
from tests.assistant.speaking import heard, no_wait
from tools.errors import ToolError

MODEL, REGION = "anthropic.claude-haiku-5-5-v1:0", "eu-central-1"
ORIGIN = f"https://bedrock-runtime.{REGION}.amazonaws.com"
KEY = "sk-ant-not-for-amazon"


class Instead(httpx2.AsyncBaseTransport):
    """Carries to the stand-in what would have gone to Amazon, and notes where that was."""

    def __init__(self, standin: Standin) -> None:
        self.inner, self.origin, self.urls = (
            httpx2.AsyncHTTPTransport(),
            httpx2.URL(standin.origin),
            list[str](),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The stand-in's answer."""
        self.urls.append(str(request.url))
        request.url = request.url.copy_with(scheme="http", host=self.origin.host, port=self.origin.port)
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Let go of the stand-in."""
        await self.inner.aclose()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> ModelSettings:
    """What an environment sets that has a key of Anthropic's in it too."""
    breaker_of.cache_clear()
    given = {
        "SLOTWRIGHT_PROVIDER": "bedrock", "SLOTWRIGHT_MODEL": MODEL, "AWS_REGION": REGION, "ANTHROPIC_API_KEY": KEY,
        "AWS_BEARER_TOKEN_BEDROCK": "an-aws-token",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(configuration, "find_spec", lambda _: object())
    return model_settings()


def sent(settings: ModelSettings, messages: list[Message]) -> tuple[list[str], Standin]:
    """The addresses asked, and the stand-in that was asked in their place."""
    with Standin([said("x")]) as standin:
        way = Instead(standin)

        async def asked() -> None:
            async with new_client(settings, lambda _: way) as client:
                with pytest.raises(ModelUnavailableError):  # the answer isn't in Amazon's framing
                    await Claude(settings, Handles, no_wait, client=lambda _: client).reply(
                        "system", [], messages
                    )

        asyncio.run(asked())
    return way.urls, standin


def test_the_client_is_bedrocks(settings: ModelSettings) -> None:
    """The environment alone makes it the SDK's Bedrock client of that region."""

    async def made() -> Any:
        async with new_client(settings) as client:
            return client

    client = asyncio.run(made())
    assert isinstance(client, anthropic.AsyncAnthropicBedrock)
    assert (client.aws_region, str(client.base_url).rstrip("/")) == (REGION, ORIGIN)


def test_a_request_goes_to_the_region_with_awss_credentials(settings: ModelSettings) -> None:
    """The model is in the address, AWS's token in the header, and Anthropic's key nowhere."""
    urls, standin = sent(settings, heard())
    assert urls[0] == f"{ORIGIN}/model/{MODEL}/invoke-with-response-stream"
    assert standin.headers[0]["authorization"] == "Bearer an-aws-token"
    assert KEY not in f"{standin.headers}{standin.raw}"
    assert "x-api-key" not in standin.headers[0]
    assert "anthropic_version" in standin.bodies[0]


def test_identities_stay_home_from_bedrock_too(settings: ModelSettings) -> None:
    """A patient's number and name are handles before the request leaves."""
    _, standin = sent(settings, heard("knee scope for Quentin Zorander, MRN T7312345"))
    assert b"MRN-1" in standin.raw[0]
    assert b"Zorander" not in standin.raw[0]
    assert b"T7312345" not in standin.raw[0]


def test_awss_packages_are_asked_for_at_once(
    settings: ModelSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without them every answer would fail: the setting is refused, with the way out."""
    monkeypatch.setattr(configuration, "find_spec", lambda _: None)
    with pytest.raises(ToolError, match="pip install"):
        model_settings()
    assert find_spec("anthropic")


def test_bedrock_needs_an_agreement(settings: ModelSettings) -> None:
    """It is nobody's own server: beyond the demo it hears nothing without one."""
    assert settings.may_speak(demo=True)
    assert not settings.may_speak(demo=False)
