"""Signing in at an identity provider, against a stand-in that answers over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from tests.web.issuer import CLIENT, CLIENT_SECRET, Issuer
from tests.web.signed import PAGE, START, House
from tools.accounts import oidc, people
from tools.accounts.users import user
from tools.context import Role
from tools.errors import ToolError

NOW = int(START.timestamp())
ANN = {
    "sub": "u-17", "name": "Ann Lee", "preferred_username": "ann", "roles": ["staff", "or-schedulers"],
    "iat": NOW, "exp": NOW + 300,
}  # fmt: skip


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A provider that knows Ann."""
    made = Issuer(dict(ANN))
    yield made
    made.close()


@pytest.fixture
def house(issuer: Issuer) -> Iterator[House]:
    """The clinic, whose people may sign in there."""
    roles = "or-leads=director or-schedulers=scheduler"
    made = House(provider=oidc.provider(issuer.address, CLIENT, CLIENT_SECRET, "roles", roles)).settle()
    yield made
    made.store.close()


def away(browser: TestClient, back_to: str = "/?date=2026-03-10") -> str:
    """The address that the provider sends the browser back to."""
    sent = browser.get("/sign-in/provider", params={"next": back_to})
    assert sent.status_code == 303
    answer = httpx2.get(sent.headers["location"])
    return answer.headers["location"]


def came_back(house: House, browser: TestClient | None = None) -> Any:
    """What a browser gets that went to the provider and came back."""
    browser = browser or house.client()
    return browser.get(away(browser), headers={"sec-fetch-site": "cross-site"})


def test_the_provider_signs_in(house: House) -> None:
    """With PKCE, the client's secret and a signed token the person is in, with the mapped role, where they wanted."""
    browser = house.client()
    assert "/sign-in/provider?next=" in browser.get("/sign-in", headers=PAGE).text
    answer = came_back(house, browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?date=2026-03-10")
    me = browser.get("/api/me").json()
    assert (me["id"], me["name"], me["role"]) == ("ann", "Ann Lee", "scheduler")
    assert user(house.store, "ann").has_password is False


def test_the_role_follows_the_claim(house: House, issuer: Issuer) -> None:
    """Another group at the next sign-in is another role, in the trail too."""
    came_back(house)
    issuer.claims["roles"] = "or-leads"
    came_back(house)
    assert user(house.store, "ann").role is Role.DIRECTOR
    assert "role-changed" in [entry.action for entry in house.store.audit_entries()]


def test_without_a_mapped_role_there_is_no_way_in(house: House, issuer: Issuer) -> None:
    """Deny by default: a person of no known group is refused, and not recorded."""
    issuer.claims["roles"] = ["cleaning"]
    assert came_back(house).status_code == 403
    with pytest.raises(ToolError, match="no user"):
        user(house.store, "ann")


def test_who_was_deactivated_stays_out(house: House) -> None:
    """The provider vouches for who it is, the admin decides about access."""
    came_back(house)
    people.deactivated(house.admin, "ann")
    assert came_back(house).status_code == 403


def test_a_namesake_is_somebody_else(house: House, issuer: Issuer) -> None:
    """A provider's "root" doesn't become the local admin of that name."""
    issuer.claims |= {"preferred_username": "root", "sub": "u-99"}
    browser = house.client()
    came_back(house, browser)
    me = browser.get("/api/me").json()
    assert me["id"].startswith("root-")
    assert me["role"] == "scheduler"


BENT: dict[str, dict[str, Any]] = {
    "another audience": {"aud": "another-client"},
    "a shared audience": {"aud": [CLIENT, "another-client"]},
    "another issuer": {"iss": "https://evil.example"},
    "another sign-in's nonce": {"nonce": "replayed"},
    "long over": {"exp": NOW - 3600},
    "without an end": {"exp": None},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("bent", BENT)
def test_a_token_that_is_not_for_this_sign_in_is_refused(house: House, issuer: Issuer, bent: str) -> None:
    """Each claim that says who, for whom, by whom and until when is held."""
    issuer.claims |= BENT[bent]
    issuer.claims = {name: value for name, value in issuer.claims.items() if value is not None}
    assert came_back(house).status_code == 403


def test_a_token_signed_by_another_key_is_refused(house: House, issuer: Issuer) -> None:
    """The signature is checked with the provider's published keys."""
    issuer.signing = RSAKey.generate_key(2048, {"kid": "one"})
    assert came_back(house).status_code == 403


def test_only_the_browser_that_left_comes_back(house: House) -> None:
    """A stolen return address signs nobody in (login CSRF), and one's own works once."""
    browser = house.client()
    address = away(browser)
    assert house.client().get(address).status_code == 403
    cookie = browser.cookies["slotwright-away"]
    assert browser.get(address).status_code == 303
    again = house.client(cookie=f"slotwright-away={cookie}").get(address)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "expired")


def test_a_provider_that_is_down_or_another_is_said(house: House, issuer: Issuer) -> None:
    """503 in one plain sentence; passwords still work."""
    issuer.said_issuer = "https://evil.example"
    assert house.client().get("/sign-in/provider").status_code == 503
    issuer.close()
    assert house.client().get("/sign-in/provider").status_code == 503
    assert house.signed_in("scheduler").get("/api/me").status_code == 200
    issuer.__post_init__()


@pytest.mark.parametrize(
    "given",
    [("http://id.example.org", CLIENT, "x=scheduler"), ("https://id.example.org", "", "x=scheduler"),
     ("https://id.example.org", CLIENT, ""), ("https://id.example.org", CLIENT, "x=emperor")],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(given: tuple[str, str, str]) -> None:
    """No plain http, no client, no roles and no invented role."""
    with pytest.raises(ToolError, match="Maybe"):
        oidc.provider(given[0], given[1], "", "roles", given[2])
