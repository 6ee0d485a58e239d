"""Which model speaks, from the environment; without any of it, the offline interpreter does."""

from __future__ import annotations

import ipaddress
from importlib.util import find_spec
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tools.errors import ToolError

ANTHROPIC = "https://api.anthropic.com"
OFFLINE = "offline"
PORTS = {"http": 80, "https": 443}


class ModelSettings(BaseSettings):
    """What may be set. Budgets count tokens read and written, cached ones included."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    model: str = Field("", validation_alias="SLOTWRIGHT_MODEL", max_length=200)
    """A model's name, "offline" for none, empty for `claude-haiku-5-5` where a key or a server is set."""
    provider: Literal["anthropic", "bedrock"] = Field("anthropic", validation_alias="SLOTWRIGHT_PROVIDER")
    effort: Literal["", "low", "medium", "high"] = Field("", validation_alias="SLOTWRIGHT_EFFORT")
    key: str = Field("", validation_alias="ANTHROPIC_API_KEY", repr=False)
    base_url: str = Field("", validation_alias="ANTHROPIC_BASE_URL")
    private_key: str = Field("", validation_alias="SLOTWRIGHT_MODEL_KEY", repr=False)
    """The key of a private server; Anthropic's own is never sent there."""
    private_origin: str = Field("", validation_alias="SLOTWRIGHT_PRIVATE_ORIGIN")
    """The origin of a server on the clinic's own premises, which needs no agreement."""
    region: str = Field("", validation_alias="AWS_REGION")
    agreement: bool = Field(False, validation_alias="SLOTWRIGHT_BAA")
    """A business associate agreement with the provider is signed: needed for a remote model beyond the demo."""
    notes: bool = Field(False, validation_alias="SLOTWRIGHT_NOTES")
    """Whether notes on records, such as why a room is closed, may travel to a remote model."""
    strict: bool = Field(True, validation_alias="SLOTWRIGHT_STRICT_TOOLS")
    reply_tokens: int = Field(2000, validation_alias="SLOTWRIGHT_REPLY_TOKENS", ge=100, le=32_000)
    turn_tokens: int = Field(120_000, validation_alias="SLOTWRIGHT_TURN_TOKENS", ge=1)
    user_tokens: int = Field(2_000_000, validation_alias="SLOTWRIGHT_USER_TOKENS", ge=1)
    price_read: float | None = Field(None, validation_alias="SLOTWRIGHT_PRICE_READ", ge=0)
    """Of a million tokens read; with `price_written`, in one currency."""
    price_written: float | None = Field(None, validation_alias="SLOTWRIGHT_PRICE_WRITTEN", ge=0)
    transcript_days: int = Field(30, validation_alias="SLOTWRIGHT_TRANSCRIPT_DAYS", ge=0, le=3650)
    """How long a conversation is kept after its last turn; 0 keeps none."""
    day_tokens: int = Field(20_000_000, validation_alias="SLOTWRIGHT_DAY_TOKENS", ge=1)

    @property
    def origin(self) -> str:
        """Where requests may go, and nowhere else."""
        if self.provider == "bedrock":
            return f"https://bedrock-runtime.{self.region}.amazonaws.com"
        return (self.base_url or ANTHROPIC).rstrip("/")

    @property
    def name(self) -> str:
        """The model's name as the provider knows it."""
        return self.model or "claude-haiku-5-5"

    @property
    def configured(self) -> bool:
        """Whether any model but the interpreter is to speak."""
        reachable = bool(self.key or self.base_url or (self.provider == "bedrock" and self.model))
        return self.model != OFFLINE and reachable

    @property
    def private(self) -> bool:
        """Whether the server is the clinic's own: on this machine or network, or named as such."""
        return self.provider == "anthropic" and (
            is_own(self.origin) or (bool(self.private_origin) and self.origin == self.private_origin)
        )

    @property
    def sent_key(self) -> str:
        """The key that goes to the origin: Anthropic's to Anthropic alone."""
        return self.key if self.origin == ANTHROPIC else self.private_key or "none"

    def may_speak(self, demo: bool) -> bool:
        """Whether a clinic's words may go to this model: the demo's, or by an agreement, or on own premises."""
        return self.configured and (demo or self.agreement or self.private)


def is_own(origin: str) -> bool:
    """Whether an origin is on this machine or a private network, told by its literal address."""
    host = urlsplit(origin).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def checked(settings: ModelSettings) -> ModelSettings:
    """The settings, when they can be used; raises `ToolError("invalid")` that names the variable at fault."""
    parts = urlsplit(settings.origin)
    if f"{parts.scheme}://{parts.netloc}" != settings.origin or parts.username or parts.password:
        raise _wrong("ANTHROPIC_BASE_URL", "it is more than an origin. Maybe https://models.example.org")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_own(settings.origin)):
        raise _wrong("ANTHROPIC_BASE_URL", "beyond the clinic's network it must be https")
    if settings.private and settings.name.endswith((":cloud", "-cloud")):
        raise _wrong("SLOTWRIGHT_MODEL", f"{settings.name!r} leaves the private server. Maybe a local model")
    if settings.provider == "bedrock" and not settings.region:
        raise _wrong("AWS_REGION", "Bedrock needs a region. Maybe us-east-1")
    return settings


def model_settings() -> ModelSettings:
    """The environment as it is now; raises `ToolError("invalid")` that names the variable, never its value."""
    try:
        found = ModelSettings()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise _wrong(str(first["loc"][0]), first["msg"]) from None
    if found.configured and found.provider == "bedrock" and find_spec("botocore") is None:
        raise _wrong(
            "SLOTWRIGHT_PROVIDER", "bedrock needs more packages. Maybe pip install 'anthropic[bedrock]'"
        )
    return checked(found) if found.configured else found


def _wrong(name: str, said: str) -> ToolError:
    return ToolError("invalid", f"{name}: {said}. Maybe look it up in docs/settings.md.", name)
