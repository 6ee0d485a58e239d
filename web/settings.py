"""The settings of a served clinic, from the environment (SLOTWRIGHT_*)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tools.accounts.policy import Policy
from tools.care.retention import Retention
from tools.errors import ToolError


def _origin(text: str) -> str:
    parts = urlsplit(text)
    own = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if text and (parts.scheme != "https" and not (own and parts.scheme == "http")):
        raise ValueError(f"{text!r} is no https address. Maybe https://or.example.org")
    if text and f"{parts.scheme}://{parts.netloc}" != text:
        raise ValueError(f"{text!r} is more than an origin. Maybe {parts.scheme}://{parts.netloc}")
    return text


def _origins(text: str) -> str:
    for each in text.split():
        _origin(each)
    return text


class Environment(BaseSettings):
    """What may be set; each field is the variable SLOTWRIGHT_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="SLOTWRIGHT_", extra="ignore", frozen=True)

    public_origin: Annotated[str, AfterValidator(_origin)] = ""
    """Where people reach it, like https://or.example.org; needed to listen beyond this machine."""
    frame_ancestors: Annotated[str, AfterValidator(_origins)] = ""
    """Origins, divided by spaces, whose pages may show it in a frame."""
    idle_minutes: int = Field(15, ge=1, le=480)
    session_hours: int = Field(12, ge=1, le=24)
    lockout_failures: int = Field(5, ge=1, le=100)
    lockout_minutes: int = Field(15, ge=1, le=1440)
    link_hours: int = Field(24, ge=1, le=168)
    offer_days: int = Field(30, ge=1, le=3650)
    proposal_days: int = Field(30, ge=1, le=3650)
    report_days: int = Field(730, ge=1, le=3650)
    patient_days: int = Field(0, ge=0, le=36_500)
    """How long identities are kept after a patient's last case; 0 for good."""
    oidc_issuer: Annotated[str, AfterValidator(str.strip)] = ""
    """The identity provider, like https://id.example.org/realms/clinic; empty for passwords alone."""
    oidc_client_id: str = ""
    oidc_client_secret: str = Field("", repr=False)
    oidc_role_claim: str = "roles"
    oidc_roles: str = ""
    """What the claim's values mean, like "or-schedulers=scheduler or-leads=director"."""

    @property
    def policy(self) -> Policy:
        """How long a sign-in lasts, and how often a password may be guessed."""
        return Policy(
            dt.timedelta(minutes=self.idle_minutes),
            dt.timedelta(hours=self.session_hours),
            self.lockout_failures,
            dt.timedelta(minutes=self.lockout_minutes),
            dt.timedelta(hours=self.link_hours),
        )

    @property
    def retention(self) -> Retention:
        """What is kept for how long."""
        day = dt.timedelta(days=1)
        return Retention(
            offers=self.offer_days * day,
            proposals=self.proposal_days * day,
            figures=self.report_days * day,
            patients=self.patient_days * day or None,
        )


def environment() -> Environment:
    """The environment as it is now; raises `ToolError("invalid")` that names the variable, never its value."""
    try:
        return Environment()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        name = f"SLOTWRIGHT_{str(first['loc'][0]).upper()}"
        said = first["msg"].removeprefix("Value error, ")
        raise ToolError("invalid", f"{name}: {said}. Maybe look it up in docs/settings.md.", name) from None
